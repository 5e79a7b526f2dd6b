import { expect, test } from 'vitest'
import { phaseByPhase, startsTogether } from '../../../draw/timeline/align.ts'
import { warpedAxis } from '../../../draw/timeline/axis.ts'
import type { Stretches } from '../../../trace/timeline.ts'

/** One iteration from `at`, and phases as [path, from, to] relative to it. */
function stretches(at: number, length: number, phases: [string, number, number][]): Stretches {
  const byPath = new Map<string, [number, number][]>()
  for (const [path, from, to] of phases) byPath.set(path, [...(byPath.get(path) ?? []), [at + from, at + to]])
  return {
    iterationName: 'forward',
    iterations: [{ index: 0, startNs: at, endNs: at + length, isWarmUp: false, isRepresentative: true }],
    phases: [...byPath].map(([path, instances]) => ({ path, count: instances.length, instances })),
  }
}
const base = stretches(1_000, 100, [
  ['embed', 0, 10],
  ['block', 10, 50],
  ['block', 50, 90],
  ['heads', 90, 100],
])
const candidate = stretches(5_000, 70, [
  ['embed', 0, 10],
  ['block', 10, 35],
  ['block', 35, 60],
  ['heads', 60, 70],
])
const none: Stretches = { iterationName: null, iterations: [], phases: [] }

test('starts together puts the representative iterations at one place, or the captures where there are none', () => {
  expect(warpedAxis(startsTogether(base, candidate, [0, 0])).toRun(1_020)).toBe(5_020)
  expect(warpedAxis(startsTogether(none, candidate, [7, 9])).toRun(10)).toBe(12)
})

test('phase under phase: each start and end of the one stands under that of the other', () => {
  const axis = warpedAxis(phaseByPhase(base, candidate)!)
  for (const [view, run] of [
    [1_000, 5_000],
    [1_010, 5_010],
    [1_050, 5_035],
    [1_090, 5_060],
    [1_100, 5_070],
  ] as const)
    expect(axis.toRun(view)).toBe(run)
  expect(axis.toRun(1_030)).toBe(5_022.5)
  expect(axis.toView(5_035)).toBe(1_050)
})

test('a phase that occurs more often on one side gives no pairs; the axis never goes back', () => {
  const fewer = stretches(5_000, 70, [
    ['embed', 0, 10],
    ['block', 10, 60],
    ['heads', 60, 70],
  ])
  const knots = phaseByPhase(base, fewer)!
  expect(knots).not.toContainEqual([1_050, 5_060])
  const swapped = stretches(5_000, 70, [
    ['heads', 0, 10],
    ['embed', 60, 70],
    ['block', 10, 30],
    ['block', 30, 60],
  ])
  const crossed = phaseByPhase(base, swapped)!
  for (let i = 1; i < crossed.length; i++) {
    expect(crossed[i]![0]).toBeGreaterThanOrEqual(crossed[i - 1]![0])
    expect(crossed[i]![1]).toBeGreaterThanOrEqual(crossed[i - 1]![1])
  }
  expect(phaseByPhase(none, base)).toBeUndefined()
})
