/** Rows of tiles against the ledger, on random traces, at any level, in any window of whole buckets. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { captureWindow } from '../../../analysis/capture-window.ts'
import { ledger } from '../../../analysis/ledger.ts'
import type { DeviceLedger } from '../../../analysis/ledger.ts'
import type { Section } from '../../../analysis/timeline/tile.ts'
import { findTrack, tileOf } from '../../../analysis/timeline/timeline.ts'
import { tileNs } from '../../../trace/timeline.ts'
import type { Trace } from '../../../trace/trace.ts'
import { randomParts, traceOf } from '../../random-trace.ts'
import type { RandomParts } from '../../random-trace.ts'

/** As many ops as make tiles of buckets, not only of spans: the first few where they were, the others one every 20 ns. */
const dense = (parts: RandomParts): RandomParts => ({
  ...parts,
  ops: Array.from({ length: parts.ops.length === 0 ? 0 : 2_500 }, (_, i) => {
    const op = parts.ops[i % parts.ops.length]!
    return { ...op, isLaunched: op.isLaunched && i < parts.ops.length }
  }),
})

const seen = { spans: 0, buckets: 0 }

/** ns of a section inside [from, to), which begins and ends where a bucket does. */
function nsIn(section: Section, level: number, tile: number, from: number, to: number): number {
  if (section.kind === 'samples') throw new Error('no track of spans has samples')
  seen[section.kind]++
  const [low, high] = [Math.max(from, tile * tileNs(level)), Math.min(to, (tile + 1) * tileNs(level))]
  let sum = 0
  if (section.kind === 'spans')
    for (let i = 0; i < section.start.length; i++) {
      const [start, end] = [section.start[i]!, section.start[i]! + section.duration[i]!]
      sum += Math.max(0, Math.min(end, high) - Math.max(start, low))
    }
  else
    for (let i = 0; i < section.bucket.length; i++) {
      const start = tile * tileNs(level) + section.bucket[i]! * 2 ** level
      if (start >= low && start < high) sum += section.busy[i]!
    }
  return sum
}

function rowNs(trace: Trace, track: string, level: number, from: number, to: number): number {
  // A device that did nothing has no track of its work.
  if (findTrack(trace, track) === undefined) return 0
  let sum = 0
  for (let tile = Math.floor(from / tileNs(level)); tile * tileNs(level) < to; tile++)
    for (const section of tileOf(trace, track, level, tile).sections)
      sum += nsIn(section, level, tile, from, to)
  return sum
}

const owned = ({ owners }: DeviceLedger, kind: 'busy/' | 'idle/'): number =>
  owners.filter(({ owner }) => owner.startsWith(kind)).reduce((sum, { ns }) => sum + ns, 0)

test("the busy and idle time of any row of tiles is the ledger's for its window: any trace, level and device", () => {
  let devices = 0
  fc.assert(
    fc.property(
      randomParts,
      fc.boolean(),
      fc.integer({ min: 0, max: 18 }),
      fc.double({ min: -0.1, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1.2, noNaN: true }),
      (parts, isDense, level, begin, share) => {
        const trace = traceOf(isDense ? dense(parts) : parts)
        const capture = captureWindow(trace)
        if (capture === undefined) return
        const bucket = 2 ** level
        const length = capture[1] - capture[0]
        const from = Math.floor((capture[0] + begin * length) / bucket) * bucket
        const to = from + Math.max(1, Math.ceil((share * length) / bucket)) * bucket
        for (const device of ledger.compute(trace, { from, to }).devices) {
          devices++
          const rows = [`device-${device.device}`, `idle-${device.device}`].map((track) =>
            rowNs(trace, track, level, from, to),
          )
          expect(rows).toEqual([owned(device, 'busy/'), owned(device, 'idle/')])
        }
      },
    ),
    { numRuns: 300 },
  )
  // Of both kinds of tile, and of both devices, or the property said little.
  expect(devices).toBeGreaterThan(300)
  expect(Math.min(seen.spans, seen.buckets)).toBeGreaterThan(100)
})
