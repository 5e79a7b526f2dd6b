import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { onnxruntime } from '../../parsers/onnxruntime.ts'
import { UserError } from '../../trace/errors.ts'
import type { Trace } from '../../trace/trace.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-ort-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const readText = (content: string | Uint8Array): Promise<Trace> => {
  const path = join(folder, `profile-${files++}.json`)
  writeFileSync(path, content)
  return onnxruntime.read(path, {})
}
const read = (events: unknown[]): Promise<Trace> => readText(JSON.stringify(events))

const event = (cat: string, name: string, ts: number, dur: number, args: object = {}): object => ({
  cat,
  pid: 9,
  tid: 9,
  dur,
  ts,
  ph: 'X',
  name,
  args,
})
const node = (name: string, ts: number, dur: number, args: object = {}): object =>
  event('Node', `${name}_kernel_time`, ts, dur, args)

/** The ranges as an outline: two spaces a level, start..end in ns. */
function outline(trace: Trace): string[] {
  const { range } = trace
  return Array.from({ length: range.length }, (_, i) => {
    const name = trace.strings[range.name![i]!]!
    return `${'  '.repeat(range.depth[i]!)}${name} ${range.start[i]!}..${range.start[i]! + range.duration[i]!}`
  })
}
const rangeOfOp = (trace: Trace, op: number): string | undefined => {
  const row = trace.device_op.range?.[op]
  return row === undefined || row >= trace.range.length ? undefined : trace.strings[trace.range.name![row]!]
}
/** Records that came of a source record: every op, and the ranges but those that were made from node names. */
const imported = (trace: Trace): number => {
  const { range, strings } = trace
  const recorded = Array.from(range.start).filter((_, i) => {
    const [category, name] = [strings[range.category![i]!], strings[range.name![i]!]]
    return category === 'session' || name === 'model_run'
  })
  return trace.device_op.length + recorded.length
}
/** A run with a node in the middle whose name tells no section. */
const runOfThree = (at: number): object[] => [
  node('Head/conv/Conv', at + 1, 1),
  node('ReorderOutput_token_4', at + 2, 1),
  node('Head/act/Relu', at + 3, 1),
  event('Session', 'model_run', at, 5),
]
const matches = (text: string): boolean => onnxruntime.matches(Buffer.from(text), 'x')
const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0)

describe('a node', () => {
  it('becomes a device op with operator, provider, shapes and the bytes it has to move, in nanoseconds', async () => {
    const trace = await read([
      node('conv1', 12, 7, {
        op_name: 'Conv',
        provider: 'CPUExecutionProvider',
        input_type_shape: [{ float: [1, 3, 8, 8] }],
        activation_size: '768',
        parameter_size: '32',
        output_size: '200',
      }),
    ])
    const { device_op: op, strings } = trace
    expect(op.length).toBe(1)
    expect([op.start[0], op.duration[0]]).toEqual([12_000, 7_000])
    expect(strings[op.name[0]!]).toBe('conv1')
    expect(strings[op.shortName![0]!]).toBe('Conv')
    expect(strings[op.provider![0]!]).toBe('CPUExecutionProvider')
    expect(strings[op.shapes![0]!]).toBe('[{"float":[1,3,8,8]}]')
    expect(op.bytes![0]).toBe(1000)
    expect(strings[trace.device.name![0]!]).toBe('CPU (ONNX Runtime)')
    expect(trace.stream.length).toBe(1)
  })

  it('of another provider stands on a device row of its own, with a warning where its time is the host’s', async () => {
    const trace = await read([
      node('a', 0, 1, { provider: 'CPUExecutionProvider' }),
      node('b', 1, 1, { provider: 'CUDAExecutionProvider' }),
    ])
    expect(Array.from(trace.device.name!, (name) => trace.strings[name])).toEqual([
      'CPU (ONNX Runtime)',
      'CUDA (ONNX Runtime)',
    ])
    expect(Array.from(trace.device_op.device)).toEqual([0, 1])
    expect(trace.meta.warnings.join()).toContain('CUDAExecutionProvider')
  })

  it('of a newer runtime also samples the arena at its end', async () => {
    const trace = await read([node('a', 5, 2, { mem_bytes_in_use: '100', mem_arena_held: '4096' })])
    expect(Array.from(trace.counter.name, (name) => trace.strings[name])).toEqual([
      'ONNX Runtime arena in use',
      'ONNX Runtime arena held',
    ])
    expect(Array.from(trace.counter_sample.time)).toEqual([7000, 7000])
    expect(Array.from(trace.counter_sample.value)).toEqual([100, 4096])
  })
})

