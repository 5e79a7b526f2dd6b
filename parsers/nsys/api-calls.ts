/**
 * CUDA API calls and OS runtime calls: rows of a thread, named through StringIds.
 */
import { NONE } from '../../trace/column.ts'
import type { ImportState } from './import-state.ts'
import { countBad, durations, inOrder, sorted, sourceRows } from './rows.ts'
import type { ColumnSet } from './rows.ts'

export interface ThreadRows {
  length: number
  columns: ColumnSet
}

export const API_CALLS = [
  'CUPTI_ACTIVITY_KIND_RUNTIME',
  {
    start: 'ns?',
    end: 'ns?',
    eventClass: 'u8?',
    globalTid: 'i64?',
    correlationId: 'u32?',
    nameId: 'u32?',
    returnValue: 'i32?',
  },
] as const

/** RUNTIME holds runtime and driver calls alike (told apart by eventClass), and backtrace twins (67). */
export function readApiCalls(state: ImportState): ThreadRows {
  const [table, wanted] = API_CALLS
  const read = state.read(table, wanted)
  const c = read.columns
  return threadRows(state, table, read, {
    eventClass: c.eventClass,
    correlation: c.correlationId,
    result: c.returnValue,
  })
}

/** OSRT_API: eventClass 27 is a call; 31 and 32 are the tool's own start and finish rows (kept, told apart by the class). */
export function readOsCalls(state: ImportState): ThreadRows {
  const table = 'OSRT_API'
  const read = state.read(table, {
    start: 'ns?',
    end: 'ns?',
    eventClass: 'u8?',
    globalTid: 'i64?',
    nameId: 'u32?',
    returnValue: 'f64?',
    nestingLevel: 'u16?',
  })
  const c = read.columns
  return threadRows(state, table, read, {
    eventClass: c.eventClass,
    result: c.returnValue,
    nesting: c.nestingLevel,
  })
}

function threadRows(
  state: ImportState,
  table: string,
  read: {
    length: number
    rowid: Float64Array
    columns: { start?: Float64Array; end?: Float64Array; globalTid?: BigInt64Array; nameId?: Uint32Array }
  },
  more: ColumnSet,
): ThreadRows {
  const { columns: c, length } = read
  const start = c.start ?? new Float64Array(length)
  const { duration, bad } = durations(start, c.end)
  countBad(state, table, bad)
  const ids = c.nameId ?? new Uint32Array(length).fill(NONE)
  const columns: ColumnSet = {
    start,
    duration,
    thread: c.globalTid ? state.identities.threadsOf(c.globalTid) : state.noThread(length),
    name: state.names.namesOf(ids, 0),
    sourceNameId: ids,
    sourceRow: sourceRows(read.rowid),
    ...more,
  }
  const order = sorted(start, bad)
  return { length: order?.length ?? length, columns: inOrder(columns, order) }
}
