/** The file beside a model that holds the bytes of its large tensors (ONNX "external data"). */
import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'

/** Tensors begin on a page, so that a runtime can map them instead of reading them. */
const pageBytes = 4096

export interface Place {
  /** File name, relative to the model's folder. */
  readonly location: string
  readonly offset: number
  readonly length: number
}

/** Append-only; a tensor asked for twice (by two models, or two nodes) is written once. */
export class DataFile {
  private readonly location: string
  private readonly handle: FileHandle
  private readonly places = new Map<string, Place>()
  private end = 0

  private constructor(path: string, handle: FileHandle) {
    this.location = basename(path)
    this.handle = handle
  }

  static async create(path: string): Promise<DataFile> {
    return new DataFile(path, await open(path, 'w'))
  }

  /** Writes the bytes unless `name` was written before, and says where they are. */
  async place(name: string, bytes: () => Uint8Array | Promise<Uint8Array>): Promise<Place> {
    const known = this.places.get(name)
    if (known) return known
    const data = await bytes()
    const offset = Math.ceil(this.end / pageBytes) * pageBytes
    let written = 0
    while (written < data.length) {
      const step = await this.handle.write(data, written, data.length - written, offset + written)
      written += step.bytesWritten
    }
    this.end = offset + data.length
    const place = { location: this.location, offset, length: data.length }
    this.places.set(name, place)
    return place
  }

  async close(): Promise<void> {
    await this.handle.close()
  }
}
