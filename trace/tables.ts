/**
 * Every table of a Trace. The names are the project's words: the same in files, SQL, JSON and docs.
 *
 * `sourceRow` is the row id in the file's own table (nsys: rowid; JSON: index of the event), so that any number can be
 * traced back. Columns named after a source's own id (`sourceNameId`, `deviceOrdinal`, `correlation`, `eventClass`) are
 * what the exact nsys reports need, and what a reader compares with the file.
 */
import { table } from './table.ts'
import type { TableSpec } from './table.ts'

/** An execution device: a physical GPU, or an in-process runtime's CPU. */
export const device = table('device', {
  name: 'string?',
  /** The machine's own number of the GPU (nsys: TARGET_INFO_GPU.id). */
  id: 'u32',
  totalMemory: 'f64?',
  /** Bytes per second. */
  memoryBandwidth: 'f64?',
  /** Hertz. */
  clockRate: 'f64?',
  smCount: 'u32?',
  computeMajor: 'u8?',
  computeMinor: 'u8?',
})

export const process = table('process', {
  /** nsys: HW:8 | VM:8 | PID:24 | zeros. Elsewhere the plain pid. */
  globalPid: 'i64',
  pid: 'u32',
  name: 'string?',
})

export const thread = table(
  'thread',
  {
    process: 'row',
    tid: 'u32',
    /** nsys: globalPid with the TID in the low 24 bits. */
    globalTid: 'i64',
    name: 'string?',
    priority: 'i32?',
  },
  { links: { process: 'process' } },
)

/** One lane of a device. Rows are sorted by (device, process, context, green context, id): a lower row is a lower stream. */
export const stream = table(
  'stream',
  {
    device: 'row',
    process: 'row',
    /** The device's number inside the process (a CUDA ordinal), as it stands in the file. */
    deviceOrdinal: 'u32',
    context: 'u32',
    greenContext: 'u32?',
    id: 'u32',
    name: 'string?',
    priority: 'i32?',
    flag: 'u8?',
  },
  { links: { device: 'device', process: 'process' } },
)

/** Kinds of device op, in order of precedence where several run at once (KERNEL and NODE are one rank). */
export const DeviceOpKind = { kernel: 0, graph: 1, copy: 2, set: 3, node: 4 } as const
export const deviceOpKinds = ['kernel', 'graph', 'copy', 'set', 'node'] as const

/** A stretch of work on a device: a kernel, a copy, a set, a CUDA graph launched as a whole, or a runtime's node. */
export const deviceOp = table(
  'device_op',
  {
    start: 'ns',
    duration: 'ns',
    /** DeviceOpKind. */
    kind: 'u8',
    device: 'u16',
    stream: 'row',
    /** Kernel: demangled name. Copy and set: "[CUDA memcpy Host-to-Device]", "[CUDA memset]". Node: its name. */
    name: 'string',
    /** Kernel: base name. Node: operator type. */
    shortName: 'string?',
    mangledName: 'string?',
    /** The API call that caused it; absent when none was recorded. Never an eventClass-67 row. */
    launch: 'row?',
    /** The range it belongs to when it has no launch: innermost one that contains its start (nodes). */
    range: 'row?',
    correlation: 'u32?',
    bytes: 'f64?',
    /** CUPTI copy kind: 1 HtoD, 2 DtoH, 8 DtoD, 10 peer to peer, 11–13 unified memory migrations … */
    copyKind: 'u8?',
    /** CUPTI memory kinds: 0 pageable, 1 pinned, 2 device, 3 array, 4 managed, 5/6 static, 7 unknown. */
    srcKind: 'u8?',
    dstKind: 'u8?',
    /** Of a set. */
    memoryKind: 'u8?',
    srcDevice: 'u32?',
    dstDevice: 'u32?',
    gridX: 'u32?',
    gridY: 'u32?',
    gridZ: 'u32?',
    blockX: 'u32?',
    blockY: 'u32?',
    blockZ: 'u32?',
    registers: 'u32?',
    staticShared: 'u32?',
    dynamicShared: 'u32?',
    localPerThread: 'u32?',
    sharedExecuted: 'u32?',
    /** Static and dynamic together, where the source tells only their sum (Kineto). */
    sharedTotal: 'u32?',
    graphNode: 'i64?',
    graphId: 'u32?',
    graphExec: 'u32?',
    /** Execution provider of a node. */
    provider: 'string?',
    /** Shapes of a node's inputs, as its runtime wrote them. */
    shapes: 'string?',
    sourceRow: 'u32',
  },
  {
    links: { stream: 'stream', launch: 'api_call', range: 'range' },
    sortedBy: 'start',
  },
)

