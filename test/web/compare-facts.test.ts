import { expect, test } from 'vitest'
import { diff } from '../../analysis/diff/diff.ts'
import type { Trace } from '../../trace/trace.ts'
import { differences } from '../../web/views/compare/facts.ts'
import type { Captured } from '../../web/views/compare/facts.ts'
import { withFacts, withNodes } from '../changed-trace.ts'
import { drawn } from '../drawn-trace.ts'

test('the page’s list of facts says of graphs what the answer says', () => {
  const plain = drawn('api a\ngpu0 .AA')
  const [a, b] = [withFacts(plain, { graphMode: 'graph' }), withNodes(plain, 7n)]
  const { comparable } = diff([a], [b])
  const side = (trace: Trace): Captured => ({
    run: { facts: { ...trace.meta.facts }, devices: [] },
    summary: { iterations: { all: [] } },
  })
  expect(comparable.differences).toMatchObject([
    { what: 'graph mode', base: 'no graphs', candidate: 'graph nodes' },
  ])
  expect(differences(side(a), side(b), comparable.differences)).toEqual([
    { fact: 'graph mode', base: 'no graphs', candidate: 'graph nodes' },
  ])
  // A setting that both captures were indifferent to is no difference.
  expect(differences(side(a), side(plain), diff([a], [plain]).comparable.differences)).toEqual([])
})
