import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileWeights } from '../../../../profiler/model/weights/file-weights.ts'
import { SafetensorsFile } from '../../../../profiler/model/weights/safetensors.ts'
import type { TestTensor } from '../../write-safetensors.ts'
import { safetensors } from '../../write-safetensors.ts'
import { inFolder } from '../tiny-model.ts'

const withFile = <T>(content: Uint8Array, work: (path: string) => Promise<T>): Promise<T> =>
  inFolder(async (directory) => {
    const path = join(directory, 'w.safetensors')
    await writeFile(path, content)
    return work(path)
  })

const halves = (dtype: string, ...bits: number[]): TestTensor => ({
  shape: [bits.length],
  values: { dtype, bytes: new Uint8Array(Uint16Array.from(bits).buffer) },
})

const tensors = {
  a: { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) },
  half: halves('F16', 0x3c00, 0xc000),
  brain: halves('BF16', 0x3f80, 0xc000),
  count: { shape: [1], values: { dtype: 'I64', bytes: new Uint8Array(8) } },
}

const request = (name: string, ...shape: number[]) => ({ name, shape, kind: { kind: 'token' } as const })

const checked = (...requests: ReturnType<typeof request>[]) =>
  withFile(safetensors(tensors), async (path) => {
    const weights = await fileWeights(path)
    try {
      await weights.check(requests)
    } finally {
      await weights.close()
    }
  })

const opened = (content: Uint8Array) =>
  withFile(content, async (path) => (await SafetensorsFile.open(path)).close())

describe('a safetensors file', () => {
  it('gives tensors of three floating types as float', () =>
    withFile(safetensors(tensors), async (path) => {
      const file = await SafetensorsFile.open(path)
      expect([...(await file.read('a'))]).toEqual([1, 2, 3, 4])
      expect([...(await file.read('half'))]).toEqual([1, -2])
      expect([...(await file.read('brain'))]).toEqual([1, -2])
      await expect(file.read('b')).rejects.toThrow('has no tensor b')
      await file.close()
    }))

  it('is told from one that is cut short, empty or something else', async () => {
    const whole = safetensors(tensors)
    await expect(opened(whole.subarray(0, whole.length - 1))).rejects.toThrow(/cut short: count ends at byte/)
    await expect(opened(whole.subarray(0, 40))).rejects.toThrow('its header does not fit the file')
    await expect(opened(new Uint8Array(3))).rejects.toThrow('not a safetensors file: it has 3 bytes')
    await expect(opened(new TextEncoder().encode('{"format": "something else"}'))).rejects.toThrow(
      'not a safetensors',
    )
    await expect(SafetensorsFile.open('/nowhere.safetensors')).rejects.toThrow(
      '/nowhere.safetensors: cannot be opened',
    )
    const wrong = safetensors({ a: { shape: [3], values: Float32Array.of(1) } })
    await expect(opened(wrong)).rejects.toThrow('a has 4 bytes for the shape 3')
  })

  it('may hold more than a model asks for', async () => {
    await expect(checked(request('a', 2, 2), request('half', 2))).resolves.toBeUndefined()
  })

  it('is refused where it lacks what a model asks for', async () => {
    await expect(
      checked(request('a', 2, 2), request('b', 1), request('half', 3), request('count', 1)),
    ).rejects.toThrow(
      '3 of 4 tensors do not fit: b is missing; half is 2, not 3; count is I64, not F32, F16 or BF16; do the weights',
    )
    const many = Array.from({ length: 9 }, (_, index) => request(`x${index}`, 1))
    await expect(checked(...many)).rejects.toThrow(
      'x2 is missing; and 6 more; do the weights belong to this config?',
    )
  })
})
