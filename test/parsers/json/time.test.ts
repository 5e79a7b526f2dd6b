import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MORE } from '../../../parsers/json/skip.ts'
import { TimeReader } from '../../../parsers/json/time.ts'

function read(text: string): { ns: bigint | undefined; to: number } {
  const bytes = Buffer.from(`${text},\0`)
  const reader = new TimeReader()
  const to = reader.read(bytes, 0, bytes.length - 1)
  return { ns: Number.isNaN(reader.us) ? undefined : BigInt(reader.us) * 1000n + BigInt(reader.rest), to }
}

test('a time of any size keeps every nanosecond', () => {
  const time = fc.bigInt(-(2n ** 53n) * 999n, 2n ** 53n * 999n)
  fc.assert(
    fc.property(time, (ns) => {
      const digits = (ns < 0n ? -ns : ns).toString().padStart(4, '0')
      const text = `${ns < 0n ? '-' : ''}${digits.slice(0, -3)}.${digits.slice(-3)}`
      expect(read(text)).toEqual({ ns, to: text.length })
    }),
  )
})

test('a date in microseconds is read to the nanosecond, where a double has steps of 250', () => {
  expect(read('1661203462598738.001').ns).toBe(1661203462598738001n)
  expect(Number('1661203462598738.001')).toBe(1661203462598738)
})

test.each([
  ['12', 12000n],
  ['0.5', 500n],
  ['7.4999', 7500n],
  ['7.0004', 7000n],
  ['7.0005', 7001n],
  ['6.9996', 7000n],
  ['-0.5', -500n],
  ['-1.25', -1250n],
  ['1e3', 1000000n],
  ['1.5E-2', 15n],
  ['2.5e-05', 0n],
  ['1661203462598738.5e0', 1661203462598738500n],
])('%s µs is %s ns', (text, ns) => {
  expect(read(text)).toEqual({ ns, to: text.length })
})

test.each(['99999999999999999', '1e400', '1e999'])('%s is no time that fits', (text) => {
  expect(read(text).ns).toBeUndefined()
})

test('a number that touches the end of the bytes may go on', () => {
  for (const text of ['12', '12.', '12.5', '1e', '1e3', '-']) {
    const bytes = Buffer.from(`${text}\0`)
    expect(new TimeReader().read(bytes, 0, text.length)).toBe(MORE)
  }
})
