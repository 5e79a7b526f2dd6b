import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { Store } from '../../db/store.ts'
import { columnsOf } from '../../trace/table.ts'
import { specOf, tableNames } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { drawn } from '../drawn-trace.ts'
import { randomParts, traceOf } from '../random-trace.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-store-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SUMMARY = { captureNs: null, devices: [] }
let files = 0
const source = () => ({ name: 'drawn', sha256: `sha-${files++}`, bytes: 1, format: 'drawn' })
const contents = (trace: Trace) => ({
  strings: trace.strings,
  tables: Object.fromEntries(tableNames.map((name) => [name, columnsOf(specOf(name), trace[name])])),
})

test('any trace comes back as it was stored', () => {
  const store = new Store(join(folder, 'roundtrip.sqlite'))
  fc.assert(
    fc.property(randomParts, (parts) => {
      const trace = traceOf(parts)
      const run = store.addRun(trace, [source()], 'random', SUMMARY)
      expect(contents(store.loadTrace(run))).toEqual(contents(trace))
    }),
    { numRuns: 50 },
  )
  store.close()
})

describe('a store', () => {
  const path = join(folder, 'store.sqlite')
  const trace = drawn('gpu0  AA.BB')

  test('finds a run by id, label and content', () => {
    const store = new Store(path)
    const one = source()
    const run = store.addRun(trace, [one], 'first', SUMMARY)
    expect(store.findRun(String(run))?.label).toBe('first')
    expect(store.findRun('first')?.id).toBe(run)
    expect(store.runOfContent(one.sha256)).toBe(run)
    expect(store.findRun('nothing')).toBeUndefined()
    store.close()
  })

  test('holds a run whole or not at all', () => {
    const store = new Store(path)
    const before = store.runs().length
    const one = source()
    store.addRun(trace, [one], 'kept', SUMMARY)
    // The same content again breaks the unique key of its source, after the run's row was written.
    expect(() => store.addRun(trace, [one], 'twice', SUMMARY)).toThrow(/UNIQUE/)
    expect(store.runs().map((run) => run.label)).not.toContain('twice')
    expect(store.runs()).toHaveLength(before + 1)
    store.close()
  })

  test('forgets a deleted run with all its columns', () => {
    const store = new Store(path)
    const run = store.addRun(trace, [source()], 'gone', SUMMARY)
    store.deleteRun(run)
    const { n } = store.database
      .prepare('SELECT count(*) AS n FROM column_chunk WHERE run_id = ?')
      .get(run) as {
      n: number
    }
    expect(n).toBe(0)
    expect(() => store.run(run)).toThrow(/no run/)
    store.close()
  })

  test('refuses a file that is no database, in one line', () => {
    expect(() => new Store(new URL('../../package.json', import.meta.url).pathname)).toThrow(
      /package\.json cannot be opened as a store .*; give another --db/,
    )
  })
})
