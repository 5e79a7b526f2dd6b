/**
 * The real nsys as an oracle: what `nsys stats` and `nsys analyze` print for a file, cell by cell.
 */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nsys } from '../../shared.ts'
import { nsysReports } from '../../../analysis/nsys/index.ts'
import type { Report } from '../../../analysis/nsys/index.ts'

/** What nsys printed for one report: its cells, or why it printed none. */
export type Printed = { header: string[]; rows: string[][] } | { skipped: string }

/** The version whose tables the reports reproduce. Others print other columns. */
export const ORACLE = '2023.4.4'

/** Why nsys cannot be asked here; undefined where it can. */
export function whyNoOracle(): string | undefined {
  if (nsys === undefined) return 'no nsys on PATH'
  try {
    const version = /\d+\.\d+\.\d+/.exec(execFileSync(nsys, ['--version'], { encoding: 'utf8' }))?.[0]
    return version === ORACLE ? undefined : `nsys on PATH is ${version}, the reports are those of ${ORACLE}`
  } catch {
    return `${nsys} does not run`
  }
}

/** Once cuda_gpu_trace was refused, nsys refuses every report after it in the same call: it goes last. */
const LAST = 'cuda_gpu_trace'

/** Runs every report and rule on a file (two processes), again for those that a busy machine made fail. */
export async function printedByNsys(
  file: string,
  reports: readonly Report[] = nsysReports,
): Promise<Map<string, Printed>> {
  const ordered = [...reports].sort((a, b) => Number(a.id === LAST) - Number(b.id === LAST))
  const first = await runAll(file, ordered)
  const failed = ordered.filter((one) => {
    const printed = first.get(one.id)
    return printed === undefined || ('skipped' in printed && printed.skipped.startsWith('no answer'))
  })
  return failed.length === 0 ? first : new Map([...first, ...(await runAll(file, failed))])
}

async function runAll(file: string, reports: readonly Report[]): Promise<Map<string, Printed>> {
  const folder = mkdtempSync(join(tmpdir(), 'parity-'))
  try {
    const printed = new Map<string, Printed>()
    for (const kind of ['report', 'rule'] as const) {
      const chosen = reports.filter((one) => one.kind === kind)
      if (chosen.length === 0) continue
      const names = chosen.map((one) => (kind === 'rule' ? `${one.id}:rows=-1` : one.id)).join(',')
      const command = kind === 'rule' ? ['analyze', '--rule', names] : ['stats', '--report', names]
      const log = await output([...command, '--format', 'csv', '--output', join(folder, 'o'), file])
      for (const one of chosen) printed.set(one.id, answerOf(one, log, folder))
    }
    return printed
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const output = (args: string[]): Promise<string> =>
  new Promise((resolve) => {
    execFile(
      'nsys',
      args,
      { encoding: 'utf8', maxBuffer: 1 << 26, timeout: 300_000 },
      (error, stdout, stderr) => resolve(`${stdout}\n${stderr}\n${error === null ? '' : error.message}`),
    )
  })

/** nsys says "Processing [file] with [….py](args) to [csv]... PROCESSED", or SKIPPED, or nothing for an empty table. */
function answerOf(one: Report, log: string, folder: string): Printed {
  const said = log.split('Processing [').find((part) => part.includes(`/${one.id}.py]`))
  if (said === undefined) return { skipped: `no answer: ${log.slice(-300)}` }
  const refusal = /SKIPPED: .*|ERROR: .*/.exec(said)?.[0]
  if (refusal !== undefined) return { skipped: refusal }
  if (log.includes(`Report '${one.id}.py' encountered an internal error`))
    return { skipped: 'internal error' }
  const written = /to \[([^\]]+)\]/.exec(said)?.[1]
  try {
    const text = readFileSync(written!, 'utf8')
    const [header = [], ...rows] = cellsOf(text)
    return { header, rows }
  } catch {
    return { skipped: `no answer: ${said.slice(0, 300)} in ${folder}` }
  }
}

/**
 * nsys quotes a field that holds a comma or a quote, but does not double the quotes inside. So a quoted field ends at the
 * first quote that stands before a comma or a line's end.
 */
export function cellsOf(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < text.length) {
    let end: number
    if (text[at] === '"') {
      end = at + 1
      while (!(
        text[end] === '"' &&
        (end + 1 >= text.length || text[end + 1] === ',' || text[end + 1] === '\n')
      ))
        end++
      row.push(text.slice(at + 1, end))
      end++
    } else {
      end = at
      while (end < text.length && text[end] !== ',' && text[end] !== '\n') end++
      row.push(text.slice(at, end))
    }
    if (text[end] === ',') {
      at = end + 1
      if (at >= text.length || text[at] === '\n') row.push('')
      if (text[at] !== '\n') continue
      end = at
    }
    rows.push(row)
    row = []
    at = end + 1
  }
  return rows.filter((cells) => cells.length > 1 || cells[0] !== '')
}
