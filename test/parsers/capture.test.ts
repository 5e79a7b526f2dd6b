import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { captureFormat } from '../../parsers/capture.ts'
import { offsetBetween } from '../../parsers/capture/clock.ts'
import { rangesTrace } from '../../parsers/capture/own-ranges.ts'
import type { Format } from '../../parsers/format.ts'
import { NONE } from '../../trace/column.ts'
import type { Capture } from '../../trace/capture.ts'
import { UserError } from '../../trace/errors.ts'
import type { Trace } from '../../trace/trace.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-join-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Two iterations of a model in two steps. Ranges in ns; the runtime's zero is at 5 000 000 on their axis. */
const RANGES = [
  ['VGGT', 6_000_000, 6_100_000, 0],
  ['Frame_Attention', 6_001_000, 6_050_000, 1],
  ['Depth_Head', 6_051_000, 6_099_000, 1],
  ['VGGT', 6_200_000, 6_300_000, 0],
  ['Frame_Attention', 6_201_000, 6_250_000, 1],
  ['Depth_Head', 6_251_000, 6_299_000, 1],
] as const
const ownRanges = {
  format: 'parallax-ranges' as const,
  version: 1 as const,
  pid: 7,
  tid: 7,
  ranges: RANGES.map(([name, startNs, endNs, depth]) => ({ name, startNs, endNs, depth })),
}

const event = (cat: string, name: string, ts: number, dur: number): object => ({
  cat,
  name,
  ts,
  dur,
  ph: 'X',
  pid: 7,
  tid: 7,
  args: cat === 'Node' ? { op_name: 'MatMul', provider: 'CPUExecutionProvider' } : {},
})
/** A run of two nodes in µs: model_run [at, at+dur], nodes inside. */
const run = (at: number, dur: number, section: string): object[] => [
  event('Node', `${section}/x_kernel_time`, at + 1, 5),
  event('Node', 'nameless_kernel_time', at + 7, 5),
  event('Session', 'model_run', at, dur),
]
/** A warm-up run long before, then the two captured ones: at 1001 and 1201 µs, 5 000 µs before the ranges' axis. */
const FRAME = [
  event('Session', 'session_initialization', 1, 90),
  ...run(100, 50, 'Frame_Attention/frame_blocks.0'),
  ...run(1_003, 45, 'Frame_Attention/frame_blocks.0'),
  ...run(1_203, 45, 'Frame_Attention/frame_blocks.0'),
]
const HEAD = [...run(200, 50, 'Depth_Head'), ...run(1_053, 44, 'Depth_Head'), ...run(1_253, 44, 'Depth_Head')]

const manifest: Capture = {
  format: 'parallax-capture',
  version: 1,
  label: 'tiny baseline',
  capturedAtMs: 1_700_000_000_000,
  run: { variant: 'baseline', frames: 4 },
  sources: [
    { path: 'ranges.json', role: 'ranges' },
    { path: 'nodes/00-Frame_Attention.json', role: 'onnxruntime-profile', step: 0 },
    { path: 'nodes/01-Depth_Head.json', role: 'onnxruntime-profile', step: 1 },
  ],
  steps: { top: 'VGGT', phases: ['Frame_Attention', 'Depth_Head'], runsBefore: 1, iterations: 2 },
  warnings: [],
}

let folders = 0
function written(files: Record<string, unknown>): string {
  const at = join(folder, String(folders++))
  mkdirSync(join(at, 'nodes'), { recursive: true })
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(at, name), typeof content === 'string' ? content : JSON.stringify(content))
  return join(at, 'capture.json')
}
const all = {
  'capture.json': manifest,
  'ranges.json': ownRanges,
  'nodes/00-Frame_Attention.json': FRAME,
  'nodes/01-Depth_Head.json': HEAD,
}

/** Stands for the nsys reader: the same ranges on another axis, and one more, on a thread of its own, that opened the capture. */
const SHIFT = 1_000_000_000
const fakeNsys = (events: string[] = []): Format => ({
  id: 'nsys-sqlite',
  title: '',
  capture: '',
  matches: () => true,
  read: (path) => {
    events.push(path)
    const shifted = ownRanges.ranges.map(({ startNs, endNs, ...rest }) => ({
      ...rest,
      startNs: startNs + SHIFT,
      endNs: endNs + SHIFT,
    }))
    const opening = { name: 'Opens', startNs: SHIFT, endNs: SHIFT + 1, depth: 0 }
    const trace = rangesTrace({ ...ownRanges, ranges: [opening, ...shifted] })
    return Promise.resolve({
      ...trace,
      meta: { ...trace.meta, facts: { tool: 'nsys' }, sourceRows: { NVTX_EVENTS: 7 } },
    })
  },
})

