import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { encodeColumns } from '../../db/columns.ts'
import type { EncodedChunk, StoredColumn } from '../../db/columns.ts'
import { ImportAside } from '../../server/import-aside.ts'

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
  const aside = new ImportAside(path)
  expect(await aside.sha256()).toBe(createHash('sha256').update(readOnce(path)).digest('hex'))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(otherMayWrite(path)).toBe(false)
  db.exec('COMMIT')
  db.close()
  aside.stop()
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

test('columns encoded beside each other are as encoded alone, and some are given away', async () => {
  const path = join(folder, 'any')
  writeFileSync(path, 'any bytes')
  const rows = (1 << 20) + 5
  const make = (): StoredColumn[] => [
    { table: 't', name: 'packed', type: 'ns', values: Float64Array.from({ length: rows }, (_, i) => 3 * i) },
    { table: 't', name: 'raw', type: 'f64', values: Float64Array.from({ length: rows }, (_, i) => i / 8) },
    { table: 't', name: 'ids', type: 'i64', values: BigInt64Array.of(1n, 2n ** 60n) },
    { table: 'u', name: 'none', type: 'u8', values: new Uint8Array(0) },
    { table: 'u', name: 'more', type: 'u32', values: Uint32Array.from({ length: rows }, (_, i) => i % 9) },
  ]
  const placeOf = ({ name, chunk }: EncodedChunk): string => `${name} ${chunk}`
  const inOrder = (chunks: Iterable<EncodedChunk>): EncodedChunk[] =>
    [...chunks].toSorted((a, b) => placeOf(a).localeCompare(placeOf(b)))
  const aside = new ImportAside(path)
  const given = make()
  const chunks = inOrder(aside.encode(given))
  const alone = inOrder(encodeColumns(make()))
  expect(chunks.map(placeOf)).toEqual(alone.map(placeOf))
  for (const [i, { data, ...rest }] of chunks.entries()) {
    expect(rest).toEqual({ ...alone[i], data: undefined })
    expect(Buffer.compare(data, alone[i]!.data)).toBe(0)
  }
  expect(given[0]!.values.length).toBe(0)
  aside.stop()
})

test('an encoding that fails is told', async () => {
  const path = join(folder, 'any')
  writeFileSync(path, 'any bytes')
  const aside = new ImportAside(path)
  const odd: StoredColumn = { table: 't', name: 'odd', type: null as never, values: new Uint8Array(3) }
  expect(() => [...aside.encode([odd])]).toThrow(/could not be encoded: TypeError/)
  aside.stop()
})
