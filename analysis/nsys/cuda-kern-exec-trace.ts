/** Launch and execution of each kernel, by the start of its call. */
import { executions, EXECUTION_NEEDS } from './kernel-executions.ts'
import { byCall } from './launch-pairs.ts'
import { apiNames, nameText } from './names.ts'
import { integers, report, texts } from './report.ts'
import { sourceTimes } from './source-time.ts'
import { deviceOfOp, dimensionTexts } from './work-rows.ts'

export const cudaKernExecTrace = report({
  id: 'cuda_kern_exec_trace',
  title: 'Kernel launch and execution trace',
  kind: 'report',
  needs: EXECUTION_NEEDS,
  parameters: {},
  columns: [
    ...integers('API Start (ns)', 'API Dur (ns)', 'Queue Start (ns)', 'Queue Dur (ns)'),
    ...integers('Kernel Start (ns)', 'Kernel Dur (ns)', 'Total Dur (ns)', 'PID', 'TID', 'DevId'),
    ...texts('API Function', 'GridXYZ', 'BlockXYZ', 'Kernel Name'),
  ],
  rows: (trace) => {
    const { length, op: opOf, call: callOf, queue, total } = executions(trace)
    const { device_op: ops, api_call: api, thread, process } = trace
    const { order } = byCall(callOf, api.length)
    const time = sourceTimes(trace)
    const apiName = apiNames(trace)
    const grid = dimensionTexts(ops.gridX, ops.gridY, ops.gridZ)
    const block = dimensionTexts(ops.blockX, ops.blockY, ops.blockZ)
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
          grid(op),
          block(op),
          nameText(trace, ops.name[op]),
        ]
      },
    }
  },
})
