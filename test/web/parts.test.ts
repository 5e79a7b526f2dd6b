/** The page's plain functions, without a browser. */
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { definitionsOf } from '../../web/lib/definition-text.ts'
import { blocksOf, piecesOf } from '../../web/lib/markdown.ts'
import { compareHref, queryWith, routeOf, runHref } from '../../web/lib/route.ts'
import { csv, matching, narrowed, nextOrder, ordered, whole, shown } from '../../web/parts/table-rows.ts'
import type { Column, Row } from '../../web/parts/table-rows.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

describe('addresses', () => {
  test.each([
    ['/', { page: 'runs' }],
    ['/runs', { page: 'runs' }],
    ['/runs/3', { page: 'run', run: 3, view: 'overview' }],
    ['/runs/3/timeline', { page: 'run', run: 3, view: 'timeline' }],
    ['/compare', { page: 'compare', base: undefined, candidate: undefined }],
    ['/compare/3/4', { page: 'compare', base: 3, candidate: 4 }],
    ['/definitions', { page: 'definitions' }],
    ['/runs/x', { page: 'unknown', path: '/runs/x' }],
    ['/runs/0', { page: 'unknown', path: '/runs/0' }],
    ['/runs/3/a/b', { page: 'unknown', path: '/runs/3/a/b' }],
    ['/compare/x', { page: 'unknown', path: '/compare/x' }],
  ])('%s', (path, route) => expect(routeOf(path)).toEqual(route))

  test('those the page writes are those it reads', () => {
    const id = fc.integer({ min: 1, max: 1e9 })
    fc.assert(
      fc.property(id, id, (a, b) => {
        expect(routeOf(runHref(a, 'phases'))).toEqual({ page: 'run', run: a, view: 'phases' })
        expect(routeOf(compareHref(a, b))).toEqual({ page: 'compare', base: a, candidate: b })
      }),
    )
  })

  test('a query changes only where it was asked to', () => {
    expect(queryWith('?a=1&b=2', { b: undefined, c: 'x y' })).toBe('?a=1&c=x+y')
    expect(queryWith('?a=1', { a: '' })).toBe('')
  })
})

describe('tables', () => {
  const rows: Row[] = [
    { name: 'b 10', n: 2 },
    { name: 'b 9', n: null },
    { name: 'a', n: -3 },
  ]
  test('order by numbers and words, with what has no value last either way', () => {
    const names = (order: string): unknown[] => ordered(rows, order).map((row) => row.name)
    expect(names('-n')).toEqual(['b 10', 'a', 'b 9'])
    expect(names('n')).toEqual(['a', 'b 10', 'b 9'])
    expect(names('name')).toEqual(['a', 'b 9', 'b 10'])
    expect([nextOrder(undefined, 'n', true), nextOrder('-n', 'n', true), nextOrder('n', 'n', true)]).toEqual([
      '-n',
      'n',
      '-n',
    ])
  })

  test('on a narrow screen begin with the name and the number they are read for', () => {
    const rows = [{ kind: 'a', name: 'n', count: 1, totalNs: 2 }]
    const keys = (columns: readonly Column[]): string[] => narrowed(columns, rows).map(({ key }) => key)
    const [kind, count, total, name]: Column[] = [
      { key: 'kind', title: 'Kind', width: 9 },
      { key: 'count', title: 'Count', unit: 'count' },
      { key: 'totalNs', title: 'Total', unit: 'ns' },
      { key: 'name', title: 'Name' },
    ]
    expect(keys([kind, count, total, name])).toEqual(['name', 'count', 'kind', 'totalNs'])
    expect(keys([kind, count, { ...total, bar: true }, name])).toEqual(['name', 'totalNs', 'kind', 'count'])
    expect(keys([{ ...kind, deciding: true }, count, name])).toEqual(['name', 'kind', 'count'])
    expect(keys([])).toEqual([])
  })

  test('keep the rows that have every word', () => {
    expect(matching(rows, 'B 1')).toEqual([rows[0]])
    expect(matching(rows, '  ')).toBe(rows)
    expect(matching(rows, 'c')).toEqual([])
  })

  test('read back from CSV as they were', () => {
    const cell = fc.oneof(fc.string(), fc.integer(), fc.constant(null))
    fc.assert(
      fc.property(fc.array(fc.record({ a: cell, 'b,"': cell })), (list) => {
        const columns = [
          { key: 'a', title: 'A' },
          { key: 'b,"', title: 'B' },
        ]
        const text = csv(columns, list)
        const expected = [
          ['a', 'b,"'],
          ...list.map((row) => [row.a, row['b,"']].map((one) => String(one ?? ''))),
        ]
        expect(parseCsv(text)).toEqual(expected)
      }),
    )
  })

  test('show three digits and keep the whole value beside them', () => {
    const column = { key: 'n', title: 'N', unit: 'ns' } as const
    expect([shown(17_338_123_456, column), whole(17_338_123_456, column)]).toEqual([
      '17.3 s',
      '17,338,123,456 ns',
    ])
    expect([shown(null, column), shown(true, { key: 'k', title: 'K' })]).toEqual(['—', 'yes'])
    expect(shown(5000, { ...column, signed: true })).toBe('+5.00 µs')
  })
})

