import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { smallLaunches } from '../../fixtures/generate/small-nsys.ts'
import { writeNsysSqlite } from '../../fixtures/generate/nsys-sqlite.ts'
import { columnsOf, barsOf, rowsOf, stretchOf } from '../../web/views/sql/result-rows.ts'
import { startSite, twoRuns } from './browser.ts'
import type { Site } from './browser.ts'

describe('an answer', () => {
  const answer = {
    columns: [{ name: 'total_ns' }, { name: 'name' }, { name: 'name' }, { name: 'start_ns' }],
    rows: [
      [30, 'a', 'x', 7],
      [null, 'b', 'y', 8],
      [10, null, 'z', 9],
    ],
    truncated: null,
    elapsedMs: 1,
  }
  const columns = columnsOf(answer)

  test('keeps columns of one name apart and reads units from names, moments exactly', () => {
    expect(columns.map(({ key, unit }) => [key, unit])).toEqual([
      ['total_ns', 'ns'],
      ['name', undefined],
      ['name (2)', undefined],
      ['start_ns', 'count'],
    ])
    expect(rowsOf(answer, columns)[0]).toEqual({ total_ns: 30, name: 'a', 'name (2)': 'x', start_ns: 7 })
  })

  test('draws its first numbers against its first words, and counts what it leaves out', () => {
    expect(barsOf(answer, columns)).toMatchObject({
      label: { key: 'name' },
      value: { key: 'total_ns' },
      bars: [
        { label: 'a', value: 30 },
        { label: 'NULL', value: 10 },
      ],
      left: 1,
    })
    expect(barsOf({ ...answer, rows: answer.rows.slice(0, 1) }, columns)).toBeUndefined()
  })

  test('lies on the run’s own axis', () => {
    expect(stretchOf({ start_ns: 1500, duration_ns: 20 }, 1000)).toEqual({ from: 500, to: 520 })
    expect(stretchOf({ name: 'a' }, 0)).toBeUndefined()
  })
})

