import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { textTable } from '../../cli/text-table.ts'

const table = (text: string) =>
  textTable({
    title: 'Verdict',
    columns: [
      { key: 'text', title: 'What', unit: 'prose' },
      { key: 'evidence', title: 'Evidence' },
    ],
    rows: [{ text, evidence: 'summary' }],
  })

test('a sentence takes the lines it needs, and what stands beside it the first of them', () => {
  const text = `One step takes 17.3 s on a device with ${'quite '.repeat(12)}a long name (17.2 s to 17.4 s over 3 warm ones).`
  const lines = table(text).trimEnd().split('\n').slice(1)
  expect(lines.length).toBeGreaterThan(1)
  expect(lines[0]).toMatch(/ {2}summary$/)
  expect(lines.slice(1).join('\n')).not.toMatch(/summary/)
  for (const line of lines) expect(line).not.toMatch(/\d$/)
})

test('not a word of a sentence is lost, and no line is longer than its longest word or 84', () => {
  const words = fc.array(fc.stringMatching(/^[a-z0-9µ%.]{1,100}$/), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(words, (some) => {
      const lines = table(some.join(' '))
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.replace(/ +summary$/, '').trim())
      expect(lines.join(' ')).toBe(some.join(' '))
      for (const line of lines) if (line.length > 84) expect(line).not.toMatch(/\D \S/)
    }),
  )
})

test('a long name is cut, a table without rows says so', () => {
  const columns = [{ key: 'name', title: 'Name' }]
  expect(textTable({ title: '', columns, rows: [{ name: 'x'.repeat(100) }] })).toMatch(/x{71}…\n$/)
  expect(textTable({ title: '', columns, rows: [] })).toBe('  (none)\n')
})