describe('ranges', () => {
  it('are the session’s records as they nest, and below them the sections that node names tell', async () => {
    const trace = await read([
      event('Session', 'model_loading_uri', 1, 5),
      node('Frame_Attention/frame_blocks.3/norm1/LayerNormalization', 12, 1),
      node('Frame_Attention/frame_blocks.3/attn/qkv/MatMul', 13, 4),
      node('Global_Attention/global_blocks.3/attn/qkv/MatMul', 18, 1),
      event('Session', 'SequentialExecutor::Execute', 11, 9),
      event('Session', 'model_run', 10, 11),
    ])
    expect(outline(trace)).toEqual([
      'model_loading_uri 1000..6000',
      'model_run 10000..21000',
      '  SequentialExecutor::Execute 11000..20000',
      '    Frame_Attention 12000..17000',
      '      frame_blocks.3 12000..17000',
      '    Global_Attention 18000..19000',
      '      global_blocks.3 18000..19000',
    ])
    // A run and the outermost sections are phases; the rest is shown and is none.
    expect(Array.from(trace.range.category!, (category) => trace.strings[category])).toEqual([
      'session',
      'phase',
      'session',
      'phase',
      'section',
      'phase',
      'section',
    ])
    expect([0, 1, 2].map((op) => rangeOfOp(trace, op))).toEqual([
      'frame_blocks.3',
      'frame_blocks.3',
      'global_blocks.3',
    ])
  })

  it('of names stop at the end of a run, and do not stop at a node whose name tells nothing', async () => {
    const trace = await read([...runOfThree(0), ...runOfThree(5)])
    expect(outline(trace)).toEqual([
      'model_run 0..5000',
      '  Head 1000..4000',
      'model_run 5000..10000',
      '  Head 6000..9000',
    ])
    expect(rangeOfOp(trace, 1)).toBe('Head')
  })

  it('that stick out of the one around them by the microsecond of rounding are cut to it', async () => {
    const cut = await read([
      event('Session', 'SequentialExecutor::Execute', 11, 10),
      event('Session', 'model_run', 10, 10),
    ])
    expect(outline(cut)).toEqual(['model_run 10000..20000', '  SequentialExecutor::Execute 11000..20000'])
  })
})

