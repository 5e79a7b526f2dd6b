import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonFault } from '../../../parsers/json/fault.ts'
import { MORE, MOST_DEPTH, ValueSkipper } from '../../../parsers/json/skip.ts'
import { jsonValue } from './json-arbitrary.ts'

const skipAll = (text: string): number => {
  const bytes = Buffer.from(`${text}\0`)
  return new ValueSkipper().skip(bytes, 0, bytes.length - 1, true)
}

test('every JSON value is walked to its end', () => {
  fc.assert(
    fc.property(jsonValue, (text) => {
      expect(skipAll(`${text} `)).toBe(Buffer.byteLength(text))
    }),
  )
})

test('a value that comes in pieces ends where it ends in one', () => {
  fc.assert(
    fc.property(jsonValue, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (text, sizes) => {
      const whole = Buffer.from(`${text} `)
      const skipper = new ValueSkipper()
      let from = 0
      let known = 0
      for (let turn = 0; ; turn++) {
        known = Math.min(whole.length, known + sizes[turn % sizes.length]!)
        const bytes = Buffer.concat([whole.subarray(from, known), Buffer.alloc(1)])
        const to = skipper.skip(bytes, 0, known - from)
        if (to !== MORE) {
          expect(from + to).toBe(Buffer.byteLength(text))
          return
        }
        expect(known).toBeLessThan(whole.length)
        from += skipper.resumeAt
      }
    }),
  )
})

test('what JSON.parse refuses is refused, but for the words and texts that profilers write', () => {
  const symbol = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', 'true', ' ', '-', 'x')
  fc.assert(
    fc.property(fc.array(symbol, { minLength: 1, maxLength: 8 }), (symbols) => {
      const text = symbols.join('')
      let isJson = true
      try {
        JSON.parse(text)
      } catch {
        isJson = false
      }
      let end: number
      try {
        end = skipAll(text)
      } catch (error) {
        expect(error).toBeInstanceOf(JsonFault)
        end = MORE
      }
      expect(end !== MORE && text.slice(end).trim() === '').toBe(isJson)
    }),
    { numRuns: 5000 },
  )
})

test.each(['NaN', '-Infinity', 'inf', '[nan,Infinity]', '"C:\\Users\\x"', '"line\nbreak"', '01'])(
  '%s is let through',
  (text) => {
    expect(skipAll(text)).toBe(text.length)
  },
)

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

test('brackets up to the limit are walked, one more is an error', () => {
  expect(skipAll(nested(MOST_DEPTH))).toBe(2 * MOST_DEPTH)
  expect(() => skipAll(nested(MOST_DEPTH + 1))).toThrow(/nests brackets deeper than 1000/)
})
