/** Calls into the operating system's runtime by name (eventClass 27; 31 and 32 are the tool's own bookkeeping). */
import { NONE } from '../../trace/column.ts'
import { durationColumns, durationSummary } from './duration-summary.ts'
import { groupRows } from '../groups.ts'
import { nameText } from './names.ts'
import { report, texts } from './report.ts'
import { rowsWhere, taken, takenIfAny } from '../rows.ts'

const CALL = 27

export const osrtSum = report({
  id: 'osrt_sum',
  title: 'OS runtime summary',
  kind: 'report',
  needs: [{ table: 'StringIds' }, { table: 'OSRT_API' }],
  parameters: {},
  columns: [...durationColumns('Num Calls'), ...texts('Name')],
  rows: (trace) => {
    const { length, duration, name, sourceNameId, eventClass } = trace.os_call
    const calls = rowsWhere(length, (row) => eventClass?.[row] === CALL)
    const groups = groupRows(calls.length, [takenIfAny(sourceNameId, calls)])
    return durationSummary(taken(duration, calls), groups, (row) => {
      const call = calls[row] ?? NONE
      return [nameText(trace, name[call])]
    })
  },
})
