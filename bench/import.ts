/**
 * Importing an nsys export: hash, read, link, sort and store, against (a) a plain better-sqlite3 loop over the same columns
 * and (b) six nsys reports over the same file, all in this run. PARALLAX_BENCH_KERNELS sets the size (default 1 M).
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { findOnPath } from '../cli/tools.ts'

const REPORTS =
  'cuda_gpu_kern_sum,cuda_api_sum,cuda_kern_exec_sum,nvtx_gpu_proj_sum,nvtx_kern_sum,cuda_gpu_mem_time_sum'

/** The columns that the importer reads of the three large tables. */
const COLUMNS: Record<string, string> = {
  CUPTI_ACTIVITY_KIND_KERNEL:
    'start, end, deviceId, contextId, streamId, correlationId, globalPid, demangledName, shortName, mangledName, registersPerThread, gridX, gridY, gridZ, blockX, blockY, blockZ, staticSharedMemory, dynamicSharedMemory, localMemoryPerThread, sharedMemoryExecuted, graphNodeId',
  CUPTI_ACTIVITY_KIND_RUNTIME: 'start, end, eventClass, globalTid, correlationId, nameId, returnValue',
  NVTX_EVENTS:
    'start, end, eventType, rangeId, category, color, text, globalTid, endGlobalTid, textId, domainId',
}

export async function main(): Promise<void> {
  const generator = join(process.env.PARALLAX_SHARED ?? '', 'oracle', 'make_nsys_sqlite.py')
  if (!existsSync(generator)) {
    console.log('left out: PARALLAX_SHARED names no folder with the export generator')
    return
  }
  const kernels = Number(process.env.PARALLAX_BENCH_KERNELS ?? 1_000_000)
  // The program as users run it: threads start from the build in 50 ms, from the sources in 300.
  execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build.mjs', import.meta.url))])
  const folder = mkdtempSync(join(tmpdir(), 'parallax-bench-'))
  try {
    const file = join(folder, 'synthetic.sqlite')
    const shape = ['--kernels', String(kernels), '--processes', '2', '--devices', '2', '--streams', '2']
    execFileSync('python3', [generator, '-o', file, ...shape], { stdio: 'ignore' })
    const megabytes = statSync(file).size / 1e6
    console.log(`synthetic export: ${kernels.toLocaleString('en')} kernels, ${megabytes.toFixed(0)} MB`)
    // In turns, so that a machine that slows down does so for both.
    const ours: Answer[] = []
    const plain: number[] = []
    for (let turn = 0; turn < 3; turn++) {
      ours.push(imported(join(folder, `store-${turn}.sqlite`), file))
      plain.push(plainLoop(file))
    }
    const best = ours.toSorted((a, b) => a.seconds - b.seconds)[0]!
    const loop = Math.min(...plain)
    const rate = best.rows / best.seconds / 1e6
    console.log(
      `import            ${best.seconds.toFixed(2)} s (${best.cpuSeconds.toFixed(2)} s of processor), ${rate.toFixed(2)} M rows/s, peak ${best.peakMb.toFixed(0)} MB (${best.beforeMb.toFixed(0)} before)`,
    )
    console.log(
      `(a) plain iterate ${loop.toFixed(2)} s: import takes ${(best.seconds / loop).toFixed(2)} of it`,
    )
    compareWithNsys(file, best.seconds)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

interface Answer {
  seconds: number
  cpuSeconds: number
  rows: number
  beforeMb: number
  peakMb: number
}

function imported(database: string, file: string): Answer {
  const program = fileURLToPath(new URL('import-process.js', import.meta.url))
  const output = execFileSync(process.execPath, [program, database, file], { encoding: 'utf8' })
  return JSON.parse(output) as Answer
}

/** Reading the same columns row by row, doing nothing with them. */
function plainLoop(file: string): number {
  const database = new Database(file, { readonly: true })
  const started = performance.now()
  for (const [table, columns] of Object.entries(COLUMNS)) {
    const statement = database.prepare(`SELECT ${columns} FROM ${table}`).raw()
    for (const row of statement.iterate()) void row
  }
  database.close()
  return (performance.now() - started) / 1000
}

function compareWithNsys(file: string, seconds: number): void {
  const nsys = findOnPath('nsys')
  if (nsys === undefined) {
    console.log('(b) nsys stats: left out, no nsys on PATH')
    return
  }
  const started = performance.now()
  const args = [
    'stats',
    '-q',
    '--force-export=false',
    '--report',
    REPORTS,
    '--format',
    'csv',
    '--output',
    '-',
    file,
  ]
  const { status } = spawnSync(nsys, args, { stdio: 'ignore', maxBuffer: 1 << 30 })
  const took = (performance.now() - started) / 1000
  console.log(
    status === 0
      ? `(b) six reports of nsys stats ${took.toFixed(1)} s: import takes 1/${(took / seconds).toFixed(0)} of it`
      : '(b) nsys stats failed on this file',
  )
}
