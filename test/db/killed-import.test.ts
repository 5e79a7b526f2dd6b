import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect } from 'vitest'
import { Store } from '../../db/store.ts'
import { importFile } from '../../server/import-file.ts'
import { brokenRules } from '../../trace/integrity.ts'
import { sharedTest } from '../shared.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-killed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

sharedTest(
  'kill -9 of the importer at 20 moments leaves whole runs only, and importing again succeeds',
  async (shared) => {
    const file = join(shared, 'traces', 'vggt-a40', 'vggt_report_A40.sqlite')
    const program = fileURLToPath(new URL('programs/import.ts', import.meta.url))
    const database = join(folder, 'store.sqlite')
    new Store(database).close()
    /** How long a whole import takes here and now, to spread the kills over it. */
    const whole = await importAndKill(program, [join(folder, 'first.sqlite'), file], Infinity)
    let killed = 0
    for (let i = 0; i < 20; i++) {
      const after = ((i + 0.5) / 20) * whole
      const took = await importAndKill(program, [database, file], after)
      if (took >= after) killed++
      const store = new Store(database)
      for (const run of store.runs()) {
        expect(brokenRules(store.loadTrace(run.id))).toEqual([])
        expect(store.loadTrace(run.id).device_op.length).toBe(run.counts.device_op)
        store.deleteRun(run.id)
      }
      store.close()
    }
    expect(killed).toBeGreaterThan(5)
    const store = new Store(database)
    const { run, already } = await importFile(store, file, {})
    expect(already).toBe(false)
    expect(store.run(run).counts.device_op).toBe(20_381)
    store.close()
  },
  240_000,
)

/** Milliseconds until the import ended or was killed. */
function importAndKill(program: string, args: readonly string[], afterMs: number): Promise<number> {
  return new Promise((resolve) => {
    const started = performance.now()
    const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], { stdio: 'ignore' })
    const timer = Number.isFinite(afterMs) ? setTimeout(() => child.kill('SIGKILL'), afterMs) : undefined
    child.on('exit', () => {
      clearTimeout(timer)
      resolve(performance.now() - started)
    })
  })
}
