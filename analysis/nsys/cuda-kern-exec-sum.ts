/** Launch and execution times by process, thread, device, call and kernel; the longest average total first. */
import type { Trace } from '../../trace/trace.ts'
import { orNull, tenthsOrNull } from './duration-summary.ts'
import { groupRows } from '../groups.ts'
import { executions, EXECUTION_NEEDS } from './kernel-executions.ts'
import { apiNames, nameText } from './names.ts'
import { integers, listed, report, tenths, texts } from './report.ts'
import type { Cell } from './report.ts'
import { roundToTenths } from './rounding.ts'
import { taken } from '../rows.ts'
import { statisticsOf } from '../statistics.ts'
import type { Statistics } from '../statistics.ts'
import { deviceOfOp, nameKeysOf } from './work-rows.ts'

export const cudaKernExecSum = report({
  id: 'cuda_kern_exec_sum',
  title: 'Kernel launch and execution summary',
  kind: 'report',
  needs: EXECUTION_NEEDS,
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
