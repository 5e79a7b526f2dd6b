/**
 * What Perfetto itself makes of an export: its own trace processor reads the bytes by its own schema, and is asked in SQL.
 */
import { readFileSync } from 'node:fs'
import protobuf from 'protobufjs'
import { beforeAll, describe, expect, test } from 'vitest'
import { perfettoOf } from '../../export/perfetto.ts'
import { syntheticRun } from '../../fixtures/synthetic-run.ts'
import { tableBuilders } from '../../trace/builders.ts'
import { NONE } from '../../trace/column.ts'
import type { Trace } from '../../trace/trace.ts'
import { drawn } from '../drawn-trace.ts'
import { traceProcessor } from './trace-processor.ts'
import type { Row } from './trace-processor.ts'

const exported = (trace: Trace): Uint8Array =>
  Buffer.concat([...perfettoOf(trace, { from: -1e15, to: 1e15 })])

const SLICES = `
  select track.name as track, slice.name as name, ts, dur, depth, row.int_value as row
  from slice join track on slice.track_id = track.id
  left join args row on row.arg_set_id = slice.arg_set_id and row.key = 'debug.row'
  order by track.name, row`

/** The tables' own rows under the tracks that show them, moved by `shift`. */
function expected(trace: Trace, shift: number): Row[] {
  const titles = { range: 'ranges', api_call: 'CUDA API', os_call: 'OS calls' } as const
  const rows = (table: 'device_op' | keyof typeof titles): Row[] =>
    Array.from({ length: trace[table].length }, (_, row) => {
      const label = (table === 'device_op' ? trace.device_op.shortName?.[row] : undefined) ?? NONE
      const stream = table === 'device_op' ? trace.stream.id[trace.device_op.stream![row]!] : undefined
      return {
        track: table === 'device_op' ? `stream ${stream}` : titles[table],
        name: trace.strings[label === NONE ? trace[table].name![row]! : label]!,
        ts: trace[table].start[row]! + shift,
        dur: trace[table].duration[row]!,
        depth: 0,
        row,
      }
    })
  return [...rows('device_op'), ...rows('range'), ...rows('api_call'), ...rows('os_call')].sort(inOrder)
}

const inOrder = (a: Row, b: Row): number =>
  Number(a.track! > b.track!) - Number(a.track! < b.track!) || Number(a.row) - Number(b.row)

/** Without the tracks that are worked out: idle causes, phases as the device ran them. */
const recorded = (slices: readonly Row[]): Row[] =>
  slices.filter(({ track }) => /^(stream \d+|ranges|CUDA API|OS calls)$/.test(String(track))).sort(inOrder)

/** Grid and block on kernels, bytes on copies, and two counters, one of which has the run's earliest time. */
function withMore(trace: Trace): Trace {
  const { length, kind } = trace.device_op
  const ofKernels = (step: number): Uint32Array =>
    Uint32Array.from({ length }, (_, row) => (kind[row] === 0 ? row + step : NONE))
  const [gridX, gridY, gridZ, blockX, blockY, blockZ] = [100, 200, 1, 32, 4, 2].map(ofKernels)
  const bytes = Float64Array.from(kind, (one) => (one === 0 ? NaN : 2 ** 33 + 0.5))
  const build = tableBuilders()
  const strings = [...trace.strings, 'SM active', '%', 'memory', 'B']
  const at = (text: string): number => strings.indexOf(text)
  build.counter.add({ name: at('SM active'), unit: at('%'), device: 0 })
  build.counter.add({ name: at('memory'), unit: at('B') })
  for (const [time, counter, value] of SAMPLES) build.counter_sample.add({ time, counter, value })
  return {
    ...trace,
    strings,
    device_op: {
      ...trace.device_op,
      gridX,
      gridY,
      gridZ,
      blockX,
      blockY,
      blockZ,
      bytes,
    } as Trace['device_op'],
    counter: build.counter.finish() as Trace['counter'],
    counter_sample: build.counter_sample.finish() as Trace['counter_sample'],
  }
}

const SAMPLES = [
  [-7_000, 0, 12.5],
  [-100, 1, 2 ** 40],
  [0, 0, 0],
  [3_500, 0, 99.75],
  [4_000, 1, -1],
] as const

