/** CUDA API calls by name: by the file's own string id, so a name that has two ids stands on two rows. */
import { NONE } from '../../trace/column.ts'
import { durationColumns, durationSummary } from './duration-summary.ts'
import { groupRows } from '../groups.ts'
import { apiNames } from './names.ts'
import { RUNTIME } from './needs.ts'
import { report, texts } from './report.ts'

export const cudaApiSum = report({
  id: 'cuda_api_sum',
  title: 'CUDA API summary',
  kind: 'report',
  needs: [{ table: 'StringIds' }, { table: RUNTIME }],
  parameters: {},
  columns: [...durationColumns('Num Calls'), ...texts('Name')],
  rows: (trace) => {
    const { length, duration, name, sourceNameId } = trace.api_call
    const groups = groupRows(length, [sourceNameId ?? new Uint32Array(length).fill(NONE)])
    return durationSummary(duration, groups, (row) => [apiNames(trace)(name[row]!)])
  },
})