describe('honesty', () => {
  it('counts what is left out, with a reason', async () => {
    const trace = await read([
      node('a', 0, 1),
      event('Node', 'a_fence_before', 0, 1),
      event('Kernel', 'sm80_gemm', 0, 1),
      { cat: 'Node', name: 'no times', ph: 'X' },
      17,
      event('Weather', 'rain', 0, 1),
    ])
    expect(trace.meta.skipped.map(({ what, count }) => [what, count])).toEqual([
      ['Node fence_before', 1],
      ['Kernel', 1],
      ['Node record', 1],
      ['no category record', 1],
      ['Weather', 1],
    ])
    expect(trace.meta.skipped.every(({ why }) => why.length > 0)).toBe(true)
  })

  it('loses nothing: source rows are imported rows and counted skips, whatever stands in the file', async () => {
    const anyEvent = fc.oneof(
      fc.record({
        cat: fc.constantFrom('Node', 'Session', 'Kernel', 'x'),
        name: fc.constantFrom('A/b/C_kernel_time', 'A/x/y/z/W_kernel_time', 'a_fence_after', 'model_run'),
        ts: fc.nat(1000),
        dur: fc.nat(1000),
        ph: fc.constantFrom('X', 'X', 'X', 'i'),
        tid: fc.nat(2),
        pid: fc.constant(1),
      }),
      fc.jsonValue(),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { maxLength: 40 }), async (events) => {
        const trace = await read([node('seed', 0, 1), ...events])
        const skipped = sum(trace.meta.skipped.map(({ count }) => count))
        expect(sum(Object.values(trace.meta.sourceRows))).toBe(events.length + 1)
        expect(imported(trace) + skipped).toBe(events.length + 1)
      }),
      { numRuns: 100 },
    )
  })

  it.each([
    ['empty', '', /holds nothing/],
    ['cut short', '[\n{"cat" : "Session","pid" :1,"na', /is cut short/],
    ['no profile', '{"traceEvents": []}', /no node and no session record/],
    ['without a record', '[]', /no node and no session record/],
    ['gzip cut short', gzipSync(JSON.stringify([node('a', 0, 1)])).subarray(0, 40), /is cut short: its gz/],
  ])('refuses a file that is %s in one line', async (_, content, message) => {
    const error: unknown = await readText(content).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UserError)
    expect((error as UserError).kind).toBe('bad-input')
    expect((error as UserError).message).toMatch(message)
    expect((error as UserError).message).not.toContain('\n')
  })

  it('reads records that are no valid JSON as they were meant, and says how many', async () => {
    const record = (name: string, args: string): string =>
      `{"cat" : "Node","pid" :9,"tid" :9,"dur" :1,"ts" :2,"ph" : "X","name" :"${name}_kernel_time","args" : ${args}}`
    const trace = await readText(
      `[\n${[
        record('a"b"', '{"op_name" : "Conv"}'),
        record('scope\\layer', '{"op_name" : "Conv"}'),
        // A sequence among the inputs left its comma behind (until 1.11).
        record('c', '{"input_type_shape" : [{"float":[1,2]},],"op_name" : "SplitToSequence"}'),
        record('d', '{"activation_size" : nan}'),
      ].join(',\n')}\n]\n`,
    )
    expect(Array.from(trace.device_op.name, (name) => trace.strings[name])).toEqual([
      'a"b"',
      'scope\\layer',
      'c',
      'd',
    ])
    expect(trace.strings[trace.device_op.shapes![2]!]).toBe('[{"float":[1,2]}]')
    expect(trace.meta.warnings.join()).toContain('4 events are no valid JSON')
  })

  it('takes numbers in quotes', async () => {
    const trace = await read([
      { ...event('Node', 'a_kernel_time', 0, 0), ts: '12', dur: '7', pid: '9', tid: '8' },
    ])
    expect([trace.device_op.start[0], trace.device_op.duration[0]]).toEqual([12_000, 7000])
    expect([trace.process.pid[0], trace.thread.tid[0]]).toEqual([9, 8])
  })

  it('keeps the nanoseconds of times that a tool has moved to a date', async () => {
    const trace = await read([node('a', 1_700_000_000_000_000.5, 1), node('b', 1_700_000_000_000_002.25, 1)])
    expect(Array.from(trace.device_op.start)).toEqual([500, 2250])
    expect(trace.meta.originNs).toBe('1700000000000000000')
  })

  it('leaves out a record whose time or duration is garbled, so that it does not stretch the axis', async () => {
    const trace = await read([node('a', 0, 1), node('b', 1e300, 1), node('c', 1, 1e15), node('d', -1e308, 1)])
    expect(trace.device_op.length).toBe(1)
    expect(trace.meta.skipped).toMatchObject([{ what: 'Node record', count: 3 }])
  })

  it('counts a category called as what every object has', async () => {
    const trace = await read([node('a', 0, 1), event('constructor', 'x', 1, 1), event('toString', 'y', 1, 1)])
    expect(trace.meta.sourceRows).toEqual({ Node: 1, constructor: 1, toString: 1 })
    expect(trace.meta.skipped.map(({ why }) => why)).toEqual([
      'a category this reader does not know',
      'a category this reader does not know',
    ])
  })

  it('says when the list of records has no end', async () => {
    const trace = await readText(`[${JSON.stringify(node('a', 0, 1))},\n`)
    expect(trace.device_op.length).toBe(1)
    expect(trace.meta.warnings).toHaveLength(2)
  })

  it('reads the same from gzip', async () => {
    expect((await readText(gzipSync(JSON.stringify([node('a', 0, 1)])))).device_op.length).toBe(1)
  })

  it('knows its own files by their start and no others', () => {
    expect(matches(JSON.stringify([event('Session', 'model_loading_array', 1, 2)]))).toBe(true)
    expect(matches('\uFEFF' + JSON.stringify([node('a', 1, 2)], null, 2))).toBe(true)
    expect(matches('[{"ph":"X","cat":"Kernel","name":"gemm","ts":1,"dur":1}]')).toBe(false)
    expect(matches('{"traceEvents":[{"cat":"Session","name":"model_run"}]}')).toBe(false)
  })
})

const shared = process.env['PARALLAX_SHARED']
const real = shared === undefined ? undefined : join(shared, 'traces')
describe.skipIf(real === undefined || !existsSync(join(real, 'ort')))(
  'real profiles, 2019 to 2026 (skipped where PARALLAX_SHARED names no folder with them)',
  () => {
    // Lines like: | `ort/NAME.json` | Node 120 Session 12 | note |
    const index = real === undefined ? '' : readFileSync(join(real, 'INDEX.md'), 'utf8')
    const listed = [...index.matchAll(/`(ort\/[^`]+)` \| Node (\d+) Session (\d+)/g)]

    it('are all listed', () => expect(listed.length).toBeGreaterThanOrEqual(4))

    it.each(listed.map((line) => [line[1]!, Number(line[2]), Number(line[3])] as const))(
      '%s has %i node and %i session records, all of them in the trace or counted',
      async (name, nodes, sessions) => {
        const path = join(real!, name)
        expect(onnxruntime.matches(readFileSync(path).subarray(0, 65_536), name)).toBe(true)
        const trace = await onnxruntime.read(path, {})
        expect(trace.meta.sourceRows).toEqual({ Node: nodes, Session: sessions })
        expect(imported(trace) + sum(trace.meta.skipped.map(({ count }) => count))).toBe(nodes + sessions)
        expect(trace.device_op.length).toBeGreaterThan(0)
        // Every node ran inside a run.
        for (let op = 0; op < trace.device_op.length; op++) expect(rangeOfOp(trace, op)).toBeDefined()
      },
    )
  },
)
