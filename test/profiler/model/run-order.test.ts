import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { buildVggt } from '../../../profiler/model/build.ts'
import { inFolder, randomImages, tinyOptions } from './tiny-model.ts'

interface ProfileEvent {
  readonly cat: string
  readonly name: string
  readonly ts: number
}

/** Node names of one profiled run, in the order they ran. */
const profiled = (variants: readonly string[]): Promise<string[]> =>
  inFolder(async (directory) => {
    const built = await buildVggt(tinyOptions(directory, { variants }))
    const step = built.steps[0]!
    const session = await ort.InferenceSession.create(step.model, {
      enableProfiling: true,
      profileFilePrefix: join(directory, 'profile'),
    })
    await session.run({ images: new ort.Tensor('float32', randomImages(built), built.inputShape) }, [
      ...step.outputs,
    ])
    session.endProfiling()
    await session.release()
    const file = (await readdir(directory)).find((name) => name.startsWith('profile'))!
    const events = JSON.parse(await readFile(join(directory, file), 'utf8')) as ProfileEvent[]
    return events
      .filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'))
      .sort((a, b) => a.ts - b.ts)
      .map(({ name }) => name.slice(0, -'_kernel_time'.length))
  })

/** ONNX Runtime's own nodes, which move data between layouts for the convolutions, have no path. */
const named = (name: string) => name.includes('/')

const phaseOf = (name: string) => /^(Frame|Global)_Attention\/[^/]+|^[^/]+/.exec(name)![0]

const expected = [
  'Patch_Embedding',
  ...[0, 1, 2, 3].flatMap((i) => [
    `Frame_Attention/frame_blocks.${i}`,
    `Global_Attention/global_blocks.${i}`,
  ]),
  'Camera_Head',
  'Depth_Head',
  'Point_Head',
]

describe('a profile of the whole model', () => {
  for (const variants of [[], ['frame-seq', 'keep4'], ['rope-fused', 'merge:0.5']]) {
    it(`shows the phases one after the other, each once (${variants.join(',') || 'baseline'})`, async () => {
      const names = await profiled(variants)
      const phases = names.filter(named).map(phaseOf)
      expect(phases.filter((phase, index) => phase !== phases[index - 1])).toEqual(expected)
    })
  }

  it('has nodes without a phase only where convolutions are', async () => {
    const names = await profiled([])
    const strays = names.flatMap((name, index) =>
      named(name) ? [] : [[name, names.slice(0, index).findLast(named)!]],
    )
    for (const [stray, before] of strays) {
      expect(stray).toMatch(/^(ReorderInput|ReorderOutput|Transpose)(_token_\d+)?$/)
      expect(before ? phaseOf(before) : 'Patch_Embedding').toMatch(
        /^(Patch_Embedding|Depth_Head|Point_Head|Camera_Head)$/,
      )
    }
  })
})
