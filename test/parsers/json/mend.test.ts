/** Events as profilers are known to have written them, and what they meant. Hand-written: no capture. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDocumentFrom } from '../../../parsers/json/document.ts'
import { eventVisitor } from '../../../parsers/json/events.ts'
import { mended, nearlyParsed } from '../../../parsers/json/mend.ts'
import { UserError } from '../../../trace/errors.ts'
import { memorySource } from './memory-source.ts'

const meant = (text: string): unknown => {
  const bytes = Buffer.from(text)
  const mending = mended(bytes, 0, bytes.length, true)
  if (mending === undefined || mending === 'more') return mending
  expect(mending.end).toBe(bytes.length)
  return JSON.parse(Buffer.from(mending.json, 'latin1').toString('utf8'))
}

async function eventsIn(text: string): Promise<{ events: unknown[]; warnings: string[] }> {
  const events: unknown[] = []
  const { visitor, warnings } = eventVisitor((event) => void events.push(event))
  await readDocumentFrom(memorySource(text, [7]), visitor, {}, 16)
  return { events, warnings }
}

test.each([
  [
    '{"name": "{"device": "cpu", "n": 1}(12): run", "pid": 7}',
    { name: '{"device": "cpu", "n": 1}(12): run', pid: 7 },
  ],
  [
    '{"ts":1,"name" :"a"b"_kernel_time","args" : {"x":"c"}}',
    { ts: 1, name: 'a"b"_kernel_time', args: { x: 'c' } },
  ],
  ['{"name":"é \\"q\\" "x"","ph":"X"}', { name: 'é "q" "x"', ph: 'X' }],
  [
    '{"name":"torch\\nn\\modules\\x.py(1): "f"","ph":"X"}',
    { name: 'torch\\nn\\modules\\x.py(1): "f"', ph: 'X' },
  ],
  ['{"name":"a\\\\b\\q\nc","ph":"X"}', { name: 'a\\b\\q\nc', ph: 'X' }],
  [
    '{"args":{"a": N/A, "b": -nan(ind), "c": None, "d": 1.#INF, "e": 0x1f, "f": True}}',
    { args: { a: null, b: null, c: null, d: null, e: null, f: true } },
  ],
  [
    '{"args":{"a": , "b":[{"float":[1,2]},], "c":[,1,,2], "d":}, "ts": 007}',
    { args: { a: null, b: [{ float: [1, 2] }], c: [1, 2], d: null }, ts: 7 },
  ],
  ['{"ts": 102.957,\n\ttid": 0}', { ts: 102.957, tid: 0 }],
  [
    '{"own": "x", "other": N/A, "pid": 1, "tid": "2", "ts": 3}',
    { own: 'x', other: null, pid: 1, tid: '2', ts: 3 },
  ],
  [
    '{"own": "x", "other": N/A, "pid": 1, "tid": "2", "ts": 3}',
    { own: 'x', other: null, pid: 1, tid: '2', ts: 3 },
  ],
])('%s means what its writer meant', (text, expected) => {
  expect(meant(text)).toEqual(expected)
})

test.each([
  '{"a" 1}',
  '{"a":1]',
  '{"a":?}',
  '{"a":1 2}',
  '{a:1}',
  '{"a":"b"c}',
  '[1]',
  '{"a":1',
  '{"name":"x',
  '',
])('%s stays broken', (text) => {
  expect(meant(text)).toBeUndefined()
})

const words = fc.string({ unit: 'binary', maxLength: 12 })
const argument = fc.oneof(words, fc.double({ noNaN: true }), fc.boolean(), fc.array(words), fc.constant(null))
const event = fc.record({
  ph: fc.constantFrom('X', 'i'),
  name: words,
  ts: fc.nat(),
  cat: words,
  args: fc.dictionary(
    fc.stringMatching(/^[a-z ]{1,9}$/),
    fc.oneof(argument, fc.dictionary(fc.constant('in'), argument)),
  ),
})

test('what is JSON already means the same, to the digit', () => {
  fc.assert(
    fc.property(event, fc.constantFrom(undefined, 1), (value, indent) => {
      expect(meant(JSON.stringify(value, undefined, indent))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
    { numRuns: 500 },
  )
  const bytes = Buffer.from('{"ts":1661203462598738.001,"x":N/A}')
  expect(mended(bytes, 0, bytes.length, true)).toMatchObject({ json: '{"ts":1661203462598738.001,"x":null}' })
})

test('the end of an event is told only by what comes behind it', () => {
  const text = '{"name":"a"b","pid":1},{"name":"c"}'
  for (let end = 1; end < text.indexOf('},{') + 2; end++)
    expect(mended(Buffer.from(text), 0, end, false)).toBe('more')
})

test('arguments that are no JSON are read as nearly as they can be', () => {
  const bytes = Buffer.from('{"used":NaN,"free":2,"path":"C:\\new\\data"}')
  expect(nearlyParsed(bytes, 0, bytes.length)).toEqual({ used: null, free: 2, path: 'C:\\new\\data' })
  expect(nearlyParsed(Buffer.from('"C:\\data"'), 0, 9)).toBeUndefined()
})

test('a list with such events is read whole, in any pieces, and says how many and where', async () => {
  const { events, warnings } = await eventsIn('[{"a":1},{"name":"x"y","pid":2},{"b":N/A},{"c":3}]')
  expect(events).toEqual([{ a: 1 }, { name: 'x"y', pid: 2 }, { b: null }, { c: 3 }])
  expect(warnings).toEqual([
    expect.stringMatching(/^2 events are no valid JSON .*the first is number 1 of the list/),
  ])
})

test('an event that nothing mends is refused with its place, as before', async () => {
  const error: unknown = await eventsIn('[{"a":1},{"a":1]]').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UserError)
  expect((error as UserError).message).toContain('at byte 15')
})
