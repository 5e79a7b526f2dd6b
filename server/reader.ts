/**
 * Asking about traces without keeping the server from anything else. The first question starts the thread; should it die,
 * what it was asked fails, and the next question starts another.
 */
import type { Worker } from 'node:worker_threads'
import type { Store } from '../db/store.ts'
import { UserError } from '../trace/errors.ts'
import type { Answered, Asked, Question } from './questions.ts'
import { questions } from './questions.ts'
import type { Ask, Reply } from './reader-worker.ts'
import { startWorker } from './worker-file.ts'

interface Pending {
  done: (value: unknown) => void
  fail: (error: Error) => void
}

export class Reader {
  readonly #store: Store
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | undefined
  #asked = 0

  constructor(store: Store) {
    this.#store = store
  }

  /** The answer. Rejects with the UserError that the question ends in. */
  async ask<Q extends Question>(question: Q, ...args: Asked<Q>): Promise<Answered<Q>> {
    // A store in memory is this thread's alone.
    if (this.#store.path === ':memory:') {
      const answer = questions[question] as (...all: unknown[]) => Answered<Q>
      return answer({ loadTrace: (run: number) => this.#store.loadTrace(run) }, ...args)
    }
    const id = ++this.#asked
    return new Promise((done, fail) => {
      this.#pending.set(id, { done: done as (value: unknown) => void, fail })
      const message: Ask = { id, question, args }
      this.#started().postMessage(message)
    })
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker
    const worker = startWorker(import.meta.url, './reader-worker', { database: this.#store.path })
    // Questions keep the process alive, an idle reader does not.
    worker.unref()
    worker.on('message', (reply: Reply) => this.#settle(reply))
    const ended = (error: Error): void => {
      if (this.#worker === worker) this.#worker = undefined
      for (const { fail } of this.#pending.values()) fail(error)
      this.#pending.clear()
    }
    worker.on('error', ended)
    worker.on('exit', () => ended(new Error('the thread that reads traces ended')))
    return (this.#worker = worker)
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id)
    this.#pending.delete(reply.id)
    if (reply.ok) pending?.done(reply.value)
    else if (reply.kind !== undefined) pending?.fail(new UserError(reply.kind, reply.message))
    else pending?.fail(Object.assign(new Error(reply.message), { stack: reply.stack }))
  }
}
