/** What becomes of each kind of event. Hand-written: no capture. */
import { expect, test } from 'vitest'
import { MarkKind, MemoryOperation, RangeStyle } from '../../../trace/tables.ts'
import { NONE, NONE_U16 } from '../../../trace/column.ts'
import { brokenRules } from '../../../trace/integrity.ts'
import { balance, kernel, lasting, launches, outline, readEvents, text } from './files.ts'

test('ranges nest by containment on their thread, and the axis begins with the first event', async () => {
  const trace = await readEvents([
    lasting('cpu_op', 'aten::addmm', 101, 5),
    lasting('user_annotation', 'forward', 100, 20),
    lasting('cpu_op', 'aten::linear', 100, 10),
    lasting('cpu_op', 'elsewhere', 101, 5, {}, { tid: 2 }),
  ])
  expect(outline(trace)).toEqual([
    'forward 0..20000',
    '  aten::linear 0..10000',
    '    aten::addmm 1000..6000',
    'elsewhere 1000..6000',
  ])
  expect(trace.meta.originNs).toBe('100000')
  expect(Array.from(trace.range.category!, (category) => text(trace, category))).toEqual([
    'user_annotation',
    'cpu_op',
    'cpu_op',
    'cpu_op',
  ])
  expect(Array.from(trace.range.style)).toEqual([2, 2, 2, 2])
})

test('times are exact to the nanosecond, dates too', async () => {
  const date = '1661203462598738'
  const trace = await readEvents([
    `{"ph":"X","cat":"cpu_op","name":"a","pid":1,"tid":1,"ts":${date}.001,"dur":0.003}`,
    `{"ph":"X","cat":"cpu_op","name":"b","pid":1,"tid":1,"ts":${date}.250,"dur":1e-2}`,
  ])
  expect(outline(trace)).toEqual(['a 0..3', 'b 249..259'])
  expect(trace.meta.originNs).toBe(`${date}001`)
  expect(trace.meta.facts.utcEpochNs).toBe(`${date}001`)
  expect(trace.meta.warnings).toContainEqual(expect.stringContaining('most writers keep only 0.25 µs'))
})

test('a file of whole microseconds says so', async () => {
  const trace = await readEvents([lasting('cpu_op', 'a', 5, 2)])
  expect(trace.meta.warnings).toContainEqual(expect.stringContaining('times are whole microseconds'))
})

const edge = (ph: string, name: string, ts: number): object => ({ ph, name, pid: 1, tid: 1, ts })

test('B and E make a range of their thread, whatever the order of the file', async () => {
  const trace = await readEvents([
    edge('E', '', 40),
    edge('B', 'outer', 0),
    edge('B', 'inner', 10),
    edge('E', 'inner', 20),
    edge('E', 'nothing open', 50),
    edge('B', 'never ends', 60),
    lasting('x', 'last', 60, 30),
  ])
  expect(outline(trace)).toEqual([
    'outer 0..40000',
    '  inner 10000..20000',
    'never ends 60000..90000 open',
    '  last 60000..90000',
  ])
  expect(Array.from(trace.range.style, (style) => style === RangeStyle.pushPop)).toEqual([
    true,
    true,
    true,
    false,
  ])
  expect(trace.meta.skipped).toEqual([
    { what: 'E', count: 2, why: 'the end of a range: joined to its beginning' },
    { what: 'E', count: 1, why: 'the end of a range whose beginning is not in the file' },
  ])
})

test('ends with a name close the open range of that name, so two may cross', async () => {
  const trace = await readEvents([edge('B', 'a', 0), edge('B', 'b', 1), edge('E', 'a', 2), edge('E', 'b', 3)])
  expect(outline(trace)).toEqual(['a 0..2000', 'b 1000..3000'])
})

const asyncEdge = (ph: string, ts: number, tid: number, more: object): object => ({
  ph,
  cat: 'io',
  name: 'read',
  pid: 1,
  tid,
  ts,
  ...more,
})

test('asynchronous ranges go by category and id, across threads', async () => {
  const trace = await readEvents([
    asyncEdge('b', 0, 1, { id: '0x1' }),
    asyncEdge('b', 5, 1, { id: 2 }),
    asyncEdge('e', 8, 2, { id: 1 }),
    asyncEdge('e', 9, 1, { id: 2 }),
    asyncEdge('b', 10, 1, { id2: { local: '0x1' } }),
    asyncEdge('e', 12, 1, { id2: { local: '0x1' } }),
    { ...asyncEdge('e', 13, 1, { id2: { local: '0x1' } }), pid: 2 },
  ])
  expect(outline(trace)).toEqual(['read 0..8000', 'read 5000..9000', 'read 10000..12000'])
  expect(Array.from(trace.range.style)).toEqual([1, 1, 1])
  expect(Array.from(trace.range.endThread!, (row) => (row === NONE ? NONE : trace.thread.tid[row]))).toEqual([
    2,
    NONE,
    NONE,
  ])
  expect(balance(trace)).toEqual({ source: 7, imported: 3, skipped: 4 })
})

