/** Which call launched which work. Hand-written: no capture. */
import { expect, test } from 'vitest'
import { NONE } from '../../../trace/column.ts'
import { kernel, lasting, launches, readEvents, text } from './files.ts'

const call = (name: string, ts: number, args: object, pid = 1): object =>
  lasting('cuda_runtime', name, ts, 4, args, { pid, tid: pid })

test('by correlation, several ops of one graph launch included', async () => {
  const trace = await readEvents([
    call('cudaLaunchKernel', 0, { correlation: 1 }),
    call('cudaGraphLaunch', 10, { correlation: 2 }),
    kernel('a', 5, 1, { correlation: 1 }),
    kernel('b', 20, 1, { correlation: 2 }),
    kernel('c', 30, 1, { correlation: 2 }),
  ])
  expect(launches(trace)).toEqual(['cudaLaunchKernel', 'cudaGraphLaunch', 'cudaGraphLaunch'])
  expect(trace.meta.facts.graphMode).toBe('node')
})

test('a call belongs to the innermost range around it', async () => {
  const trace = await readEvents([
    lasting('user_annotation', 'forward', 0, 100),
    lasting('cpu_op', 'aten::mm', 10, 20),
    call('cudaLaunchKernel', 12, { correlation: 1 }),
    call('cudaDeviceSynchronize', 50, { correlation: 2 }),
    call('cudaFree', 200, { correlation: 3 }),
  ])
  const inside = Array.from(trace.api_call.range!, (row) =>
    row === NONE ? undefined : text(trace, trace.range.name![row]),
  )
  expect(inside).toEqual(['aten::mm', 'forward', undefined])
  expect(Array.from(trace.api_call.eventClass!)).toEqual([0, 0, 0])
})

const arrow = (ph: string, id: number, pid: number, tid: number, ts: number): object => ({
  ph,
  id,
  pid,
  tid,
  ts,
  cat: 'ac2g',
  name: 'ac2g',
})

test('by its arrow where the correlation is missing or unknown', async () => {
  const trace = await readEvents([
    call('cudaLaunchKernel', 0, {}),
    call('cudaMemcpyAsync', 10, {}),
    kernel('a', 20, 1, {}),
    kernel('b', 30, 1, { correlation: 99 }),
    kernel('c', 40, 1, {}),
    arrow('s', 5, 1, 1, 1),
    arrow('f', 5, 0, 7, 20),
    arrow('s', 6, 1, 1, 12),
    arrow('f', 6, 0, 7, 30),
  ])
  expect(launches(trace)).toEqual(['cudaLaunchKernel', 'cudaMemcpyAsync', undefined])
  expect(trace.meta.warnings).toContainEqual(expect.stringContaining('1 of 3 device ops have no launch'))
})

test('by "External id" only without a correlation, and only if one call carries it', async () => {
  const trace = await readEvents([
    call('cudaLaunchKernel', 0, { 'External id': 100 }),
    call('cudaMemsetAsync', 5, { 'External id': 200 }),
    call('cudaLaunchKernel', 10, { 'External id': 200 }),
    call('cudaLaunchKernel', 15, { 'External id': 300 }),
    kernel('linked', 20, 1, { 'External id': 100 }),
    kernel('two calls', 30, 1, { 'External id': 200 }),
    kernel('another correlation', 40, 1, { 'External id': 300, correlation: 9 }),
  ])
  expect(launches(trace)).toEqual(['cudaLaunchKernel', undefined, undefined])
})

const on = (device: number, name: string, ts: number, correlation: number): object =>
  lasting('kernel', name, ts, 1, { device, context: 1, stream: 7, correlation }, { pid: device, tid: 7 })

test('with several processes a correlation is looked for in the one that works on the lane', async () => {
  const trace = await readEvents([
    call('of process 1', 0, { correlation: 1 }, 1),
    call('of process 1', 5, { correlation: 2 }, 1),
    call('of process 2', 0, { correlation: 2 }, 2),
    call('of process 2', 5, { correlation: 3 }, 2),
    on(0, 'a', 20, 1),
    on(0, 'b', 30, 2),
    on(1, 'c', 20, 3),
    on(1, 'd', 31, 2),
    on(2, 'nothing tells', 40, 2),
  ])
  expect(launches(trace)).toEqual(['of process 1', 'of process 2', 'of process 1', 'of process 2', undefined])
  expect(trace.meta.warnings).toContainEqual(
    expect.stringContaining('1 of them carry a correlation that occurs in several processes'),
  )
  const processes = Array.from(trace.stream.process, (row) => trace.process.pid[row])
  expect(processes.slice(0, 2)).toEqual([1, 2])
})

test('a file without calls says that launches are unknown', async () => {
  const trace = await readEvents([kernel('k', 0, 1, { correlation: 1 })])
  expect(trace.device_op.launch).toBeUndefined()
  expect(trace.meta.warnings).toContainEqual(expect.stringContaining('launches are unknown'))
  expect(trace.meta.recorded).not.toContain('api_call')
})

test('calls without device work mean that there was none, not that it was not recorded', async () => {
  const trace = await readEvents([call('cudaMalloc', 0, { correlation: 1 })])
  expect(trace.meta.recorded).toContain('device_op')
  expect(trace.device_op.length).toBe(0)
})
