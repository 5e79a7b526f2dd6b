/**
 * Every report and rule against the real nsys, cell by cell. Needs nsys 2023.4.4 on PATH; skipped, saying why, elsewhere.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nsysReports } from '../../../analysis/nsys/index.ts'
import type { NsysExport } from '../../../fixtures/generate/nsys-sqlite.ts'
import { writeNsysSqlite } from '../../../fixtures/generate/nsys-sqlite.ts'
import { randomNsysExport } from '../../../fixtures/generate/random-nsys.ts'
import { smallGaps, smallLaunches } from '../../../fixtures/generate/small-nsys.ts'
import { nsysSqlite } from '../../../parsers/nsys/index.ts'
import { exports, nsys, shared, tracesIn } from '../../shared.ts'
import { compare, sum } from './compare.ts'
import type { Comparison } from './compare.ts'
import { printedByNsys, whyNoOracle } from './nsys-oracle.ts'

const RANDOM_TRACES = 300
/** nsys waits for its own start-up half of the time, so two at once keep two cores busy. */
const AT_ONCE = 2

const why = whyNoOracle()
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parity-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function compared(path: string): Promise<Comparison> {
  const [trace, printed] = [await nsysSqlite.read(path, {}), await printedByNsys(path)]
  return compare(trace, printed)
}

/** All of them, some at once; the differences say which file. */
async function comparedAll(paths: readonly (() => string)[]): Promise<Comparison> {
  const waiting = [...paths]
  const results: Comparison[] = []
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const path = next()
      const one = await compared(path)
      results.push({
        ...one,
        differences: one.differences.map((d) => ({ ...d, what: `${basename(path)}: ${d.what}` })),
      })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return sum(results)
}

const written = (name: string, tables: NsysExport) => (): string => {
  const path = join(folder, `${name}.sqlite`)
  writeNsysSqlite(path, tables)
  return path
}

describe.skipIf(why !== undefined)(
  `held against nsys${why === undefined ? '' : ` (skipped: ${why})`}`,
  () => {
    test(`no cell differs over ${RANDOM_TRACES} random traces, every report and rule`, async () => {
      const made = Array.from(
        { length: RANDOM_TRACES },
        (_, seed) => () => written(`seed-${seed}`, randomNsysExport(seed))(),
      )
      const all = await comparedAll(made)
      expect(all.differences).toEqual([])
      // The comparison was about something: millions of cells, and every report had rows in most traces.
      expect(all.cells).toBeGreaterThan(2_000_000)
      for (const { id } of nsysReports) expect(all.rows[id], `rows of ${id}`).toBeGreaterThan(100)
    }, 300_000)

    test('no cell differs on the two captures that the golden tests check by hand', async () => {
      const all = await comparedAll([written('launches', smallLaunches()), written('gaps', smallGaps())])
      expect(all.differences).toEqual([])
    })

    const files = exports()
    test.skipIf(files.length === 0)(
      `no cell differs over ${files.length} captures of other people${shared === undefined ? ' (skipped: PARALLAX_SHARED is not set)' : ''}`,
      async () => {
        const all = await comparedAll(files.map((path) => () => path))
        expect(all.differences).toEqual([])
        expect(all.answered).toBeGreaterThan(500)
      },
      900_000,
    )

    const reportFiles = [...tracesIn('nsys-rep', '.nsys-rep'), ...tracesIn('nsys-rep', '.qdrep')]
    test.skipIf(reportFiles.length === 0)(
      `no cell differs over those of ${reportFiles.length} reports of other people that this nsys can export${shared === undefined ? ' (skipped: PARALLAX_SHARED is not set)' : ''}`,
      async () => {
        const paths = reportFiles.flatMap((file) => {
          const path = join(folder, `${basename(file)}.sqlite`)
          const export_ = ['export', '--type', 'sqlite', '--force-overwrite', 'true', '--output', path, file]
          // Most were written by a newer nsys than this one, which says so and exports nothing.
          return spawnSync(nsys!, export_, { stdio: 'ignore' }).status === 0 ? [() => path] : []
        })
        expect(paths.length).toBeGreaterThan(5)
        const all = await comparedAll(paths)
        expect(all.differences).toEqual([])
        expect(all.answered).toBeGreaterThan(30)
        expect(all.rows['cuda_gpu_kern_sum']).toBeGreaterThan(0)
      },
      300_000,
    )
  },
)