test('an operator without a duration is open to the end; a kernel without one is skipped', async () => {
  const trace = await readEvents([
    { ph: 'X', cat: 'cpu_op', name: 'cut', pid: 1, tid: 1, ts: 0 },
    kernel('k', 5, 5),
    { ph: 'X', cat: 'kernel', name: 'broken', pid: 0, tid: 7, ts: 6 },
    lasting('cpu_op', 'backwards', 7, -1),
  ])
  expect(outline(trace)).toEqual(['cut 0..10000 open'])
  expect(trace.device_op.length).toBe(1)
  expect(trace.meta.skipped).toEqual([
    { what: 'cpu_op', count: 1, why: 'without a duration, or a negative one' },
    { what: 'kernel', count: 1, why: 'without a duration, or a negative one' },
  ])
})

test('an event that lasts for months is skipped, and does not stretch the axis', async () => {
  const trace = await readEvents([lasting('cpu_op', 'a', 0, 5), lasting('cpu_op', 'garbled', 1, 1.7e15)])
  expect(outline(trace)).toEqual(['a 0..5000'])
  expect(trace.meta.skipped).toEqual([
    { what: 'cpu_op', count: 1, why: 'lasts more than 52 days: its end is garbled' },
  ])
})

test('a single time among the others does not take the axis away from them, early or late, first or last', async () => {
  const events = [0, 1, 2].map((i) => lasting('cpu_op', `op ${i}`, 1.7e15 + i, 1))
  for (const garbled of [0, 8e15])
    for (const list of [
      [lasting('cpu_op', 'garbled', garbled, 1), ...events],
      [...events, lasting('cpu_op', 'garbled', garbled, 1)],
    ]) {
      const trace = await readEvents(list)
      expect(outline(trace)).toEqual(['op 0 0..1000', 'op 1 1000..2000', 'op 2 2000..3000'])
      expect(balance(trace)).toEqual({ source: 4, imported: 3, skipped: 1 })
    }
})

test('numbers in quotes count among the arguments', async () => {
  const trace = await readEvents([
    lasting('cuda_runtime', 'cudaLaunchKernel', 0, 5, { correlation: '77' }),
    kernel('gemm', 9, 1, { correlation: '77', device: '3', stream: '11', context: '2' }),
    lasting('gpu_memcpy', 'Memcpy HtoD (Pageable -> Device)', 12, 1, {
      device: 3,
      stream: 11,
      bytes: '4096',
    }),
  ])
  expect(launches(trace)[0]).toBe('cudaLaunchKernel')
  expect(Array.from(trace.device.id!)).toContain(3)
  expect([trace.stream.id[0], trace.stream.context[0]]).toEqual([11, 0])
  expect(trace.device_op.bytes![1]).toBe(4096)
})

test('bars of annotations on a GPU are derived in the first releases, too; other tools may have users', async () => {
  const trace = await readEvents([
    kernel('gemm', 0, 5),
    lasting('User', 'forward', 0, 5, {}, { pid: 0, tid: 'stream 7 user' }),
    lasting('User', 'click', 0, 5),
  ])
  expect(outline(trace)).toEqual(['click 0..5000'])
  expect(trace.meta.skipped).toMatchObject([
    { what: 'User', count: 1, why: expect.stringContaining('drawn by') },
  ])
})

test('a size that no memory has, or that is no number, is left out', async () => {
  const copy = (ts: number, bytes: string): string =>
    `{"ph":"X","cat":"gpu_memcpy","name":"Memcpy DtoH (Device -> Pinned)","pid":0,"tid":7,"ts":${ts},"dur":1,"args":{"bytes":${bytes}}}`
  const trace = await readEvents([copy(0, '1e400'), copy(1, 'N/A'), copy(2, '512')])
  expect(Array.from(trace.device_op.bytes!)).toEqual([NaN, NaN, 512])
})

test('categories and ids may be called as what every object has', async () => {
  const words = ['constructor', 'toString', '__proto__', 'hasOwnProperty']
  const trace = await readEvents(
    words.map((word, i) => lasting(word, word, i, 1, {}, { pid: word, tid: word })),
  )
  expect(balance(trace)).toEqual({ source: 4, imported: 4, skipped: 0 })
  expect(Object.keys(trace.meta.sourceRows).sort()).toEqual(words.toSorted())
})

