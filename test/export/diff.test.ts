import fc from 'fast-check'
import { expect, test } from 'vitest'
import { components } from '../../analysis/diff/components.ts'
import { diffOf, pooled } from '../../analysis/diff/diff.ts'
import { gateOf, judgeGate } from '../../analysis/diff/gate.ts'
import { diffHtml } from '../../export/diff-html.ts'
import { diffMarkdown } from '../../export/diff-markdown.ts'
import type { DiffReport } from '../../export/diff-report.ts'
import { escaped } from '../../export/escaped.ts'
import { junit } from '../../export/junit.ts'
import { plantedPair } from '../../fixtures/generate/pair.ts'
import { drawn } from '../drawn-trace.ts'
import type { Trace } from '../../trace/trace.ts'

function reportOf(a: Trace, b: Trace, label = 'candidate'): DiffReport {
  const [x, y] = [pooled([a]), pooled([b])]
  const diff = diffOf(x, y)
  return {
    base: 'base',
    candidate: label,
    diff,
    components: components(x, y),
    gates: [judgeGate(gateOf('latency<=+1%'), x, y, diff.comparable.comparable)],
  }
}

const { base, candidate } = plantedPair('drop a phase', 5, { iterations: 8 })

test('a name from a capture is text in every format, never markup', () => {
  const hostile = '<script>alert(1)</script>|"&\u0001'
  const names = { A: hostile, B: 'plain' }
  const report = reportOf(
    drawn('api a...\ngpu0 .AA.', { names }),
    drawn('api ....b...\ngpu0 .....BBB', { names }),
    hostile,
  )
  expect(diffHtml(report)).not.toMatch(/<script/)
  expect(diffMarkdown(report)).not.toMatch(/<script/)
  expect(junit(hostile, report.gates, true)).not.toMatch(/<script/)
  expect(junit(hostile, report.gates, true).includes('\u0001')).toBe(false)
})

test('a component says how many device ops it took: of a dropped phase none are left', () => {
  const { components: rows } = reportOf(base.trace, candidate.trace)
  const whole = rows.at(-1)!
  const dropped = rows.filter(({ candidateNs }) => candidateNs === null)
  expect(dropped.length).toBeGreaterThan(0)
  for (const one of dropped) {
    expect(one.baseOps).toBeGreaterThan(0)
    expect(one.candidateOps).toBe(0)
  }
  expect(whole.baseOps - whole.candidateOps).toBe(dropped.reduce((sum, { baseOps }) => sum + baseOps, 0))
})

test('escaping keeps the text: what is read back is what was written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
      const back = escaped(text)
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&')
      expect(back).toBe(text)
    }),
  )
})

test('the drawing has one bar a step and ends at the whole difference', () => {
  const report = reportOf(base.trace, candidate.trace)
  const html = diffHtml(report)
  const bars = html.match(/<rect class="(busy|idle|rest|total)"/g)!
  const { terms } = report.diff
  expect(bars).toHaveLength((terms.length <= 15 ? terms.length : 15) + 1)
  expect(html).toContain('>Difference</text>')
})

test('a strict report counts an inconclusive gate as a failure', () => {
  const { gates } = reportOf(drawn('gpu0 A'), drawn('gpu0 AA'))
  expect(gates[0]!.result).toBe('inconclusive')
  expect(junit('x', gates, false)).toMatch(/failures="0" skipped="1"/)
  expect(junit('x', gates, true)).toMatch(/failures="1" skipped="0"/)
})