const read = (path: string, nsys = fakeNsys()): Promise<Trace> =>
  captureFormat({ 'nsys-sqlite': nsys }).read(path, {})
const nameOf = (trace: Trace, row: number): string => trace.strings[trace.range.name![row]!]!
/** `VGGT > Frame_Attention > frame_blocks.0` */
function pathOfRange(trace: Trace, row: number): string {
  const parent = trace.range.parent?.[row] ?? NONE
  return (parent === NONE ? '' : `${pathOfRange(trace, parent)} > `) + nameOf(trace, row)
}
const opsOf = (trace: Trace): string[] =>
  Array.from({ length: trace.device_op.length }, (_, i) => {
    const { device_op: op } = trace
    return `${trace.strings[op.name[i]!]} @${op.start[i]} in ${pathOfRange(trace, op.range![i]!)}`
  })
const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0)

describe('a capture without nsys', () => {
  it('is the harness’ ranges with the runtime’s captured nodes below them, on one axis', async () => {
    const trace = await read(written(all))
    // 1003…1048 in 6001…6050 and 1203…1248 in 6201…6250: offset 4998…5002, the middle is 5000 µs.
    expect(opsOf(trace)).toEqual([
      'Frame_Attention/frame_blocks.0/x @6004000 in VGGT > Frame_Attention > frame_blocks.0',
      'nameless @6010000 in VGGT > Frame_Attention',
      'Depth_Head/x @6054000 in VGGT > Depth_Head',
      'nameless @6060000 in VGGT > Depth_Head',
      'Frame_Attention/frame_blocks.0/x @6204000 in VGGT > Frame_Attention > frame_blocks.0',
      'nameless @6210000 in VGGT > Frame_Attention',
      'Depth_Head/x @6254000 in VGGT > Depth_Head',
      'nameless @6260000 in VGGT > Depth_Head',
    ])
    expect(Array.from(trace.range.depth)).toEqual([0, 1, 2, 1, 0, 1, 2, 1])
    expect(trace.meta.facts.run).toEqual({ variant: 'baseline', frames: 4, clockErrorNs: 3000 })
    expect(trace.device.length).toBe(1)
    expect(trace.stream.length).toBe(2)
    expect(trace.thread.length).toBe(1)
  })

  it('counts what it leaves out: source rows are imported rows and skips', async () => {
    const { meta, range, device_op: op } = await read(written(all))
    expect(meta.sourceRows).toEqual({ 'ranges of the harness': 6, Node: 12, Session: 7 })
    expect(meta.skipped.map(({ what, count }) => [what, count])).toEqual([
      ['Node', 4],
      ['Session', 7],
    ])
    const made = 2 // frame_blocks.0, once an iteration
    expect(sum(Object.values(meta.sourceRows))).toBe(
      range.length - made + op.length + sum(meta.skipped.map(({ count }) => count)),
    )
  })
})

describe('a capture with nsys', () => {
  const withNsys = {
    ...all,
    'capture.json': {
      ...manifest,
      captureRange: 'Opens',
      sources: [{ path: 'report.sqlite', role: 'nsys-sqlite' }, ...manifest.sources],
    },
    'report.sqlite': '',
  }

  it('takes nsys’ ranges and axis, leaves its own aside and the range that opened the capture out', async () => {
    const trace = await read(written(withNsys))
    expect(trace.meta.facts.tool).toBe('nsys')
    expect(opsOf(trace)[0]).toBe(
      `Frame_Attention/frame_blocks.0/x @${6_004_000 + SHIFT} in VGGT > Frame_Attention > frame_blocks.0`,
    )
    expect(Array.from({ length: trace.range.length }, (_, row) => nameOf(trace, row))).not.toContain('Opens')
    expect(trace.meta.skipped.map(({ what, count }) => [what, count])).toEqual([
      ['NVTX_EVENTS', 1],
      ['ranges of the harness', 6],
      ['Node', 4],
      ['Session', 7],
    ])
  })

  it('reads the file that the manifest names, beside the manifest', async () => {
    const events: string[] = []
    const path = written(withNsys)
    await read(path, fakeNsys(events))
    expect(events).toEqual([path.replace('capture.json', 'report.sqlite')])
  })
})

