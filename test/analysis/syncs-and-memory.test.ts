import { describe, expect, test } from 'vitest'
import { memory } from '../../analysis/memory.ts'
import { phases } from '../../analysis/phases.ts'
import { syncs } from '../../analysis/syncs.ts'
import { utilisation } from '../../analysis/utilisation.ts'
import { TableBuilder } from '../../trace/builder.ts'
import { memoryEvent, MemoryOperation, sync } from '../../trace/tables.ts'
import { drawn } from '../drawn-trace.ts'
import { sharedTest } from '../shared.ts'
import { nsysSqlite } from '../../parsers/nsys/index.ts'
import { launches } from '../../analysis/launches.ts'
import { join } from 'node:path'

const WAITING = drawn(`
  nvtx  [global.][frame....................]
  api   a.........SSSSSSSSSSSSSSS..b........
  gpu0  ..AAAAAAAAAAAAAAAAAAAAA.......BBBB..`)

describe('blocking syncs', () => {
  test('a sync in one phase that waits for another’s work names that other phase', () => {
    const [row] = syncs.compute(WAITING, {}).syncs
    expect(row).toMatchObject({ phase: 'frame', count: 1, totalNs: 15_000 })
    // The device was busy with A until 23 µs; the sync lasted until 25 µs.
    expect(row!.waitedFor).toEqual([{ phase: 'global', ns: 13_000 }])
  })

  test('the phase that waited says so beside its CPU range', () => {
    const rows = phases.compute(WAITING, {}).phases
    expect(rows.find((one) => one.path === 'frame')).toMatchObject({
      syncs: 1,
      syncNs: 15_000,
      waitedFor: [{ phase: 'global', ns: 13_000 }],
      gpuBusyNs: 4000,
      gpuIdleNs: 7000,
      launchNs: 1000,
    })
    expect(rows.find((one) => one.path === 'global')).toMatchObject({
      syncs: 0,
      waitedFor: [],
      gpuBusyNs: 21_000,
    })
  })
})

describe('of two devices', () => {
  const two = () =>
    drawn(`
      nvtx    [one........]
      nvtx:2  [two........]
      api     a.SSSSSSSS
      api:2   .b........
      gpu0    ..AAAA....
      gpu1    ..BBBBBB..`)
  const waited = (trace: ReturnType<typeof two>) => syncs.compute(trace, {}).syncs.map((row) => row.waitedFor)

  test('a call waits for no other process’s work', () => {
    const trace = two()
    const lane = trace.device_op.stream[trace.device_op.device.indexOf(1)]!
    trace.stream.process[lane] = 1
    expect(waited(trace)).toEqual([[{ phase: 'one', ns: 4000 }]])
  })

  test('it waits for the context of the stream that a record of the sync names, for all where none does', () => {
    const trace = two()
    const both = [
      { phase: 'two', ns: 6000 },
      { phase: 'one', ns: 4000 },
    ]
    expect(waited(trace)).toEqual([both])
    const records = new TableBuilder(sync)
    const apiCall = trace.api_call.duration.indexOf(8000)
    const stream = trace.device_op.stream[trace.device_op.device.indexOf(1)]!
    trace.stream.context[stream] = 5
    records.add({ start: 2000, duration: 8000, process: 0, device: 0, stream, apiCall, sourceRow: 1 })
    expect(waited({ ...trace, sync: records.finish() })).toEqual([both.slice(0, 1)])
  })
})

describe('memory', () => {
  const MIB = 2 ** 20
  const withEvents = (rows: [time: number, operation: number, address: bigint, bytes: number][]) => {
    const events = new TableBuilder(memoryEvent)
    for (const [i, [time, operation, address, bytes]] of rows.entries())
      events.add({ time, process: 0, device: 0, operation, memoryKind: 2, bytes, address, sourceRow: i + 1 })
    return { ...drawn('gpu0  AA'), memory_event: events.finish() }
  }

  test('the peak is the highest running sum, releases are matched by address', () => {
    const { series } = memory.compute(
      withEvents([
        [10, MemoryOperation.allocation, 1n, 4 * MIB],
        [20, MemoryOperation.allocation, 2n, 2 * MIB],
        [30, MemoryOperation.deallocation, 1n, 4 * MIB],
        [40, MemoryOperation.allocation, 3n, MIB],
      ]),
      {},
    )
    expect(series).toHaveLength(1)
    expect(series[0]).toMatchObject({ kind: 'device', peakBytes: 6 * MIB, peakAtNs: 20, endBytes: 3 * MIB })
  })

  test('a release of what was never seen allocated subtracts nothing, and is counted', () => {
    const { series } = memory.compute(
      withEvents([
        [10, MemoryOperation.allocation, 1n, 4 * MIB],
        [30, MemoryOperation.deallocation, 9n, 8 * MIB],
      ]),
      {},
    )
    expect(series[0]).toMatchObject({ endBytes: 4 * MIB, unmatchedReleases: 1 })
  })

  test('without events it is not recorded, never zero', () => {
    const answer = memory.compute(drawn('gpu0  AA', { recorded: ['device_op'] }), {})
    expect(answer).toMatchObject({ recorded: false, series: [] })
    expect(answer.reason).toMatch(/^not recorded: capture with/)
  })
})

test('utilisation is a union: overlapping work never exceeds the time', () => {
  const { devices, bucketNs } = utilisation.compute(
    drawn(`
    gpu0.7  AAAA....
    gpu0.8  ..BBBB..
    os      ........WW`),
    { buckets: 5 },
  )
  expect(bucketNs).toBe(2000)
  expect(devices[0]!.busy).toEqual([2000, 2000, 2000, 0, 0])
})

sharedTest('the public A40 capture explains itself', async (shared) => {
  const read = (name: string) => nsysSqlite.read(join(shared, 'traces', 'vggt-a40', `${name}.sqlite`), {})
  const trace = await read('vggt_100report_A40')
  const waits = syncs.compute(trace, { iteration: 2 })
  expect(waits.count).toBe(97)
  const frame = waits.syncs.find((row) => row.phase.endsWith('Frame_Attention'))!
  expect(frame.totalNs / 1e9).toBeCloseTo(11.7, 1)
  expect(frame.waitedFor[0]!.phase).toBe('VGGT_Aggregator/Global_Attention')
  const cost = launches.compute(trace, { iteration: 2 })
  const kernel = cost.byCall.find((row) => row.name.startsWith('cudaLaunchKernel_'))!
  expect(kernel.rawNs / 1e9).toBeGreaterThan(2.07)
  expect(kernel.rawNs / 1e9).toBeLessThan(2.2)
  expect(kernel.correctedNs / 1e6).toBeCloseTo(62.6, 0)
  expect(cost.bound).toBe(false)
  const small = launches.compute(await read('vggt_report_A40'), { iteration: 2 })
  expect(small.bound).toBe(true)
})