describe('the page', () => {
  let site: Site
  beforeAll(async () => {
    site = await startSite(twoRuns())
  })
  afterAll(() => site.close())

  test('an example runs, is drawn, stands in the address and survives a reload', async () => {
    const { page, complaints } = await site.open('/runs/1/sql')
    await page.getByRole('button', { name: 'Time by name' }).click()
    await page.getByText(/^\d+ rows in /).waitFor()
    await page.getByRole('heading', { name: 'total_ns by name' }).waitFor()
    expect(new URL(page.url()).searchParams.get('sql')).toMatch(/GROUP BY 1/)
    const first = await page.locator('tbody tr').first().innerText()
    await page.reload()
    await page.getByText(/^\d+ rows in /).waitFor()
    expect(await page.locator('tbody tr').first().innerText()).toBe(first)
    expect(await page.getByRole('textbox', { name: 'SQL statement' }).inputValue()).toMatch(/GROUP BY 1/)
    expect(complaints).toEqual([])
  })

  test('Ctrl-Enter runs what is written; a row with a time opens the timeline there', async () => {
    const { page } = await site.open('/runs/1/sql')
    const statement = page.getByRole('textbox', { name: 'SQL statement' })
    await statement.fill('SELECT start_ns, duration_ns FROM device_op ORDER BY row LIMIT 1')
    await statement.press('Control+Enter')
    await page.getByText('1 row in').waitFor()
    const { start, duration } = site.store.loadTrace(1).device_op
    await page.locator('tbody a').click()
    await page.waitForURL(/\/runs\/1\/timeline\?/)
    const at = new URL(page.url()).searchParams
    expect(Number(at.get('from'))).toBeLessThanOrEqual(start[0]!)
    expect(Number(at.get('to'))).toBeGreaterThanOrEqual(start[0]! + duration[0]!)
  })

  test('a mistake is said in SQLite’s words with its place; a cut answer says so', async () => {
    const { page } = await site.open(`/runs/1/sql?sql=${encodeURIComponent('SELECT nme FROM device_op')}`)
    await page.getByRole('alert').getByText('no such column: nme (line 1, column 8)').waitFor()
    await page.getByRole('textbox', { name: 'SQL statement' }).fill('SELECT row FROM device_op')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByText('There are more: the answer is cut at the row limit.').waitFor()
    await page.getByText('10,000 rows in').waitFor()
  })

  test('what cannot be asked says why; a table shows its first rows', async () => {
    const { page } = await site.open('/runs/1/sql')
    expect(await page.getByRole('radio', { name: 'The nsys export as it is' }).isDisabled()).toBe(true)
    await page.getByText(/only an nsys export/).waitFor()
    await page.locator('summary', { hasText: 'api_call' }).click()
    await page.locator('details[open]').getByText('integer?, → range.row').waitFor()
    await page.locator('details[open]').getByRole('button', { name: 'Show its first rows' }).click()
    await page.getByText('100 rows in').waitFor()
    expect(new URL(page.url()).searchParams.get('sql')).toBe('SELECT *\nFROM api_call\nLIMIT 100')
  })

  test('an imported nsys export is kept, and asked in its own tables; its times open the run’s timeline', async () => {
    const file = join(site.folder, 'made-up-launches.sqlite')
    writeNsysSqlite(file, smallLaunches())
    const { page, complaints } = await site.open('/')
    await page.locator('#choose-files').setInputFiles(file)
    await page.getByRole('link', { name: 'made-up-launches', exact: true }).waitFor()
    const run = site.store.runs().find(({ label }) => label === 'made-up-launches')!
    // Away with the file itself: what is asked is the copy that was kept.
    rmSync(file)
    await page.goto(`${site.url}/runs/${run.id}/sql`)
    await page.getByRole('radio', { name: 'The nsys export as it is' }).check()
    await page.getByRole('button', { name: 'Kernels by name, as nsys stores them' }).click()
    await page.getByText(/^2 rows in /).waitFor()
    // The kernels of the file by hand: kA 150 + 150 + 10 + 40 + 100 ns, kB three times 80.
    const cells = await page
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => [...row.querySelectorAll('td, th')].map((cell) => cell.textContent?.trim())),
      )
    expect(cells.map((row) => row.slice(0, 3))).toEqual([
      ['void kA<int>(int *)', '5', '450 ns'],
      ['kB(float *)', '3', '240 ns'],
    ])
    const statement = page.getByRole('textbox', { name: 'SQL statement' })
    await statement.fill(
      'SELECT start AS start_ns, end - start AS duration_ns FROM CUPTI_ACTIVITY_KIND_KERNEL LIMIT 1',
    )
    await statement.press('Control+Enter')
    await page.getByText('1 row in').waitFor()
    await page.locator('tbody a').click()
    await page.waitForURL(/\/timeline\?/)
    const { start, duration } = site.store.loadTrace(run.id).device_op
    const at = new URL(page.url()).searchParams
    expect(Number(at.get('from'))).toBeLessThanOrEqual(start[0]!)
    expect(Number(at.get('to'))).toBeGreaterThanOrEqual(start[0]! + duration[0]!)
    expect(complaints).toEqual([])
  })

  test('Stop ends the statement on the server, too', async () => {
    const { page } = await site.open('/runs/1/sql')
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n'
    await page.getByRole('textbox', { name: 'SQL statement' }).fill(endless)
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
    // Two may run at a time: were it still running, with another one, a third would be refused.
    const sql = `WITH x AS (${endless}) SELECT 1`
    const answers = await Promise.all(
      [sql, sql].map((one) =>
        fetch(`${site.url}/api/runs/1/sql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ sql: one }),
        }),
      ),
    )
    expect(answers.map((one) => one.status)).toEqual([200, 200])
  })

  test('rows with a time become marks on the timeline, one after the other', async () => {
    const { page, complaints } = await site.open('/runs/1/sql')
    const sql = 'SELECT name, start_ns, duration_ns FROM device_op ORDER BY duration_ns DESC LIMIT 5'
    await page.goto(`${new URL(page.url()).origin}/runs/1/sql?sql=${encodeURIComponent(sql)}`)
    await page.getByRole('link', { name: 'Show all as marks on the timeline' }).click()
    await page.getByText('5 marks', { exact: true }).first().waitFor()
    expect(new URL(page.url()).searchParams.get('marks')).toBe(sql)
    await page.getByRole('button', { name: 'Next mark' }).click()
    await page.waitForFunction(() => new URL(location.href).searchParams.has('from'))
    const first = Number(new URL(page.url()).searchParams.get('from'))
    await page.getByRole('button', { name: 'Next mark' }).click()
    await page.waitForFunction(
      (before) => Number(new URL(location.href).searchParams.get('from')) > before,
      first,
    )
    // A reload shows the same; then they are taken away.
    await page.reload()
    await page.getByText('5 marks', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Take the marks away' }).click()
    await page.waitForFunction(() => !new URL(location.href).searchParams.has('marks'))
    expect(await page.getByRole('button', { name: 'Next mark' }).count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test('a statement without a time says so in place of marks', async () => {
    const { page } = await site.open(`/runs/1/timeline?marks=${encodeURIComponent('SELECT 1 AS one')}`)
    await page.getByText('the statement has no column start_ns').waitFor()
  })
})