describe('a profile whose runs do not meet the ranges', () => {
  it('is left out with a warning, its rows counted', async () => {
    const { device_op: op, meta } = await read(
      written({ ...all, 'nodes/01-Depth_Head.json': HEAD.slice(0, 3) }),
    )
    expect(op.length).toBe(4)
    expect(meta.warnings.join()).toContain('nodes/01-Depth_Head.json is left out')
    expect(meta.sourceRows['Node']).toBe(8)
    expect(sum(meta.skipped.filter(({ what }) => what === 'Node').map(({ count }) => count))).toBe(4)
  })

  it('whose clock drifts is placed as well as can be, and that is said', async () => {
    // The second run starts 60 µs too late for any single offset.
    const drifting = [
      ...run(100, 50, 'Depth_Head'),
      ...run(1_053, 44, 'Depth_Head'),
      ...run(1_313, 44, 'Depth_Head'),
    ]
    const { meta } = await read(written({ ...all, 'nodes/01-Depth_Head.json': drifting }))
    expect(meta.warnings.join()).toContain('its clock does not run like that of the ranges')
    expect(meta.facts.run?.['clockErrorNs']).toBeGreaterThan(28_000)
  })
})

describe('the offset between two clocks', () => {
  it('is within its stated error, wherever the runs lie in their ranges', () => {
    const gap = fc.integer({ min: 0, max: 200_000 })
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.array(fc.tuple(gap, fc.integer({ min: 1000, max: 1e7 }), gap), { minLength: 1, maxLength: 20 }),
        (offset, layout) => {
          let at = 0
          const ranges = []
          const runs = []
          for (const [before, length, after] of layout) {
            const [start, end] = [at + before, at + before + length]
            ranges.push({ startNs: at, endNs: end + after })
            // As the runtime writes them: start and length cut to whole microseconds, each by itself.
            const startNs = Math.floor((start - offset) / 1000) * 1000
            runs.push({ startNs, endNs: startNs + Math.floor(length / 1000) * 1000 })
            at = end + after + 10
          }
          const found = offsetBetween(ranges, runs)!
          expect(Math.abs(found.offsetNs - offset)).toBeLessThanOrEqual(found.errorNs)
          expect(found.drifts).toBe(false)
        },
      ),
    )
  })

  it('is not known without a pair', () => expect(offsetBetween([], [])).toBeUndefined())
})

const refused = async (files: Record<string, unknown>): Promise<string> => {
  const error: unknown = await read(written(files)).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UserError)
  expect((error as UserError).kind).toBe('bad-input')
  expect((error as UserError).message).not.toContain('\n')
  return (error as UserError).message
}

describe('a damaged capture is refused in one line', () => {
  it('when the manifest is cut short', async () =>
    expect(await refused({ 'capture.json': '{"format":"parallax-capture",' })).toMatch(
      /cut short or damaged/,
    ))

  it('when the manifest says something else', async () =>
    expect(await refused({ 'capture.json': { ...manifest, version: 2 } })).toMatch(/version/))

  it('when a file is missing', async () =>
    expect(await refused({ ...all, 'capture.json': manifest, 'ranges.json': '{}' })).toMatch(
      /ranges\.json is damaged/,
    ))

  it('when a profile was not copied along', async () => {
    const { 'nodes/01-Depth_Head.json': _, ...rest } = all
    expect(await refused(rest)).toMatch(/01-Depth_Head\.json is missing beside capture\.json/)
  })

  it.each(['../secret.json', '/etc/passwd', 'nodes/../../x'])('when it names %s', async (path) =>
    expect(
      await refused({ ...all, 'capture.json': { ...manifest, sources: [{ path, role: 'ranges' }] } }),
    ).toMatch(/outside its folder/),
  )

  it('when it names nothing to read', async () =>
    expect(await refused({ 'capture.json': { ...manifest, sources: [] } })).toMatch(/names no file/))
})

it('its manifest is known by its start', () => {
  const format = captureFormat({ 'nsys-sqlite': fakeNsys() })
  expect(format.matches(Buffer.from(JSON.stringify(manifest, undefined, 2)), 'x')).toBe(true)
  expect(format.matches(Buffer.from('{"traceEvents":[]}'), 'capture.json')).toBe(false)
})
