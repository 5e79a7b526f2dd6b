import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { analyses } from '../../analysis/index.ts'
import type { Analysis } from '../../analysis/analysis.ts'
import { definitionsOf } from '../../web/lib/definition-text.ts'
import { drawn } from '../drawn-trace.ts'

const definitions = definitionsOf(readFileSync('docs/definitions.md', 'utf8'))

/** Says its formula, its source rows, what it is in nsys or HTA, and what to mind. */
const isWhole = (key: string): boolean => {
  const notes = new Set(definitions.get(key)?.notes.map(({ name }) => name))
  return (
    notes.has('Formula') &&
    notes.has('Source') &&
    (notes.has('nsys') || notes.has('HTA')) &&
    notes.has('Mind')
  )
}

test('every column of every analysis’ tables has a definition: formula, source, counterpart, quirks', () => {
  const trace = drawn(`
    nvtx  [step...............]
    api   a...SSSSMMM...bb....
    gpu0  ..AAAA.............BBB`)
  const keys = (Object.values(analyses) as unknown as Analysis[]).flatMap((one) =>
    one.tables(one.compute(trace, {})).flatMap(({ columns }) => columns.map(({ key }) => key)),
  )
  expect(keys.length).toBeGreaterThan(60)
  expect([...new Set(keys)].filter((key) => !isWhole(key))).toEqual([])
})

test.each(['overview', 'phases', 'launches', 'gaps', 'kernels', 'roofline', 'memory'])(
  'every column of the %s view has one, too',
  (view) => {
    const found = readdirSync(`web/views/${view}`)
      .filter((name) => name.endsWith('.svelte'))
      .flatMap((name) => [
        ...readFileSync(`web/views/${view}/${name}`, 'utf8').matchAll(
          /\{ key: '(\w+)', title:[^}]*?(?:definition: '(\w+)'[^}]*?)?\}/g,
        ),
      ])
      .map(([, key, definition]) => definition ?? key!)
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter((key) => !isWhole(key))).toEqual([])
  },
)
