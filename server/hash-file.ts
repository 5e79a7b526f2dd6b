/** The SHA-256 of a file. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** Of a file by its path; through a descriptor, which is left open, where one is given. */
export async function sha256Of(path: string, fd?: number): Promise<string> {
  const hash = createHash('sha256')
  const from = fd === undefined ? {} : { fd, autoClose: false, start: 0 }
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, ...from }))
    hash.update(chunk as Buffer)
  return hash.digest('hex')
}
