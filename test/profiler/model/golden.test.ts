import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkModel, goldenTolerance } from '../../../profiler/check-model.ts'

const shared = process.env['PARALLAX_SHARED']
const folder = join(shared ?? '', 'vggt', 'tiny')

describe.skipIf(!shared || !existsSync(folder))(
  'golden tensors (skipped where PARALLAX_SHARED names no folder with them)',
  () => {
    for (const attention of ['mha', 'onnx23', 'decomposed'] as const) {
      for (const split of ['whole', 'phases'] as const) {
        it(`are met with attention as ${attention}, built as ${split}`, async () => {
          const check = await checkModel(folder, { attention, split })
          expect(check.outputs.map(({ name }) => name).sort()).toEqual([
            'depth',
            'depth_conf',
            'pose_enc',
            'pose_enc_iter0',
            'tokens_0',
            'tokens_last',
            'world_points',
            'world_points_conf',
          ])
          for (const { name, maxAbsError } of check.outputs) {
            expect(maxAbsError, name).toBeLessThanOrEqual(goldenTolerance)
          }
          expect(check.ok).toBe(true)
        })
      }
    }

    it('are missed by a model that is not quite this one', async () => {
      const check = await checkModel(folder, { variants: ['kv-sub:4'] })
      expect(check.ok).toBe(false)
    })
  },
)
