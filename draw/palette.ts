/**
 * One fixed look per owner of time, the same in the ledger, the timeline, the waterfall and every table.
 *
 * Busy time is a colour. Idle time is never a solid colour but a hatch on the bare surface, so that waste looks like
 * absence. The colours were found by search, not by taste: each pair of `commonClasses` keeps a distance of at least
 * 0.069 in OKLab to normal sight and to simulated deuteranopia, protanopia and tritanopia (Machado, Oliveira & Fernandes
 * 2009, severity 1), and each reaches 3:1 against both surfaces of its theme (WCAG 2.2, 1.4.11). The test of this file
 * repeats the measurement.
 */

import type { IdleCause as AnalysedCause } from '../analysis/causes.ts'
import type { BusyClass as AnalysedClass } from '../analysis/kernel-class.ts'

export type Theme = 'light' | 'dark'
/** A colour in both themes, as #rrggbb. */
export type Colour = Readonly<Record<Theme, string>>

/** Classes of busy time in the order in which every drawing stacks them. */
export const busyClasses = [
  'attention',
  'gemm',
  'convolution',
  'normalisation',
  'elementwise',
  'layout',
  'reduction',
  'communication',
  'other',
  'memcpy-h2d',
  'memcpy-d2h',
  'memcpy-d2d',
  'memcpy-p2p',
  'memcpy-other',
  'memset',
  'graph',
] as const satisfies readonly AnalysedClass[]
export type BusyClass = AnalysedClass

/** Causes of idle time, in stacking order: the host first, then the way to the device, the edges, the unknown. */
export const idleCauses = [
  'host-work',
  'os-wait',
  'launch-call',
  'sync-turnaround',
  'blocking-copy',
  'alloc',
  'other-api',
  'module-load',
  'profiler-overhead',
  'dispatch',
  'submission-latency',
  'handover',
  'dependency-wait',
  'before-first',
  'after-last',
  'unknown',
] as const satisfies readonly AnalysedCause[]
export type IdleCause = AnalysedCause

/** The classes that usually share a drawing, and so must be told apart by everyone. */
export const commonClasses: readonly BusyClass[] = [
  'attention',
  'gemm',
  'convolution',
  'normalisation',
  'elementwise',
  'layout',
  'reduction',
  'other',
  'memcpy-h2d',
  'memcpy-d2h',
  'memcpy-d2d',
]

export const busyColours: Readonly<Record<BusyClass, Colour>> = {
  attention: { light: '#d77833', dark: '#dd8032' },
  gemm: { light: '#4576ce', dark: '#5287da' },
  convolution: { light: '#4599c1', dark: '#77c9f3' },
  normalisation: { light: '#4f2c7b', dark: '#75629e' },
  elementwise: { light: '#2d795c', dark: '#6cab7d' },
  layout: { light: '#604900', dark: '#d5b85e' },
  reduction: { light: '#b15b8b', dark: '#ef8fb5' },
  communication: { light: '#509ca0', dark: '#3a7875' },
  other: { light: '#4d5660', dark: '#7c8590' },
  'memcpy-h2d': { light: '#19463f', dark: '#81eceb' },
  'memcpy-d2h': { light: '#b3857e', dark: '#b7684c' },
  'memcpy-d2d': { light: '#6b6b00', dark: '#cae2a5' },
  'memcpy-p2p': { light: '#4f3100', dark: '#d8bca3' },
  'memcpy-other': { light: '#5e5a3c', dark: '#b3cacd' },
  memset: { light: '#5c3664', dark: '#b286b9' },
  graph: { light: '#4b578d', dark: '#a0a3e1' },
}

/** Lines on the bare surface: `gap` px from line to line, `width` px thick, at `angle` degrees; `dash` breaks them. */
export interface Hatch {
  readonly stroke: Colour
  readonly angle: 0 | 45 | 90 | 135
  readonly gap: number
  readonly width: number
  readonly dash?: readonly [number, number]
  /** A second set of lines across the first. */
  readonly crossed?: boolean
}

