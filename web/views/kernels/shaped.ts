import type { Cell } from '../../parts/table-rows.ts'

/** What tells one row of the kernels from another. */
export interface Shaped {
  readonly name?: Cell
  readonly grid?: Cell
  readonly block?: Cell
}
