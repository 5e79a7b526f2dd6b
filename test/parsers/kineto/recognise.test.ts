import { expect, test } from 'vitest'
import { kindOfJson } from '../../../parsers/kineto/recognise.ts'

const kindOf = (text: string, name = ''): string | undefined => kindOfJson(Buffer.from(text), name)

test.each([
  ['{"schemaVersion":1,"traceEvents":[{"ph":"X","cat":"cpu_op"}]}', 'kineto'],
  ['{"traceEvents" : [ {"ph":"X","cat":"kernel"},{"ph":"X","cat":"cuda_runtime"} ]}', 'kineto'],
  ['{"distributedInfo":{"rank":0},"traceEvents":[]}', 'kineto'],
  ['\ufeff {"traceEvents":[{"ph":"X","cat":"forward"}]}', 'chrome'],
  ['{"traceEvents":[{"ph":"X","cat":"kernel"}]}', 'chrome'],
  ['{"traceEvents":[]}', 'chrome'],
  ['[{"name":"a","ph":"B"', 'chrome'],
  ['[\n  {"cat": "cpu_op", "ph": "X"}', 'kineto'],
  ['[{"cat" : "Session","pid" :45954,"ph" : "X"},{"cat":"Node"}]', undefined],
  // The same words in another tool's trace.
  ['{"traceEvents":[{"cat":"Session","ph":"X"}]}', 'chrome'],
  ['[{"cat":"Session","ph":"X","name":"login"}]', 'chrome'],
  ['[1,2,3]', undefined],
  ['[]', undefined],
  ['{"a":1}', undefined],
  ['{"runs":[{"ph":"X"}]}', undefined],
  ['version https://git-lfs', undefined],
  ['', undefined],
])('%s is %s', (text, kind) => {
  expect(kindOf(text)).toBe(kind)
})

const head = (text: string): string => text.slice(0, 65_536)

test('a header longer than what is looked at leaves it to its fields, then to the name', () => {
  const long = `"metadata":"${'x'.repeat(70_000)}"`
  expect(kindOf(head(`{"baseTimeNanoseconds":1,${long}`))).toBe('kineto')
  expect(kindOf(head(`{${long}`), 'worker0.pt.trace.json.gz')).toBe('kineto')
  expect(kindOf(head(`{${long}`), 'my-trace.json')).toBe('chrome')
  expect(kindOf(head(`{${long}`), 'data.json')).toBeUndefined()
})
