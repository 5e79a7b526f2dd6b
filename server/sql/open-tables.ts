/**
 * What of an nsys export may be asked. An export also holds the environment, the program's output, command lines and
 * paths; so it is a list of what is open, and everything else is not there:
 *
 *   tables   those named here: events, their enumerations, devices and streams
 *   values   numbers, and text only in the columns named here
 *   names    of StringIds only the rows that an open table points to. ThreadNames is not one: it names the threads of every
 *            program on the machine (those of the run stand in `thread` of the normal form)
 */
const TABLES =
  /^(CUPTI_ACTIVITY_KIND_\w+|NVTX_EVENTS|OSRT_API|CUBLAS_EVENTS|CUDNN_EVENTS|MPI_\w+_EVENTS|CUDA_GPU_MEMORY_USAGE_EVENTS|CUDA_GRAPH_EVENTS|CUDA_GRAPH_NODE_EVENTS|CUDA_UM_[CG]PU_PAGE_FAULT_EVENTS|GPU_METRICS|SCHED_EVENTS|PROFILER_OVERHEAD|StringIds|ENUM_\w+|TARGET_INFO_GPU|TARGET_INFO_GPU_METRICS|TARGET_INFO_CUDA_\w+)$/

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  NVTX_EVENTS: ['text', 'jsonText'],
  StringIds: ['value'],
  TARGET_INFO_GPU: ['name', 'chipName'],
  TARGET_INFO_GPU_METRICS: ['metricName'],
}
const ENUM_TEXTS = ['name', 'label']

/** Columns whose numbers are ids of StringIds. */
const NAMES = new Set(['nameId', 'textId', 'jsonTextId', 'demangledName', 'shortName', 'mangledName', 'name'])

export const STRINGS = 'StringIds'

/** Whether a table of an nsys export may be asked. */
export const isOpenTable = (table: string): boolean => TABLES.test(table)

/** Whether a column's texts may be seen. Texts of any other column are NULL. */
export const isOpenText = (table: string, column: string): boolean =>
  (table.startsWith('ENUM_') ? ENUM_TEXTS : (TEXTS[table] ?? [])).includes(column)

/** Whether a column holds ids of strings, so that those strings are names of events and open. */
export const namesStrings = (table: string, column: string): boolean =>
  isOpenTable(table) && table !== STRINGS && !isOpenText(table, column) && NAMES.has(column)
