/** Every CUDA API call, by start. */
import { NONE, NONE_I32 } from '../../trace/column.ts'
import { apiNames } from './names.ts'
import { RUNTIME } from './needs.ts'
import { integers, report, texts } from './report.ts'
import { sourceTimes } from './source-time.ts'

export const cudaApiTrace = report({
  id: 'cuda_api_trace',
  title: 'CUDA API trace',
  kind: 'report',
  needs: [{ table: RUNTIME }, { table: 'StringIds' }, { table: 'ThreadNames' }],
  parameters: {},
  columns: [
    ...integers('Start (ns)', 'Duration (ns)'),
    ...texts('Name'),
    ...integers('Result', 'CorrID', 'Pid', 'Tid', 'T-Pri'),
    ...texts('Thread Name'),
  ],
  rows: (trace) => {
    const { api_call: api, thread, process, strings } = trace
    const time = sourceTimes(trace)
    const apiName = apiNames(trace)
    const unless = (absent: number, value: number | undefined) =>
      value === undefined || value === absent ? null : value
    return {
      length: api.length,
      row: (call) => {
        const row = api.thread[call]!
        const name = thread.name?.[row] ?? NONE
        return [
          time(api.start[call]!),
          api.duration[call]!,
          apiName(api.name[call]!),
          unless(NONE_I32, api.result?.[call]),
          unless(NONE, api.correlation?.[call]),
          process.pid[thread.process[row]!]!,
          thread.tid[row]!,
          unless(NONE_I32, thread.priority?.[row]),
          name === NONE ? null : strings[name]!,
        ]
      },
    }
  },
})
