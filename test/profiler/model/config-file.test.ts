import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../profiler/model/config-file.ts'
import { configOf, configs } from '../../../profiler/model/config.ts'
import { inFolder } from './tiny-model.ts'

const tiny = {
  img_size: 84,
  patch_size: 14,
  embed_dim: 64,
  depth: 4,
  num_heads: 4,
  vit_depth: 2,
  vit_heads: 4,
  num_register_tokens: 4,
  rope_freq: 100,
  dpt_layers: [0, 1, 2, 3],
  dpt_features: 32,
  dpt_out_channels: [16, 32, 64, 64],
  cam_trunk_depth: 2,
  cam_heads: 4,
  cam_iters: 4,
}

const read = (content: string) =>
  inFolder(async (directory) => {
    const path = join(directory, 'config.json')
    await writeFile(path, content)
    return readConfig(path)
  })

describe('a config file', () => {
  it('holds the numbers of the model and of its input', async () => {
    const file = await read(JSON.stringify({ ...tiny, S: 3, H: 56, W: 70, shapes: {} }))
    expect(file).toEqual({ config: configs.tiny, frames: 3, height: 56, width: 70 })
  })

  it('may leave the input out', async () => {
    expect((await read(JSON.stringify(tiny))).frames).toBeUndefined()
  })

  it('says which number is missing or wrong', async () => {
    await expect(read(JSON.stringify({ ...tiny, depth: '4' }))).rejects.toThrow(
      /config\.json: depth must be a whole number, and is "4"/,
    )
    await expect(read(JSON.stringify({ ...tiny, dpt_layers: 3 }))).rejects.toThrow(
      'dpt_layers must be a list',
    )
    await expect(read(JSON.stringify({ ...tiny, depth: 3 }))).rejects.toThrow(
      'dpt_layers must be below depth',
    )
    await expect(read('{')).rejects.toThrow('config.json: not JSON')
    await expect(readConfig('/nowhere/config.json')).rejects.toThrow('/nowhere/config.json: cannot be read')
  })
})

describe('a config by name', () => {
  it('is one of three', () => {
    expect(configOf('1b').embedDim).toBe(1024)
    expect(() => configOf('2b')).toThrow('no model is called 2b; choose one of tiny, small, 1b')
  })
})
