/** What the header tells, and what of it must never be told on. Hand-written: no capture. */
import { expect, test } from 'vitest'
import { programOf } from '../../../parsers/kineto/places.ts'
import { kernel, lasting, readBytes, readEvents, text } from './files.ts'

const gpu = (id: number, name = 'GPU X', more: object = {}): object => ({
  id,
  name,
  totalGlobalMem: 85_018_279_936,
  computeMajor: 9,
  computeMinor: 0,
  numSms: 132,
  ...more,
})

test('the base time makes dates of the times, exact past 2^53, also behind the events', async () => {
  const event = '{"ph":"X","cat":"cpu_op","name":"a","pid":1,"tid":1,"ts":1414456661601.577,"dur":1.5}'
  const base = '"baseTimeNanoseconds": 1751410836000000001'
  for (const content of [`{${base},"traceEvents":[${event}]}`, `{"traceEvents":[${event}],${base}}`]) {
    const { meta } = await readBytes(content)
    expect(meta.originNs).toBe('1414456661601577')
    expect(meta.facts.utcEpochNs).toBe(String(1751410836000000001n + 1414456661601577n))
    expect(meta.warnings).toEqual(['the file holds no device work'])
  }
})

test('versions, rank and world size are facts of the capture', async () => {
  const { meta } = await readEvents([], {
    schemaVersion: 1,
    cuda_runtime_version: 12_040,
    cuda_driver_version: 12_090,
    distributedInfo: { backend: 'nccl', rank: 3, world_size: 8, pg_config: [] },
    profile_memory: 1,
  })
  expect(meta.facts).toEqual({
    tool: 'kineto',
    schemaVersion: '1',
    cudaVersion: '12.4',
    driverVersion: 'supports CUDA 12.9',
    rank: 3,
    worldSize: 8,
  })
  expect(meta.recorded).toEqual(['memory_event'])
})

test('a HIP version is read from its number', async () => {
  const { meta } = await readEvents([], { hip_runtime_version: 60_443_483 })
  expect(meta.facts.cudaVersion).toBe('HIP 6.4.43483')
})

test('listed devices are rows, with or without work', async () => {
  const trace = await readEvents([kernel('k', 0, 1, { device: 1 })], {
    deviceProperties: [gpu(0), gpu(1, 'GPU Y')],
  })
  expect(Array.from(trace.device.id)).toEqual([0, 1])
  expect(text(trace, trace.device.name![trace.device_op.device[0]!])).toBe('GPU Y')
  expect([trace.device.smCount![1], trace.device.computeMajor![1], trace.device.totalMemory![1]]).toEqual([
    132, 9, 85_018_279_936,
  ])
})

test('the only device listed is the only one that works, whatever its number', async () => {
  const trace = await readEvents([kernel('k', 0, 1, { device: 2 })], { deviceProperties: [gpu(0)] })
  expect(Array.from(trace.device.id)).toEqual([2])
  expect(text(trace, trace.device.name![0])).toBe('GPU X')
})

test('a device that the list does not have takes only what all listed ones share', async () => {
  const alike = await readEvents([kernel('k', 0, 1, { device: 9 })], { deviceProperties: [gpu(0), gpu(1)] })
  expect(text(alike, alike.device.name![alike.device_op.device[0]!])).toBe('GPU X')
  expect(alike.meta.warnings).toContainEqual(expect.stringContaining('events name device 9'))
  const unlike = await readEvents([kernel('k', 0, 1, { device: 9 })], {
    deviceProperties: [gpu(0), gpu(1, 'GPU Y')],
  })
  expect(text(unlike, unlike.device.name?.[unlike.device_op.device[0]!])).toBeUndefined()
})

test('a header that is not as expected does no harm', async () => {
  const trace = await readEvents([kernel('k', 0, 1)], {
    deviceProperties: [
      null,
      4,
      { id: -1 },
      { id: 'x' },
      { id: 0, name: 7, numSms: 'many', computeMajor: 1e9 },
    ],
    distributedInfo: 'none',
    baseTimeNanoseconds: 'soon',
    schemaVersion: null,
    cuda_runtime_version: 'x',
  })
  expect(Array.from(trace.device.id)).toEqual([0])
  expect(trace.meta.facts).toEqual({ tool: 'kineto' })
})

test('no secret of the header, of arguments or of a command line gets into the trace', async () => {
  const trace = await readEvents(
    [
      {
        ph: 'M',
        name: 'process_name',
        pid: 1,
        tid: 0,
        args: { name: '/usr/bin/python3 train.py --token=SECRET-1' },
      },
      { ph: 'M', name: 'process_labels', pid: 1, tid: 0, args: { labels: 'SECRET-2' } },
      lasting('cpu_op', 'a', 0, 1, { 'Call stack': 'SECRET-3', environment: 'SECRET-4', stream: 'SECRET-5' }),
      kernel('k', 0, 1, { note: 'SECRET-6', kind: 'SECRET-7' }),
      { ph: 'i', name: 'now', s: 'g', pid: 1, tid: 1, ts: 1, args: { text: 'SECRET-8' } },
    ],
    {
      traceName: '/home/SECRET-9/trace.json',
      hostname: 'SECRET-10',
      metadata: { env: { TOKEN: 'SECRET-11' } },
      distributedInfo: { rank: 0, hostname: 'SECRET-12' },
      otherData: { argv: 'SECRET-13' },
    },
  )
  expect(JSON.stringify({ strings: trace.strings, meta: trace.meta })).not.toContain('SECRET')
  expect(text(trace, trace.process.name![0])).toBe('python3')
})

test.each([
  ['python3.8', 'python3.8'],
  ['pyper:trainer:0:0', 'pyper:trainer:0:0'],
  ['Browser (main)', 'Browser (main)'],
  ['worker/0', 'worker/0'],
  ['python train.py --key abc', 'python'],
  ['/opt/venv/bin/python', 'python'],
  ['TOKEN=abc python', 'TOKEN'],
  ['C:\\Python\\python.exe run', 'python.exe'],
])('a process called %s is shown as %s', (name, shown) => {
  expect(programOf(name)).toBe(shown)
})
