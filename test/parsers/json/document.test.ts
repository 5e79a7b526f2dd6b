import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { forEachEvent, eventVisitor } from '../../../parsers/json/events.ts'
import { readDocument, readDocumentFrom } from '../../../parsers/json/document.ts'
import { UserError } from '../../../trace/errors.ts'
import { memorySource } from './memory-source.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-json-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, bytes: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

async function read(text: string): Promise<{ events: unknown[]; warnings: string[] }> {
  const events: unknown[] = []
  const { visitor, warnings } = eventVisitor((event) => void events.push(event))
  await readDocumentFrom(memorySource(text, [7]), visitor, {}, 16)
  return { events, warnings }
}

const refusal = async (text: string): Promise<string> => {
  const error: unknown = await read(text).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(UserError)
  expect((error as UserError).kind).toBe('bad-input')
  return (error as UserError).message
}

test('the list form may end without its bracket, after an event or after a comma, and warns', async () => {
  for (const text of ['[', '[{"a":1}', '[{"a":1},', '[{"a":1},\n']) {
    const { events, warnings } = await read(text)
    expect(events).toEqual(text === '[' ? [] : [{ a: 1 }])
    expect(warnings).toEqual([expect.stringContaining('no closing "]"')])
  }
})

test('half an event is refused in either form, with the place where the text ends', async () => {
  expect(await refusal('[{"a":1},{"b"')).toBe(
    'test.json is cut short: the text ends, at byte 13; copy or export it again',
  )
  expect(await refusal('{"traceEvents":[{"a":1},{"b":')).toContain('is cut short')
})

test('an object that ends between events is refused: its header fields may be missing', async () => {
  for (const text of [
    '{"traceEvents":[{"a":1}',
    '{"traceEvents":[{"a":1}]',
    '{"traceEvents":[],"x":',
    '{"x":12',
  ])
    expect(await refusal(text)).toContain('is cut short')
})

test('a comma before the closing bracket is let through, with a warning', async () => {
  const { events, warnings } = await read('{"traceEvents":[{"a":1},]}')
  expect(events).toEqual([{ a: 1 }])
  expect(warnings).toEqual([expect.stringContaining('a comma stands before')])
})

test.each([
  ['', 'holds nothing'],
  [' \n', 'holds nothing'],
  ['version https://git-lfs.github.com/spec/v1', 'is not JSON'],
  ['{}', 'is JSON, but has no list "traceEvents"; name a file'],
  ['{"traceEvents":{}}', 'is JSON, but has no list "traceEvents"; name a file'],
  ['[{"a":1}]x', "'x' where the end of the file should be"],
  ['[{"a":1}{"b":2}]', "'{' where ',' or ']' should be"],
  ['{"traceEvents":[] "x":1}', "'\"' where ',' or '}' should be"],
  ['{"a":1,}', "'}' where a key should be"],
  ['[{"a" 1}]', "'1' where ':' should be"],
  ['[{"a":1]]', "']' where ',' or a closing bracket should be"],
])('%s is refused: %s', async (text, why) => {
  expect(await refusal(text)).toContain(why)
})

test('the place of an error is its byte in the whole text', async () => {
  const before = `{"x":${JSON.stringify('é'.repeat(100))},"traceEvents":[{"a":`
  expect(await refusal(`${before}?}]}`)).toContain(`at byte ${Buffer.byteLength(before)};`)
})

test('a byte order mark is no part of the text', async () => {
  expect((await read('\ufeff[{"a":1}]')).events).toEqual([{ a: 1 }])
})

test('a value that nobody wants may be larger than the window', async () => {
  const long = JSON.stringify({ deep: ['x'.repeat(10_000), ...Array.from({ length: 2000 }, (_, i) => i)] })
  expect((await read(`{"metadata":${long},"traceEvents":[1],"after":${long}}`)).events).toEqual([1])
})

test('an event may be larger than the window', async () => {
  const event = { args: { stack: 'y'.repeat(100_000) } }
  expect((await read(JSON.stringify([event, event]))).events).toEqual([event, event])
})

test('brackets nested a million deep are an error, in an event and beside it', async () => {
  const bomb = '['.repeat(1_000_000)
  expect(await refusal(bomb)).toContain('nests brackets deeper than 1000')
  expect(await refusal(`{"x":${bomb}`)).toContain('nests brackets deeper than 1000')
  expect(await refusal(`[{"args":${'{"a":'.repeat(1_000_000)}`)).toContain('nests brackets deeper than 1000')
})

test('fields that are wanted come as text, wherever they stand', async () => {
  const fields: [string, string][] = []
  const unwanted: string[] = []
  const { visitor } = eventVisitor(() => {})
  await readDocumentFrom(
    memorySource('{"a": [1, 2],"b":{"c":3},"traceEvents":[],"d":  "e"}', [3]),
    {
      ...visitor,
      header: new Set(['a', 'd']),
      field: (key, text) => void fields.push([key, text]),
      unwanted: (key) => void unwanted.push(key),
    },
    {},
    16,
  )
  expect(fields).toEqual([
    ['a', '[1, 2]'],
    ['d', '"e"'],
  ])
  expect(unwanted).toEqual(['b'])
})

test('a gzip file reads as its text, and tells its progress in bytes of the file', async () => {
  const events = Array.from({ length: 20_000 }, (_, i) => ({ i, name: `event ${i % 7}` }))
  const packed = gzipSync(JSON.stringify(events))
  const path = file('packed.json.gz', packed)
  const read: unknown[] = []
  const steps: number[] = []
  await forEachEvent(path, (event) => void read.push(event), {
    progress: ({ bytesDone, bytesTotal }) => {
      expect(bytesTotal).toBe(packed.length)
      steps.push(bytesDone)
    },
  })
  expect(read).toEqual(events)
  expect(steps.at(-1)).toBe(packed.length)
})

test('a gzip stream that is cut short or damaged is named as such', async () => {
  const noise = Array.from({ length: 5000 }, (_, i) => ({ ts: (i * 7919) % 104_729 }))
  const packed = gzipSync(JSON.stringify(noise))
  const middle = packed.length >> 1
  const cut = file('cut.json.gz', packed.subarray(0, middle))
  await expect(forEachEvent(cut, () => {})).rejects.toThrow(
    /^cut\.json\.gz is cut short: its gzip stream has no end/,
  )
  const damaged = Buffer.from(packed)
  damaged.fill(0xff, middle, middle + 64)
  await expect(forEachEvent(file('damaged.json.gz', damaged), () => {})).rejects.toThrow(
    /gzip stream does not decode/,
  )
})

test('reading stops where it is asked to', async () => {
  const path = file('long.json', JSON.stringify(Array.from({ length: 500_000 }, (_, i) => i)))
  const stop = new AbortController()
  const reading = forEachEvent(path, (_event, index) => index === 10 && stop.abort(), { signal: stop.signal })
  await expect(reading).rejects.toThrow(/abort/i)
})

test('a missing file is not found', async () => {
  const reading = readDocument(join(folder, 'none.json'), eventVisitor(() => {}).visitor, {})
  await expect(reading).rejects.toMatchObject({ kind: 'not-found' })
})
