/**
 * Reading columns out of an nsys export: the page reader, SQLite's, and a bare `iterate()` that stores nothing.
 *
 * All three read the same columns of the same generated file in the same run, in turns; the ratios are what to look at,
 * for rows per second depend on the machine. Needs Python 3 and the generator of synthetic exports in the folder that
 * `PARALLAX_SHARED` names. `PARALLAX_BENCH_KERNELS` sets the size (1 000 000).
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { ColumnSource, Wanted } from '../parsers/sqlite/column-source.ts'
import { openColumns } from '../parsers/sqlite/open.ts'
import { openSqliteColumns } from '../parsers/sqlite/sqlite-columns.ts'
import { StringPool } from '../trace/builder.ts'
import { newArray } from '../trace/column.ts'
import type { ColumnType } from '../trace/column.ts'

const ROUNDS = 3

/** The columns of some type, by their names. */
const each = (type: ColumnType, names: string): Wanted =>
  Object.fromEntries(names.split(' ').map((name) => [name, type]))

/** What an import reads of each table. */
const TABLES: Readonly<Record<string, Wanted>> = {
  CUPTI_ACTIVITY_KIND_KERNEL: {
    ...each('ns', 'start end'),
    ...each('i64?', 'globalPid'),
    ...each('u32', 'deviceId contextId streamId correlationId demangledName shortName registersPerThread'),
    ...each('u32', 'gridX gridY gridZ blockX blockY blockZ'),
  },
  CUPTI_ACTIVITY_KIND_RUNTIME: {
    ...each('ns', 'start end'),
    ...each('i64?', 'globalTid'),
    ...each('u32?', 'eventClass correlationId nameId returnValue'),
  },
  NVTX_EVENTS: {
    ...each('ns?', 'start end'),
    ...each('string?', 'text'),
    ...each('i64?', 'globalTid color'),
    ...each('u32?', 'eventType textId domainId'),
  },
}

type Read = (path: string, table: string, wanted: Wanted) => number

const through =
  (open: (path: string) => ColumnSource): Read =>
  (path, table, wanted) => {
    const source = open(path)
    try {
      return source.read(table, wanted, { base: 0n, pool: new StringPool() }).length
    } finally {
      source.close()
    }
  }

const READERS: Readonly<Record<string, Read>> = {
  pages: through(openColumns),
  sqlite: through(openSqliteColumns),
  iterate: (path, table, wanted) => {
    const db = new Database(path, { readonly: true })
    const columns = Object.keys(wanted).map((name) => `"${name}"`)
    let rows = 0
    for (const row of db
      .prepare(`SELECT ${columns.join(', ')} FROM ${table}`)
      .raw()
      .iterate())
      rows += (row as unknown[]).length > 0 ? 1 : 0
    db.close()
    return rows
  },
}

/** Prints, for each table, rows a second of each reader and the page reader's lead. */
export async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parallax-bench-'))
  try {
    const path = generated(folder)
    if (path !== undefined) compare(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A synthetic export, or undefined, having said why there is none. */
function generated(folder: string): string | undefined {
  const shared = process.env['PARALLAX_SHARED']
  const script = join(shared ?? '', 'oracle', 'make_nsys_sqlite.py')
  if (shared === undefined || !existsSync(script)) {
    console.log('sqlite columns: left out (no generator of synthetic exports: PARALLAX_SHARED is not set)')
    return undefined
  }
  const kernels = process.env['PARALLAX_BENCH_KERNELS'] ?? '1000000'
  const path = join(folder, 'synthetic.sqlite')
  const { status, stderr } = spawnSync('python3', [script, '-o', path, '--kernels', kernels], {
    encoding: 'utf8',
  })
  if (status === 0) return path
  console.log(
    `sqlite columns: left out (python3 could not make the synthetic export: ${stderr ?? 'not found'})`,
  )
  return undefined
}

/** The first read of the process, so that the peak is its own. */
function memoryOfFirstRead(path: string): void {
  const before = peak()
  const [table, wanted] = Object.entries(TABLES)[0]!
  const rows = READERS['pages']!(path, table, wanted)
  const rowBytes = Object.values(wanted).reduce((sum, type) => sum + newArray(type, 1).byteLength, 8)
  const columns = megabytes(rows * rowBytes)
  console.log(
    `  pages: peak memory ${megabytes(before)} before, ${megabytes(peak())} after reading ${columns} of columns`,
  )
}

function compare(path: string): void {
  console.log(
    `sqlite columns: synthetic export of ${megabytes(statSync(path).size)}, best of ${ROUNDS} rounds`,
  )
  memoryOfFirstRead(path)
  for (const [table, wanted] of Object.entries(TABLES)) {
    const best = new Map<string, { rows: number; ms: number; first: number }>()
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, read] of Object.entries(READERS)) {
        const start = performance.now()
        const rows = read(path, table, wanted)
        const ms = performance.now() - start
        const known = best.get(name)
        best.set(name, { rows, ms: Math.min(ms, known?.ms ?? ms), first: known?.first ?? ms })
      }
    }
    const pages = best.get('pages')!
    console.log(`  ${table}: ${pages.rows} rows × ${Object.keys(wanted).length} columns`)
    for (const [name, { rows, ms, first }] of best) {
      const rate = (rows / ms / 1000).toFixed(2).padStart(6)
      const lead =
        name === 'pages'
          ? `first time ${(rows / first / 1000).toFixed(2)}`
          : `pages ${(ms / pages.ms).toFixed(1)} × faster`
      console.log(`    ${name.padEnd(8)} ${rate} M rows/s   ${lead}`)
    }
  }
}

/** Peak resident memory of this process so far, bytes. */
const peak = (): number => process.resourceUsage().maxRSS * 1024

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
