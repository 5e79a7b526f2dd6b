/**
 * A thread beside the import of a large file: it hashes the file while that is read, then encodes the columns while they are
 * written.
 *
 *   import   reads the file ─────────────────┐   encodes A ── inserts A ── inserts B ── encodes D ── inserts D ── inserts C
 *   thread   hashes it ── idle               └─► encodes B ──── encodes C ────┘
 */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import type { MessagePort, Worker } from 'node:worker_threads'
import { encodeColumns } from '../db/columns.ts'
import type { EncodedChunk, StoredColumn } from '../db/columns.ts'
import { startWorker } from '../parsers/start-worker.ts'
import { sha256Of } from './hash-file.ts'

/** What the thread is given when it starts. */
export interface AsideRequest {
  path: string
  columns: MessagePort
  /** How many messages it has posted to `columns`. */
  posted: Int32Array<SharedArrayBuffer>
}

/** A chunk, or how the encoding of a column ended. */
export type AsideAnswer = EncodedChunk | { ended: true; why?: string }

/** Columns with the thread at once: one it works on, and one that waits for it. */
const GIVEN = 2

/** How long nothing may be heard of the thread, ms: a chunk takes a few. */
const PATIENCE = 60_000

export class ImportAside {
  readonly #worker: Worker
  readonly #path: string
  readonly #hash: Promise<string | undefined>
  readonly #port: MessagePort
  readonly #posted = new Int32Array(new SharedArrayBuffer(4))

  constructor(path: string) {
    this.#path = path
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    const request: AsideRequest = { path, columns: port2, posted: this.#posted }
    this.#worker = startWorker(import.meta.url, './import-aside-worker', request, [port2])
    this.#hash = new Promise((resolve) => {
      this.#worker.once('message', resolve)
      this.#worker.once('error', () => resolve(undefined))
      this.#worker.once('exit', () => resolve(undefined))
    })
  }

  /** The file's hash. Where the thread fails, it is computed here: ask when nobody holds a lock on the file any more. */
  async sha256(): Promise<string> {
    return (await this.#hash) ?? (await sha256Of(this.#path))
  }

  /** The columns' chunks, as they are done. Some columns are given away: their arrays are empty from then on. */
  *encode(columns: readonly StoredColumn[]): Generator<EncodedChunk> {
    const left = columns.values()
    let given = 0
    let received = 0
    for (;;) {
      for (let one; given < GIVEN && !(one = left.next()).done; given++)
        this.#port.postMessage(one.value, [one.value.values.buffer as ArrayBuffer])
      if (given === 0) return
      // While the thread is busy, a column is encoded here.
      const hasAnswered = Atomics.load(this.#posted, 0) > received
      const mine = hasAnswered ? undefined : left.next()
      if (mine !== undefined && !mine.done) {
        yield* encodeColumns([mine.value])
        continue
      }
      const answer = this.#answer(received++)
      if (!('ended' in answer)) yield answer
      else if (answer.why === undefined) given--
      else throw new Error(`the columns could not be encoded: ${answer.why}`)
    }
  }

  stop(): void {
    this.#port.close()
    void this.#worker.terminate()
  }

  #answer(received: number): AsideAnswer {
    if (Atomics.wait(this.#posted, 0, received, PATIENCE) === 'timed-out')
      throw new Error('the columns could not be encoded: nothing was heard of the thread that does it')
    return (receiveMessageOnPort(this.#port) as { message: AsideAnswer }).message
  }
}
