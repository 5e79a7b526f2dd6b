import { readFileSync } from 'node:fs'
import protobuf from 'protobufjs'
import { beforeAll, describe, expect, test } from 'vitest'
import { perfettoOf } from '../../export/perfetto.ts'
import { syntheticRun } from '../../fixtures/synthetic-run.ts'
import type { Trace } from '../../trace/trace.ts'
import { drawn } from '../drawn-trace.ts'

interface Packet {
  timestamp?: number
  trustedPacketSequenceId?: number
  sequenceFlags?: number
  trackEvent?: {
    type: number
    trackUuid: number
    nameIid?: number
    flowIds: number[]
    terminatingFlowIds: number[]
    doubleCounterValue?: number
    debugAnnotations: { name: string; uintValue?: number; stringValue?: string }[]
  }
  internedData?: { eventNames: { iid: number; name: string }[] }
  trackDescriptor?: { uuid: number; name: string; parentUuid?: number }
}
interface Slice {
  track: string
  group: string
  name: string
  start: number
  duration: number
  begins: number[]
  ends: number[]
  row: number | undefined
}

const proto = readFileSync(new URL('perfetto.proto', import.meta.url), 'utf8')
const Trace = protobuf.parse(proto).root.lookupType('perfetto.protos.Trace')

function read(chunks: Iterable<Uint8Array>): Packet[] {
  const bytes = Buffer.concat([...chunks])
  return (Trace.toObject(Trace.decode(bytes), { longs: Number, arrays: true }) as { packet: Packet[] }).packet
}

/** Slices as a viewer makes them: begin and end paired per track, names and tracks looked up. */
function slicesOf(packets: readonly Packet[]): Slice[] {
  const tracks = new Map(packets.flatMap(({ trackDescriptor: t }) => (t ? [[t.uuid, t] as const] : [])))
  const names = new Map(
    packets.flatMap((p) => p.internedData?.eventNames.map((n) => [n.iid, n.name] as const) ?? []),
  )
  const open = new Map<number, Slice[]>()
  const slices: Slice[] = []
  for (const { timestamp, trackEvent: event } of packets) {
    if (event === undefined) continue
    const track = tracks.get(event.trackUuid)!
    const stack = open.get(event.trackUuid) ?? []
    open.set(event.trackUuid, stack)
    if (event.type === 1) {
      const slice: Slice = {
        track: track.name,
        group: tracks.get(track.parentUuid!)!.name,
        name: names.get(event.nameIid ?? 0) ?? '',
        start: timestamp!,
        duration: NaN,
        begins: event.flowIds,
        ends: event.terminatingFlowIds,
        row: event.debugAnnotations.find(({ name }) => name === 'row')?.uintValue,
      }
      slices.push(slice)
      stack.push(slice)
    } else if (event.type === 2) {
      const slice = stack.pop()!
      slice.duration = timestamp! - slice.start
    }
  }
  for (const stack of open.values()) expect(stack).toEqual([])
  return slices
}

