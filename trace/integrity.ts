/**
 * What must hold in every trace, checked from the declarations: no dangling row, no negative length, sorted as declared.
 */
import { isAbsent, isOptional } from './column.ts'
import { columnOf } from './table.ts'
import type { AnyTable, TableSpec } from './table.ts'
import { specOf, tableNames } from './tables.ts'
import type { TableName } from './tables.ts'
import type { Trace } from './trace.ts'

/** One sentence for each broken rule, naming the first row that breaks it; empty for a sound trace. */
export function brokenRules(trace: Trace): string[] {
  return tableNames.flatMap((name) => {
    const spec = specOf(name)
    return [...danglingRows(trace, spec), ...wrongLengths(spec, trace[name]), ...disorder(spec, trace[name])]
  })
}

function danglingRows(trace: Trace, spec: TableSpec): string[] {
  const contents: AnyTable = trace[spec.name as TableName]
  const broken: string[] = []
  for (const [column, type] of Object.entries(spec.columns)) {
    const element = type.replace('?', '')
    if (element !== 'row' && element !== 'string') continue
    const values = columnOf(contents, column) as Uint32Array | undefined
    if (values === undefined) continue
    const target = element === 'string' ? 'string' : spec.links[column]
    if (target === undefined) {
      broken.push(`${spec.name}.${column} does not say which table it points to`)
      continue
    }
    const length = target === 'string' ? trace.strings.length : trace[target as TableName].length
    const at = values.findIndex((value) => value >= length && !(isOptional(type) && isAbsent(type, value)))
    if (at >= 0)
      broken.push(`${spec.name}.${column}[${at}] = ${values[at]} is no row of ${target}, which has ${length}`)
  }
  return broken
}

function wrongLengths(spec: TableSpec, contents: AnyTable): string[] {
  const broken: string[] = []
  for (const [column, type] of Object.entries(spec.columns)) {
    const values = columnOf(contents, column)
    if (values === undefined) continue
    if (values.length !== contents.length)
      broken.push(`${spec.name}.${column} has ${values.length} rows, its table ${contents.length}`)
    if (type !== 'ns') continue
    const at = (values as Float64Array).findIndex(
      (value) => !Number.isInteger(value) || (column === 'duration' && value < 0),
    )
    if (at >= 0) broken.push(`${spec.name}.${column}[${at}] = ${values[at]} is no whole time`)
  }
  return broken
}

function disorder(spec: TableSpec, contents: AnyTable): string[] {
  if (spec.sortedBy === undefined) return []
  const values = columnOf(contents, spec.sortedBy) as Float64Array | undefined
  const at = values?.findIndex((value, i) => i > 0 && value < values[i - 1]!) ?? -1
  return at >= 0
    ? [`${spec.name} is not sorted by ${spec.sortedBy}: row ${at} comes before the one above it`]
    : []
}