test('a pid or tid that is no finite number counts as absent', async () => {
  const trace = await readEvents(['{"ph":"X","name":"a","pid":1e999,"tid":-1e999,"ts":0,"dur":1}'])
  expect([trace.process.pid[0], trace.thread.tid[0]]).toEqual([0, 0])
})

test('a hundred thousand ranges that cross, or never end, are paired without searching them all', async () => {
  const count = 100_000
  const edges = (ph: string, name: string, from: number): string[] =>
    Array.from(
      { length: count },
      (_, i) => `{"ph":"${ph}","name":"${name}${i}","pid":1,"tid":1,"ts":${from + i}}`,
    )
  const crossing = await readEvents([...edges('B', 'a', 0), ...edges('E', 'a', count)])
  expect(new Set(crossing.range.duration)).toEqual(new Set([count * 1000]))
  const unended = await readEvents([
    ...edges('B', 'a', 0),
    ...edges('B', 'b', count),
    ...edges('E', 'b', 2 * count),
  ])
  expect(unended.range.open.filter((one) => one === 1).length).toBe(count)
  expect(unended.range.depth.at(-1)).toBe(65_535)
})

test('a kernel keeps what its arguments say, and its base name', async () => {
  const trace = await readEvents([
    kernel('void ns::gemm<4, 2>(float*)', 10, 3, {
      stream: 9,
      correlation: 77,
      grid: [56, 2, 1],
      block: [384, 1, 1],
      'registers per thread': 168,
      'shared memory': 231_424,
      'graph id': 3,
    }),
  ])
  const { device_op: op, stream } = trace
  expect([op.gridX![0], op.gridY![0], op.gridZ![0], op.blockX![0], op.blockY![0], op.blockZ![0]]).toEqual([
    56, 2, 1, 384, 1, 1,
  ])
  expect([op.registers![0], op.sharedTotal![0], op.correlation![0]]).toEqual([168, 231_424, 77])
  expect(text(trace, op.shortName![0])).toBe('gemm')
  expect([stream.id[0], stream.context[0], stream.deviceOrdinal[0]]).toEqual([9, 1, 0])
  expect(op.graphNode).toBeUndefined()
})

test('a graph node keeps all 64 bits of its id', async () => {
  const event = JSON.stringify(kernel('k', 0, 1, { 'graph id': 4, 'graph node id': 0 })).replace(
    '"graph node id":0',
    '"graph node id":18446744073709551615',
  )
  const trace = await readEvents([event])
  expect(trace.device_op.graphNode![0]).toBe(-1n)
  expect(trace.device_op.graphId![0]).toBe(4)
  expect(trace.meta.facts.graphMode).toBe('node')
})

test('copies and sets tell their kind by their name', async () => {
  const trace = await readEvents([
    lasting('gpu_memcpy', 'Memcpy HtoD (Pageable -> Device)', 0, 1, { device: 0, stream: 7, bytes: 64 }),
    lasting('gpu_memcpy', 'Memcpy PtoP (Device -> Device)', 2, 1, {
      inDevice: 0,
      fromDevice: 0,
      toDevice: 1,
      stream: 7,
    }),
    lasting('gpu_memset', 'Memset (Device)', 4, 1, { device: 0, stream: 7, bytes: 8 }),
    lasting('Memcpy', 'Memcpy DtoH (Device -> Pinned)', 6, 1, { device: 0 }, { pid: 0, tid: 'stream 12' }),
  ])
  const { device_op: op } = trace
  expect(Array.from(op.name, (name) => text(trace, name))).toEqual([
    '[CUDA memcpy Host-to-Device]',
    '[CUDA memcpy Peer-to-Peer]',
    '[CUDA memset]',
    '[CUDA memcpy Device-to-Host]',
  ])
  expect(Array.from(op.kind)).toEqual([2, 2, 3, 2])
  expect(Array.from(op.copyKind!)).toEqual([1, 10, 255, 2])
  expect(Array.from(op.srcKind!)).toEqual([0, 2, 255, 2])
  expect(Array.from(op.dstKind!)).toEqual([2, 2, 255, 1])
  expect(op.memoryKind![2]).toBe(2)
  expect([op.bytes![0], op.srcDevice![1], op.dstDevice![1]]).toEqual([64, 0, 1])
  expect(trace.stream.id[op.stream[3]!]).toBe(12)
})