/** Whose absence it is. Host: the CPU had not submitted. Way: submitted, not started. Edge: outside the device's work. */
const host: Colour = { light: '#a23b2a', dark: '#e58673' }
const way: Colour = { light: '#4d5d85', dark: '#93a5d6' }
const edge: Colour = { light: '#84878a', dark: '#6d747c' }

/** Denser lines mean a more direct cause; the four angles keep neighbours of one family apart. */
export const idleHatches: Readonly<Record<IdleCause, Hatch>> = {
  'host-work': { stroke: host, angle: 45, gap: 5, width: 1.5 },
  'os-wait': { stroke: host, angle: 45, gap: 5, width: 1.5, dash: [3, 3] },
  'launch-call': { stroke: host, angle: 135, gap: 4, width: 1.5 },
  'sync-turnaround': { stroke: host, angle: 90, gap: 4, width: 1 },
  'blocking-copy': { stroke: host, angle: 0, gap: 4, width: 1 },
  alloc: { stroke: host, angle: 45, gap: 6, width: 1, crossed: true },
  'other-api': { stroke: host, angle: 135, gap: 7, width: 1 },
  'module-load': { stroke: host, angle: 0, gap: 6, width: 1, crossed: true },
  'profiler-overhead': { stroke: host, angle: 0, gap: 5, width: 1.5, dash: [2, 3] },
  dispatch: { stroke: way, angle: 45, gap: 4, width: 1 },
  'submission-latency': { stroke: way, angle: 135, gap: 4, width: 1.5 },
  handover: { stroke: way, angle: 90, gap: 3, width: 1 },
  'dependency-wait': { stroke: way, angle: 0, gap: 4, width: 1 },
  'before-first': { stroke: edge, angle: 135, gap: 8, width: 1 },
  'after-last': { stroke: edge, angle: 45, gap: 8, width: 1 },
  unknown: { stroke: edge, angle: 45, gap: 5, width: 1, crossed: true },
}

/** The surface that colours stand on, and the words on it; `tokens.css` says the same. */
export const surfaces: Readonly<Record<'ground' | 'surface' | 'ink', Colour>> = {
  ground: { light: '#f5f5f2', dark: '#0e1013' },
  surface: { light: '#ffffff', dark: '#14171b' },
  ink: { light: '#17191c', dark: '#e8eaed' },
}

/** "busy/gemm" taken apart. A class or cause this program does not know is drawn as `other` or `unknown`. */
export type OwnerLook =
  { readonly kind: 'busy'; readonly name: BusyClass } | { readonly kind: 'idle'; readonly name: IdleCause }

export function ownerLook(owner: string): OwnerLook {
  const [kind, name] = owner.split('/')
  if (kind === 'idle')
    return { kind, name: (idleCauses as readonly string[]).includes(name) ? (name as IdleCause) : 'unknown' }
  return {
    kind: 'busy',
    name: (busyClasses as readonly string[]).includes(name) ? (name as BusyClass) : 'other',
  }
}

/** Where an owner stands in a stack: busy before idle, each in its list's order. */
export function ownerOrder(owner: string): number {
  const look = ownerLook(owner)
  return look.kind === 'busy'
    ? busyClasses.indexOf(look.name)
    : busyClasses.length + idleCauses.indexOf(look.name)
}

/** "busy/memcpy-h2d" → "memcpy H2D"; "idle/host-work" → "host work". */
export function ownerLabel(owner: string): string {
  const name = owner.slice(owner.indexOf('/') + 1)
  const copy = /^memcpy-([hdp]2[hdp])$/.exec(name)
  return copy ? `memcpy ${copy[1].toUpperCase()}` : name.replaceAll('-', ' ')
}

/** Black or white, whichever is read more easily on `hex`. */
export function inkOn(hex: string): '#000000' | '#ffffff' {
  return contrast(hex, '#ffffff') >= contrast(hex, '#000000') ? '#ffffff' : '#000000'
}

/** WCAG contrast ratio of two colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

/** Linear red, green, blue of #rrggbb, each 0 to 1. */
export function linear(hex: string): [number, number, number] {
  const part = (at: number): number => {
    const v = parseInt(hex.slice(at, at + 2), 16) / 255
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
  }
  return [part(1), part(3), part(5)]
}

function luminance(hex: string): number {
  const [r, g, b] = linear(hex)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
