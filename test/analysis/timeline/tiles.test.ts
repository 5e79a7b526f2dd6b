import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { durationAt, indexLane, longestIn, startAt } from '../../../analysis/timeline/lane-index.ts'
import { lanesOf, MAX_LANES, outerFirst } from '../../../analysis/timeline/lanes.ts'
import { piecesOf } from '../../../analysis/timeline/spans.ts'
import type { SpanColumns } from '../../../analysis/timeline/spans.ts'
import { decodeTile, encodeTile } from '../../../analysis/timeline/tile-code.ts'
import type { BucketSection, SpanSection } from '../../../analysis/timeline/tile.ts'
import { sectionOf } from '../../../analysis/timeline/tiles.ts'
import { random } from '../../../fixtures/random.ts'
import { TILE_BUCKETS, tileNs } from '../../../trace/timeline.ts'

const CLASSES = 5

interface Span {
  start: number
  duration: number
}

const columnsOf = (spans: readonly Span[]): SpanColumns => ({
  table: 'device_op',
  start: Float64Array.from(spans, (s) => s.start),
  duration: Float64Array.from(spans, (s) => s.duration),
  label: Uint32Array.from(spans, (_, i) => i % 7),
  cls: Uint8Array.from(spans, (_, i) => i % CLASSES),
})

/** Spans sorted by start, overlapping as they like, zero lengths included; from few (sent as spans) to many (buckets). */
const anySpans = fc
  .record({
    n: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 700, max: 3_000 })),
    seed: fc.nat(),
  })
  .map(({ n, seed }) => {
    const next = random(seed)
    const longNs = [0, 12, 4_000][seed % 3]!
    const spans = Array.from({ length: n }, (): Span => {
      const duration = next() < 0.1 ? 0 : Math.floor(next() * (next() < 0.02 ? longNs : 9))
      return { start: Math.floor(next() * 20_000), duration }
    })
    return spans.sort((a, b) => a.start - b.start)
  })

/** Length of the union of spans clipped to [from, to), by the plainest means. */
function unionNs(spans: readonly Span[], from: number, to: number): number {
  let covered = 0
  let reach = from
  for (const { start, duration } of [...spans].sort((a, b) => a.start - b.start)) {
    const [low, high] = [Math.max(start, reach), Math.min(start + duration, to)]
    if (high > low) covered += high - low
    reach = Math.max(reach, Math.min(start + duration, to))
  }
  return covered
}

function busyOf(section: SpanSection | BucketSection | undefined, from: number, to: number): number {
  if (section === undefined) return 0
  if (section.kind === 'buckets') return section.busy.reduce((sum, ns) => sum + ns, 0)
  let sum = 0
  for (let i = 0; i < section.start.length; i++)
    sum += Math.max(
      0,
      Math.min(section.start[i]! + section.duration[i]!, to) - Math.max(section.start[i]!, from),
    )
  return sum
}

const all = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, i) => i)

