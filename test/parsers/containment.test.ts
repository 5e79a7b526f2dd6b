import fc from 'fast-check'
import { expect, test } from 'vitest'
import { containingRanges, nestRanges } from '../../trace/containment.ts'
import { NONE } from '../../trace/column.ts'

interface Span {
  start: number
  duration: number
  thread: number
}

const span = fc.record({
  start: fc.integer({ min: 0, max: 60 }),
  duration: fc.integer({ min: 0, max: 40 }),
  thread: fc.integer({ min: 0, max: 1 }),
})
/** Few starts and ends, so that many coincide. Sorted as the tables are: by start, the longest first. */
const spans = fc
  .array(span, { maxLength: 60 })
  .map((all) => all.toSorted((a, b) => a.start - b.start || b.duration - a.duration))

const columns = (all: readonly Span[]) => ({
  start: Float64Array.from(all, (one) => one.start),
  duration: Float64Array.from(all, (one) => one.duration),
  thread: Uint32Array.from(all, (one) => one.thread),
})

/** The shortest of `ranges` around a span, by looking at every one; NONE without one. Its duration, for equal ones. */
function shortestAround(one: Span, ranges: readonly Span[]): number {
  const around = ranges.filter(
    (range) =>
      range.thread === one.thread &&
      range.start <= one.start &&
      range.start + range.duration >= one.start + one.duration,
  )
  return around.length === 0 ? NONE : Math.min(...around.map((range) => range.duration))
}

test('every span gets the shortest range of its thread that contains it', () => {
  fc.assert(
    fc.property(spans, spans, (calls, ranges) => {
      const found = containingRanges(columns(calls), columns(ranges))
      const durations = [...found].map((row) => (row === NONE ? NONE : ranges[row]!.duration))
      expect(durations).toEqual(calls.map((call) => shortestAround(call, ranges)))
      for (const [i, row] of found.entries()) {
        if (row === NONE) continue
        const [range, call] = [ranges[row]!, calls[i]!]
        expect(range.thread).toBe(call.thread)
        expect(range.start).toBeLessThanOrEqual(call.start)
        expect(range.start + range.duration).toBeGreaterThanOrEqual(call.start + call.duration)
      }
    }),
    { numRuns: 1000 },
  )
})

test('the parent of a range is the shortest around it among those before it', () => {
  fc.assert(
    fc.property(spans, (ranges) => {
      const { parent, depth } = nestRanges(columns(ranges))
      for (const [i, range] of ranges.entries()) {
        const around = shortestAround(range, ranges.slice(0, i))
        expect(parent[i] === NONE ? NONE : ranges[parent[i]!]!.duration).toBe(around)
        expect(depth[i]).toBe(parent[i] === NONE ? 0 : depth[parent[i]!]! + 1)
      }
    }),
    { numRuns: 1000 },
  )
})
