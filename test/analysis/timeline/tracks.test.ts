import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { ledger } from '../../../analysis/ledger.ts'
import { captureWindow } from '../../../analysis/capture-window.ts'
import { isIdle, ownerships } from '../../../analysis/ownership.ts'
import { relationsOf } from '../../../analysis/timeline/relations.ts'
import { searchNames } from '../../../analysis/timeline/search.ts'
import { spanDetail } from '../../../analysis/timeline/span-detail.ts'
import { rowAt } from '../../../analysis/timeline/spans.ts'
import type { Lane } from '../../../analysis/timeline/spans.ts'
import { tileOf, trackOf, tracksOf } from '../../../analysis/timeline/timeline.ts'
import type { Section } from '../../../analysis/timeline/tile.ts'
import { syntheticRun } from '../../../fixtures/synthetic-run.ts'
import { TableBuilder, StringPool, emptyTable } from '../../../trace/builder.ts'
import type { TableSpec } from '../../../trace/table.ts'
import { tables } from '../../../trace/tables.ts'
import type { Trace } from '../../../trace/trace.ts'
import { tileNs, TILE_BUCKETS, UNION_LANE } from '../../../trace/timeline.ts'
import { randomParts, traceOf } from '../../random-trace.ts'

let run: Trace
beforeAll(() => {
  run = syntheticRun({ kernels: 6_000, seed: 3 })
})

/** Busy ns of a section inside [from, to), cut where a bucket is. */
function busyIn(section: Section, level: number, tile: number, from: number, to: number): number {
  if (section.kind === 'samples') return 0
  if (section.kind === 'spans') {
    let sum = 0
    const [low, high] = [Math.max(from, tile * tileNs(level)), Math.min(to, (tile + 1) * tileNs(level))]
    for (let i = 0; i < section.start.length; i++)
      sum += Math.max(
        0,
        Math.min(section.start[i]! + section.duration[i]!, high) - Math.max(section.start[i]!, low),
      )
    return sum
  }
  let sum = 0
  for (let i = 0; i < section.bucket.length; i++) {
    const start = tile * tileNs(level) + section.bucket[i]! * 2 ** level
    if (start >= from && start + 2 ** level <= to) sum += section.busy[i]!
  }
  return sum
}

const rowBusy = (trace: Trace, track: string, level: number, from: number, to: number): number => {
  let sum = 0
  for (let tile = Math.floor(from / tileNs(level)); tile * tileNs(level) < to; tile++)
    for (const section of tileOf(trace, track, level, tile).sections)
      sum += busyIn(section, level, tile, from, to)
  return sum
}

describe('tiles and the ledger', () => {
  test("the busy and idle time of any row of tiles equals the ledger's, to the ns, at every level", () => {
    const [, end] = captureWindow(run)!
    for (const level of [0, 3, 7, 10, 14, 18, 24]) {
      // A window of whole buckets; at the lowest levels a short one, or the row would have too many tiles.
      const bucket = 2 ** level
      const from = level < 10 ? Math.floor(end / 3 / bucket) * bucket : 0
      const to = level < 10 ? from + 40 * TILE_BUCKETS * bucket : Math.ceil(end / bucket) * bucket
      const [device] = ledger.compute(run, { from, to }).devices
      const sum = (kind: string): number =>
        device!.owners.filter(({ owner }) => owner.startsWith(kind)).reduce((total, { ns }) => total + ns, 0)
      expect(rowBusy(run, 'device-0', level, from, to)).toBe(sum('busy/'))
      expect(rowBusy(run, 'idle-0', level, from, to)).toBe(sum('idle/'))
    }
  })

  test('all work of a device is the busy part of the partition, whether its ops overlap or not', () => {
    let overlapping = 0
    fc.assert(
      fc.property(randomParts, (parts) => {
        const trace = traceOf(parts)
        for (const { device, start, owner, op, end } of ownerships(trace)) {
          const busy = Array.from(start, (from, i) => [from, (start[i + 1] ?? end) - from, op[i]!, owner[i]!])
          const [{ columns, at, pieces }] = trackOf(trace, `device-${device}`).lanes as [Lane]
          if (pieces) overlapping++
          const drawn = Array.from(at, (entry) => [
            columns.start[entry],
            columns.duration[entry],
            rowAt(columns, entry),
            columns.cls[entry],
          ])
          expect(drawn).toEqual(busy.filter(([, , , own]) => !isIdle(own!)))
        }
      }),
      { numRuns: 200 },
    )
    expect(overlapping).toBeGreaterThan(0)
  })

  test('a stream alone on its device has the busy time of the device', () => {
    const [from, end] = captureWindow(run)!
    expect(rowBusy(run, 'stream-0', 20, 0, 2 ** 40)).toBe(rowBusy(run, 'device-0', 20, 0, 2 ** 40))
    expect(end).toBeGreaterThan(from)
  })
})

