import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeTile } from '../../analysis/timeline/tile-code.ts'
import { tileOf } from '../../analysis/timeline/timeline.ts'
import { Store } from '../../db/store.ts'
import { syntheticRun } from '../../fixtures/synthetic-run.ts'
import { Reader } from '../../server/reader.ts'
import { UserError } from '../../trace/errors.ts'
import type { Trace } from '../../trace/trace.ts'

let folder: string
let store: Store
let trace: Trace
const source = { name: 'x', sha256: 'a'.repeat(64), bytes: 1, format: 'synthetic' }
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parallax-reader-'))
  store = new Store(join(folder, 'store.db'))
  trace = syntheticRun({ kernels: 200_000 })
  store.addRun(trace, [source], 'synthetic', { captureNs: null, devices: [] })
})
afterAll(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

test('answers from its own thread are those of this one', async () => {
  const reader = new Reader(store)
  const tile = await reader.ask('tile', 1, 'stream-0', 14, 3)
  expect(Buffer.from(tile).equals(Buffer.from(encodeTile(tileOf(trace, 'stream-0', 14, 3))))).toBe(true)
  expect((await reader.ask('relations', 1, 'device_op', 7)).span.row).toBe(7)
  await reader.close()
})

test('while a question takes long, this thread goes on', async () => {
  const reader = new Reader(store)
  await reader.ask('names', 1, 0)
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  const start = performance.now()
  await reader.ask('analysis', 1, 'ledger', {})
  const took = performance.now() - start
  clearInterval(timer)
  // On its own thread the ledger of 200,000 kernels takes tens of ms; the timer would not have run once on this one.
  expect(took).toBeGreaterThan(10)
  expect(turns).toBeGreaterThan(3)
  await reader.close()
})

test('an error of the question is the error of the answer, its kind kept', async () => {
  const reader = new Reader(store)
  await expect(reader.ask('tile', 1, 'nothing-0', 3, 0)).rejects.toThrow('this run has no track "nothing-0"')
  await expect(reader.ask('tile', 1, 'nothing-0', 3, 0)).rejects.toBeInstanceOf(UserError)
  await expect(reader.ask('tracks', 77)).rejects.toMatchObject({ kind: 'not-found' })
  await reader.close()
})

test('when the thread ends, what it was asked fails, and the next question is answered by another', async () => {
  const reader = new Reader(store)
  await reader.ask('names', 1, 0)
  const lost = reader.ask('analysis', 1, 'ledger', {})
  await reader.close()
  await expect(lost).rejects.toThrow('the thread that reads traces ended')
  expect((await reader.ask('names', 1, 0))[0]).toBe('')
  await reader.close()
})

test('a question that nobody waits for any more is dropped from the line', async () => {
  const reader = new Reader(store)
  await reader.ask('names', 1, 0)
  const gone = new AbortController()
  const answered: string[] = []
  const first = reader.ask('analysis', 1, 'ledger', {}).then(() => answered.push('first'))
  void reader.askWhile(gone.signal, 'analysis', 1, 'kernels', {}).then(() => answered.push('dropped'))
  const last = reader.ask('names', 1, 0).then(() => answered.push('last'))
  gone.abort()
  await Promise.all([first, last])
  expect(answered).toEqual(['first', 'last'])
  await reader.close()
})

test('a store in memory is read here', async () => {
  const memory = new Store(':memory:')
  memory.addRun(syntheticRun({ kernels: 500 }), [source], 'synthetic', { captureNs: null, devices: [] })
  expect((await new Reader(memory).ask('tracks', 1)).map(({ id }) => id)).toContain('stream-0')
  memory.close()
})
