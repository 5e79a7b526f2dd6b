/** Random SQLite databases: all that SQL lets a table be, for the two readers to agree on. */
import Database from 'better-sqlite3'
import * as fc from 'fast-check'

const NAMES = [
  'start',
  'x y',
  'a"b',
  'select',
  'Ünïcode',
  "it's",
  'rowid',
  '[c]',
  'end',
  'v`w',
  'oid',
  'n',
] as const
const DECLARED = [
  'INTEGER',
  'TEXT',
  'REAL',
  'BLOB',
  '',
  'NUMERIC',
  'DOUBLE PRECISION',
  'INT',
  'VARCHAR(9)',
] as const
const DEFAULTS = [
  'NULL',
  '7',
  '-3000000000',
  "'later'",
  '2.5',
  "x'00ff'",
  'TRUE',
  "''",
  '1e30',
  '+5',
] as const

/** A choice that comes up `n` times as often as one named once. */
export const often = <T extends string | number>(choice: T, n: number): T[] =>
  Array.from({ length: n }, () => choice)

/** Values at the edges of every width a record can store, times of today, doubles that are and are not whole. */
const edges = [7n, 8n, 15n, 16n, 23n, 31n, 32n, 47n, 53n, 62n].flatMap((bits) =>
  [-1n, 0n, 1n].flatMap((off) => [2n ** bits + off, -(2n ** bits) + off]),
)
const integer = fc.oneof(
  fc.constantFrom(0n, 1n, 2n, -1n, 255n, 254n, 2n ** 63n - 1n, -(2n ** 63n), ...edges),
  fc.bigInt({ min: 1_790_000_000_000_000_000n, max: 1_790_000_000_000_000_009n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
)
const real = fc.oneof(
  fc.double({ noNaN: true }),
  fc.constantFrom(0.5, 3, -0, 255, 1e15, 2 ** 53, 2 ** 63, -(2 ** 63), 1.79e18, Infinity, -Infinity),
)
const text = (longest: number): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom('', 'a', 'kernel', 'zwei Wörter', '12', '1.5', 'x\0y', '\ufeff', '🎈'),
    },
    { weight: 2, arbitrary: fc.string({ maxLength: 200, unit: 'grapheme' }) },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 100, max: longest }).map((n) => `${n}·`.repeat(n).slice(0, n)),
    },
  )
const bytes = (longest: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    fc.uint8Array({ maxLength: 9 }),
    fc.integer({ min: 0, max: longest }).map((n) => new Uint8Array(n)),
  )

/** SQL values as they are bound; `Uint8Array` under a `TEXT` key becomes text that need not be UTF-8. */
const value = (longest: number) =>
  fc.oneof(
    { weight: 4, arbitrary: integer },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: real },
    { weight: 2, arbitrary: text(longest) },
    { weight: 1, arbitrary: bytes(longest) },
    { weight: 1, arbitrary: fc.record({ latin1: fc.uint8Array({ maxLength: 9 }) }) },
  )
type Value = bigint | null | number | string | Uint8Array | { latin1: Uint8Array }

const tableOf = (longest: number) =>
  fc.record({
    columns: fc.uniqueArray(
      fc.record({ name: fc.constantFrom(...NAMES), declared: fc.constantFrom(...DECLARED) }),
      {
        selector: (column) => column.name,
        minLength: 1,
        maxLength: 9,
      },
    ),
    key: fc.constantFrom(
      ...often('', 8),
      ...often('alias', 3),
      'alias at the end',
      'descending',
      'without rowid',
      'computed',
    ),
    rows: fc.array(fc.array(value(longest), { minLength: 12, maxLength: 12 }), { maxLength: 60 }),
    /** How often the rows are put in again: a table of several levels from few random values. */
    times: fc.constantFrom(1, 1, 3, 20),
    deleteEvery: fc.constantFrom(0, 0, 2, 7),
    later: fc.array(fc.constantFrom(...DEFAULTS), { maxLength: 3 }),
    rowids: fc.constantFrom(...often('given', 9), ...often('negative', 3), ...often('sparse', 3), 'huge'),
  })