describe('tracks', () => {
  test('a run has a device first, then its threads; every span is on its track once', () => {
    const tracks = tracksOf(run).map(({ track }) => track)
    expect(tracks.map(({ id }) => id)).toEqual([
      'device-0',
      'idle-0',
      'phase-0',
      'stream-0',
      'range-0',
      'api-0',
      'os-0',
    ])
    const spans = Object.fromEntries(tracks.map(({ id, spans }) => [id, spans]))
    expect(spans['stream-0']).toBe(run.device_op.length)
    expect(spans['api-0']).toBe(run.api_call.length)
    expect(spans['range-0']).toBe(run.range.length)
    expect(tracks[0]).toMatchObject({ group: 'GPU 0 · Synthetic GPU', kind: 'device-owner', lanes: 1 })
  })

  test('a projected range spans from the first start to the last end of what was launched inside of it', () => {
    const { lanes } = trackOf(run, 'phase-0')
    const { columns, at } = lanes.at(-1)!
    const entry = at[5]!
    const range = columns.row![entry]!
    let from = Infinity
    let to = -Infinity
    for (let op = 0; op < run.device_op.length; op++) {
      if (run.api_call.range![run.device_op.launch![op]!] !== range) continue
      from = Math.min(from, run.device_op.start[op]!)
      to = Math.max(to, run.device_op.start[op]! + run.device_op.duration[op]!)
    }
    expect([columns.start[entry], columns.start[entry]! + columns.duration[entry]!]).toEqual([from, to])
  })

  test('tiles of a track with several lanes carry their union for the collapsed track', () => {
    const tile = tileOf(run, 'range-0', 30, 0)
    expect(tile.sections.map(({ lane }) => lane)).toEqual([0, 1, 2, UNION_LANE])
  })

  test('an unknown track and an impossible level are refused in words', () => {
    expect(() => tileOf(run, 'stream-9', 3, 0)).toThrow('this run has no track "stream-9"')
    expect(() => tileOf(run, 'stream-0', 99, 0)).toThrow('level is a whole number from 0 to 44')
    expect(() => tileOf(run, 'stream-0', 3, 0.5)).toThrow('index is a whole number')
  })

  test('counters and memory have their extremes, and their last value holds', () => {
    const strings = new StringPool()
    const build = <S extends TableSpec>(_spec: S, fill: (add: (row: never) => void) => void) => {
      const builder = new TableBuilder(_spec)
      fill((row) => void builder.add(row))
      return builder.finish()
    }
    const trace = {
      ...Object.fromEntries(
        Object.entries(tables).map(([name, spec]) => [name, emptyTable(spec as TableSpec)]),
      ),
      strings: strings.strings,
      meta: { ...run.meta, recorded: [] },
      device: build(tables.device, (add) => add({ id: 0 } as never)),
      process: build(tables.process, (add) => add({ globalPid: 1n, pid: 1 } as never)),
      memory_event: build(tables.memory_event, (add) => {
        for (const [time, operation, bytes] of [
          [10, 0, 100],
          [20, 0, 50],
          [30, 1, 100],
        ])
          add({ time, process: 0, device: 0, operation, bytes, sourceRow: 0 } as never)
      }),
      counter: build(tables.counter, (add) =>
        add({ name: strings.intern('SM active'), unit: strings.intern('%') } as never),
      ),
      counter_sample: build(tables.counter_sample, (add) => {
        for (const [time, value] of [
          [4, 7],
          [5, 3],
          [700, 9],
        ])
          add({ time, counter: 0, value } as never)
      }),
    } as unknown as Trace
    const [memory, counter] = tracksOf(trace).map(({ track }) => track)
    expect(memory).toMatchObject({ id: 'memory-0', low: 50, high: 150, unit: 'B' })
    expect(counter).toMatchObject({ id: 'counter-0', low: 3, high: 9, unit: '%', group: 'counters' })
    const [first] = tileOf(trace, 'counter-0', 3, 0).sections
    expect(first).toMatchObject({
      before: NaN,
      bucket: Uint16Array.of(0, 87),
      low: Float64Array.of(3, 9),
      last: Float64Array.of(3, 9),
    })
    const [later] = tileOf(trace, 'counter-0', 0, 1).sections
    expect(later).toMatchObject({ before: 3, bucket: Uint16Array.of(188) })
  })
})