/** A call into the CUDA runtime or driver, every eventClass of the file included. */
export const apiCall = table(
  'api_call',
  {
    start: 'ns',
    duration: 'ns',
    thread: 'row',
    /** As it stands in the file, version suffix included: cudaLaunchKernel_v7000. */
    name: 'string',
    sourceNameId: 'u32?',
    /** nsys: 0 runtime, 1 driver, 67 backtrace twin (never a launch); absent where the file has no such column. */
    eventClass: 'u8?',
    correlation: 'u32?',
    result: 'i32?',
    /** The innermost range on the same thread that contains the call. */
    range: 'row?',
    sourceRow: 'u32',
  },
  { links: { thread: 'thread', range: 'range' }, sortedBy: 'start' },
)

export const RangeStyle = { pushPop: 0, startEnd: 1, other: 2 } as const
export const rangeStyles = ['PushPop', 'StartEnd', 'Other'] as const

/** A named stretch of a thread: NVTX push/pop or start/end, a torch annotation or operator, a library call. */
export const range = table(
  'range',
  {
    start: 'ns',
    /** To its end; to the end of the capture while `open` is 1. */
    duration: 'ns',
    /** 1: never closed in this capture. */
    open: 'u8',
    /** RangeStyle. */
    style: 'u8',
    thread: 'row',
    /** The thread that ended it, where that is another one. */
    endThread: 'row?',
    name: 'string?',
    /** Name of its domain; absent for the default one without a domain row. */
    domain: 'string?',
    domainId: 'u32?',
    /** "operator", "annotation", "python" … of Kineto; the NVTX category's name. */
    category: 'string?',
    color: 'u32?',
    payload: 'f64?',
    /** The tightest range of the same thread that contains it (any domain and style). */
    parent: 'row?',
    depth: 'u16',
    /** nsys: 59, 60, 70, 71. */
    eventType: 'u8?',
    /** 1: the name stands only in the range's JSON payload, where nsys' own reports do not look. */
    newerName: 'u8?',
    sourceRow: 'u32',
  },
  {
    links: { thread: 'thread', endThread: 'thread', parent: 'range' },
    sortedBy: 'start',
  },
)

/** A call into the operating system's runtime (nsys OSRT). */
export const osCall = table(
  'os_call',
  {
    start: 'ns',
    duration: 'ns',
    thread: 'row',
    name: 'string',
    sourceNameId: 'u32?',
    eventClass: 'u8?',
    result: 'f64?',
    nesting: 'u16?',
    sourceRow: 'u32',
  },
  { links: { thread: 'thread' }, sortedBy: 'start' },
)

/** What CUPTI says of a synchronisation. Its kind is told by its API call's name: `syncType` changed meaning over versions. */
export const sync = table(
  'sync',
  {
    start: 'ns',
    duration: 'ns',
    process: 'row',
    device: 'u16',
    stream: 'row?',
    syncType: 'u8?',
    event: 'u32?',
    /** The record that it waits for: `cuda_event.record`. */
    record: 'u32?',
    correlation: 'u32?',
    apiCall: 'row?',
    sourceRow: 'u32',
  },
  {
    links: { process: 'process', stream: 'stream', apiCall: 'api_call' },
    sortedBy: 'start',
  },
)

/**
 * A CUDA event recorded into a stream: reached once all that was submitted to the stream before it has ended. When it was
 * recorded is told by its API call; rows are in the source's order.
 */
