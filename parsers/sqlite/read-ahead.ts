/**
 * Reading one large table in a thread of its own, while the caller reads others.
 *
 *   caller   start ──── reads RUNTIME ──── take: waits ── goes on with both
 *   thread      └────── decodes KERNEL ───────────┘
 *
 * The thread shares the caller's file descriptor (opening and closing another one would give up SQLite's lock on the file,
 * as POSIX has it) and touches nothing else. Whatever it cannot vouch for, the caller reads again by itself.
 */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import type { MessagePort, Worker } from 'node:worker_threads'
import { startWorker } from '../start-worker.ts'
import type { ColumnsRead, Wanted } from './column-source.ts'
import type { Header } from './header.ts'
import type { TableSchema } from './schema.ts'

export interface AheadRequest {
  fd: number
  header: Header
  table: TableSchema
  wanted: Wanted
  base: bigint
  /** What the thread says while it works: see `ROWS` and `DONE`. */
  told: Int32Array<SharedArrayBuffer>
  answer: MessagePort
}

/** Where in `told` the rows read so far stand, and whether an answer was posted. */
export const ROWS = 0
export const DONE = 1

/** How long nothing may be heard of the thread, ms, before the caller does without: starting one takes about 50. */
const PATIENCE = 5000
const TICK = 50

export class ReadAhead {
  readonly #worker: Worker
  readonly #told = new Int32Array(new SharedArrayBuffer(8))
  readonly #port: MessagePort

  constructor(request: Omit<AheadRequest, 'told' | 'answer'>) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    const data: AheadRequest = { ...request, told: this.#told, answer: port2 }
    this.#worker = startWorker(import.meta.url, './read-ahead-worker', data, [port2])
    // Its failure shows as silence.
    this.#worker.on('error', () => undefined).unref()
  }

  /** Waits for the table. Undefined where the thread could not read it; what `progress` throws ends the wait. */
  take(progress?: (rows: number) => void): ColumnsRead | undefined {
    let rows = -1
    let silence = 0
    while (Atomics.load(this.#told, DONE) === 0 && silence < PATIENCE) {
      Atomics.wait(this.#told, DONE, 0, TICK)
      const now = Atomics.load(this.#told, ROWS)
      silence = now === rows ? silence + TICK : 0
      rows = now
      progress?.(rows)
    }
    const message = receiveMessageOnPort(this.#port) as { message: ColumnsRead | undefined } | undefined
    this.close()
    return message?.message
  }

  close(): void {
    this.#port.close()
    void this.#worker.terminate()
  }
}
