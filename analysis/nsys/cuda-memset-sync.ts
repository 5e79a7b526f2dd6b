/** Blocking sets of pinned or managed memory. */
import { DeviceOpKind } from '../../trace/tables.ts'
import { opsOfCalls, WHERE } from './memory-calls.ts'
import { longest, named, ROWS } from './named-calls.ts'
import { MEMORY_LABELS, MEMSET, RUNTIME } from './needs.ts'
import { integers, report, texts } from './report.ts'
import { rowsAmong } from '../rows.ts'
import { memoryLabels, rowsOfKinds } from './work-rows.ts'

const PINNED = 1
const MANAGED = 4

export const cudaMemsetSync = report({
  id: 'cuda_memset_sync',
  title: 'Blocking memory sets',
  kind: 'rule',
  needs: [
    { table: 'StringIds' },
    { table: RUNTIME },
    { table: MEMSET },
    { column: 'greenContextId', of: [MEMSET] },
    { table: MEMORY_LABELS },
    { column: 'globalPid', of: [MEMSET] },
  ],
  parameters: ROWS,
  columns: [...integers('Duration (ns)', 'Start (ns)'), ...texts('Memory Kind'), ...WHERE],
  rows: (trace, { rows = -1 }) => {
    const { memoryKind } = trace.device_op
    const label = memoryLabels(trace)
    const sets = rowsAmong(rowsOfKinds(trace, DeviceOpKind.set), (op) => {
      const kind = memoryKind?.[op]
      return kind === PINNED || kind === MANAGED
    })
    return longest(
      opsOfCalls(trace, sets, named(trace, /^cudaMemset/i, /Async/i), (op) => [label(memoryKind?.[op])]),
      rows,
    )
  },
})
