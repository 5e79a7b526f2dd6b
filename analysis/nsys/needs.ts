/**
 * What a report needs of the export: nsys skips it where a table or column is missing. An empty table counts as there.
 */
export const KERNEL = 'CUPTI_ACTIVITY_KIND_KERNEL'
export const MEMCPY = 'CUPTI_ACTIVITY_KIND_MEMCPY'
export const MEMSET = 'CUPTI_ACTIVITY_KIND_MEMSET'
export const RUNTIME = 'CUPTI_ACTIVITY_KIND_RUNTIME'
export const NVTX = 'NVTX_EVENTS'
export const COPY_LABELS = 'ENUM_CUDA_MEMCPY_OPER'
export const MEMORY_LABELS = 'ENUM_CUDA_MEM_KIND'
/** Tables of work on the GPU. Whole-graph launches (GRAPH_TRACE) are in none of nsys' reports. */
export const GPU_WORK = [KERNEL, MEMCPY, MEMSET] as const

export type Need =
  /** The table itself; only where one of `ifAny` is there too, when given. */
  | { table: string; ifAny?: readonly string[] }
  /** At least one of the tables. */
  | { anyOf: readonly string[] }
  /** The column, in each of the tables that is there. */
  | { column: string; of: readonly string[] }

export type SourceTables = Readonly<Record<string, { columns: readonly string[]; rows: number }>>

const HOLDS: Readonly<Record<string, string>> = {
  [KERNEL]: 'kernels',
  [MEMCPY]: 'copies',
  [MEMSET]: 'memory sets',
  [RUNTIME]: 'CUDA API calls',
  [NVTX]: 'NVTX rows',
  OSRT_API: 'OS runtime calls',
}
const named = (table: string): string =>
  HOLDS[table] === undefined ? `table ${table}` : `${HOLDS[table]} (${table})`

/** The first need that is not met, as a sentence; undefined when all are. */
export function whyMissing(needs: readonly Need[], tables: SourceTables): string | undefined {
  for (const need of needs) {
    if ('table' in need) {
      const isAsked = need.ifAny === undefined || need.ifAny.some((table) => table in tables)
      if (isAsked && !(need.table in tables)) return `this export holds no ${named(need.table)}`
    } else if ('anyOf' in need) {
      if (!need.anyOf.some((table) => table in tables))
        return `this export holds neither ${need.anyOf.map(named).join(' nor ')}`
    } else {
      const without = need.of.find((table) => tables[table]?.columns.includes(need.column) === false)
      if (without !== undefined)
        return `its table ${without} has no column ${need.column}; export the report again with nsys 2023.4 or newer`
    }
  }
  return undefined
}
