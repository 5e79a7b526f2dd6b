import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { mergeTraces } from '../../parsers/merge.ts'
import { ProfileReader } from '../../parsers/onnxruntime/profile.ts'
import { traceOf } from '../../parsers/onnxruntime/to-trace.ts'
import { NONE } from '../../trace/column.ts'
import { columnOf } from '../../trace/table.ts'
import { specOf, tableNames } from '../../trace/tables.ts'
import type { Trace, TraceMeta } from '../../trace/trace.ts'

const meta: TraceMeta = {
  format: 'test',
  facts: { tool: 'test' },
  originNs: '0',
  recorded: [],
  sourceRows: {},
  skipped: [],
  warnings: [],
}

/** A session's trace: runs of nodes in two sections, on a thread and a provider of the session's own choice. */
const session = fc
  .record({
    id: fc.nat(3),
    offset: fc.nat(100_000),
    tid: fc.constantFrom(1, 2),
    provider: fc.constantFrom('CPUExecutionProvider', 'CUDAExecutionProvider'),
    nodes: fc.array(
      fc.record({ name: fc.constantFrom('A/x', 'A/b.0/y', 'z'), gap: fc.nat(20), dur: fc.nat(50) }),
      { maxLength: 12 },
    ),
  })
  .map(({ id, offset, tid, provider, nodes }) => {
    const reader = new ProfileReader()
    let ts = 0
    for (const { name, gap, dur } of nodes) {
      ts += gap
      reader.add({
        cat: 'Node',
        name: `${name}_kernel_time`,
        ph: 'X',
        pid: 5,
        tid,
        ts,
        dur,
        args: { provider, mem_bytes_in_use: '1' },
      })
      ts += dur
    }
    reader.add({ cat: 'Session', name: 'model_run', ph: 'X', pid: 5, tid, ts: 0, dur: ts })
    return traceOf(reader.finish(), { offsetNs: offset, session: { id, name: `s${id}` } })
  })

/** An op as a reader sees it, row numbers resolved. */
function opTexts(trace: Trace): string[] {
  const { device_op: op, strings, stream, device, range } = trace
  return Array.from({ length: op.length }, (_, i) => {
    const on = strings[device.name![op.device[i]!]!]
    const lane = stream.id[op.stream[i]!]
    const within = op.range?.[i] ?? NONE
    const where =
      within === NONE ? '' : `${strings[range.name![within]!]}@${range.start[within]}#${range.depth[within]}`
    return `${strings[op.name[i]!]} ${op.start[i]}+${op.duration[i]} ${on} ${lane} ${where}`
  })
}

it('a merged trace has the rows of all, and they say the same', () =>
  fc.assert(
    fc.property(fc.array(session, { minLength: 1, maxLength: 4 }), (traces) => {
      const merged = mergeTraces(traces, meta)
      expect(opTexts(merged).sort()).toEqual(traces.flatMap(opTexts).sort())
      for (const name of ['device_op', 'range', 'stream', 'counter', 'counter_sample'] as const)
        expect(merged[name].length).toBe(traces.reduce((total, trace) => total + trace[name].length, 0))
    }),
  ))

it('a merged trace has one row for a thread, a process and an in-process device, with ids of their own', () =>
  fc.assert(
    fc.property(fc.array(session, { minLength: 1, maxLength: 4 }), (traces) => {
      const { thread, process, device } = mergeTraces(traces, meta)
      expect(process.length).toBe(1)
      expect(new Set(thread.tid).size).toBe(thread.length)
      expect(new Set(device.name).size).toBe(device.length)
      expect(new Set(device.id).size).toBe(device.length)
    }),
  ))

it('a merged trace is in order, its links reach rows that are there, and parents stand before their children', () =>
  fc.assert(
    fc.property(fc.array(session, { minLength: 1, maxLength: 4 }), (traces) => {
      const merged = mergeTraces(traces, meta)
      for (const name of tableNames) {
        const { sortedBy, links } = specOf(name)
        const keys = sortedBy === undefined ? undefined : columnOf(merged[name], sortedBy)
        for (let row = 1; row < (keys?.length ?? 0); row++)
          expect(keys![row]!).toBeGreaterThanOrEqual(keys![row - 1] as number)
        for (const [column, target] of Object.entries(links))
          for (const row of (columnOf(merged[name], column) as Uint32Array | undefined) ?? [])
            expect(row === NONE || row < merged[target as 'range'].length).toBe(true)
      }
      merged.range.parent?.forEach((parent, row) => expect(parent === NONE || parent < row).toBe(true))
    }),
  ))

it('merging one trace changes nothing', () =>
  fc.assert(
    fc.property(session, (trace) => {
      expect(opTexts(mergeTraces([trace], meta))).toEqual(opTexts(trace))
    }),
  ))
