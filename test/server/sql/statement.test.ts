import { describe, expect, test } from 'vitest'
import { addTraceTables, memoryDatabase } from '../../../db/virtual-tables.ts'
import { execute, MOST_CHARACTERS } from '../../../server/sql/execute.ts'
import { drawn } from '../../drawn-trace.ts'

const database = memoryDatabase()
addTraceTables(database, drawn('gpu0  AAA.BB'), () => true)
const ask = (sql: string, rows = 100) => execute(database, sql, rows)

describe('refused, and why', () => {
  test.each([
    ['DELETE FROM device_op', /only reading.*not "DELETE"/],
    ["ATTACH 'x.sqlite' AS x", /only reading.*not "ATTACH"/],
    ['PRAGMA query_only = OFF', /only reading.*not "PRAGMA"/],
    ["-- SELECT\nVACUUM INTO 'x'", /only reading.*not "VACUUM"/],
    ['/* SELECT */ CREATE TABLE x (y)', /only reading.*not "CREATE"/],
    [
      'WITH x AS (SELECT 1) INSERT INTO device_op SELECT * FROM x',
      /cannot modify device_op because it is a view/,
    ],
    ['SELECT 1; SELECT 2', /one statement at a time/],
    ['SELECT 1; DROP VIEW device_op', /one statement at a time/],
    ['-- nothing', /there is no statement/],
    ["SELECT load_extension('x')", /not authorized/],
    ["SELECT readfile('/etc/passwd')", /no such function: readfile/],
    ['SELECT ?', /write the values into the statement/],
  ])('%s', (sql, message) => {
    expect(() => ask(sql)).toThrow(
      expect.objectContaining({ kind: 'bad-request', message: expect.stringMatching(message) as string }),
    )
    expect(ask('SELECT count(*) FROM device_op').rows).toEqual([[2]])
  })

  test.each([
    ['SELECT nme FROM device_op', 'SQLite: no such column: nme (line 1, column 8)'],
    ['SELECT name,\nFROM device_op', 'SQLite: near "FROM": syntax error (line 2, column 1)'],
    ['SELECT name FROM kernels', 'SQLite: no such table: kernels (line 1, column 18)'],
    // Twice in the text: SQLite does not tell which, so no place is said.
    ['SELECT nme, nme FROM device_op', 'SQLite: no such column: nme'],
  ])('%s: what SQLite said and where', (sql, message) => {
    expect(() => ask(sql)).toThrow(expect.objectContaining({ message, kind: 'bad-request' }))
  })
})

describe('answers', () => {
  test.each(['SELECT 1', 'with x as (select 1) select * from x', 'VALUES (1)', ' /* a */ -- b\n select 1'])(
    '%s',
    (sql) => expect(ask(sql).rows).toEqual([[1]]),
  )

  test('keep whole numbers whole, digits where a double cannot, and say what a blob is', () => {
    expect(
      ask(`SELECT 9007199254740991, 9007199254740993, 1.5, NULL, 'a', x'00ff', zeroblob(100), 9e999`).rows,
    ).toEqual([
      [
        9007199254740991,
        '9007199254740993',
        1.5,
        null,
        'a',
        `x'00ff'`,
        `x'${'00'.repeat(32)}'… (100 bytes)`,
        'Infinity',
      ],
    ])
  })

  test('are cut at the row limit and say so, and do not where they just fit', () => {
    const sql = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5) SELECT i FROM n'
    expect(ask(sql, 4)).toMatchObject({ rows: [[1], [2], [3], [4]], truncated: 'rows' })
    expect(ask(sql, 5)).toMatchObject({ rows: [[1], [2], [3], [4], [5]], truncated: null })
  })

  test('are cut where they grow beyond what a page can show', () => {
    const sql = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9) SELECT printf('%.*c', ${MOST_CHARACTERS / 4}, 'x') FROM n`
    const { rows, truncated } = ask(sql)
    expect(truncated).toBe('size')
    expect(rows.length).toBeLessThan(9)
  })

  test('name their columns as the statement does, twice where it does', () => {
    expect(ask('SELECT name, name, count(*) AS n FROM device_op').columns).toEqual([
      { name: 'name' },
      { name: 'name' },
      { name: 'n' },
    ])
  })
})
