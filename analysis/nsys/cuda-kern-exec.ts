/**
 * Launch and execution of each kernel: nsys' API, queue, kernel and total times.
 *
 *   API start          API end          kernel start      kernel end
 *      |------ API ------|------ queue -----|---- kernel ----|
 *      |----------------------- total -----------------------|     to the later of API end and kernel end
 *
 * A kernel that starts before its call returns has no queue time; one that starts with its end has 0, which counts. Every
 * node of a graph launch is a row with the same API time: docs/nsys-parity.md says what we show instead.
 */
import type { Trace } from '../../trace/trace.ts'
import { derived } from '../derived.ts'
import { apiNames, nameText } from './names.ts'
import { KERNEL, RUNTIME } from './needs.ts'
import { groupRows } from './groups.ts'
import { integers, listed, report, tenths, texts } from './report.ts'
import type { Cell } from './report.ts'
import { launchPairs } from './launch-pairs.ts'
import { orNull, tenthsOrNull } from './duration-summary.ts'
import { roundToTenths } from './rounding.ts'
import { statisticsOf } from './statistics.ts'
import type { Statistics } from './statistics.ts'
import { sourceTimes } from './source-time.ts'
import { deviceOfOp, dimensions, kernelRows, nameKeysOf, taken } from './work-rows.ts'

const NEEDS = [
  { table: 'StringIds' },
  { table: KERNEL },
  { table: RUNTIME },
  { column: 'globalPid', of: [KERNEL] },
] as const

/** Pairs of kernel and call with their four times; queue is NaN where there is none. */
const executions = derived((trace) => {
  const pairs = launchPairs(trace, kernelRows(trace))
  const { device_op: ops, api_call: api } = trace
  const queue = new Float64Array(pairs.length)
  const total = new Float64Array(pairs.length)
  for (let i = 0; i < pairs.length; i++) {
    const op = pairs.op[i]!
    const call = pairs.call[i]!
    const apiEnd = api.start[call]! + api.duration[call]!
    const waited = ops.start[op]! - apiEnd
    queue[i] = waited >= 0 ? waited : NaN
    total[i] = Math.max(apiEnd, ops.start[op]! + ops.duration[op]!) - api.start[call]!
  }
  return { ...pairs, queue, total }
})

export const cudaKernExecTrace = report({
  id: 'cuda_kern_exec_trace',
  title: 'Kernel launch and execution trace',
  kind: 'report',
  needs: NEEDS,
  parameters: {},
  columns: [
    ...integers('API Start (ns)', 'API Dur (ns)', 'Queue Start (ns)', 'Queue Dur (ns)'),
    ...integers('Kernel Start (ns)', 'Kernel Dur (ns)', 'Total Dur (ns)', 'PID', 'TID', 'DevId'),
    ...texts('API Function', 'GridXYZ', 'BlockXYZ', 'Kernel Name'),
  ],
  rows: (trace) => {
    const { length, op: opOf, call: callOf, queue, total } = executions(trace)
    const { device_op: ops, api_call: api, thread, process } = trace
    const order = byCall(callOf, api.length)
    const time = sourceTimes(trace)
    const apiName = apiNames(trace)
    return {
      length,
      row: (index) => {
        const i = order[index]!
        const op = opOf[i]!
        const call = callOf[i]!
        const isQueued = !Number.isNaN(queue[i]!)
        const row = api.thread[call]!
        return [
          time(api.start[call]!),
          api.duration[call]!,
          isQueued ? time(api.start[call]! + api.duration[call]!) : null,
          isQueued ? queue[i]! : null,
          time(ops.start[op]!),
          ops.duration[op]!,
          total[i]!,
          process.pid[thread.process[row]!]!,
          thread.tid[row]!,
          deviceOfOp(trace, op),
          apiName(api.name[call]!),
          dimensions(ops.gridX?.[op], ops.gridY?.[op], ops.gridZ?.[op]),
          dimensions(ops.blockX?.[op], ops.blockY?.[op], ops.blockZ?.[op]),
          nameText(trace, ops.name[op]),
        ]
      },
    }
  },
})

/** Positions of the pairs in the order of their calls (which is start order); stable. */
function byCall(callOf: Uint32Array, calls: number): Uint32Array {
  const at = new Uint32Array(calls + 1)
  for (let i = 0; i < callOf.length; i++) at[callOf[i]! + 1]!++
  for (let call = 0; call < calls; call++) at[call + 1]! += at[call]!
  const order = new Uint32Array(callOf.length)
  for (let i = 0; i < callOf.length; i++) order[at[callOf[i]!]!++] = i
  return order
}

export const cudaKernExecSum = report({
  id: 'cuda_kern_exec_sum',
  title: 'Kernel launch and execution summary',
  kind: 'report',
  needs: NEEDS,
  parameters: {},
  columns: [
    ...integers('PID', 'TID', 'DevId', 'Count', 'QCount'),
    ...['T', 'A', 'Q', 'K'].flatMap((letter) => [
      ...tenths(`${letter}Avg (ns)`, `${letter}Med (ns)`),
      ...integers(`${letter}Min (ns)`, `${letter}Max (ns)`),
      ...tenths(`${letter}StdDev (ns)`),
    ]),
    ...texts('API Name', 'Kernel Name'),
  ],
  rows: (trace) => executionSummary(trace),
})

function executionSummary(trace: Trace) {
  const { length, op: opOf, call: callOf, queue, total } = executions(trace)
  const { device_op: ops, api_call: api, thread, process } = trace
  const threads = taken(api.thread, callOf)
  const devices = new Uint32Array(length)
  const names = new Uint32Array(length)
  // The API name that groups is the printed one: two versions of a call are one.
  const printed = new Map<string | null, number>()
  const apiName = apiNames(trace)
  for (let i = 0; i < length; i++) {
    devices[i] = deviceOfOp(trace, opOf[i]!)
    const text = apiName(api.name[callOf[i]!]!)
    let id = printed.get(text)
    if (id === undefined) printed.set(text, (id = printed.size))
    names[i] = id
  }
  const groups = groupRows(length, [threads, devices, names, nameKeysOf(trace, opOf)])
  const [t, a, q, k] = [
    statisticsOf(total, groups),
    statisticsOf(taken(api.duration, callOf), groups),
    statisticsOf(queue, groups),
    statisticsOf(taken(ops.duration, opOf), groups),
  ] as const
  const order = Array.from(groups.first.keys()).sort((x, y) => t.average[y]! - t.average[x]!)
  return listed(
    order.map((g): Cell[] => {
      const i = groups.first[g]!
      return [
        process.pid[thread.process[threads[i]!]!]!,
        thread.tid[threads[i]!]!,
        devices[i]!,
        t.count[g]!,
        q.count[g]!,
        ...fiveOf(t, g),
        ...fiveOf(a, g),
        ...fiveOf(q, g),
        ...fiveOf(k, g),
        apiName(api.name[callOf[i]!]!),
        nameText(trace, ops.name[opOf[i]!]),
      ]
    }),
  )
}

const fiveOf = (s: Statistics, group: number): Cell[] => [
  tenthsOrNull(s.average[group]!),
  tenthsOrNull(s.median[group]!),
  orNull(s.minimum[group]!),
  orNull(s.maximum[group]!),
  roundToTenths(s.deviation[group]!),
]
