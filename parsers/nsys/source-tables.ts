/**
 * Which tables of an export hold events, and why some of them are not read. What is neither is about names and the machine.
 */

const NAMES_AND_MACHINE =
  /^(StringIds|ThreadNames|ProcessStreams|PROCESSES|ENUM_|TARGET_INFO_|META_DATA_|EXPORT_META_DATA|ANALYSIS_|UnwindMethodType|EventClassName|NVTX_(SCOPES|PAYLOAD_)|GENERIC_EVENT_(SOURCES|TYPES|TYPE_FIELDS|SOURCE_FIELDS|DATA)|NET_IB_DEVICE_|NIC_ID_MAP$|UCP_WORKERS$|ETW_(PROVIDERS|TASKS)$|MPI_RANKS|sqlite_|_nsysai_|EXTRAP_)/

/** Callchains belong to other rows; the rest was left behind by "nsys profile --stats" of 2019 and 2020. */
const PARTS_OF_ROWS =
  /_CALLCHAINS$|^OSRT_ARGUMENTS$|^[a-z]\w*Stats$|^(DomainStrings|NvtxPushPopRanges|MemcpyOperationStrings|ms|me|estEnd)$/

/** Whether a table's rows are events of the capture, which must be imported or counted as skipped. */
export const isEventTable = (table: string): boolean =>
  !NAMES_AND_MACHINE.test(table) && !PARTS_OF_ROWS.test(table)

/** Tables that decide which of nsys' own reports have an answer for this file, and which rows its joins leave out. */
export const REPORT_TABLES = [
  'StringIds',
  'ThreadNames',
  'TARGET_INFO_GPU',
  'ENUM_CUDA_MEMCPY_OPER',
  'ENUM_CUDA_MEM_KIND',
  'CUPTI_ACTIVITY_KIND_KERNEL',
  'CUPTI_ACTIVITY_KIND_MEMCPY',
  'CUPTI_ACTIVITY_KIND_MEMSET',
  'CUPTI_ACTIVITY_KIND_RUNTIME',
  'NVTX_EVENTS',
  'OSRT_API',
  'PROFILER_OVERHEAD',
] as const

const NOT_READ: readonly (readonly [RegExp, string])[] = [
  [/^SCHED_EVENTS$/, 'thread scheduling has no place in the trace yet'],
  [/^COMPOSITE_EVENTS$/, 'CPU samples have no place in the trace yet'],
  [
    /^CUDA_GRAPH_(NODE_)?EVENTS$/,
    'creation of CUDA graphs and their nodes has no duration; its API call is imported',
  ],
  [/^CUDA_GPU_MEMORY_POOL_EVENTS$/, 'memory pools themselves are not shown; their allocations are'],
  [/^CUDA_UM_/, 'unified-memory page faults have no place in the trace yet'],
  [/^(GPU_CONTEXT_SWITCH|FECS)_EVENTS$/, 'context switches have no place in the trace yet'],
  [/^GENERIC_EVENT/, 'generic events (ftrace, ETW, plugins) have no place in the trace yet'],
  [/^NET_/, 'metrics of network cards and switches have no place in the trace yet'],
  [/^MPI_COMMUNICATORS$/, 'communicators are not shown; their calls are'],
  [/^OSRT_FILE_ACCESS_/, 'file accesses name private paths; their OS calls are imported'],
  [/^SYSCALL$/, 'system calls have no place in the trace yet'],
]

/** Why an event table is not read; undefined where it is, or where it is not known at all. */
export const whyNotRead = (table: string): string | undefined =>
  NOT_READ.find(([pattern]) => pattern.test(table))?.[1]