export const cudaEvent = table(
  'cuda_event',
  {
    /** When the device reached it; absent unless that was collected (nsys: --cuda-event-trace=true). */
    time: 'ns?',
    process: 'row',
    device: 'u16',
    stream: 'row',
    /** One event may be recorded again and again. */
    event: 'u32',
    /** This very record, unique in its process; a wait for it carries the same number. Only newer sources have it. */
    record: 'u32?',
    correlation: 'u32?',
    apiCall: 'row?',
    sourceRow: 'u32',
  },
  { links: { process: 'process', stream: 'stream', apiCall: 'api_call' } },
)

export const OverheadSource = { profiler: 0, cuda: 1 } as const

/** Time that belongs to the profiler (`source` 0: PROFILER_OVERHEAD) or to CUDA's own housekeeping (1: CUPTI OVERHEAD). */
export const overhead = table(
  'overhead',
  {
    start: 'ns',
    duration: 'ns',
    thread: 'row?',
    name: 'string?',
    /** OverheadSource. */
    source: 'u8',
    /** CUPTI: 3–5 the profiler's, 6 module loading, 7 function loading, 8 launch queue full. 0 for older reports: go by the name. */
    type: 'u8?',
    correlation: 'u32?',
    sourceRow: 'u32',
  },
  { links: { thread: 'thread' }, sortedBy: 'start' },
)

export const MemoryOperation = { allocation: 0, deallocation: 1 } as const

/** An allocation or a release of device (or managed, pinned …) memory. */
export const memoryEvent = table(
  'memory_event',
  {
    time: 'ns',
    process: 'row',
    /** Absent: the host's own memory. */
    device: 'u16?',
    /** MemoryOperation. */
    operation: 'u8',
    /** CUPTI memory kind, as in device_op. */
    memoryKind: 'u8?',
    bytes: 'f64',
    address: 'i64?',
    name: 'string?',
    correlation: 'u32?',
    apiCall: 'row?',
    /** Running totals where the source keeps them (torch's caching allocator). */
    totalAllocated: 'f64?',
    totalReserved: 'f64?',
    poolAddress: 'i64?',
    poolSize: 'f64?',
    poolUsed: 'f64?',
    sourceRow: 'u32',
  },
  { links: { process: 'process', apiCall: 'api_call' }, sortedBy: 'time' },
)

/** A series of samples: an SM or DRAM metric, a clock, power, anything counted over time. */
export const counter = table('counter', {
  name: 'string',
  /** "%", "Hz", "W", "B" … */
  unit: 'string?',
  device: 'u16?',
})

export const counterSample = table(
  'counter_sample',
  { time: 'ns', counter: 'row', value: 'f64' },
  { links: { counter: 'counter' }, sortedBy: 'time' },
)

export const MarkKind = { mark: 0, category: 1, threadName: 2, domainCreate: 3, domainDestroy: 4 } as const

/** An instant: an NVTX mark, an instant event, and NVTX's own naming rows (category, thread, domain). */
export const mark = table(
  'mark',
  {
    time: 'ns',
    /** MarkKind. */
    kind: 'u8',
    thread: 'row?',
    name: 'string?',
    domain: 'string?',
    domainId: 'u32?',
    category: 'string?',
    color: 'u32?',
    payload: 'f64?',
    /** 1: the name stands where nsys' own reports of 2023 do not look: a registered string that names a domain. */
    newerName: 'u8?',
    sourceRow: 'u32',
  },
  { links: { thread: 'thread' }, sortedBy: 'time' },
)

/** What the capturing tool said about its own capture; only messages on an allow-list are read. */
export const diagnostic = table('diagnostic', {
  time: 'ns',
  /** nsys: 1 info, 2 warning, 3 error. */
  severity: 'u8',
  text: 'string',
  sourceRow: 'u32',
})

/** All tables, in the order in which they are stored and shown. The string pool stands beside them (`Trace.strings`). */
export const tables = {
  device,
  process,
  thread,
  stream,
  device_op: deviceOp,
  api_call: apiCall,
  range,
  os_call: osCall,
  sync,
  cuda_event: cudaEvent,
  overhead,
  memory_event: memoryEvent,
  counter,
  counter_sample: counterSample,
  mark,
  diagnostic,
} as const

export type TableName = keyof typeof tables
export const tableNames = Object.keys(tables) as TableName[]

/** A declaration by name, for code that treats all tables alike. */
export const specOf = (name: TableName): TableSpec => tables[name]
