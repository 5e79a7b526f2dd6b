/**
 * The bytes of a JSON file, gunzipped where the file is gzip (told by its first two bytes, not by its name).
 */
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { createGunzip } from 'node:zlib'
import { UserError } from '../../trace/errors.ts'

export interface ByteSource {
  /** The file's name, for messages. */
  readonly name: string
  /** Size of the file as it lies on the disk. */
  readonly bytesTotal: number
  /** Bytes of the file (not of the text) taken so far. */
  readonly bytesDone: number
  /** Writes up to `length` bytes of text at `into[at]` and says how many; 0 only at the end. */
  read(into: Buffer, at: number, length: number): Promise<number>
  close(): Promise<void>
}

/** Opens a file. Throws UserError where it is missing; where a gzip stream is cut short or damaged, `read` does. */
export async function openBytes(path: string): Promise<ByteSource> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new UserError('not-found', `${path}: no such file; check the path`)
    throw error
  }
  const name = basename(path)
  const bytesTotal = (await file.stat()).size
  const magic = Buffer.alloc(2)
  await file.read(magic, 0, 2, 0)
  if (magic[0] === 0x1f && magic[1] === 0x8b) {
    await file.close()
    return new GzipSource(path, name, bytesTotal)
  }
  return new PlainSource(file, name, bytesTotal)
}

class PlainSource implements ByteSource {
  readonly name: string
  readonly bytesTotal: number
  bytesDone = 0
  readonly #file: FileHandle

  constructor(file: FileHandle, name: string, bytesTotal: number) {
    this.#file = file
    this.name = name
    this.bytesTotal = bytesTotal
  }

  async read(into: Buffer, at: number, length: number): Promise<number> {
    const { bytesRead } = await this.#file.read(into, at, length, this.bytesDone)
    this.bytesDone += bytesRead
    return bytesRead
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}

const PIECE_BYTES = 1 << 20

class GzipSource implements ByteSource {
  readonly name: string
  readonly bytesTotal: number
  bytesDone = 0
  readonly #raw
  readonly #pieces: AsyncIterator<Buffer>
  #piece: Buffer = Buffer.alloc(0)
  #at = 0

  constructor(path: string, name: string, bytesTotal: number) {
    this.name = name
    this.bytesTotal = bytesTotal
    this.#raw = createReadStream(path, { highWaterMark: 1 << 18 })
    this.#raw.on('data', (piece) => (this.bytesDone += piece.length))
    const text = createGunzip({ chunkSize: PIECE_BYTES })
    this.#raw.on('error', (error) => text.destroy(error))
    this.#pieces = this.#raw.pipe(text)[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  }

  async read(into: Buffer, at: number, length: number): Promise<number> {
    while (this.#at === this.#piece.length) {
      const next = await this.#next()
      if (next.done) return 0
      this.#piece = next.value
      this.#at = 0
    }
    const taken = this.#piece.copy(into, at, this.#at, Math.min(this.#piece.length, this.#at + length))
    this.#at += taken
    return taken
  }

  async #next(): Promise<IteratorResult<Buffer>> {
    try {
      return await this.#pieces.next()
    } catch (error) {
      const code = codeOf(error)
      if (code === 'Z_BUF_ERROR')
        throw new UserError(
          'bad-input',
          `${this.name} is cut short: its gzip stream has no end after ${this.bytesTotal} bytes; copy or export it again`,
        )
      if (code.startsWith('Z_'))
        throw new UserError(
          'bad-input',
          `${this.name} is damaged: its gzip stream does not decode near byte ${this.bytesDone}; copy or export it again`,
        )
      throw error
    }
  }

  async close(): Promise<void> {
    this.#raw.destroy()
    await this.#pieces.return?.()
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''