const memory = (ts: number, args: object): object => ({
  ph: 'i',
  s: 't',
  cat: 'cpu_instant_event',
  name: '[memory]',
  pid: 1,
  tid: 1,
  ts,
  args,
})

test('memory events keep sign, totals and device; the host has none', async () => {
  const trace = await readEvents([
    memory(0, {
      Bytes: 1024,
      'Device Id': 0,
      'Device Type': 1,
      Addr: 136_093_868_752_896,
      'Total Allocated': 5000,
      'Total Reserved': 9000,
    }),
    memory(1, { Bytes: -1024, 'Device Id': 0, 'Device Type': 1 }),
    memory(2, { Bytes: 4, 'Device Id': -1, 'Device Type': 0 }),
    memory(3, {}),
  ])
  const { memory_event: event } = trace
  expect(Array.from(event.operation)).toEqual([
    MemoryOperation.allocation,
    MemoryOperation.deallocation,
    MemoryOperation.allocation,
  ])
  expect(Array.from(event.bytes)).toEqual([1024, 1024, 4])
  expect(Array.from(event.device!)).toEqual([0, 0, NONE_U16])
  expect([event.address![0], event.totalAllocated![0], event.totalReserved![0]]).toEqual([
    136_093_868_752_896n,
    5000,
    9000,
  ])
  expect(trace.meta.skipped).toEqual([
    { what: 'cpu_instant_event', count: 1, why: 'a memory event that does not say how many bytes' },
  ])
})

const counter = (ts: number, name: string, args: object): object => ({ ph: 'C', pid: 1, name, ts, args })

test('a counter event gives one sample a value, and the count of rows still adds up', async () => {
  const trace = await readEvents([
    counter(0, 'power', { value: 250 }),
    counter(1, 'memory', { used: 10, free: 5 }),
    counter(2, 'memory', { used: '11', free: 4, note: 'x' }),
    counter(3, 'nothing', { note: 'x' }),
  ])
  expect(Array.from(trace.counter.name, (name) => text(trace, name))).toEqual([
    'power',
    'memory (used)',
    'memory (free)',
  ])
  expect(Array.from(trace.counter_sample.value)).toEqual([250, 10, 5, 11, 4])
  expect(Array.from(trace.counter_sample.counter)).toEqual([0, 1, 2, 1, 2])
  expect(trace.meta.sourceRows).toEqual({ C: 4, 'C (further values of one event)': 2 })
  expect(balance(trace)).toEqual({ source: 6, imported: 5, skipped: 1 })
})

const instant = (ts: number, more: object): object => ({
  ph: 'i',
  name: 'now',
  pid: 1,
  tid: 2,
  ts,
  ...more,
})

test('an instant is a mark of its thread, or of none where it concerns a process or all', async () => {
  const trace = await readEvents([
    instant(0, { s: 't' }),
    instant(1, { s: 'p' }),
    instant(2, { s: 'g' }),
    instant(3, {}),
  ])
  expect(Array.from(trace.mark.thread!)).toEqual([0, NONE, NONE, 0])
  expect(Array.from(trace.mark.kind)).toEqual(Array.from({ length: 4 }, () => MarkKind.mark))
})

const sync = (ts: number, kind: string, stream: number): object =>
  lasting(
    'cuda_sync',
    kind,
    ts,
    1,
    { cuda_sync_kind: kind, stream, device: 0, context: 0, correlation: 200, wait_on_cuda_event_id: 77 },
    { pid: 0, tid: 1 },
  )

test("a synchronisation stands on its stream, or on none where it is the context's", async () => {
  const trace = await readEvents([
    lasting('cuda_runtime', 'cudaStreamWaitEvent', 0, 1, { correlation: 200 }),
    sync(2, 'Stream Wait Event', 1),
    sync(4, 'Context Sync', -1),
  ])
  expect(Array.from(trace.sync.syncType!)).toEqual([2, 4])
  expect(Array.from(trace.sync.stream!)).toEqual([0, NONE])
  expect(Array.from(trace.sync.event!)).toEqual([77, 77])
  expect(Array.from(trace.sync.apiCall!)).toEqual([0, 0])
})

test("the profiler's overhead has a type, and a thread where one is told", async () => {
  const trace = await readEvents([
    lasting('overhead', 'Buffer Flush', 0, 1, {}, { pid: -1, tid: 0 }),
    lasting('overhead', 'Command Buffer Full', 2, 1),
  ])
  expect(Array.from(trace.overhead.type!)).toEqual([3, 8])
  expect(Array.from(trace.overhead.thread!)).toEqual([NONE, 0])
})