describe('tiles', () => {
  test("the busy time of any row of tiles is the union's, at every level, to the ns", () => {
    fc.assert(
      fc.property(anySpans, fc.integer({ min: 0, max: 14 }), (spans, level) => {
        const index = indexLane(piecesOf(columnsOf(spans), all(spans.length)), CLASSES)
        let sum = 0
        for (let tile = 0; tile * tileNs(level) < 26_000; tile++)
          sum += busyOf(sectionOf(index, 0, level, tile), tile * tileNs(level), (tile + 1) * tileNs(level))
        expect(sum).toBe(unionNs(spans, 0, 26_000))
      }),
      { numRuns: 150 },
    )
  })

  test('every bucket says its own busy ns, count, dominating class and longest part', () => {
    fc.assert(
      fc.property(anySpans, fc.integer({ min: 0, max: 7 }), fc.nat(3), (spans, level, tile) => {
        if (spans.length < 600) return
        const pieces = piecesOf(columnsOf(spans), all(spans.length))
        const section = sectionOf(indexLane(pieces, CLASSES), 0, level, tile)
        if (section?.kind !== 'buckets') return
        const from = tile * tileNs(level)
        let seen = 0
        for (let b = 0; b < TILE_BUCKETS; b++) {
          const [low, high] = [from + b * 2 ** level, from + (b + 1) * 2 ** level]
          const parts = spans.map((_, i) => {
            const start = pieces.columns.start[i]!
            return Math.max(0, Math.min(start + pieces.columns.duration[i]!, high) - Math.max(start, low))
          })
          const busy = parts.reduce((sum, ns) => sum + ns, 0)
          const count = spans.filter(
            (_, i) => pieces.columns.start[i]! >= low && pieces.columns.start[i]! < high,
          ).length
          if (busy === 0 && count === 0) {
            expect(section.bucket.includes(b)).toBe(false)
            continue
          }
          expect(section.bucket[seen]).toBe(b)
          expect(section.busy[seen]).toBe(busy)
          expect(section.count[seen]).toBe(count)
          if (busy > 0) {
            expect(parts[section.row[seen]!]).toBe(Math.max(...parts))
            const byClass = Array.from({ length: CLASSES }, (_, c) =>
              parts.reduce((sum, ns, i) => (i % CLASSES === c ? sum + ns : sum), 0),
            )
            expect(byClass[section.cls[seen]!]).toBe(Math.max(...byClass))
          }
          seen++
        }
        expect(seen).toBe(section.bucket.length)
      }),
      { numRuns: 60 },
    )
  })

  test('the counts of a row of tiles add up to the number of spans', () => {
    const spans = Array.from({ length: 5_000 }, (_, i) => ({ start: i * 3, duration: 2 }))
    const index = indexLane({ columns: columnsOf(spans), at: all(5_000), pieces: false }, CLASSES)
    for (const level of [5, 7, 9]) {
      let count = 0
      for (let tile = 0; tile * tileNs(level) < 15_000; tile++) {
        const section = sectionOf(index, 0, level, tile)
        expect(section?.kind).toBe('buckets')
        count += (section as BucketSection).count.reduce((sum, n) => sum + n, 0)
      }
      expect(count).toBe(5_000)
    }
  })

  test('a 1 µs span in an hour is in exactly one bucket of the whole', () => {
    const lone = { start: 1_800_000_000_123, duration: 1_000 }
    const index = indexLane({ columns: columnsOf([lone]), at: all(1), pieces: false }, CLASSES)
    const section = sectionOf(index, 0, 33, 0) as SpanSection
    expect([...section.start]).toEqual([lone.start])
    expect(sectionOf(index, 0, 33, 1)).toBeUndefined()
  })

  test('the longest of any stretch of positions is found through the tree', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.nat(), fc.nat(), fc.nat(), (n, seed, a, b) => {
        const spans = Array.from({ length: n }, (_, i) => ({
          start: i * 1_000,
          duration: Math.abs(Math.imul(i + seed, 2654435761)) % 997,
        }))
        const index = indexLane({ columns: columnsOf(spans), at: all(n), pieces: false }, CLASSES)
        const [first, end] = [Math.min(a % n, b % n), Math.max(a % n, b % n) + 1]
        let expected = first
        for (let i = first; i < end; i++) if (spans[i]!.duration > spans[expected]!.duration) expected = i
        expect(longestIn(index, first, end)).toBe(expected)
      }),
      { numRuns: 200 },
    )
  })

  test('a tile that was encoded reads back the same', () => {
    const spans = Array.from({ length: 4_000 }, (_, i) => ({ start: i * 3, duration: 1 + (i % 3) }))
    const index = indexLane({ columns: columnsOf(spans), at: all(4_000), pieces: false }, CLASSES)
    const sections = [sectionOf(index, 0, 4, 0)!, sectionOf(index, 3, 0, 1)!]
    expect(sections.map((section) => section.kind)).toEqual(['buckets', 'spans'])
    const tile = { level: 4, index: -2, sections }
    expect(decodeTile(encodeTile(tile).buffer)).toEqual(tile)
  })

  test('bytes that are no tile are refused', () => {
    expect(() => decodeTile(new ArrayBuffer(3))).toThrow('not a tile')
    const bytes = encodeTile({ level: 0, index: 0, sections: [] })
    bytes[4] = 99
    expect(() => decodeTile(bytes.buffer)).toThrow('version 99')
  })
})

describe('lanes', () => {
  test('spans of a lane never overlap, every span has one lane, and children stand below their parents', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const columns = columnsOf(spans)
        const at = outerFirst(columns, all(spans.length))
        const lanes = lanesOf(columns, at)
        const seen: number[] = []
        for (const [number, lane] of lanes.entries()) {
          for (let i = 0; i < lane.at.length; i++) {
            if (i > 0)
              expect(startAt(lane, i)).toBeGreaterThanOrEqual(startAt(lane, i - 1) + durationAt(lane, i - 1))
            seen.push(lane.pieces ? lane.columns.row![lane.at[i]!]! : lane.at[i]!)
          }
          expect(number).toBeLessThan(MAX_LANES)
        }
        expect(seen.sort((a, b) => a - b)).toEqual([...all(spans.length)])
      }),
      { numRuns: 100 },
    )
  })

  test('a child is drawn below its parent even when a lane above is free', () => {
    // 0 [0,10)   1 [4,20) overlaps 0   2 [12,14) inside 1: lane 0 is free again, but 2 stands under 1.
    const columns = columnsOf([
      { start: 0, duration: 10 },
      { start: 4, duration: 16 },
      { start: 12, duration: 2 },
    ])
    const lanes = lanesOf(columns, all(3), Uint32Array.of(0xffffffff, 0xffffffff, 1))
    expect(lanes.map((lane) => [...lane.at])).toEqual([[0], [1], [2]])
  })
})
