/**
 * Opening a SQLite file for reading by columns: the page reader where it can vouch for the result, SQLite where not.
 *
 *   open ── not a whole database ────────→ UserError
 *    ├── odd header, WAL ────────────────→ SQLite reads every table        `reader` is 'sqlite'
 *    └── as exporters write it → pages ──┬─────────────────────────────    `reader` is 'pages'
 *                                        ├── odd table → SQLite reads it   `why` says so
 *                                        └── page linked twice → UserError
 *
 * SQLite is connected either way: it knows the schema, and its read lock keeps writers away meanwhile.
 */
import { closeSync } from 'node:fs'
import { PageSet, leavesOf } from './b-tree.ts'
import type { ColumnSource } from './column-source.ts'
import { connect } from './connect.ts'
import { headOf, openForReading } from './file-kind.ts'
import { headerOddity, parseHeader } from './header.ts'
import { PageColumns } from './page-columns.ts'
import { PageFile } from './page-file.ts'
import { PagesFirst } from './pages-first.ts'
import { readSchema } from './schema.ts'
import { SqliteColumns } from './sqlite-columns.ts'
import { malformed, translating } from './sqlite-error.ts'
import { Unusual } from './unusual.ts'

/** Opens a SQLite file. Throws `UserError`: missing, empty, no database, cut short, damaged, being written. */
export function openColumns(path: string): ColumnSource {
  const fd = openForReading(path)
  const opened: (() => void)[] = [() => closeSync(fd)]
  const close = (): void => {
    while (opened.length > 0) opened.pop()!()
  }
  try {
    const linkedTwice = (page: number): Error => malformed(path, `page ${page} is linked twice`)
    const file = pageFile(path, fd, linkedTwice)
    // Now and not later: closing any descriptor of a file gives up all locks this process has on it (POSIX).
    if (file instanceof Unusual) close()
    const connection = connect(path)
    opened.push(connection.close)
    const schema = translating(path, () => readSchema(connection.db))
    const why = [...(file instanceof Unusual ? [file.message] : []), ...connection.oddities]
    const sqlite = new SqliteColumns(path, { ...connection, close }, schema, why)
    if (file instanceof Unusual || why.length > 0) return sqlite
    return new PagesFirst(path, schema, new PageColumns(file, linkedTwice), sqlite)
  } catch (error) {
    close()
    throw error
  }
}

/** The file's pages, or why the page reader does not take them. Throws `UserError` when the schema has no end. */
function pageFile(path: string, fd: number, linkedTwice: (page: number) => Error): PageFile | Unusual {
  const { head, size } = headOf(path)
  try {
    const pages = new PageFile(fd, parseHeader(head, size))
    // Whoever reads the tables: SQLite reads the schema on connecting, and where its pages are linked in circles it might
    // never come to the end.
    leavesOf(pages, 1, new PageSet(pages.header.pageCount, linkedTwice))
    const oddity = headerOddity(head, size)
    return oddity === undefined ? pages : new Unusual(oddity)
  } catch (error) {
    if (error instanceof Unusual) return error
    throw error
  }
}
