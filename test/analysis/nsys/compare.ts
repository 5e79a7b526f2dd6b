/**
 * Our reports held against what nsys printed: every cell as text, rows as multisets (nsys leaves ties unordered).
 */
import { nsysReports, runReport, whySkipped } from '../../../analysis/nsys/index.ts'
import { writeCell } from '../../../analysis/nsys/csv.ts'
import type { Report } from '../../../analysis/nsys/index.ts'
import type { Trace } from '../../../trace/trace.ts'
import type { Printed } from './nsys-oracle.ts'

export interface Difference {
  report: string
  what: string
}

export interface Comparison {
  /** Cells that nsys printed and we hold too. */
  cells: number
  /** Reports that both answered, and that both skipped. */
  answered: number
  skipped: number
  /** Rows that nsys printed, by report. */
  rows: Record<string, number>
  differences: Difference[]
}

/** Several comparisons as one. */
export function sum(all: readonly Comparison[]): Comparison {
  const total: Comparison = { cells: 0, answered: 0, skipped: 0, rows: {}, differences: [] }
  for (const one of all) {
    total.cells += one.cells
    total.answered += one.answered
    total.skipped += one.skipped
    total.differences.push(...one.differences)
    for (const [report, rows] of Object.entries(one.rows))
      total.rows[report] = (total.rows[report] ?? 0) + rows
  }
  return total
}

/** The columns by which nsys orders each report; what it leaves open is not compared. */
const SORTED_BY: Readonly<Record<string, readonly string[]>> = {
  cuda_gpu_mem_size_sum: ['Total (MB)'],
  cuda_kern_exec_sum: ['TAvg (ns)'],
  cuda_kern_exec_trace: ['API Start (ns)'],
  cuda_gpu_trace: ['Start (ns)'],
  cuda_api_trace: ['Start (ns)'],
  nvtx_pushpop_trace: ['Start (ns)', 'End (ns)'],
  nvtx_gpu_proj_sum: ['Total Proj Time (ns)'],
  nvtx_gpu_proj_trace: ['RangeId'],
  nvtx_kern_sum: ['NVTX Range', 'PID', 'TID', 'Total Time (ns)'],
  gpu_gaps: ['Row#', 'Duration (ns)'],
  gpu_time_util: ['Row#', 'In-Use (%)', 'Duration (ns)'],
  cuda_api_sync: ['Duration (ns)'],
  cuda_memcpy_async: ['Duration (ns)'],
  cuda_memcpy_sync: ['Duration (ns)'],
  cuda_memset_sync: ['Duration (ns)'],
}

function sortKey(report: string, titles: readonly string[], row: readonly string[]): string {
  const columns = SORTED_BY[report] ?? ['Total Time (ns)']
  return columns.map((title) => `${title} ${row[titles.indexOf(title)]}`).join(', ')
}

/** Our rows of a report as text. */
export function written(report: Report, trace: Trace): string[][] {
  const rows = runReport(report, trace)
  return Array.from({ length: rows.length }, (_, i) =>
    rows.row(i).map((cell, c) => writeCell(cell, report.columns[c]!.type)),
  )
}

export function compare(trace: Trace, printed: ReadonlyMap<string, Printed>): Comparison {
  const result: Comparison = { cells: 0, answered: 0, skipped: 0, rows: {}, differences: [] }
  for (const report of nsysReports) {
    const theirs = printed.get(report.id)!
    const why = whySkipped(report, trace)
    const differ = (what: string): void => void result.differences.push({ report: report.id, what })
    if ('skipped' in theirs || why !== undefined) {
      if ('skipped' in theirs && why !== undefined) result.skipped++
      else
        differ('skipped' in theirs ? `nsys: ${theirs.skipped}; ours has rows` : `ours: ${why}; nsys has rows`)
      continue
    }
    result.answered++
    const ours = written(report, trace)
    const titles = report.columns.map((column) => column.title)
    if (theirs.rows.length > 0 && theirs.header.join() !== titles.join())
      differ(`header: nsys ${theirs.header.join()}, ours ${titles.join()}`)
    const [a, b] = [theirs.rows, ours].map((rows) => rows.map((row) => sortKey(report.id, titles, row)))
    const at = a!.findIndex((key, i) => key !== b![i])
    if (at >= 0) differ(`order: row ${at} of nsys has ${a![at]}, of ours ${b![at]}`)
    for (const line of multisetDifference(theirs.rows, ours)) differ(line)
    result.rows[report.id] = theirs.rows.length
    result.cells += theirs.rows.length * titles.length
  }
  return result
}

/** Rows of only one side, "nsys …" or "ours …". */
function multisetDifference(theirs: string[][], ours: string[][]): string[] {
  const count = new Map<string, number>()
  const add = (rows: string[][], n: number): void => {
    for (const row of rows) {
      const key = JSON.stringify(row)
      count.set(key, (count.get(key) ?? 0) + n)
    }
  }
  add(theirs, 1)
  add(ours, -1)
  return [...count]
    .filter(([, n]) => n !== 0)
    .map(([row, n]) => `${n > 0 ? 'nsys' : 'ours'} ${row}`)
    .sort()
}
