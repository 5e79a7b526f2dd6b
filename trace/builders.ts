/** A builder for every table, for parsers that fill them row by row and for tests. */
import { TableBuilder } from './builder.ts'
import { specOf, tableNames } from './tables.ts'
import type { TableName, tables } from './tables.ts'

export type TableBuilders = {
  readonly [N in TableName]: TableBuilder<(typeof tables)[N]['columns']>
}

/** Empty builders of all tables. */
export const tableBuilders = (): TableBuilders =>
  Object.fromEntries(
    tableNames.map((name) => [name, new TableBuilder(specOf(name))]),
  ) as unknown as TableBuilders
