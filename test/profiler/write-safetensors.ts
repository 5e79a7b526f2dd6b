/** Writes `.safetensors`, for tests: F32 unless a tensor brings bytes of its own. */
import { writeFile } from 'node:fs/promises'

export interface TestTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array | { readonly dtype: string; readonly bytes: Uint8Array }
}

export function safetensors(tensors: Readonly<Record<string, TestTensor>>): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: { format: 'test' } }
  const parts: Uint8Array[] = []
  let end = 0
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    const own = values instanceof Float32Array
    const bytes = own ? new Uint8Array(values.buffer, values.byteOffset, values.byteLength) : values.bytes
    header[name] = { dtype: own ? 'F32' : values.dtype, shape, data_offsets: [end, end + bytes.length] }
    parts.push(bytes)
    end += bytes.length
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const prefix = new Uint8Array(8)
  new DataView(prefix.buffer).setBigUint64(0, BigInt(text.length), true)
  return Buffer.concat([prefix, text, ...parts])
}

export const writeSafetensors = (
  path: string,
  tensors: Readonly<Record<string, TestTensor>>,
): Promise<void> => writeFile(path, safetensors(tensors))