describe('a run opened in Perfetto', () => {
  /** What moves the earliest time, a sample's, to 0. */
  const SHIFT = 7_000
  let run: Trace
  let ask: (sql: string) => Row[]
  beforeAll(async () => {
    // G is a graph of three ops on two streams; F runs within E's time on one stream, where a viewer would take it for nested.
    run = withMore(
      drawn(
        `
        nvtx   [forward...............]
        nvtx   ..[inner....]
        nvtx   ....[core]
        api    gg..ab.....e.f..SSSSS
        os     ....WWW
        gpu0   ...GGG..A..........EEEEEE
        gpu0   ....................FF
        gpu0.8 ....GG....B
        copy0  ...........G`,
        { shift: -5_000 },
      ),
    )
    ask = await traceProcessor(exported(run))
  })

  test('is read without an error', () => {
    expect(
      ask(`select name, value from stats where severity in ('error', 'data_loss') and value > 0`),
    ).toEqual([])
  })

  test('has every span of every table: track, name, start, duration; those that overlap side by side', () => {
    expect(run.device_op.start[0]).toBeLessThan(0)
    expect(recorded(ask(SLICES))).toEqual(expected(run, SHIFT))
    const lanes = ask(`select track.name as name, count(distinct track_id) as lanes from slice
      join track on track.id = track_id where track.name in ('stream 7', 'stream 8', 'ranges') group by 1 order by 1`)
    expect(lanes.map(({ name, lanes }) => `${name}: ${lanes}`)).toEqual([
      'ranges: 3',
      'stream 7: 2',
      'stream 8: 1',
    ])
  })

  test('says of a kernel its grid, block and correlation, of a copy its bytes', () => {
    const args = ask(`select row.int_value as row, args.key as key,
        coalesce(args.string_value, args.int_value, args.real_value) as value
      from slice join track on track.id = track_id and track.name glob 'stream *' join args using (arg_set_id)
      join args row on row.arg_set_id = slice.arg_set_id and row.key = 'debug.row'
      where args.key glob 'debug.*' and args.key != 'debug.row' order by 1, 2`)
    const op = run.device_op
    expect(args.map(({ row, key, value }) => `${row} ${key} ${value}`)).toEqual(
      Array.from({ length: op.length }, (_, row) => [
        ...(op.kind[row] === 0 ? [`${row} debug.block ${row + 32} × ${row + 4} × ${row + 2}`] : []),
        ...(op.kind[row] === 0 ? [] : [`${row} debug.bytes ${2 ** 33 + 0.5}`]),
        `${row} debug.correlation ${op.correlation![row]}`,
        ...(op.kind[row] === 0 ? [`${row} debug.grid ${row + 100} × ${row + 200} × ${row + 1}`] : []),
      ]).flat(),
    )
  })

  test('has every sample of every counter, to the last digit', () => {
    const samples = ask(`select track.name as name, ts, value from counter
      join track on track.id = track_id order by ts`)
    expect(samples).toEqual(
      SAMPLES.map(([time, counter, value]) => ({
        name: ['SM active', 'memory'][counter],
        ts: time + SHIFT,
        value,
      })),
    )
  })

  test('names the stretches in which the device was idle by their cause', () => {
    const idle = ask(`select slice.name as name, ts from slice join track on track.id = track_id
      where track.name = 'idle, by cause' order by ts`)
    expect(idle.length).toBeGreaterThan(2)
    for (const { name } of idle) expect(name).toMatch(/^idle\//)
  })

  test('draws an arrow from each call to each op that it launched, and none from op to op', async () => {
    const older = await traceProcessor(withOlderFlows(exported(run)))
    const arrows =
      older(`select o.int_value as "from", i.int_value as "to", ot.name as a, it.name as b from flow
      join slice os on os.id = slice_out join track ot on ot.id = os.track_id
      join slice "is" on "is".id = slice_in join track it on it.id = "is".track_id
      join args o on o.arg_set_id = os.arg_set_id and o.key = 'debug.row'
      join args i on i.arg_set_id = "is".arg_set_id and i.key = 'debug.row' order by i.int_value`)
    const { launch, length } = run.device_op
    expect(arrows.map(({ a, b, from, to }) => `${a} ${from} to ${b} ${to}`)).toEqual(
      Array.from({ length }, (_, op) => {
        const stream = run.stream.id[run.device_op.stream![op]!]
        return `CUDA API ${launch![op]} to stream ${stream} ${op}`
      }),
    )
    expect(new Set(launch).size).toBeLessThan(length)
  })
})

/**
 * The same packets with the numbers that flow ids had before 2021's version 21 (36 and 42, plain varints): the trace
 * processor at hand is version 20.1 and knows the ids of today, 47 and 48, only as unknown fields.
 */
function withOlderFlows(bytes: Uint8Array): Uint8Array {
  const today = readFileSync(new URL('perfetto.proto', import.meta.url), 'utf8')
  const before = today
    .replace('fixed64 flow_ids = 47', 'uint64 flow_ids = 36')
    .replace('fixed64 terminating_flow_ids = 48', 'uint64 terminating_flow_ids = 42')
  const [from, to] = [today, before].map((text) =>
    protobuf.parse(text).root.lookupType('perfetto.protos.Trace'),
  )
  return to!.encode(to!.fromObject(from!.toObject(from!.decode(bytes), { longs: Number }))).finish()
}

test('a run of thousands of spans is the same in Perfetto, span by span', async () => {
  const run = syntheticRun({ kernels: 3_000 })
  const ask = await traceProcessor(exported(run))
  expect(recorded(ask(SLICES))).toEqual(expected(run, 0))
})

test('what is no trace is refused', async () => {
  await expect(traceProcessor(Buffer.from('not a trace at all, but some words'))).rejects.toThrow(
    'trace processor',
  )
})