describe('an exported run', () => {
  let run: Trace
  let packets: Packet[]
  let slices: Slice[]
  beforeAll(() => {
    run = syntheticRun({ kernels: 3_000 })
    packets = read(perfettoOf(run, { from: 0, to: 1e15 }))
    slices = slicesOf(packets)
  })

  test('carries every span of every table, with its name, start and duration', () => {
    for (const [table, track] of [
      ['device_op', 'stream 7'],
      ['api_call', 'CUDA API'],
      ['range', 'ranges'],
      ['os_call', 'OS calls'],
    ] as const) {
      const { start, duration, length } = run[table]
      const label = table === 'device_op' ? run.device_op.shortName! : run[table].name!
      const expected = Array.from({ length }, (_, row) => ({
        row,
        name: run.strings[label[row]!],
        start: start[row],
        duration: duration[row],
      }))
      const found = slices
        .filter((slice) => slice.track === track)
        .sort((a, b) => a.row! - b.row!)
        .map(({ row, name, start, duration }) => ({ row, name, start, duration }))
      expect(found).toEqual(expected)
    }
  })

  test('leads a flow from each launch to the work it caused', () => {
    const calls = slices.filter(({ track, begins }) => track === 'CUDA API' && begins.length > 0)
    expect(calls).toHaveLength(run.device_op.length)
    const callOf = new Map(calls.flatMap(({ begins, row }) => begins.map((id) => [id, row])))
    for (const { ends, row } of slices.filter(({ track }) => track === 'stream 7')) {
      expect(ends).toHaveLength(1)
      expect(callOf.get(ends[0]!)).toBe(run.device_op.launch![row!])
    }
  })

  test('names idle stretches by their cause, under their device', () => {
    const idle = slices.filter(({ track }) => track === 'idle, by cause')
    expect(idle.length).toBeGreaterThan(100)
    expect(new Set(idle.map(({ group }) => group))).toEqual(new Set(['GPU 0 · Synthetic GPU']))
    for (const { name } of idle) expect(name).toMatch(/^idle\//)
  })

  test('begins with what clears the names, writes each once and before it is used, on one sequence', () => {
    expect(packets[0]).toMatchObject({ sequenceFlags: 1 })
    const known = new Set<number>()
    for (const { internedData, trackEvent } of packets) {
      for (const { iid } of internedData?.eventNames ?? []) {
        expect(known.has(iid)).toBe(false)
        known.add(iid)
      }
      if (trackEvent?.nameIid) expect(known.has(trackEvent.nameIid)).toBe(true)
    }
    expect(new Set(packets.map((one) => one.trustedPacketSequenceId))).toEqual(new Set([1]))
  })
})

test('a window carries what touches it, whole, and nothing else', () => {
  const trace = drawn(`
    nvtx   [forward........]
    api    a..SSSS....bb
    gpu0   ..AAA.........BB`)
  const slices = slicesOf(read(perfettoOf(trace, { from: 3_000, to: 11_000 })))
  const found = slices.map(({ track, name, start, duration }) => `${track}: ${name} ${start}+${duration}`)
  expect(found.sort()).toEqual([
    'CUDA API: cudaStreamSynchronize_v3020 3000+4000',
    'idle, by cause: idle/host-work 7000+4000',
    'idle, by cause: idle/sync-turnaround 5000+2000',
    'ranges, as the device ran them: forward 2000+14000',
    'ranges: forward 0+17000',
    'stream 7: kernel A 2000+3000',
  ])
})

test('a call that launched several ops begins a flow for each, and no op passes one on', () => {
  const trace = drawn(`
    api    gS...b
    gpu0   ..GGG...B
    gpu0.8 ....GG
    copy0  ........G`)
  const slices = slicesOf(read(perfettoOf(trace, { from: 0, to: 1e9 })))
  const flows = (of: string): Slice[] => slices.filter(({ track }) => track.startsWith(of))
  expect(flows('CUDA API').map(({ begins }) => begins.length)).toEqual([3, 0, 1])
  for (const { begins, ends } of flows('stream')) expect([begins.length, ends.length]).toEqual([0, 1])
  const ids = flows('CUDA API').flatMap(({ begins }) => begins)
  expect(new Set(ids).size).toBe(4)
  expect(
    flows('stream')
      .flatMap(({ ends }) => ends)
      .sort(),
  ).toEqual(ids.sort())
})

test('tracks can be chosen; one that is not there is refused', () => {
  const trace = drawn(`
    api    a
    gpu0   ..AAA`)
  const slices = slicesOf(read(perfettoOf(trace, { from: 0, to: 1e9, tracks: ['stream-0'] })))
  expect(slices.map(({ track }) => track)).toEqual(['stream 7'])
  expect(() => [...perfettoOf(trace, { from: 0, to: 1, tracks: ['x'] })]).toThrow('this run has no track "x"')
})
