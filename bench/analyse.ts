/**
 * Analyses of a large nsys export: every exact nsys report against nsys itself on the same file in the same run, and every
 * analysis of our own after loading.
 *
 *   npm run bench -- analyse            a synthetic export of 1,000,000 kernels (fixtures/generate/large-nsys.ts)
 *   npm run bench -- analyse 10000000   another size; above 2,000,000 a synthetic run made in memory (fixtures/synthetic-run.ts),
 *                                       without the nsys reports, which would take hours
 *
 * What analyses share is paid by the first that asks; their sum does not depend on the order. They are asked several times: in
 * a process that has run none before, as for the first run opened after a start, and until all of the code is compiled, as in
 * a server that has been up.
 *
 * Both sides write each report as CSV into a folder. Processor time is given beside wall time: on a busy machine only the
 * first says what the work costs. The part of it that the operating system took is mostly the price of fresh memory, which in
 * a virtual machine can be many times that of a bare one.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { analyses } from '../analysis/index.ts'
import { run } from '../analysis/analysis.ts'
import type { Analysis } from '../analysis/analysis.ts'
import { csvPieces, nsysReports, runReport } from '../analysis/nsys/index.ts'
import { findOnPath } from '../cli/tools.ts'
import { largeNsysExport } from '../fixtures/generate/large-nsys.ts'
import { writeNsysSqlite } from '../fixtures/generate/nsys-sqlite.ts'
import { syntheticRun } from '../fixtures/synthetic-run.ts'
import { nsysSqlite } from '../parsers/nsys/index.ts'
import type { Trace } from '../trace/trace.ts'

interface Cost {
  wallS: number
  processorS: number
  /** Of the processor's time what the operating system took. */
  systemS: number
}
const NOTHING: Cost = { wallS: 0, processorS: 0, systemS: 0 }
const added = (a: Cost, b: Cost): Cost => ({
  wallS: a.wallS + b.wallS,
  processorS: a.processorS + b.processorS,
  systemS: a.systemS + b.systemS,
})
const told = ({ wallS, processorS, systemS }: Cost): string =>
  `${wallS.toFixed(2)} s (processor ${processorS.toFixed(2)} s, ${systemS.toFixed(2)} of it the system)`

export async function main(kernels = 1_000_000): Promise<void> {
  if (kernels > MOST_FOR_NSYS) {
    console.log(`synthetic run: ${kernels} kernels`)
    return ownAnalysesOften(syntheticRun({ kernels }))
  }
  const folder = mkdtempSync(join(tmpdir(), 'parallax-bench-'))
  try {
    const path = join(folder, 'large.sqlite')
    writeNsysSqlite(path, largeNsysExport(kernels))
    console.log(`synthetic export: ${kernels} kernels, ${(statSync(path).size / 1e6).toFixed(0)} MB`)
    const before = clock()
    const trace = await nsysSqlite.read(path, {})
    const load = before()
    console.log(`loading: ${told(load)}`)
    ownAnalysesOften(trace)
    const ours = ownReports(trace, folder)
    const theirs = nsysOwn(path, folder)
    if (theirs === undefined) return
    const ratio = (a: number, b: number): string => `1/${(b / a).toFixed(0)}`
    console.log(
      `nsys reports, all together: ours ${told(ours)}, nsys ${told(theirs)}: ${ratio(ours.processorS, theirs.processorS)} of its processor time, ${ratio(ours.wallS, theirs.wallS)} of its wall time; with loading ${ratio(ours.processorS + load.processorS, theirs.processorS)}`,
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** nsys' own reports of more kernels than this take too long to wait for. */
const MOST_FOR_NSYS = 2_000_000

/** Starts a clock; the result stops it. */
function clock(): () => Cost {
  const wall = performance.now()
  const cpu = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(cpu)
    return {
      wallS: (performance.now() - wall) / 1000,
      processorS: (user + system) / 1e6,
      systemS: system / 1e6,
    }
  }
}

/** By then nothing is compiled any more. */
const TIMES = 6

function ownAnalysesOften(trace: Trace): void {
  console.log(`the process holds ${megabytes()} MB`)
  // Facts are kept by trace: a copy of the object shares the columns and none of them.
  for (let time = 1; time <= TIMES; time++) ownAnalyses(`time ${time}`, time === 1, { ...trace })
}

const megabytes = (): string => (process.memoryUsage.rss() / 1e6).toFixed(0)

/** Each analysis is told apart the first time, and their sum every time. */
function ownAnalyses(when: string, isTold: boolean, trace: Trace): void {
  let all = NOTHING
  for (const one of Object.values(analyses) as unknown as Analysis[]) {
    const before = clock()
    let result = ''
    try {
      run(one, trace, {})
    } catch (error) {
      result = ` (${error instanceof Error ? error.message : String(error)})`
    }
    const cost = before()
    all = added(all, cost)
    if (isTold) console.log(`  ${when}, ${one.id}: ${told(cost)}${result}`)
  }
  console.log(
    `${when}, all summaries together, after loading: ${told(all)}; the process holds ${megabytes()} MB`,
  )
}

function ownReports(trace: Trace, folder: string): Cost {
  let all = NOTHING
  for (const report of nsysReports) {
    const before = clock()
    const rows = runReport(report, trace)
    const file = openSync(join(folder, `${report.id}.csv`), 'w')
    for (const piece of csvPieces(report, rows)) writeSync(file, piece)
    closeSync(file)
    const cost = before()
    all = added(all, cost)
    console.log(`  ${report.id}: ${rows.length} rows, ${told(cost)}`)
  }
  return all
}

/** What `nsys stats` and `nsys analyze` take for the same; undefined where there is no nsys. */
function nsysOwn(path: string, folder: string): Cost | undefined {
  const nsys = findOnPath('nsys')
  if (nsys === undefined) {
    console.log('no nsys on PATH: nothing to compare with')
    return undefined
  }
  let all = NOTHING
  for (const kind of ['report', 'rule'] as const) {
    const names = nsysReports
      .filter((one) => one.kind === kind)
      .map((one) => (kind === 'rule' ? `${one.id}:rows=-1` : one.id))
      .join(',')
    const command = kind === 'rule' ? ['analyze', '--rule', names] : ['stats', '--report', names]
    const args = [...command, '--format', 'csv', '--output', join(folder, 'nsys'), path]
    const start = performance.now()
    // The shell's "times" tells the processor time of what it waited for, on its second line.
    const { stdout } = spawnSync('sh', ['-c', '"$0" "$@" >/dev/null 2>&1; times', nsys, ...args], {
      encoding: 'utf8',
    })
    const wallS = (performance.now() - start) / 1000
    const [user = 0, system = 0] = [...(stdout.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)].map(
      ([, minutes, seconds]) => 60 * Number(minutes) + Number(seconds),
    )
    all = added(all, { wallS, processorS: user + system, systemS: system })
  }
  return all
}
