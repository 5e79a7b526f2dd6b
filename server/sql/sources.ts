/** How the tables of a source come into a database. */
import type Database from 'better-sqlite3'
import { Store } from '../../db/store.ts'
import { addTraceTables } from '../../db/virtual-tables.ts'
import { wantedColumns } from '../../db/wanted-columns.ts'
import { formatOf } from '../../parsers/detect.ts'
import { formats } from '../../parsers/index.ts'
import { connect } from '../../parsers/sqlite/connect.ts'
import { addOriginalTables } from './original-tables.ts'
import type { SqlSource } from './sql-task.ts'

/** Adds the tables of a source, with the columns that a statement can look at. Throws UserError where it cannot be read. */
export async function addSource(database: Database.Database, source: SqlSource, sql: string): Promise<void> {
  const wanted = wantedColumns(sql)
  if (source.kind === 'run')
    addTraceTables(database, new Store(source.database).loadTrace(source.run), wanted)
  else if (source.kind === 'original') {
    const { db, close } = connect(source.path)
    process.once('exit', close)
    addOriginalTables(database, db, wanted)
  } else {
    const trace = await formatOf(source.path, formats).read(source.path, { nsys: source.nsys })
    addTraceTables(database, trace, wanted)
  }
}
