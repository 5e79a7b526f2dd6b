import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, test } from 'vitest'
import { formatOf } from '../../parsers/detect.ts'
import { formats } from '../../parsers/index.ts'
import { UserError } from '../../trace/errors.ts'
import { brokenRules } from '../../trace/integrity.ts'
import { sharedTest, tracesIn } from '../shared.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-broken-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Reads a file as the importer does: a sound trace, or the one line that says why not. */
async function outcome(path: string): Promise<'sound' | string> {
  try {
    const trace = await formatOf(path, formats).read(path, {})
    const broken = brokenRules(trace)
    return broken.length === 0 ? 'sound' : `UNSOUND ${broken[0]}`
  } catch (error) {
    if (error instanceof UserError) return error.message
    return `CRASH ${error instanceof Error ? error.stack : String(error)}`
  }
}

/** A small fixed generator, so that a failing place can be found again. */
function* numbers(seed: number): Generator<number> {
  let state = seed
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state / 2 ** 32
  }
}

const isClear = (said: string, name: string): void => {
  expect(said).not.toMatch(/^(CRASH|UNSOUND)/)
  if (said === 'sound') return
  expect(said.split('\n')).toHaveLength(1)
  expect(said).toContain(name)
}

describe('an nsys export', () => {
  /** A capture of about a megabyte, as one exporter wrote it. */
  const small = tracesIn('nsys-versions', '2023.4.4.sqlite')[0] ?? ''

  sharedTest('cut at 200 random places is refused in one line, never read half', async () => {
    const whole = readFileSync(small)
    const random = numbers(1)
    const path = join(folder, 'cut.sqlite')
    for (let i = 0; i < 200; i++) {
      writeFileSync(path, whole.subarray(0, Math.floor(random.next().value * (whole.length - 1))))
      const said = await outcome(path)
      isClear(said, 'cut.sqlite')
      expect(said).not.toBe('sound')
    }
  })

  sharedTest('with flipped bits is refused in one line, or read to a sound trace', async () => {
    const whole = readFileSync(small)
    const random = numbers(2)
    const path = join(folder, 'flipped.sqlite')
    for (let i = 0; i < 100; i++) {
      const copy = Buffer.from(whole)
      for (let k = 0; k < 8; k++) {
        const at = Math.floor(random.next().value * copy.length)
        copy[at]! ^= 1 << Math.floor(random.next().value * 8)
      }
      writeFileSync(path, copy)
      isClear(await outcome(path), 'flipped.sqlite')
    }
  })

  sharedTest('that is still being written is said to be', async () => {
    const path = join(folder, 'busy.sqlite')
    copyFileSync(small, path)
    const writer = new Database(path)
    writer.exec('BEGIN EXCLUSIVE; CREATE TABLE more (x); INSERT INTO more VALUES (1)')
    const said = await outcome(path)
    writer.exec('ROLLBACK')
    writer.close()
    expect(said).toMatch(/busy\.sqlite.*(being written|locked)/)
  })
})