describe('spans', () => {
  test('a kernel knows its launch, the launch its kernel and its range, and neighbours know each other', () => {
    const kernel = relationsOf(run, 'device_op', 100)
    expect(kernel.cause).toMatchObject({ table: 'api_call', name: 'cudaLaunchKernel_v7000', track: 'api-0' })
    expect(kernel.parent).toMatchObject({ table: 'range', name: 'patch_embed' })
    const launch = relationsOf(run, 'api_call', kernel.cause!.row)
    expect(launch.effects).toEqual([kernel.span])
    expect(launch.effectCount).toBe(1)
    expect(launch.parent).toEqual(kernel.parent)
    expect(relationsOf(run, 'device_op', kernel.next!.row).previous).toEqual(kernel.span)
    expect(kernel.nextSame!.name).toBe(kernel.span.name)
    expect(relationsOf(run, 'device_op', kernel.nextSame!.row).previousSame).toEqual(kernel.span)
    const range = relationsOf(run, 'range', kernel.parent!.row)
    expect(range.child).toMatchObject({ table: 'api_call' })
    expect(relationsOf(run, 'range', 0)).toMatchObject({
      parent: null,
      previous: null,
      child: { name: 'embedding' },
    })
  })

  test('search finds names by all their words, most time first, with counts and first rows', () => {
    const { hits, total } = searchNames(run, 'FLASH kernel', 10)
    expect(total).toBe(1)
    const names = run.device_op.name
    const rows = [...names.keys()].filter((row) => run.strings[names[row]!] === hits[0]!.name)
    expect(hits[0]).toMatchObject({ table: 'device_op', count: rows.length })
    expect(hits[0]!.rows.map(({ row }) => row)).toEqual(rows.slice(0, 5))
    expect(hits[0]!.totalNs).toBe(rows.reduce((sum, row) => sum + run.device_op.duration[row]!, 0))
    const blocks = searchNames(run, 'block', 3)
    expect(blocks.hits).toHaveLength(3)
    expect(blocks.total).toBe(48)
    expect(searchNames(run, '  ', 3)).toEqual({ hits: [], total: 0 })
  })

  test('a detail names every column that has a value, links by name', () => {
    const { title, fields } = spanDetail(run, 'device_op', 0)
    expect(title).toContain('cutlass')
    const byName = Object.fromEntries(fields.map((field) => [field.name, field]))
    expect(byName['kind']!.value).toBe('kernel')
    expect(byName['launch']).toMatchObject({
      value: 'cudaLaunchKernel_v7000',
      link: { table: 'api_call', row: 0 },
    })
    expect(byName['duration']!.unit).toBe('ns')
    expect(byName['bytes']).toBeUndefined()
    expect(() => spanDetail(run, 'device_op', 1e9)).toThrow('has no row 1000000000')
    expect(() => spanDetail(run, 'nothing', 0)).toThrow('there is no table "nothing"')
    expect(() => relationsOf(run, 'device', 0)).toThrow('holds no spans')
  })
})
