/** Copies that make the host wait: asynchronous ones with pageable memory, and blocking ones. */
import { NONE, NONE_U8 } from '../../trace/column.ts'
import { DeviceOpKind } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { opsOfCalls, WHERE } from './memory-calls.ts'
import { longest, named, ROWS } from './named-calls.ts'
import { MEMCPY, MEMORY_LABELS, RUNTIME } from './needs.ts'
import { integers, report, texts } from './report.ts'
import type { Cell } from './report.ts'
import { rowsAmong } from '../rows.ts'
import { memoryLabels, rowsOfKinds } from './work-rows.ts'

const PAGEABLE = 0
const HOST_TO_DEVICE = 1
/** A host-to-device copy up to this many bytes returns before it is done, so it blocks nobody. */
const SMALL_COPY = 64_000

const COPY_COLUMNS = [...integers('Duration (ns)', 'Start (ns)'), ...texts('Src Kind', 'Dst Kind'), ...WHERE]
const COPY_NEEDS = [
  { table: 'StringIds' },
  { table: RUNTIME },
  { table: MEMCPY },
  { column: 'greenContextId', of: [MEMCPY] },
  { table: MEMORY_LABELS },
  { column: 'globalPid', of: [MEMCPY] },
] as const

function copies(trace: Trace, isOne: (op: number) => boolean, fits: (call: number) => boolean): Cell[][] {
  const { srcKind, dstKind } = trace.device_op
  const label = memoryLabels(trace)
  return opsOfCalls(trace, rowsAmong(rowsOfKinds(trace, DeviceOpKind.copy), isOne), fits, (op) => [
    label(srcKind?.[op] ?? NONE_U8),
    label(dstKind?.[op] ?? NONE_U8),
  ])
}

export const cudaMemcpyAsync = report({
  id: 'cuda_memcpy_async',
  title: 'Asynchronous copies with pageable memory',
  kind: 'rule',
  needs: COPY_NEEDS,
  parameters: ROWS,
  columns: COPY_COLUMNS,
  rows: (trace, { rows = -1 }) => {
    const { srcKind, dstKind } = trace.device_op
    return longest(
      copies(
        trace,
        (op) => srcKind?.[op] === PAGEABLE || dstKind?.[op] === PAGEABLE,
        named(trace, /^cudaMemcpy.*Async/is),
      ),
      rows,
    )
  },
})

export const cudaMemcpySync = report({
  id: 'cuda_memcpy_sync',
  title: 'Blocking copies',
  kind: 'rule',
  needs: COPY_NEEDS,
  parameters: ROWS,
  columns: COPY_COLUMNS,
  rows: (trace, { rows = -1 }) => {
    const { bytes, copyKind, srcDevice, dstDevice } = trace.device_op
    return longest(
      copies(
        trace,
        (op) => {
          const isSmall = copyKind?.[op] === HOST_TO_DEVICE && bytes![op]! <= SMALL_COPY
          const source = srcDevice?.[op] ?? NONE
          return !isSmall && (source === NONE || source !== dstDevice?.[op])
        },
        named(trace, /^cudaMemcpy/i, /Async/i),
      ),
      rows,
    )
  },
})
