import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { analyses } from '../analysis/index.ts'
import { BUSY_CLASSES } from '../analysis/kernel-class.ts'
import { IDLE_CAUSES } from '../analysis/causes.ts'
import { formats } from '../parsers/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string): string => {
  expect(existsSync(root + path), `${path} is missing`).toBe(true)
  return readFileSync(root + path, 'utf8')
}
const headings = (text: string): string[] => [...text.matchAll(/^#+ (.+)$/gm)].map((match) => match[1]!)

test.each(Object.values(analyses).map((one) => [one.id, one.title]))(
  'analysis %s has a page: meaning, definition, causes, remedy',
  (id, title) => {
    expect(headings(read(`docs/analyses/${id}.md`))).toEqual(
      expect.arrayContaining([title, 'Meaning', 'Definition', 'Causes', 'Remedy']),
    )
  },
)

test('every owner of time is explained on the ledger’s page', () => {
  const page = read('docs/analyses/ledger.md')
  for (const name of [...BUSY_CLASSES, ...IDLE_CAUSES]) expect(page, name).toContain(`\`${name}\``)
})

test.each(formats.map((one) => [one.title]))('format "%s" has a heading in docs/formats', (title) => {
  const pages = readdirSync(`${root}docs/formats`).map((name) => read(`docs/formats/${name}`))
  expect(pages.flatMap(headings)).toContain(title)
})

test('every top folder stands in ARCHITECTURE.md', () => {
  const map = read('ARCHITECTURE.md')
  for (const folder of [
    'trace',
    'analysis',
    'parsers',
    'db',
    'draw',
    'export',
    'profiler',
    'server',
    'cli',
    'web',
    'fixtures',
    'test',
    'bench',
    'docs',
  ])
    expect(map).toContain(`\`${folder}/\``)
})
