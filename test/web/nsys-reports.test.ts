import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nsysReportOf, runReport } from '../../analysis/nsys/index.ts'
import { writeCell } from '../../analysis/nsys/csv.ts'
import { writeNsysSqlite } from '../../fixtures/generate/nsys-sqlite.ts'
import { smallLaunches } from '../../fixtures/generate/small-nsys.ts'
import { nsysSqlite } from '../../parsers/nsys/index.ts'
import type { Trace } from '../../trace/trace.ts'
import { drawn } from '../drawn-trace.ts'
import { startSite } from './browser.ts'
import type { Site } from './browser.ts'

let site: Site
let trace: Trace
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nsys-reports-'))
  const path = join(folder, 'small.sqlite')
  writeNsysSqlite(path, smallLaunches())
  trace = await nsysSqlite.read(path, {})
  rmSync(folder, { recursive: true })
  site = await startSite([
    { label: 'synthetic export', trace },
    { label: 'drawn', trace: drawn('gpu0 AAA') },
  ])
})
afterAll(() => site.close())

test('a report stands in the page with the digits that nsys prints', async () => {
  const report = nsysReportOf('cuda_api_sum')
  const rows = runReport(report, trace)
  const { page, complaints } = await site.open('/runs/1/nsys?report=cuda_api_sum')
  await page.locator('tbody tr').first().waitFor()
  const cells = await page
    .locator('tbody tr')
    .evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText)))
  const wanted = Array.from({ length: rows.length }, (_, i) =>
    rows.row(i).map((cell, c) => writeCell(cell, report.columns[c]!.type)),
  )
  expect(cells).toEqual(wanted)
  expect(complaints).toEqual([])
})

test('one without an answer says why', async () => {
  const { page } = await site.open('/runs/2/nsys?report=cuda_gpu_kern_sum')
  await page.getByText('nsys has no answer here').waitFor()
  await page.getByText('the run was not read from an nsys export').waitFor()
})

test('from a number of ours to that of nsys it is one click on its definition', async () => {
  const { page } = await site.open('/runs/1/kernels')
  await page.getByRole('button', { name: 'What “Total” means' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'cuda_gpu_kern_sum' }).click()
  await page.getByRole('heading', { name: 'nsys reports' }).waitFor()
  expect(new URL(page.url()).search).toBe('?report=cuda_gpu_kern_sum')
  expect(await page.getByRole('dialog').count()).toBe(0)
})
