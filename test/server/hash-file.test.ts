import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { HashAside } from '../../server/hash-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-hash-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Whether another process may write to the file now. */
function otherMayWrite(path: string): boolean {
  const program = `
    const db = new (require('better-sqlite3'))(${JSON.stringify(path)}, { timeout: 0 })
    try { db.exec('INSERT INTO t VALUES (1)'); console.log('wrote') } catch (error) { console.log(error.code) }`
  const { stdout } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' })
  expect(stdout.trim()).toMatch(/^(wrote|SQLITE_BUSY)$/)
  return stdout.trim() === 'wrote'
}

test('hashing a file aside gives its hash, and leaves the lock of whoever reads it', async () => {
  const path = join(folder, 'read.sqlite')
  const db = new Database(path)
  db.exec('CREATE TABLE t(a); INSERT INTO t VALUES (0)')
  db.exec('BEGIN')
  db.prepare('SELECT count(*) FROM t').get()
  const hash = new HashAside(path)
  expect(await hash.result()).toBe(createHash('sha256').update(readOnce(path)).digest('hex'))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(otherMayWrite(path)).toBe(false)
  db.exec('COMMIT')
  db.close()
  hash.stop()
  expect(otherMayWrite(path)).toBe(true)
})

/** The bytes as another process sees them: reading them here would close a descriptor. */
const readOnce = (path: string): Buffer => {
  const { stdout } = spawnSync(process.execPath, [
    '-e',
    `process.stdout.write(require('fs').readFileSync(${JSON.stringify(path)}))`,
  ])
  return stdout
}
