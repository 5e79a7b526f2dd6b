import { describe, expect, test } from 'vitest'
import { claimedValue } from '../../../analysis/claims/claimed-value.ts'
import { expressionOf } from '../../../analysis/claims/expression.ts'
import { judgeClaims } from '../../../analysis/claims/judge-claims.ts'
import { plausibility } from '../../../analysis/claims/plausible.ts'
import { tokensOf } from '../../../analysis/claims/workload.ts'
import { pooled } from '../../../analysis/diff/diff.ts'
import { plantedPair } from '../../../fixtures/generate/pair.ts'
import { claimsFile } from '../../../trace/claims.ts'

describe('claimed numbers', () => {
  test.each([
    [2.8, { value: 2.8, unit: 'plain', rounding: 0.05 }],
    ['2.8x', { value: 2.8, unit: 'plain' }],
    ['99%', { value: 99, unit: 'percent', rounding: 0.5 }],
    ['~420 ms', { value: 420e6, unit: 'ns', rounding: 0.5e6, sense: undefined }],
    ['18.4 GB', { value: 18.4e9, unit: 'bytes' }],
    ['>= 85%', { value: 85, sense: '>=' }],
    ['≤ 1.2s', { value: 1.2e9, sense: '<=' }],
  ])('%s', (text, wanted) => {
    expect(claimedValue(text)).toMatchObject(wanted)
  })
  test.each(['fast', '12 parsecs', ''])('"%s" is no number', (text) => {
    expect(() => claimedValue(text)).toThrow(/is no claimed number/)
  })
})

test('a metric says what it is made of, and which way is better', () => {
  expect(expressionOf('latency.speedup')).toMatchObject({ form: 'speedup', unit: 'ratio', better: 'more' })
  expect(expressionOf('phase[A/B.c].busy.reduction')).toMatchObject({
    quantity: { phase: 'A/B.c', time: 'busy' },
    unit: 'percent',
  })
  expect(expressionOf('phase[A].speedup')).toMatchObject({ quantity: { time: 'busy' } })
  expect(expressionOf('gpu.utilisation')).toMatchObject({ form: 'candidate', better: 'more' })
  expect(expressionOf('latency.base').better).toBeUndefined()
  expect(() => expressionOf('speed.reduction')).toThrow(/is no metric/)
})

test('a time that the hardware cannot reach is impossible, and by how much', () => {
  const workload = { model: 'vggt', gpu: 'A40', frames: 100, resolution: '518x518', dtype: 'bf16' }
  expect(tokensOf('518x518')).toBe(1374)
  const found = plausibility(expressionOf('latency.candidate'), 420e6, workload)!
  expect(Math.round(found.ofPeak * 100)).toBe(3407)
  expect(found.impossible).toBe(true)
  expect(plausibility(expressionOf('latency.candidate'), 30e9, workload)!.impossible).toBe(false)
  expect(plausibility(expressionOf('latency.speedup'), 2.8, workload)).toBeUndefined()
  expect(plausibility(expressionOf('latency.candidate'), 1, { ...workload, gpu: 'abacus' })).toBeUndefined()
})

describe('claims about a pair whose truth is known', () => {
  const { base, candidate } = plantedPair('fuse', 9, { iterations: 8 })
  const [a, b] = [pooled([base.trace]), pooled([candidate.trace])]
  const judge = (claims: unknown, workload: unknown = undefined) =>
    judgeClaims(claimsFile.parse({ claims, workload }), a, b).claims
  const verdicts = (claims: unknown): string[] => judge(claims).map((claim) => claim.verdict)

  test('what is measured is supported, what is better too, what is not is contradicted', () => {
    const [measured] = judge([{ 'kernels.count.candidate': 1 }])
    expect(measured!.verdict).toBe('contradicted')
    const fewer = measured!.measured!
    expect(
      verdicts([
        { 'kernels.count.candidate': fewer },
        { 'kernels.count.candidate': fewer + 10 },
        { 'launch.count.reduction': '5%' },
        { 'launch.count.reduction': '99%' },
        { 'latency.speedup': 1.01 },
        { 'latency.speedup': 50 },
        { 'kernels.count.base': 5 },
        { 'gpu.utilisation': '>= 99%' },
      ]),
    ).toEqual([
      'supported',
      'supported',
      'supported',
      'contradicted',
      'supported',
      'contradicted',
      'contradicted',
      'contradicted',
    ])
  })

  test('what the captures do not hold is named', () => {
    const claims = judge([
      { 'memory.peak.reduction': '22%' },
      { 'phase[Decoder].busy.speedup': 2 },
      { id: 'quality', text: 'Nothing is lost', claimed: 0, needs: 'outputs' },
    ])
    expect(claims.map((claim) => claim.verdict)).toEqual([
      'not-answerable',
      'not-answerable',
      'not-answerable',
    ])
    expect(claims.map((claim) => claim.missing)).toEqual([
      expect.stringMatching(/memory events/),
      expect.stringMatching(/a phase called "Decoder" in the base/),
      'outputs',
    ])
  })

  test('another workload is reported with the verdict, not instead of it', () => {
    const [claim] = judge({ 'latency.speedup': 1.01 }, { gpu: 'H100', frames: 8 })
    expect(claim).toMatchObject({
      verdict: 'supported',
      workload: [
        { what: 'GPU', claimed: 'H100', measured: 'Synthetic GPU' },
        { what: 'frames', claimed: '8', measured: 'not told' },
      ],
    })
  })

  test('runs that are not comparable answer no claim of speed, but still claims about one of them', () => {
    const other = {
      ...candidate.trace,
      meta: { ...candidate.trace.meta, facts: { tool: 'x', run: { frames: 3 } } },
    }
    const one = { ...base.trace, meta: { ...base.trace.meta, facts: { tool: 'x', run: { frames: 99 } } } }
    const found = judgeClaims(
      claimsFile.parse({ claims: { 'latency.speedup': 1, 'latency.candidate': '9s' } }),
      pooled([one]),
      pooled([other]),
    ).claims
    expect(found.map((claim) => claim.verdict)).toEqual(['not-answerable', 'supported'])
    expect(found[0]!.missing).toMatch(/two comparable runs .*frames/)
  })
})
