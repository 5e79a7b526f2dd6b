import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearestNamed } from '../../../analysis/timeline/nearest-named.ts'
import { searchNames } from '../../../analysis/timeline/search.ts'
import { syntheticRun } from '../../../fixtures/synthetic-run.ts'
import { NONE } from '../../../trace/column.ts'
import { drawn } from '../../drawn-trace.ts'

/** Starts of "a": 0, 10, 20 and 30 µs; the first reaches to 8 µs. */
const trace = drawn(`
  nvtx   [a......].[a]..[b.].[a]..[b.].[a]`)
const startUs = (name: string, fromUs: number, toUs: number): number =>
  nearestNamed(trace, 'range', name, fromUs * 1000, toUs * 1000).startNs / 1000

test('the first that starts in the stretch is meant', () => {
  expect(startUs('a', 5, 25)).toBe(10)
  expect(startUs('a', 10, 25)).toBe(10)
  expect(startUs('a', 11, 25)).toBe(20)
})

test('without one, the one that reaches into it, then the next after it, then the last before it', () => {
  expect(startUs('a', 5, 9)).toBe(0)
  expect(startUs('a', 14, 16)).toBe(20)
  // What ends where the stretch begins does not reach into it.
  expect(startUs('a', 9, 10)).toBe(10)
  expect(startUs('a', 40, 50)).toBe(30)
  expect(startUs('a', -9, -5)).toBe(0)
})

test('a name that is not there, or not a whole one, is said', () => {
  expect(() => startUs('c', 0, 9)).toThrow('range has no span named "c"')
  expect(() => nearestNamed(trace, 'device', 'a', 0, 9)).toThrow('"device" holds no spans')
  // The drawing names its ranges alone: there is no call of that name.
  expect(() => nearestNamed(trace, 'api_call', 'a', 0, 9)).toThrow('api_call has no span named "a"')
})

test('no name is a name, however it is kept', () => {
  const name = Uint32Array.from(trace.range.name!)
  const [second, fourth] = [trace.range.start.indexOf(15_000), trace.range.start.indexOf(25_000)]
  name[second] = NONE
  name[fourth] = trace.strings.indexOf('')
  const some = { ...trace, range: { ...trace.range, name } }
  expect(nearestNamed(some, 'range', '', 0, 50_000)).toMatchObject({ startNs: 15_000, name: '' })
  expect(nearestNamed(some, 'range', '', 16_000, 50_000).startNs).toBe(25_000)
})

test('in any run and any stretch it is what reading every row finds', () => {
  const run = syntheticRun({ kernels: 3_000, seed: 3 })
  const { start, duration, name, length } = run.range
  const names = searchNames(run, 'a', 500).hits.filter(({ table }) => table === 'range')
  const endNs = start[length - 1]!
  const stretch = fc.tuple(fc.integer({ min: -1000, max: endNs }), fc.integer({ min: 1, max: 5_000_000 }))
  fc.assert(
    fc.property(fc.constantFrom(...names), stretch, (hit, [from, long]) => {
      const to = from + long
      const rows = [...name!.keys()].filter((row) => run.strings[name![row]!] === hit.name)
      const meant =
        rows.find((row) => start[row]! >= from && start[row]! < to) ??
        rows.findLast((row) => start[row]! < from && start[row]! + duration[row]! > from) ??
        rows.find((row) => start[row]! >= to) ??
        rows.at(-1)
      expect(nearestNamed(run, 'range', hit.name, from, to).row).toBe(meant)
    }),
  )
})
