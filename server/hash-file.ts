/** The SHA-256 of a file, here or in a thread of its own. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Worker } from 'node:worker_threads'
import { startWorker } from '../parsers/start-worker.ts'

/** Of a file by its path; through a descriptor, which is left open, where one is given. */
export async function sha256Of(path: string, fd?: number): Promise<string> {
  const hash = createHash('sha256')
  const from = fd === undefined ? {} : { fd, autoClose: false, start: 0 }
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, ...from }))
    hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/**
 * The same beside other work, until `stop`. Where the thread fails, it is computed here once it is asked for: ask when nobody
 * holds a lock on the file any more.
 */
export class HashAside {
  readonly #worker: Worker
  readonly #path: string
  readonly #answer: Promise<string | undefined>

  constructor(path: string) {
    this.#path = path
    this.#worker = startWorker(import.meta.url, './hash-worker', path)
    this.#answer = new Promise((resolve) => {
      this.#worker.once('message', resolve)
      this.#worker.once('error', () => resolve(undefined))
      this.#worker.once('exit', () => resolve(undefined))
    })
  }

  async result(): Promise<string> {
    return (await this.#answer) ?? (await sha256Of(this.#path))
  }

  stop(): void {
    void this.#worker.terminate()
  }
}