const FILES: [what: string, name: string, content: () => Buffer, message: RegExp][] = [
  [
    'a valid SQLite file that is no trace',
    'other.sqlite',
    () => sqliteWith('CREATE TABLE person (name)'),
    /no Nsight Systems export/,
  ],
  [
    'an export without one row',
    'hollow.sqlite',
    () => sqliteWith('CREATE TABLE StringIds (id INTEGER PRIMARY KEY, value TEXT)'),
    /not one row/,
  ],
  [
    'a file of nvprof',
    'nvprof.sqlite',
    () =>
      sqliteWith(
        'CREATE TABLE StringTable (_id_, value); CREATE TABLE CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL (start)',
      ),
    /nvprof/,
  ],
  [
    'a file of nvprof with serialised kernels',
    'serialised.sqlite',
    () =>
      sqliteWith('CREATE TABLE StringTable (_id_, value); CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (start)'),
    /is an nvprof file/,
  ],
  [
    'JSON cut short',
    'cut.json',
    () => Buffer.from('{"traceEvents": [{"ph": "X", "cat": "kernel", "name": "a", "ts": 1'),
    /cut\.json/,
  ],
  [
    'JSON cut short in its header',
    'start.json',
    () => Buffer.from('{"schemaVersion": 1, "devicePro'),
    /^start\.json is JSON that is cut short, before any known event/,
  ],
  ['gzip cut short', 'cut.json.gz', () => gzipped().subarray(0, 400), /cut\.json\.gz/],
  [
    'JSON that is no trace',
    'data.json',
    () => Buffer.from('{"hello": "world"}'),
    /^data\.json is JSON without traceEvents: data\.json is not a trace this program knows/,
  ],
  ['text', 'notes.txt', () => Buffer.from('größer\n'), /^notes\.txt is text: notes\.txt is not/],
  [
    'text under the name of a report',
    'a.nsys-rep',
    () => Buffer.from('hello'),
    /^a\.nsys-rep is text \(named \.nsys-rep, but does not begin as one\): a\.nsys-rep is not/,
  ],
  [
    'other bytes',
    'photo.jpg',
    () => Buffer.from([0xff, 0xd8, 0, 1, 2]),
    /^photo\.jpg is a binary file: photo\.jpg/,
  ],
  ['deep nesting', 'deep.json', () => Buffer.from(`{"traceEvents": [${'['.repeat(100_000)}`), /deep\.json/],
  ['a zip archive', 'trace.zip', () => Buffer.from('PK\u0003\u0004rest'), /zip archive/],
  [
    'zstd',
    'a.json.zst',
    () => Buffer.from('28b52ffd0458', 'hex'),
    /^a\.json\.zst is packed with zstd; unpack it/,
  ],
  [
    'gzip in gzip',
    'a.json.gz',
    () => gzipSync(gzipped()),
    /^a\.json\.gz is packed with gzip twice; unpack it/,
  ],
  [
    'a tar in gzip',
    'a.tgz',
    () => gzipSync(`${'a'.padEnd(257, '\0')}ustar`),
    /^a\.tgz is a tar archive; unpack it/,
  ],
  ['gzip of nothing', 'no.json.gz', () => gzipSync(''), /^no\.json\.gz is a gzip file with nothing in it/],
  [
    'gzip cut in its header',
    'b.json.gz',
    () => gzipped().subarray(0, 9),
    /^b\.json\.gz is a gzip file with nothing/,
  ],
  [
    'gzip with something behind it',
    'c.json.gz',
    () => Buffer.concat([gzipped(), Buffer.from('rest')]),
    /^c\.json\.gz is damaged: its gzip stream does not decode/,
  ],
  [
    'gzip of 100 MiB of zeros',
    'd.json.gz',
    () => gzipSync(Buffer.alloc(100 * 2 ** 20)),
    /^d\.json\.gz is a binary file/,
  ],
  [
    'UTF-16',
    'w.json',
    () => Buffer.from('\ufeff{"traceEvents":[]}', 'utf16le'),
    /^w\.json is text in UTF-16; save/,
  ],
  [
    'UTF-16 without a mark',
    'v.json',
    () => Buffer.from('[{"ph":1}]', 'utf16le'),
    /^v\.json is text in UTF-16; save/,
  ],
  [
    'a large object without a list of events',
    'large.json',
    () => Buffer.from(`{"x":"${'y'.repeat(100_000)}"}`),
    /^large\.json is JSON without traceEvents/,
  ],
]

const gzipped = (): Buffer =>
  gzipSync(
    JSON.stringify({
      traceEvents: Array.from({ length: 3000 }, (_, i) => ({
        ph: 'X',
        cat: 'kernel',
        name: `k${Math.sin(i)}`,
        ts: i,
        dur: 1,
        pid: 1,
        tid: 1,
      })),
    }),
  )

function sqliteWith(sql: string): Buffer {
  const path = join(folder, 'made.sqlite')
  rmSync(path, { force: true })
  const database = new Database(path)
  database.exec(sql)
  database.close()
  return readFileSync(path)
}

test.each(FILES)('%s is refused in one line', async (_what, name, content, message) => {
  const path = join(folder, name)
  writeFileSync(path, content())
  const said = await outcome(path)
  isClear(said, basename(path))
  expect(said).toMatch(message)
})

test('a list of events behind a header of any length is found, whatever the file is called', async () => {
  const header = `"model":"${'x'.repeat(300_000)}"`
  const events = (cat: string): string => `"traceEvents":[{"ph":"X","cat":"${cat}","ts":1,"dur":1}]`
  for (const [cat, id] of [
    ['cpu_op', 'kineto'],
    ['Session', 'chrome'],
  ] as const)
    for (const pack of [Buffer.from, gzipSync]) {
      const path = join(folder, 'rank0.data')
      writeFileSync(path, pack(`\ufeff{${header},${events(cat)}}`))
      expect(formatOf(path, formats).id).toBe(id)
      expect(await outcome(path)).toBe('sound')
    }
})