/** One whole database. */
export const anyDatabase = fc.constantFrom(512, 1024, 4096, 65536).chain((pageSize) =>
  fc.record({
    pageSize: fc.constant(pageSize),
    autoVacuum: fc.constantFrom(...often(0, 15), 1),
    encoding: fc.constantFrom(...often('UTF-8', 15), 'UTF-16le'),
    tables: fc.array(tableOf(Math.min(4 * pageSize, 20_000)), { minLength: 1, maxLength: 3 }),
    vacuum: fc.boolean(),
  }),
)
export type AnyDatabase = typeof anyDatabase extends fc.Arbitrary<infer D> ? D : never
type AnyTable = AnyDatabase['tables'][number]

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Writes the database to `path`, where no file is yet, or one without tables. */
export function write(path: string, { pageSize, autoVacuum, encoding, tables, vacuum }: AnyDatabase): void {
  const db = new Database(path)
  try {
    db.pragma(`page_size = ${pageSize}`)
    db.pragma(`auto_vacuum = ${autoVacuum}`)
    db.pragma(`encoding = '${encoding}'`)
    db.transaction(() => {
      for (const [k, table] of tables.entries()) create(db, `table ${k}`, table)
      for (const [k, table] of tables.entries()) fill(db, `table ${k}`, table, table.columns.length)
      for (const [k, table] of tables.entries()) change(db, `table ${k}`, table)
    })()
    if (vacuum) db.exec('VACUUM')
  } finally {
    db.close()
  }
}

function create(db: Database.Database, name: string, { columns, key }: AnyTable): void {
  const listed = columns.map((column) => `${quoted(column.name)} ${column.declared}`)
  if (key === 'alias') listed.splice(1, 0, 'id INTEGER PRIMARY KEY')
  if (key === 'alias at the end') listed.push('"id" integer', 'PRIMARY KEY("id")')
  if (key === 'descending') listed.push('id INTEGER PRIMARY KEY DESC')
  if (key === 'without rowid') listed.push('id INTEGER PRIMARY KEY')
  if (key === 'computed') listed.push('twice AS (1 + 1) STORED')
  const options = key === 'without rowid' ? ' WITHOUT ROWID' : ''
  db.exec(`CREATE TABLE ${quoted(name)}(${listed.join(', ')})${options}`)
  if (columns.length > 2)
    db.exec(`CREATE INDEX ${quoted(`i ${name}`)} ON ${quoted(name)}(${quoted(columns[0]!.name)})`)
}

function fill(db: Database.Database, name: string, table: AnyTable, width: number): void {
  const columns = table.columns.map((column) => quoted(column.name)).slice(0, width)
  const rowid = rowidOf(table)
  if (rowid !== undefined) columns.push(rowid)
  let last = 0
  for (let round = 0; round < table.times; round++) {
    for (const row of table.rows) {
      const values = (row as Value[]).slice(0, width)
      const marks = values.map((each) => (isLatin1(each) ? 'CAST(? AS TEXT)' : '?'))
      if (rowid !== undefined) marks.push('?')
      const bound: unknown[] = values.map((each) => (isLatin1(each) ? each.latin1 : each))
      if (rowid !== undefined) bound.push(rowidAt(table.rowids, ++last))
      db.prepare(
        `INSERT OR IGNORE INTO ${quoted(name)}(${columns.join(', ')}) VALUES (${marks.join(', ')})`,
      ).run(bound)
    }
  }
}

/** Later additions and deletions, which leave short records and holes. */
function change(db: Database.Database, name: string, table: AnyTable): void {
  const rowid = rowidOf(table)
  if (table.deleteEvery > 0 && rowid !== undefined)
    db.exec(`DELETE FROM ${quoted(name)} WHERE ${rowid} % ${table.deleteEvery} = 0`)
  for (const [k, value] of table.later.entries())
    db.exec(`ALTER TABLE ${quoted(name)} ADD COLUMN later${k} ${DECLARED[k]} DEFAULT ${value}`)
  if (table.later.length > 0 && rowid !== undefined)
    db.exec(`UPDATE ${quoted(name)} SET later0 = ${rowid} WHERE ${rowid} % 3 = 1`)
}

/** The name by which a row's rowid, or the key that stands in for it, can be set. */
function rowidOf({ columns, key }: AnyTable): string | undefined {
  if (key === 'alias' || key === 'alias at the end' || key === 'without rowid') return 'id'
  return ['rowid', '_rowid_', 'oid'].find((each) => columns.every((column) => column.name !== each))
}

function rowidAt(kind: AnyTable['rowids'], i: number): bigint {
  if (kind === 'negative') return BigInt(5 - i)
  if (kind === 'sparse') return BigInt(i) ** 3n
  return kind === 'huge' ? 2n ** 62n + BigInt(i) : BigInt(i)
}

const isLatin1 = (each: Value): each is { latin1: Uint8Array } =>
  typeof each === 'object' && each !== null && 'latin1' in each
