/** Tables of library calls, which older captures keep apart from NVTX_EVENTS, as rows of `range`. */
import { NONE } from '../../trace/column.ts'
import { TableBuilder } from '../../trace/builder.ts'
import { range, RangeStyle } from '../../trace/tables.ts'
import type { TableOf } from '../../trace/table.ts'
import type { ImportState } from './import-state.ts'

/** Newer captures have these as NVTX ranges in domains. Table, what its calls are of, where their names stand. */
export const LIBRARIES = [
  ['CUBLAS_EVENTS', 'cuBLAS', 'nameId'],
  ['CUDNN_EVENTS', 'cuDNN', 'nameId'],
  ['MPI_P2P_EVENTS', 'MPI', 'textId'],
  ['MPI_COLLECTIVES_EVENTS', 'MPI', 'textId'],
  ['MPI_START_WAIT_EVENTS', 'MPI', 'textId'],
  ['MPI_OTHER_EVENTS', 'MPI', 'textId'],
  ['CUPTI_ACTIVITY_KIND_OPENACC_LAUNCH', 'OpenACC', 'nameId'],
  ['CUPTI_ACTIVITY_KIND_OPENACC_DATA', 'OpenACC', 'nameId'],
  ['CUPTI_ACTIVITY_KIND_OPENACC_OTHER', 'OpenACC', 'nameId'],
  ['NVVIDEO_ENCODER_API', 'NVIDIA Video', 'nameId'],
  ['NVVIDEO_DECODER_API', 'NVIDIA Video', 'nameId'],
  ['NVVIDEO_JPEG_API', 'NVIDIA Video', 'nameId'],
] as const

const WANTED = { start: 'ns?', end: 'ns?', globalTid: 'i64?', nameId: 'u32?', textId: 'u32?' } as const

/** Reads them in the order of the list; rows without a start or an end are counted as skipped. */
export function readLibraryCalls(state: ImportState): TableOf<typeof range> {
  const calls = new TableBuilder(range)
  for (const [table, category, nameColumn] of LIBRARIES) {
    if (!state.has(table)) continue
    const { columns: c, rowid, length } = state.read(table, WANTED)
    const threads = c.globalTid && state.identities.threadsOf(c.globalTid)
    for (let i = 0; i < length; i++) {
      const start = c.start?.[i] ?? NaN
      const end = c.end?.[i] ?? NaN
      if (!(end >= start)) {
        state.skip(table, 1, 'without a start or an end')
        continue
      }
      const name = state.names.nameOf(c[nameColumn]?.[i] ?? NONE)
      calls.add({
        start,
        duration: end - start,
        open: 0,
        style: RangeStyle.other,
        thread: threads?.[i] ?? state.noThreadRow(),
        name: name === NONE ? undefined : name,
        category: state.pool.intern(category),
        depth: 0,
        sourceRow: rowid[i]!,
      })
    }
  }
  return calls.finish()
}
