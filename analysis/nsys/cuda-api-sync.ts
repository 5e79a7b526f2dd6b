/** Calls that wait for a device or a stream, the longest first. Driver calls and event waits are not among them. */
import { longest, named, ROWS } from './named-calls.ts'
import { nameText } from './names.ts'
import { RUNTIME } from './needs.ts'
import { integers, report, texts } from './report.ts'
import type { Cell } from './report.ts'
import { sourceTimes } from './source-time.ts'

export const cudaApiSync = report({
  id: 'cuda_api_sync',
  title: 'Synchronisation calls',
  kind: 'rule',
  needs: [{ table: 'StringIds' }, { table: RUNTIME }],
  parameters: ROWS,
  columns: [...integers('Duration (ns)', 'Start (ns)', 'PID', 'TID'), ...texts('API Name')],
  rows: (trace, { rows: limit = -1 }) => {
    const { api_call: api, thread, process } = trace
    const time = sourceTimes(trace)
    const isSync = named(trace, /^cuda(Device|Stream)Synchronize/i)
    const rows: Cell[][] = []
    for (let call = 0; call < api.length; call++)
      if (isSync(call)) {
        const row = api.thread[call]!
        const pid = process.pid[thread.process[row]!]!
        rows.push([
          api.duration[call]!,
          time(api.start[call]!),
          pid,
          thread.tid[row]!,
          nameText(trace, api.name[call]),
        ])
      }
    return longest(rows, limit)
  },
})
