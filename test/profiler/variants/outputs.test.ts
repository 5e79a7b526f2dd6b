import { beforeAll, describe, expect, it } from 'vitest'
import { configs } from '../../../profiler/model/config.ts'
import { errorOf, keepsPromise, outputErrors, sameTolerance } from '../../../profiler/model/output-error.ts'
import type { Output } from '../../../profiler/model/run-once.ts'
import { parseVariants, promiseOf } from '../../../profiler/variants/index.ts'
import { runTiny } from '../model/tiny-model.ts'

const exact = [
  'frame-seq',
  'frame-batched',
  'frame-chunk:2',
  'rope-fused',
  'keep4',
  'dpt-chunk:1',
  'dpt-chunk:2',
  'no-point-head',
  'attention=mha',
  'attention=onnx23',
  'attention=decomposed',
  'rope-fused,frame-seq,keep4,dpt-chunk:2,attention=decomposed',
]

/** Those that leave every operator and every shape as it is. */
const bitForBit = ['frame-batched', 'keep4', 'no-point-head', 'attention=mha']

/** The first frame's depths. */
const firstFrame = (outputs: Map<string, Output>): Output => {
  const { shape, values } = outputs.get('depth')!
  const [, , height, width] = shape as [number, number, number, number]
  return { shape: [height, width], values: values.subarray(0, height * width) }
}

const inexact = [
  'g2f-own:1',
  'g2f-own:4',
  'g2f-framew:1',
  'g2f-framew:4',
  'kv-sub:2',
  'kv-sub:4',
  'merge:0.2',
  'merge:0.7',
  'fp16',
  'int8',
  'fp16,kv-sub:2,rope-fused',
  'g2f-own:2,merge:0.5,frame-seq',
]

describe('on the tiny model', () => {
  let baseline: Map<string, Output>
  beforeAll(async () => {
    baseline = await runTiny()
  })

  const errorsOf = async (ids: string) =>
    outputErrors(baseline, await runTiny({ variants: parseVariants(ids).map(({ id }) => id) }))

  for (const ids of exact) {
    it(`${ids} gives the baseline's outputs${bitForBit.includes(ids) ? ', bit for bit' : ''}`, async () => {
      const errors = await errorsOf(ids)
      expect(promiseOf(parseVariants(ids))).toBe('same')
      expect(errors).toHaveLength(ids === 'no-point-head' ? 3 : 5)
      expect(keepsPromise('same', errors), JSON.stringify(errors)).toBe(true)
      if (bitForBit.includes(ids)) for (const { maxAbsError } of errors) expect(maxAbsError).toBe(0)
    })
  }

  for (const ids of inexact) {
    it(`${ids} changes the outputs, within its tolerance`, async () => {
      const errors = await errorsOf(ids)
      expect(errors).toHaveLength(5)
      expect(keepsPromise(promiseOf(parseVariants(ids)), errors), JSON.stringify(errors)).toBe(true)
      // A change that promises to change nothing would be caught; so must one that does nothing.
      expect(keepsPromise('same', errors), JSON.stringify(errors)).toBe(false)
    })
  }

  it('res:HxW gives outputs of another size', async () => {
    const outputs = await runTiny({ variants: ['res:42x84'] })
    expect(outputs.get('depth_conf')!.shape).toEqual([1, 3, 42, 84])
  })

  it('a block made local by g2f no longer sees other frames; the baseline does', async () => {
    const local = ['g2f-own:4']
    const alone = await runTiny({ frames: 1, variants: local })
    const among = await runTiny({ frames: 3, variants: local })
    expect(errorOf(firstFrame(alone), firstFrame(among)).scaledError).toBeLessThan(sameTolerance)
    expect(errorOf(firstFrame(alone), firstFrame(baseline)).scaledError).toBeGreaterThan(1e-3)
  })

  it('merging on one frame is the baseline: there is nothing to merge into', async () => {
    const errors = outputErrors(
      await runTiny({ frames: 1 }),
      await runTiny({ frames: 1, variants: ['merge:0.5'] }),
    )
    for (const { maxAbsError } of errors) expect(maxAbsError).toBe(0)
  })

  it('g2f of more blocks than there are is refused', async () => {
    await expect(runTiny({ variants: ['g2f-own:5'] })).rejects.toThrow(
      'variant g2f-own:5: the model has 4 global blocks',
    )
  })
})

describe('on the small model', () => {
  const small = { config: configs.small, height: 84, width: 98 }
  let baseline: Map<string, Output>
  beforeAll(async () => {
    baseline = await runTiny(small)
  })

  for (const ids of ['rope-fused', 'g2f-own:12', 'g2f-framew:12', 'kv-sub:4', 'merge:0.5', 'fp16', 'int8']) {
    it(`${ids} keeps its promise, too`, async () => {
      const errors = outputErrors(baseline, await runTiny({ ...small, variants: [ids] }))
      expect(keepsPromise(promiseOf(parseVariants(ids)), errors), JSON.stringify(errors)).toBe(true)
    })
  }
})
