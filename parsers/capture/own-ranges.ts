/** `ranges.json`, the harness' own ranges, as a Trace: what stands in for nsys where there is none. */
import { StringPool, TableBuilder } from '../../trace/builder.ts'
import { rangesSchema } from '../../trace/capture.ts'
import type { Ranges } from '../../trace/capture.ts'
import { UserError } from '../../trace/errors.ts'
import { RangeStyle, process, range, thread } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { withoutRows } from '../onnxruntime/to-trace.ts'

/** Throws `bad-input` where the text is no such file. */
export function parseRanges(text: string, name: string): Ranges {
  try {
    return rangesSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new UserError(
      'bad-input',
      `${name} is damaged: it does not hold a capture's ranges; capture again`,
      {
        cause,
      },
    )
  }
}

export function rangesTrace({ pid, tid, ranges }: Ranges): Trace {
  const pool = new StringPool()
  const processes = new TableBuilder(process)
  const threads = new TableBuilder(thread)
  const rows = new TableBuilder(range)
  processes.add({ globalPid: BigInt(pid), pid })
  threads.add({ process: 0, tid, globalTid: BigInt(tid), name: pool.intern('model') })
  const open: number[] = []
  ranges.forEach(({ name, startNs, endNs, depth }, row) => {
    open.length = depth
    rows.add({
      start: startNs,
      duration: endNs - startNs,
      open: 0,
      style: RangeStyle.pushPop,
      thread: 0,
      name: pool.intern(name),
      parent: open.at(-1),
      depth,
      sourceRow: row,
    })
    open.push(row)
  })
  return {
    ...withoutRows(),
    process: processes.finish(),
    thread: threads.finish(),
    range: rows.finish(),
    strings: pool.strings,
    meta: {
      format: 'parallax-ranges',
      facts: { tool: 'onnxruntime' },
      originNs: '0',
      recorded: ['process', 'thread', 'range'],
      sourceRows: { [OWN_RANGES]: ranges.length },
      skipped: [],
      warnings: [],
    },
  }
}

/** What the rows of `ranges.json` are called in a trace's counts. */
export const OWN_RANGES = 'ranges of the harness'
