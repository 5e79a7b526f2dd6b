/**
 * How each class of the timeline looks. Owners of a device's time have the palette's colours and hatches. On the host
 * nothing owns time: ranges and calls are neutral tones, and what only waits is a hatch, there as everywhere.
 */
import { busyColours, idleHatches, inkOn, ownerLook, surfaces } from '../palette.ts'
import type { Colour, Theme } from '../palette.ts'
import { deltaColours, isDelta } from './delta.ts'
import type { HatchLook } from './surface.ts'

export type Look =
  | { readonly kind: 'solid'; readonly colour: string; readonly ink: string }
  | { readonly kind: 'hatch'; readonly hatch: HatchLook; readonly colour: string; readonly ink: string }

/** Tones of nested ranges, outermost first; the last one stays for all that is deeper. */
const DEPTHS: readonly Colour[] = [
  { light: '#c3c7c6', dark: '#434b53' },
  { light: '#d0d3d2', dark: '#3a4149' },
  { light: '#dcdedc', dark: '#333a40' },
  { light: '#e4e6e3', dark: '#2c3238' },
]

const CALLS: Readonly<Record<string, Colour>> = {
  'api/launch': { light: '#a9b3bd', dark: '#5a6570' },
  'api/alloc': { light: '#c5b9a5', dark: '#6e6352' },
  'api/blocking-copy': { light: '#b3bfae', dark: '#5c6a58' },
  'api/other': { light: '#c9ccce', dark: '#4a5159' },
  'os/other': { light: '#d0d3d2', dark: '#3f474f' },
  'overhead/profiler': { light: '#bfa9b4', dark: '#6f5663' },
  'overhead/cuda': { light: '#c3b3a0', dark: '#6e5f4c' },
  counter: { light: '#5c6670', dark: '#98a2ad' },
  memory: { light: '#5c6670', dark: '#98a2ad' },
}
const WAIT: Colour = { light: '#84878a', dark: '#7b828b' }

const known = new Map<string, Look>()

/** The look of a class ("busy/gemm", "idle/host-work", "api/launch", "range") at a nesting depth; the same object each time. */
export function lookOf(cls: string, depth: number, theme: Theme): Look {
  const key = cls === 'range' ? `${theme} range ${Math.min(depth, DEPTHS.length - 1)}` : `${theme} ${cls}`
  let look = known.get(key)
  if (look === undefined) known.set(key, (look = makeLook(cls, depth, theme)))
  return look
}

function makeLook(cls: string, depth: number, theme: Theme): Look {
  if (cls === 'range') return solid(DEPTHS[Math.min(depth, DEPTHS.length - 1)]!, theme)
  if (cls === 'api/sync' || cls === 'os/wait')
    return hatched({ stroke: WAIT[theme], angle: 45, gap: 4, width: 1 }, theme)
  if (isDelta(cls)) return solid(deltaColours[cls], theme)
  const call = CALLS[cls]
  if (call !== undefined) return solid(call, theme)
  const owner = ownerLook(cls)
  if (owner.kind === 'busy') return solid(busyColours[owner.name], theme)
  const hatch = idleHatches[owner.name]
  return hatched({ ...hatch, stroke: hatch.stroke[theme] }, theme)
}

const solid = (colour: Colour, theme: Theme): Look => ({
  kind: 'solid',
  colour: colour[theme],
  ink: inkOn(colour[theme]) === '#000000' ? surfaces.ink.light : '#ffffff',
})
const hatched = (hatch: HatchLook, theme: Theme): Look => ({
  kind: 'hatch',
  hatch,
  colour: hatch.stroke,
  ink: surfaces.ink[theme],
})

/** The lines and words around the data; the same values as the page's tokens. */
export interface TimelineTheme {
  theme: Theme
  surface: string
  ground: string
  ink: string
  ink2: string
  ink3: string
  rule: string
  ruleStrong: string
  /** Laid over a box's first pixel so that neighbours of one colour stay apart. */
  divider: string
  /** Notes, and nothing else. */
  note: string
}

const THEMES: Readonly<Record<Theme, TimelineTheme>> = {
  light: {
    theme: 'light',
    surface: '#ffffff',
    ground: '#f5f5f2',
    ink: '#17191c',
    ink2: '#4a4f55',
    ink3: '#676c72',
    rule: '#dededa',
    ruleStrong: '#8b8e8f',
    divider: '#ffffff',
    note: '#7d5300',
  },
  dark: {
    theme: 'dark',
    surface: '#14171b',
    ground: '#0e1013',
    ink: '#e8eaed',
    ink2: '#aeb4bc',
    ink3: '#888f98',
    rule: '#282d33',
    ruleStrong: '#666d75',
    divider: '#14171b',
    note: '#dcb253',
  },
}
export const timelineTheme = (theme: Theme): TimelineTheme => THEMES[theme]
