/** Device work by name, and the same together with API calls: each with one base for its percentages. */
import type { Trace } from '../../trace/trace.ts'
import { DeviceOpKind } from '../../trace/tables.ts'
import { durationColumns, durationSummary } from './duration-summary.ts'
import { groupRows } from '../groups.ts'
import type { Groups } from '../groups.ts'
import { apiNames, nameText, TextIds } from './names.ts'
import { COPY_LABELS, GPU_WORK, MEMCPY, RUNTIME } from './needs.ts'
import { report, texts } from './report.ts'
import type { ReportRows } from './report.ts'
import { rowsAmong } from '../rows.ts'
import { hasLabel, workRows } from './work-rows.ts'

const CATEGORIES = ['CUDA_API', 'CUDA_KERNEL', 'MEMORY_OPER'] as const
const COLUMNS = [...durationColumns('Instances'), ...texts('Category', 'Operation')]

/** Rows of API calls (where asked for) and device work as three columns: duration, category, name. */
function summary(trace: Trace, withApi: boolean): ReportRows {
  const { api_call: api, device_op: ops } = trace
  const work = rowsAmong(workRows(trace), hasLabel(trace))
  const calls = withApi ? api.length : 0
  const duration = new Float64Array(calls + work.length)
  const category = new Uint32Array(duration.length)
  const name = new Uint32Array(duration.length)
  const ids = new TextIds()
  const apiIds = idsByString(trace, (index) => ids.idOf(apiNames(trace)(index)))
  const opIds = idsByString(trace, (index) => ids.idOf(nameText(trace, index)))
  for (let call = 0; call < calls; call++) {
    duration[call] = api.duration[call]!
    name[call] = apiIds(api.name[call]!)
  }
  for (let i = 0; i < work.length; i++) {
    const op = work[i]!
    duration[calls + i] = ops.duration[op]!
    category[calls + i] = ops.kind[op] === DeviceOpKind.kernel ? 1 : 2
    name[calls + i] = opIds(ops.name[op]!)
  }
  const groups = groupRows(duration.length, [name])
  const categoryOf = categories(duration, category, groups)
  return durationSummary(duration, groups, (row) => [
    CATEGORIES[categoryOf[groups.of[row]!]!]!,
    ids.texts[name[row]!]!,
  ])
}

/** nsys groups by name alone. Where a call and a kernel share one (or both have none) the longest row's category is shown. */
function categories(duration: Float64Array, category: Uint32Array, groups: Groups): Uint8Array {
  const result = new Uint8Array(groups.count)
  const longest = new Float64Array(groups.count).fill(-1)
  for (let row = 0; row < duration.length; row++) {
    const group = groups.of[row]!
    if (duration[row]! <= longest[group]!) continue
    longest[group] = duration[row]!
    result[group] = category[row]!
  }
  return result
}

/** A function of string indices, asked once for each. */
function idsByString(trace: Trace, idOf: (index: number) => number): (index: number) => number {
  const known = new Int32Array(trace.strings.length).fill(-1)
  return (index) => (known[index]! >= 0 ? known[index]! : (known[index] = idOf(index)))
}

export const cudaGpuSum = report({
  id: 'cuda_gpu_sum',
  title: 'GPU summary (kernels and memory operations)',
  kind: 'report',
  needs: [{ table: 'StringIds' }, { anyOf: GPU_WORK }, { table: COPY_LABELS, ifAny: [MEMCPY] }],
  parameters: {},
  columns: COLUMNS,
  rows: (trace) => summary(trace, false),
})

export const cudaApiGpuSum = report({
  id: 'cuda_api_gpu_sum',
  title: 'CUDA summary (API calls, kernels and memory operations)',
  kind: 'report',
  needs: [{ table: 'StringIds' }, { anyOf: [RUNTIME, ...GPU_WORK] }, { table: COPY_LABELS, ifAny: [MEMCPY] }],
  parameters: {},
  columns: COLUMNS,
  rows: (trace) => summary(trace, true),
})
