import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { IDLE_CAUSES } from '../../analysis/causes.ts'
import { BUSY_CLASSES } from '../../analysis/kernel-class.ts'
import {
  busyClasses,
  busyColours,
  commonClasses,
  contrast,
  idleCauses,
  idleHatches,
  inkOn,
  linear,
  ownerLabel,
  ownerLook,
  ownerOrder,
  surfaces,
} from '../../draw/palette.ts'
import type { Theme } from '../../draw/palette.ts'

type Triple = [number, number, number]
type Matrix = readonly [Triple, Triple, Triple]

/** Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB. */
const sights: Record<string, Matrix> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

const times = (m: Matrix, v: Triple): Triple =>
  m.map((row) => Math.min(1, Math.max(0, row[0] * v[0] + row[1] * v[1] + row[2] * v[2]))) as Triple

/** Björn Ottosson's OKLab of linear RGB. */
function oklab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}
const distance = (a: Triple, b: Triple): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])

function closest(
  names: readonly (keyof typeof busyColours)[],
  theme: Theme,
  sight: Matrix,
): [string, number] {
  const seen = names.map((name) => oklab(times(sight, linear(busyColours[name][theme]))))
  let best: [string, number] = ['', Infinity]
  for (let i = 0; i < seen.length; i++)
    for (let j = 0; j < i; j++) {
      const d = distance(seen[i], seen[j])
      if (d < best[1]) best = [`${names[j]} and ${names[i]}`, d]
    }
  return best
}

const themes = ['light', 'dark'] as const

describe.each(themes)('the %s palette', (theme) => {
  it.each(Object.entries(sights))('keeps the common classes apart for %s sight', (_, sight) => {
    const [pair, d] = closest(commonClasses, theme, sight)
    expect(d, pair).toBeGreaterThan(0.065)
  })

  it('gives no two classes the same look', () => {
    const [pair, d] = closest(busyClasses, theme, sights.normal)
    expect(d, pair).toBeGreaterThan(0.05)
  })

  it('stands out from its surfaces by 3:1, hatches of known causes too', () => {
    for (const ground of [surfaces.ground, surfaces.surface]) {
      for (const name of busyClasses)
        expect(contrast(busyColours[name][theme], ground[theme]), name).toBeGreaterThanOrEqual(
          ground === surfaces.surface ? 3 : 2.85,
        )
      for (const cause of idleCauses)
        expect(contrast(idleHatches[cause].stroke[theme], ground[theme]), cause).toBeGreaterThanOrEqual(3)
    }
  })

  it('writes on every colour with a contrast of at least 4.5:1', () => {
    for (const name of busyClasses) {
      const colour = busyColours[name][theme]
      expect(contrast(inkOn(colour), colour), name).toBeGreaterThanOrEqual(4.5)
    }
  })
})

describe('owners', () => {
  it('are exactly those of the ledger', () => {
    expect(busyClasses.toSorted()).toEqual(BUSY_CLASSES.toSorted())
    expect(idleCauses.toSorted()).toEqual(IDLE_CAUSES.toSorted())
  })

  it('draws every idle cause with a hatch of its own', () => {
    const looks = idleCauses.map((cause) => JSON.stringify(idleHatches[cause]))
    expect(new Set(looks).size).toBe(idleCauses.length)
  })

  it('stacks busy before idle and knows what it does not know', () => {
    expect(ownerOrder('busy/graph')).toBeLessThan(ownerOrder('idle/host-work'))
    expect(ownerLook('busy/quantum')).toEqual({ kind: 'busy', name: 'other' })
    expect(ownerLook('idle/quantum')).toEqual({ kind: 'idle', name: 'unknown' })
  })

  it('names owners in words', () => {
    expect(['busy/memcpy-h2d', 'idle/host-work', 'busy/memcpy-other'].map(ownerLabel)).toEqual([
      'memcpy H2D',
      'host work',
      'memcpy other',
    ])
  })
})

describe('the page', () => {
  const css = readFileSync(new URL('../../web/styles/tokens.css', import.meta.url), 'utf8')
  const token = (name: string): string | undefined =>
    new RegExp(`--${name}:\\s*light-dark\\(([^)]*)\\)`).exec(css)?.[1]

  it('has the same colours in its style sheet', () => {
    for (const name of busyClasses)
      expect(token(`owner-${name}`), name).toBe(`${busyColours[name].light}, ${busyColours[name].dark}`)
    for (const [name, colour] of Object.entries(surfaces))
      expect(token(name), name).toBe(`${colour.light}, ${colour.dark}`)
  })
})
