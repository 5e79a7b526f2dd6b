import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nsysReportOf, nsysReports, runReport } from '../../../analysis/nsys/index.ts'
import { writeNsysSqlite } from '../../../fixtures/generate/nsys-sqlite.ts'
import { smallLaunches } from '../../../fixtures/generate/small-nsys.ts'
import { nsysSqlite } from '../../../parsers/nsys/index.ts'
import { NsysReportAnswer, NsysReportInfo } from '../../../trace/nsys-api.ts'
import type { Trace } from '../../../trace/trace.ts'
import { drawn } from '../../drawn-trace.ts'
import { startTimelineServer } from '../../web/timeline-server.ts'
import type { TimelineServer } from '../../web/timeline-server.ts'

let server: TimelineServer
let trace: Trace
let [fromNsys, elsewhere] = [0, 0]
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nsys-routes-'))
  const path = join(folder, 'small.sqlite')
  writeNsysSqlite(path, smallLaunches())
  trace = await nsysSqlite.read(path, {})
  rmSync(folder, { recursive: true })
  server = await startTimelineServer()
  fromNsys = server.add(trace, 'from nsys')
  elsewhere = server.add(drawn('gpu0 AAA'), 'drawn')
})
afterAll(() => server.close())
const get = (path: string): Promise<Response> => fetch(`${server.url}/api/runs/${path}`)
const listed = async (run: number): Promise<NsysReportInfo[]> =>
  NsysReportInfo.array().parse(((await (await get(`${run}/nsys`)).json()) as { reports: unknown }).reports)

test('every report and rule is listed, with why nsys would skip it', async () => {
  const reports = await listed(fromNsys)
  expect(reports.map(({ id }) => id)).toEqual(nsysReports.map(({ id }) => id))
  expect(reports.find(({ id }) => id === 'cuda_gpu_kern_sum')!.skipped).toBeNull()
  for (const { skipped } of await listed(elsewhere)) expect(skipped).toMatch(/not read from an nsys export/)
})

test('a report is what the command line prints', async () => {
  const report = nsysReportOf('cuda_gpu_kern_sum')
  const rows = runReport(report, trace)
  const answer = NsysReportAnswer.parse(await (await get(`${fromNsys}/nsys/cuda_gpu_kern_sum`)).json())
  expect(answer.total).toBe(rows.length)
  expect(answer.rows.length).toBeGreaterThan(0)
  expect(answer.columns.map(({ title }) => title)).toEqual(report.columns.map(({ title }) => title))
  expect(answer.rows).toEqual(Array.from({ length: rows.length }, (_, i) => [...rows.row(i)]))
})

test('what is no report, and what it cannot answer, is said in one line', async () => {
  expect((await get(`${fromNsys}/nsys/nothing`)).status).toBe(400)
  expect((await get(`${elsewhere}/nsys/cuda_gpu_kern_sum`)).status).toBe(400)
  expect((await get('99/nsys')).status).toBe(404)
})
