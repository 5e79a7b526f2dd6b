import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { TextTable, textOf } from '../../../parsers/json/text.ts'
import { jsonString } from './json-arbitrary.ts'

const between = (quoted: string): string => {
  const bytes = Buffer.from(quoted)
  return textOf(bytes, 1, bytes.length - 1)
}

test('a string decodes as JSON.parse decodes it', () => {
  fc.assert(
    fc.property(jsonString, (text) => {
      expect(between(text)).toBe(JSON.parse(text))
    }),
  )
})

test('an escape that JSON does not know tells that no backslash of the text was escaped: all stay as written', () => {
  expect(between('"C:\\Users\\name"')).toBe('C:\\Users\\name')
  expect(between('"torch\\nn\\modules\\module.py(1): \\"f\\""')).toBe('torch\\nn\\modules\\module.py(1): "f"')
  expect(between('"\\x41"')).toBe('\\x41')
})

test('beside an escaped backslash an unknown escape stays alone', () => {
  expect(between('"C:\\\\new\\q\\n"')).toBe('C:\\new\\q\n')
})

test('equal texts have one number, different texts different ones, however many and however long', () => {
  const table = new TextTable()
  const known = new Map<string, number>()
  const texts = fc.array(
    fc.oneof(
      fc.string({ maxLength: 5 }),
      fc
        .tuple(fc.constantFrom('k', 'K'), fc.integer({ min: 60, max: 400 }))
        .map(([letter, length]) => letter.repeat(length)),
      // Equal in length, ends and every eighth byte: only a full comparison tells them apart.
      fc.integer({ min: 41, max: 47 }).map((at) => 'a'.repeat(at) + 'b' + 'a'.repeat(299 - at)),
    ),
    { minLength: 1, maxLength: 300 },
  )
  fc.assert(
    fc.property(texts, (all) => {
      for (const text of all) {
        const bytes = Buffer.from(`..${text}..`)
        const id = table.idOf(bytes, 2, bytes.length - 2)
        expect(known.get(text) ?? id).toBe(id)
        known.set(text, id)
        expect(Buffer.from(table.text(id))).toEqual(Buffer.from(textOf(bytes, 2, bytes.length - 2)))
      }
      expect(new Set(known.values()).size).toBe(known.size)
    }),
  )
})

test('a hundred thousand names are kept apart', () => {
  const table = new TextTable()
  for (let round = 0; round < 2; round++)
    for (let i = 0; i < 100_000; i++) {
      const bytes = Buffer.from(`name ${i}`)
      if (table.idOf(bytes, 0, bytes.length) !== i) throw new Error(`name ${i} has another number`)
    }
  expect(table.size).toBe(100_000)
})
