/** The SHA-256 of a file. */
import { createHash } from 'node:crypto'
import { createReadStream, readSync } from 'node:fs'

const CHUNK_BYTES = 1 << 18

/** Of a file by its path. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }))
    hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** Of an open file, which stays open; for a thread that may wait. */
export function sha256OfOpen(fd: number): string {
  const hash = createHash('sha256')
  const chunk = Buffer.alloc(CHUNK_BYTES)
  for (let at = 0, got; (got = readSync(fd, chunk, 0, chunk.length, at)) > 0; at += got)
    hash.update(chunk.subarray(0, got))
  return hash.digest('hex')
}
