/**
 * Broken files: each is refused in one line, or read to something sound. Fixed seeds; synthetic input, no capture.
 */
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { syntheticKineto } from '../../../fixtures/kineto/synthetic.ts'
import { brokenRules } from '../../../trace/integrity.ts'
import { UserError } from '../../../trace/errors.ts'
import type { Trace } from '../../../trace/trace.ts'
import { balance, readBytes } from './files.ts'

const whole = Buffer.from([...syntheticKineto({ launches: 40 })].join(''))
const listForm = Buffer.from(
  JSON.stringify((JSON.parse(whole.toString()) as { traceEvents: unknown[] }).traceEvents),
)

/** Numbers in [0, below), the same on every run (mulberry32). */
function* numbers(seed: number, count: number, below: number): Generator<number> {
  let state = seed
  for (let i = 0; i < count; i++) {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    yield ((x ^ (x >>> 14)) >>> 0) % below
  }
}

async function outcome(bytes: Buffer): Promise<Trace | UserError> {
  try {
    return await readBytes(bytes)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    expect(error.kind).toBe('bad-input')
    expect(error.message).toMatch(/^trace-\d+\.json [^\n]+; [^\n]+$/)
    return error
  }
}

function expectSound(trace: Trace): void {
  expect(brokenRules(trace)).toEqual([])
  const { source, imported, skipped } = balance(trace)
  expect(source).toBe(imported + skipped)
}

test('an object cut at any of 200 places is refused', async () => {
  for (const at of numbers(1, 200, whole.length - 3)) {
    const result = await outcome(whole.subarray(0, at))
    expect(result).toBeInstanceOf(UserError)
    expect((result as UserError).message).toMatch(at === 0 ? /holds nothing/ : /is cut short/)
  }
})

test('a list cut at any of 200 places is refused, or between two events read up to there with a warning', async () => {
  let isRead = 0
  // Every tenth cut right behind an event, the rest anywhere.
  const ends = [...listForm.toString('latin1').matchAll(/\}(?=,\{"ph"|,\{"name")/g)].map(
    ({ index }) => index + 1,
  )
  const cuts = [...numbers(2, 180, listForm.length - 1)].concat(
    [...numbers(3, 20, ends.length)].map((i) => ends[i]!),
  )
  for (const at of cuts) {
    const result = await outcome(listForm.subarray(0, at))
    if (result instanceof UserError) continue
    isRead++
    expect(result.meta.warnings[0]).toContain('no closing "]"')
    expectSound(result)
  }
  expect(isRead).toBeGreaterThanOrEqual(20)
})

test('a gzip file cut at any of 50 places is refused', async () => {
  const packed = gzipSync(whole)
  for (const at of numbers(4, 50, packed.length - 20)) {
    // With less than the two bytes that tell gzip, it is no JSON either.
    expect(await outcome(packed.subarray(0, at + 1))).toBeInstanceOf(UserError)
  }
})

test('a flipped bit at any of 600 places is refused or read to something sound', async () => {
  let refused = 0
  for (const at of numbers(5, 600, whole.length * 8)) {
    const bytes = Buffer.from(whole)
    bytes[at >> 3]! ^= 1 << (at & 7)
    const result = await outcome(bytes)
    if (result instanceof UserError) refused++
    else expectSound(result)
  }
  expect(refused).toBeGreaterThan(50)
  expect(refused).toBeLessThan(600)
})

test('a flipped bit in a gzip file is refused or read to something sound', async () => {
  const packed = gzipSync(whole)
  for (const at of numbers(6, 100, packed.length * 8)) {
    const bytes = Buffer.from(packed)
    bytes[at >> 3]! ^= 1 << (at & 7)
    const result = await outcome(bytes)
    if (!(result instanceof UserError)) expectSound(result)
  }
})

test('random bytes, and a file of another kind, are refused', async () => {
  for (const seed of [7, 8, 9])
    expect(await outcome(Buffer.from([...numbers(seed, 5000, 256)]))).toBeInstanceOf(UserError)
  for (const text of [
    '',
    'SQLite format 3\0',
    'version https://git-lfs.github.com/spec/v1',
    '<html>',
    '{"a":[1,2',
    'null',
  ])
    expect(await outcome(Buffer.from(text))).toBeInstanceOf(UserError)
})

test('brackets nested a million deep are refused, wherever they stand', async () => {
  const deep = '['.repeat(1_000_000)
  for (const text of [
    deep,
    `{"x":${deep}`,
    `{"traceEvents":[{"ph":"X","args":{"stream":${deep}`,
    `{"traceEvents":[{"ph":"X","x":${deep}`,
  ])
    expect(((await outcome(Buffer.from(text))) as UserError).message).toContain('nests brackets deeper')
})
