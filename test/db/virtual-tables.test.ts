import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sqlColumns } from '../../db/sql-columns.ts'
import { addTraceTables, memoryDatabase } from '../../db/virtual-tables.ts'
import { wantedColumns } from '../../db/wanted-columns.ts'
import { valueAt } from '../../trace/table.ts'
import { specOf, tableNames } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { drawn } from '../drawn-trace.ts'
import { randomParts, traceOf } from '../random-trace.ts'

/** Answers of a statement, integers as bigint. */
const ask = (trace: Trace, sql: string, wanted = wantedColumns(sql)): unknown[][] => {
  const database = memoryDatabase()
  addTraceTables(database, trace, wanted)
  return database.prepare(sql).safeIntegers().raw().all() as unknown[][]
}
const trace = drawn(
  `nvtx  [step one  ][two.....]
   api   aa..bb......c..SSSS...
   gpu0  ...AAA.BB.....CCC.....`,
  { shift: 2 ** 40 },
)

test('every value of any trace can be read in SQL, each under its declared type', () => {
  fc.assert(
    fc.property(randomParts, (parts) => {
      const any = traceOf(parts)
      for (const name of tableNames) {
        const spec = specOf(name)
        const columns = sqlColumns(spec)
        const rows = ask(any, `SELECT * FROM ${name}`)
        expect(rows).toHaveLength(any[name].length)
        for (const [row, values] of rows.entries())
          for (const [i, { column, type, words }] of columns.entries()) {
            if (column === undefined) {
              expect(values[i]).toBe(BigInt(row))
              continue
            }
            const value = valueAt(spec, any[name], column, row)
            if (value === undefined) expect(values[i]).toBeNull()
            else if (words !== undefined) expect(values[i]).toBe(words[Number(value)] ?? String(value))
            else if (type === 'text') expect(values[i]).toBe(any.strings[Number(value)] ?? null)
            else expect(Number(values[i])).toBe(Number(value))
          }
      }
    }),
    { numRuns: 25 },
  )
})

describe('columns', () => {
  test('are snake_case with their unit; links name the table they point to', () => {
    const named = Object.fromEntries(sqlColumns(specOf('device_op')).map((one) => [one.column ?? 'row', one]))
    expect(named.row).toMatchObject({ name: 'row', type: 'integer' })
    expect(named.start).toMatchObject({ name: 'start_ns', type: 'integer' })
    expect(named.bytes).toMatchObject({ name: 'bytes', type: 'integer', optional: true })
    expect(named.localPerThread).toMatchObject({ name: 'local_per_thread_bytes' })
    expect(named.launch).toMatchObject({ name: 'launch', link: 'api_call' })
    expect(named.kind).toMatchObject({ type: 'text', words: ['kernel', 'graph', 'copy', 'set', 'node'] })
  })

  test.each(tableNames.map((name) => [name]))('of %s have different names', (name) => {
    const names = sqlColumns(specOf(name)).map((one) => one.name)
    expect(new Set(names).size).toBe(names.length)
  })

  test('hold integers as integers, text as text and what is absent as NULL', () => {
    expect(
      ask(trace, `SELECT typeof(start_ns), typeof(name), typeof(grid_x), start_ns FROM device_op LIMIT 1`),
    ).toEqual([['integer', 'text', 'null', BigInt(2 ** 40 + 3000)]])
  })
})

describe('joins', () => {
  test('follow links, and index the inner table instead of running through it for each row', () => {
    const sql = `SELECT op.name, call.start_ns, call.name FROM device_op op JOIN api_call call ON call.row = op.launch`
    expect(ask(trace, sql)).toEqual([
      ['kernel A', BigInt(2 ** 40), 'cudaLaunchKernel_v7000'],
      ['kernel B', BigInt(2 ** 40 + 4000), 'cudaLaunchKernel_v7000'],
      ['kernel C', BigInt(2 ** 40 + 12_000), 'cudaLaunchKernel_v7000'],
    ])
    expect(ask(trace, `EXPLAIN QUERY PLAN ${sql}`).flat().join('\n')).toMatch(/AUTOMATIC.*INDEX/)
  })
})

describe('columns that a statement cannot look at', () => {
  test.each([
    ['SELECT count(*) FROM device_op', []],
    ['SELECT Start_NS FROM device_op', ['start_ns']],
    ['SELECT "duration_ns" FROM device_op', ['duration_ns']],
    ['SELECT * FROM device_op', ['start_ns', 'duration_ns', 'name']],
    ['SELECT 1 FROM device_op NATURAL JOIN range', ['start_ns', 'duration_ns', 'name']],
  ])('%s wants %j', (sql, columns) => {
    expect(['start_ns', 'duration_ns', 'name'].filter(wantedColumns(sql))).toEqual(columns)
  })

  test.each([
    'SELECT count(*) FROM device_op',
    "SELECT max(start_ns + duration_ns) FROM device_op WHERE kind = 'kernel'",
    'SELECT [name], count(*) n FROM api_call GROUP BY 1 HAVING n > 1 ORDER BY 2',
    'SELECT count(*) FROM range NATURAL JOIN thread',
    `SELECT name FROM pragma_table_info('device_op')`,
    'SELECT coalesce(bytes, -1), typeof(launch) FROM device_op',
    'SELECT r.name, count(*) FROM device_op o JOIN api_call USING (row) JOIN range r ON r.row = api_call.range GROUP BY 1',
  ])('leave no mark on the answer of %s', (sql) => {
    expect(ask(trace, sql)).toEqual(ask(trace, sql, () => true))
  })

  test('are not loaded', () => {
    const guarded = {
      ...trace,
      device_op: {
        length: trace.device_op.length,
        start: trace.device_op.start,
        get name(): never {
          throw new Error('loaded')
        },
      },
    } as unknown as Trace
    expect(ask(guarded, 'SELECT count(start_ns) FROM device_op')).toEqual([[3n]])
    expect(() => ask(guarded, 'SELECT name FROM device_op')).toThrow('loaded')
  })
})