/** A reader of RFC 4180 that shares nothing with the writer. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let isQuoted = false
  for (let i = 0; i < text.length; i++) {
    const at = text[i]
    if (isQuoted && at === '"' && text[i + 1] === '"') cell += text[++i]
    else if (at === '"') isQuoted = !isQuoted
    else if (!isQuoted && (at === ',' || (at === '\r' && text[i + 1] === '\n'))) {
      rows.at(-1)!.push(cell)
      cell = ''
      if (at === '\r') {
        i++
        rows.push([])
      }
    } else cell += at
  }
  rows.pop()
  return rows
}

describe('the project’s pages', () => {
  test('their Markdown becomes blocks', () => {
    expect(
      blocksOf(
        '# T\n\nA `b`\n**c** _d_ [e](f) snake_case_x\n\n- one\n  more\n- two\n\n| a | b |\n|---|---|\n| 1 | `x` |',
      ),
    ).toEqual([
      { kind: 'heading', level: 1, text: 'T' },
      {
        kind: 'paragraph',
        pieces: [
          { kind: 'plain', text: 'A ' },
          { kind: 'code', text: 'b' },
          { kind: 'plain', text: ' ' },
          { kind: 'strong', text: 'c' },
          { kind: 'plain', text: ' ' },
          { kind: 'emphasis', text: 'd' },
          { kind: 'plain', text: ' e snake_case_x' },
        ],
      },
      { kind: 'list', items: [piecesOf('one more'), piecesOf('two')] },
      {
        kind: 'table',
        rows: [
          [piecesOf('a'), piecesOf('b')],
          [piecesOf('1'), piecesOf('`x`')],
        ],
      },
    ])
  })

  test.each(readdirSync(`${root}docs/analyses`))('docs/analyses/%s loses no word on the page', (name) => {
    const markdown = readFileSync(`${root}docs/analyses/${name}`, 'utf8')
    const bare = (text: string): string[] =>
      text.replace(/[`*_|#-]|\]\([^)]*\)|\[|^\d+\./gm, ' ').match(/[\p{L}\d]+/gu) ?? []
    const texts = blocksOf(markdown).map((block) => {
      if (block.kind === 'heading' || block.kind === 'code') return block.text
      const lines =
        block.kind === 'paragraph' ? [block.pieces] : block.kind === 'list' ? block.items : block.rows.flat()
      return lines.map((pieces) => pieces.map((piece) => piece.text).join('')).join(' ')
    })
    expect(bare(texts.join('\n'))).toEqual(bare(markdown))
  })

  test('every definition says what it is and where it comes from', () => {
    const definitions = definitionsOf(readFileSync(`${root}docs/definitions.md`, 'utf8'))
    expect(definitions.size).toBeGreaterThan(15)
    for (const { key, what, notes } of definitions.values()) {
      // A sentence, if a short one: "The longest one."
      expect(what, key).toMatch(/^\S+(\s+\S+){2,}[.]$/)
      if (!['wallNs', 'deltaNs'].includes(key))
        expect(
          notes.map((note) => note.name),
          key,
        ).toContain('Source')
    }
  })
})
