/**
 * Reads `.safetensors`: 8 bytes of header length (little-endian), a JSON header `{name: {dtype, shape,
 * data_offsets: [begin, end]}}`, then the tensors' bytes. Tensors are read one at a time.
 */
import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import { UserError } from '../../../trace/errors.ts'
import { sizeOf } from '../onnx/tensor.ts'
import { fromBrain, fromHalf } from './half.ts'

/** The format's own limit on its header. */
const longestHeader = 100_000_000

const elementBytes: Record<string, number> = { F32: 4, F16: 2, BF16: 2 }

export interface StoredTensor {
  readonly dtype: string
  readonly shape: readonly number[]
  /** From the start of the file. */
  readonly begin: number
  readonly end: number
}

export class SafetensorsFile {
  readonly path: string
  readonly tensors: ReadonlyMap<string, StoredTensor>
  private readonly handle: FileHandle

  private constructor(path: string, handle: FileHandle, tensors: ReadonlyMap<string, StoredTensor>) {
    this.path = path
    this.handle = handle
    this.tensors = tensors
  }

  /** Reads the header. Throws a UserError if the file is missing, cut short or not safetensors. */
  static async open(path: string): Promise<SafetensorsFile> {
    const handle = await open(path, 'r').catch((cause: unknown) => {
      throw new UserError('not-found', `${path}: cannot be opened; give the path of a .safetensors file`, {
        cause,
      })
    })
    try {
      return new SafetensorsFile(path, handle, await readHeader(path, handle))
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** Throws a UserError if the tensor is missing or not of a floating type (F32, F16, BF16). */
  async read(name: string): Promise<Float32Array> {
    const stored = this.tensors.get(name)
    if (!stored) throw new UserError('bad-input', `${this.path}: has no tensor ${name}`)
    const bytes = new Uint8Array(stored.end - stored.begin)
    await readFully(this.path, this.handle, bytes, stored.begin)
    if (stored.dtype === 'F32') return new Float32Array(bytes.buffer)
    const halves = new Uint16Array(bytes.buffer)
    return stored.dtype === 'F16' ? fromHalf(halves) : fromBrain(halves)
  }

  async close(): Promise<void> {
    await this.handle.close()
  }
}

async function readHeader(path: string, handle: FileHandle): Promise<Map<string, StoredTensor>> {
  const { size } = await handle.stat()
  const prefix = new Uint8Array(8)
  if (size < 8) throw notSafetensors(path, `it has ${size} bytes`)
  await readFully(path, handle, prefix, 0)
  const length = Number(new DataView(prefix.buffer).getBigUint64(0, true))
  if (length > longestHeader || 8 + length > size)
    throw notSafetensors(path, 'its header does not fit the file')
  const text = new Uint8Array(length)
  await readFully(path, handle, text, 8)
  const tensors = new Map<string, StoredTensor>()
  for (const [name, entry] of Object.entries(parseHeader(path, text))) {
    if (name === '__metadata__') continue
    tensors.set(name, storedTensor(path, name, entry, 8 + length, size))
  }
  return tensors
}

function parseHeader(path: string, text: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text))
    if (typeof header === 'object' && header !== null) return header as Record<string, unknown>
  } catch (cause) {
    throw new UserError('bad-input', `${path}: not a safetensors file: its header is not JSON`, { cause })
  }
  throw notSafetensors(path, 'its header is not an object')
}

function storedTensor(
  path: string,
  name: string,
  entry: unknown,
  dataStart: number,
  size: number,
): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = entry as Partial<Record<string, unknown>>
  if (typeof dtype !== 'string' || !isIntegers(shape) || !isIntegers(offsets) || offsets.length !== 2) {
    throw notSafetensors(path, `the header's entry for ${name} lacks dtype, shape or data_offsets`)
  }
  const begin = dataStart + offsets[0]!
  const end = dataStart + offsets[1]!
  if (end > size)
    throw new UserError('bad-input', `${path}: cut short: ${name} ends at byte ${end} of ${size}`)
  const width = elementBytes[dtype]
  // Other element types may be in the file (counters, masks); they are refused only when asked for.
  if (width !== undefined && end - begin !== sizeOf(shape) * width) {
    throw notSafetensors(path, `${name} has ${end - begin} bytes for the shape ${shape.join('x')}`)
  }
  return { dtype, shape, begin, end }
}

const isIntegers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0)

const notSafetensors = (path: string, why: string): UserError =>
  new UserError('bad-input', `${path}: not a safetensors file: ${why}`)

async function readFully(
  path: string,
  handle: FileHandle,
  into: Uint8Array,
  position: number,
): Promise<void> {
  let done = 0
  while (done < into.length) {
    const { bytesRead } = await handle.read(into, done, into.length - done, position + done)
    if (bytesRead === 0) throw new UserError('bad-input', `${path}: cut short at byte ${position + done}`)
    done += bytesRead
  }
}
