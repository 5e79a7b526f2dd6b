import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { baselinePlan } from '../../../profiler/model/plan.ts'
import type { OutputPromise } from '../../../profiler/variants/index.ts'
import {
  parseVariant,
  parseVariants,
  planOf,
  promiseOf,
  variantKinds,
} from '../../../profiler/variants/index.ts'

describe('the list of variants', () => {
  it('is the list in docs/model.md, with the same backends and tolerances', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/model.md'), 'utf8')
    const rows = [...page.matchAll(/^\| `([^`]+)` *\|([a-z, ]+)\|([^|]+)\|[^|]+\|$/gm)]
    const said = rows.map(([, pattern, backends, outputs]) => [
      pattern!.replaceAll('\\|', '|'),
      backends!.trim(),
      outputs!.trim(),
    ])
    expect(said).toEqual(
      variantKinds.map(({ pattern, example }) => [
        pattern,
        example.backends.join(', '),
        promised(example.outputs),
      ]),
    )
  })

  it('has one entry for each name, and each says what it is', () => {
    const patterns = variantKinds.map(({ pattern }) => pattern)
    expect(new Set(patterns.map((pattern) => pattern.replace(/[:=].*/, ''))).size).toBe(patterns.length)
    for (const { example } of variantKinds) {
      expect(example.title).toMatch(/\S/)
      expect(example.changes).toMatch(/\S/)
      expect(example.backends.length).toBeGreaterThan(0)
    }
  })

  it('reads each example back from its id', () => {
    for (const { example } of variantKinds) expect(parseVariant(example.id)).toEqual(example)
  })

  it('has an edit for each variant that exists in ONNX, and none for the others', () => {
    for (const { example } of variantKinds) {
      const edits = Object.keys(example.edit).length
      const does = example.backends.includes('onnx') && example.id !== 'baseline'
      expect(edits > 0, example.id).toBe(does)
    }
  })
})

describe('reading variants', () => {
  it('splits a list at its commas', () => {
    expect(parseVariants('frame-seq, kv-sub:4').map(({ id }) => id)).toEqual(['frame-seq', 'kv-sub:4'])
  })

  it('says what is wrong with an id, and how to write it', () => {
    expect(() => parseVariant('frame')).toThrow(
      'no variant is called frame; choose from baseline, frame-seq,',
    )
    expect(() => parseVariant('kv-sub')).toThrow('variant kv-sub: write it as kv-sub:R, such as kv-sub:2')
    expect(() => parseVariant('kv-sub:1')).toThrow('write it as kv-sub:R')
    expect(() => parseVariant('kv-sub=2')).toThrow('write it as kv-sub:R')
    expect(() => parseVariant('frame-seq:2')).toThrow('variant frame-seq:2: write it as frame-seq, such as')
    expect(() => parseVariant('merge:1.5')).toThrow('write it as merge:R')
    expect(() => parseVariant('res:56')).toThrow('write it as res:HxW')
    expect(() => parseVariant('attention=fast')).toThrow('write it as attention=mha|onnx23|decomposed')
    expect(() => parseVariant('')).toThrow('no variant is called ;')
  })
})

/** As the page says it. */
function promised(outputs: OutputPromise): string {
  if (outputs === 'same') return 'same'
  return 'tolerance' in outputs ? `≤ ${outputs.tolerance}` : 'not comparable'
}

const promise = (ids: string) => promiseOf(parseVariants(ids))

describe('composing variants', () => {
  it('makes all their edits', () => {
    expect(planOf(['frame-seq', 'kv-sub:4', 'res:56x70'], 'onnx', 'onnx23')).toEqual({
      ...baselinePlan,
      frameChunk: 1,
      keySubsample: 4,
      attention: 'onnx23',
      resolution: { height: 56, width: 70 },
    })
  })

  it('is the baseline where there are none', () => {
    expect(planOf([], 'onnx')).toEqual(baselinePlan)
    expect(planOf(['baseline', 'frame-batched'], 'onnx')).toEqual(baselinePlan)
  })

  it('refuses two that want different things', () => {
    expect(() => planOf(['frame-seq', 'frame-batched'], 'onnx')).toThrow(
      'variants frame-seq and frame-batched exclude each other; choose one',
    )
    expect(() => planOf(['fp16', 'int8'], 'onnx')).toThrow('exclude each other')
    expect(() => planOf(['kv-sub:2', 'merge:0.5'], 'onnx')).toThrow('exclude each other')
    expect(() => planOf(['attention=mha'], 'onnx', 'onnx23')).toThrow(
      'the attention option and attention=mha',
    )
    expect(() => planOf(['frame-seq', 'frame-chunk:1'], 'onnx')).not.toThrow()
  })

  it('refuses one that is not on the backend', () => {
    expect(() => planOf(['cudagraph'], 'onnx')).toThrow(
      'variant cudagraph: not on the onnx backend; it exists on torch',
    )
    expect(() => planOf(['attention=mha'], 'torch')).toThrow('not on the torch backend')
  })

  it('promises no less than its parts: tolerances add up', () => {
    expect(promise('frame-seq,keep4')).toBe('same')
    expect(promise('frame-seq,fp16,kv-sub:2')).toMatchObject({ tolerance: 1.02 })
    expect(promise('fp16,res:56x70')).toHaveProperty('incomparable')
  })
})