test('what is not read is counted with its reason', async () => {
  const trace = await readEvents(
    [
      lasting('gpu_user_annotation', 'forward', 0, 5, {}, { pid: 0, tid: 7 }),
      lasting('cuda_event', 'record', 0, 0),
      lasting('cuda_profiler_range', 'k', 0, 5),
      { ph: 'P', name: 'sample', ts: 1, pid: 1 },
      { ph: 'O', cat: 'object', name: 'x', ts: 1, pid: 1 },
      { ph: '?', name: 'what', ts: 1, pid: 1 },
      { name: 'no phase' },
      'null',
      '12',
      { ph: 'X', cat: 'cpu_op', name: 'no time', pid: 1, tid: 1, dur: 1 },
      { ph: 'X', cat: 'cpu_op', name: 'no time', pid: 1, tid: 1, ts: null, dur: 1 },
      { ph: 's', id: 1, cat: 'fwdbwd', name: 'fwdbwd', pid: 1, tid: 1, ts: 1 },
    ],
    { stackFrames: { 1: { name: 'main' } }, samples: [], metadata: { anything: 1 } },
  )
  expect(trace.meta.skipped.map(({ what, count }) => [what, count])).toEqual([
    ['gpu_user_annotation', 1],
    ['cuda_event', 1],
    ['cuda_profiler_range', 1],
    ['P', 1],
    ['object', 1],
    ['?', 1],
    ['no phase', 3],
    ['cpu_op', 2],
    ['fwdbwd', 1],
    ['stackFrames', 1],
    ['samples', 1],
  ])
  expect(balance(trace)).toEqual({ source: 14, imported: 0, skipped: 14 })
})

test('one record with time 0 among dates does not spoil the others', async () => {
  for (const bogus of [0, -5]) {
    const events = [
      kernel('bogus', bogus, 1),
      lasting('cpu_op', 'a', 1_661_203_462_598_738, 20),
      kernel('k', 1_661_203_462_598_748, 5),
    ]
    for (const order of [events, [...events].reverse()]) {
      const trace = await readEvents(order)
      expect(outline(trace)).toEqual(['a 0..20000'])
      expect(Array.from(trace.device_op.start)).toEqual([10_000])
      expect(trace.meta.skipped).toEqual([
        { what: 'kernel', count: 1, why: 'its time lies more than 104 days from the others' },
      ])
    }
  }
})

test('pids and tids may be numbers, numbers in quotes, words, or absent', async () => {
  const trace = await readEvents([
    lasting('a', 'number', 0, 1, {}, { pid: 5, tid: 6 }),
    lasting('a', 'quoted', 2, 1, {}, { pid: '5', tid: '6' }),
    lasting('a', 'words', 4, 1, {}, { pid: 'Spans', tid: 'PyTorch Profiler' }),
    { ph: 'X', cat: 'a', name: 'no tid', pid: 5, ts: 6, dur: 1 },
    lasting('a', 'handle', 8, 1, {}, { pid: 5, tid: 140_234_567_890_123 }),
  ])
  expect(Array.from(trace.range.thread)).toEqual([0, 0, 1, 2, 3])
  expect(Array.from(trace.thread.tid.slice(0, 1))).toEqual([6])
  expect(trace.thread.tid[2]).toBe(5)
  expect(trace.thread.globalTid[3]).toBe(140_234_567_890_123n)
  expect(Array.from(trace.process.name!, (name) => text(trace, name))).toEqual([undefined, 'Spans'])
  expect(text(trace, trace.thread.name![1])).toBe('PyTorch Profiler')
  expect(brokenRules(trace)).toEqual([])
})

const name = (what: string, pid: number, tid: number, value: string): object => ({
  ph: 'M',
  name: what,
  pid,
  tid,
  args: { name: value },
})

test('threads, processes and streams take the names that metadata gives them', async () => {
  const trace = await readEvents([
    name('process_name', 1, 0, 'python3'),
    name('thread_name', 1, 1, 'main'),
    name('thread_name', 0, 7, 'stream 7 '),
    lasting('cpu_op', 'a', 0, 1),
    kernel('k', 0, 1),
  ])
  expect(text(trace, trace.process.name![0])).toBe('python3')
  expect(text(trace, trace.thread.name![0])).toBe('main')
  expect(text(trace, trace.stream.name![0])).toBe('stream 7')
})

test('a file without events loads, and says so', async () => {
  const trace = await readEvents([])
  expect(trace.meta.warnings).toEqual(['the file holds no events', 'the file holds no device work'])
  expect(trace.meta.recorded).toEqual([])
})
