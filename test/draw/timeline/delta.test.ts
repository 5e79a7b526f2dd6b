import { expect, test } from 'vitest'
import { DELTA_CLASSES, deltaClass, deltaColours } from '../../../draw/timeline/delta.ts'
import { lookOf } from '../../../draw/timeline/look.ts'
import { contrast, linear } from '../../../draw/palette.ts'

test('a match is coloured by the share of its time that it gained or lost', () => {
  const of = (candidate: number): string => deltaClass(100, candidate)
  expect([79, 90, 95, 100, 105, 110, 121].map(of)).toEqual([
    'delta/faster-2',
    'delta/faster-1',
    'delta/same',
    'delta/same',
    'delta/same',
    'delta/slower-1',
    'delta/slower-2',
  ])
  expect([deltaClass(0, 0), deltaClass(0, 5), deltaClass(5, 0)]).toEqual([
    'delta/same',
    'delta/slower-2',
    'delta/faster-2',
  ])
})

/** Protanopia and deuteranopia in linear light (Viénot, Brettel and Mollon 1999): red and green are one value. */
const SEEN: Record<string, (rgb: [number, number, number]) => [number, number, number]> = {
  protanopia: ([r, g, b]) => {
    const y = 0.1124 * r + 0.8876 * g
    return [y, y, 0.004 * r - 0.004 * g + b]
  },
  deuteranopia: ([r, g, b]) => {
    const y = 0.2928 * r + 0.7072 * g
    return [y, y, -0.0223 * r + 0.0223 * g + b]
  },
}

test.each(['light', 'dark'] as const)(
  'faster and slower stay apart without red or without green, %s',
  (theme) => {
    for (const see of Object.values(SEEN)) {
      const seen = (cls: (typeof DELTA_CLASSES)[number]): [number, number, number] =>
        see(linear(deltaColours[cls][theme]))
      const apart = (a: [number, number, number], b: [number, number, number]): number =>
        Math.hypot(...a.map((v, i) => Math.sqrt(Math.max(0, v)) - Math.sqrt(Math.max(0, b[i]!))))
      for (const x of ['delta/faster-2', 'delta/faster-1'] as const)
        for (const y of ['delta/slower-1', 'delta/slower-2', 'delta/same', 'delta/unmatched'] as const)
          expect(apart(seen(x), seen(y)), `${x} ${y}`).toBeGreaterThan(0.1)
    }
  },
)

test('work without a match stands out most from the surface', () => {
  for (const [theme, surface] of [
    ['light', '#ffffff'],
    ['dark', '#14171b'],
  ] as const) {
    const all = DELTA_CLASSES.map((cls) => contrast(deltaColours[cls][theme], surface))
    expect(Math.max(...all)).toBe(all[DELTA_CLASSES.indexOf('delta/unmatched')])
    expect(lookOf('delta/unmatched', 0, theme)).toMatchObject({ kind: 'solid' })
  }
})
