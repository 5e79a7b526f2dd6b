import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { addTraceTables, memoryDatabase } from '../../db/virtual-tables.ts'
import { wantedColumns } from '../../db/wanted-columns.ts'
import { syntheticRun } from '../../fixtures/synthetic-run.ts'
import { execute } from '../../server/sql/execute.ts'
import { traceTables } from '../../server/sql/offer.ts'
import { sqlLimits } from '../../server/sql/run-sql.ts'
import { examples } from '../../web/views/sql/examples.ts'

const page = readFileSync(fileURLToPath(new URL('../../docs/sql.md', import.meta.url)), 'utf8')

test('docs/sql.md lists every table and column of the declarations, and nothing else', () => {
  const lines = traceTables({ counts: {}, recorded: [] }).flatMap(({ name, columns }) => [
    `### \`${name}\``,
    '',
    ...columns.map((one) => `- \`${one.name}\` ${[one.type, one.about].filter(Boolean).join(', ')}`),
    '',
  ])
  const [, between] = page.split('<!-- tables -->\n')
  expect(between?.trim()).toBe(lines.join('\n').trim())
})

test('docs/sql.md states the limits in force', () => {
  expect(page).toContain(`${sqlLimits.rows.toLocaleString('en-US')} rows`)
  expect(page).toContain(`${sqlLimits.timeMs / 1000} s`)
  expect(page).toContain(`${sqlLimits.bytes / 2 ** 20} Mi characters`)
})

test.each(examples.map((one) => [one.title, one.sql]))('docs/sql.md shows the example "%s"', (title, sql) => {
  expect(page).toContain(`### ${title}\n`)
  expect(page).toContain(`\`\`\`sql\n${sql}\n\`\`\``)
})

const trace = syntheticRun({ kernels: 2000 })
test.each(examples.filter((one) => one.over === 'trace').map((one) => [one.title, one.sql]))(
  'the example "%s" answers over a run',
  (_, sql) => {
    const database = memoryDatabase()
    addTraceTables(database, trace, wantedColumns(sql))
    const { rows, columns } = execute(database, sql, sqlLimits.rows)
    expect(rows.length).toBeGreaterThan(0)
    // A column without any value would say nothing; only of bytes does this run hold none.
    for (const [i, { name }] of columns.entries())
      if (name !== 'bytes')
        expect(
          rows.some((row) => row[i] !== null),
          name,
        ).toBe(true)
  },
)

test('the example of gaps finds the gaps of a stream', () => {
  const { sql } = examples.find((one) => one.title === 'Longest gaps of each stream')!
  const { device_op: op } = trace
  let end = -Infinity
  const gaps: number[] = []
  for (let i = 0; i < op.length; i++) {
    if (op.start[i]! > end && end >= 0) gaps.push(op.start[i]! - end)
    end = Math.max(end, op.start[i]! + op.duration[i]!)
  }
  const database = memoryDatabase()
  addTraceTables(database, trace, () => true)
  const found = execute(database, sql, 100).rows.map((row) => row[2])
  expect(trace.stream.length).toBe(1)
  expect(found).toEqual(gaps.sort((a, b) => b - a).slice(0, 100))
})
