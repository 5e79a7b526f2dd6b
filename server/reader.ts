/**
 * Asking about traces without keeping the server from anything else. The first question starts the thread; questions are
 * answered in turn; one that nobody waits for any more is dropped from the line. Should the thread die, the question it had
 * fails, and the next one starts another.
 */
import type { Worker } from 'node:worker_threads'
import type { Store } from '../db/store.ts'
import { UserError } from '../trace/errors.ts'
import type { Answered, Asked, Question } from './questions.ts'
import { questions, tracesOf } from './questions.ts'
import type { Ask, Reply } from './reader-worker.ts'
import { startWorker } from '../parsers/start-worker.ts'

interface Waiting {
  ask: Ask
  done: (value: unknown) => void
  fail: (error: Error) => void
}

export class Reader {
  readonly #store: Store
  readonly #line: Waiting[] = []
  #current: Waiting | undefined
  #worker: Worker | undefined
  #asked = 0

  constructor(store: Store) {
    this.#store = store
  }

  /** The answer. Rejects with the UserError that the question ends in. */
  ask<Q extends Question>(question: Q, ...args: Asked<Q>): Promise<Answered<Q>> {
    return this.askWhile(undefined, question, ...args)
  }

  /** The same, as long as `signal` is not aborted: then the promise never settles, as nobody waits for it. */
  async askWhile<Q extends Question>(
    signal: AbortSignal | undefined,
    question: Q,
    ...args: Asked<Q>
  ): Promise<Answered<Q>> {
    // A store in memory is this thread's alone.
    if (this.#store.path === ':memory:') {
      const answer = questions[question] as (...all: unknown[]) => Answered<Q>
      return answer(tracesOf(this.#store), ...args)
    }
    return new Promise((done, fail) => {
      const waiting: Waiting = {
        ask: { id: ++this.#asked, question, args },
        done: done as (value: unknown) => void,
        fail,
      }
      this.#line.push(waiting)
      signal?.addEventListener('abort', () => {
        const at = this.#line.indexOf(waiting)
        if (at >= 0) this.#line.splice(at, 1)
      })
      this.#next()
    })
  }

  async close(): Promise<void> {
    this.#line.length = 0
    await this.#worker?.terminate()
  }

  #next(): void {
    if (this.#current !== undefined) return
    this.#current = this.#line.shift()
    if (this.#current !== undefined) this.#started().postMessage(this.#current.ask)
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker
    const worker = startWorker(import.meta.url, './reader-worker', { database: this.#store.path })
    // A question keeps the process alive, an idle reader does not.
    worker.unref()
    worker.on('message', (reply: Reply) => this.#settle(reply))
    const ended = (error: Error): void => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      const lost = this.#current
      this.#current = undefined
      lost?.fail(error)
      this.#next()
    }
    worker.on('error', ended)
    worker.on('exit', () => ended(new Error('the thread that reads traces ended')))
    return (this.#worker = worker)
  }

  #settle(reply: Reply): void {
    const answered = this.#current
    if (answered?.ask.id !== reply.id) return
    this.#current = undefined
    if (reply.ok) answered.done(reply.value)
    else if (reply.kind !== undefined) answered.fail(new UserError(reply.kind, reply.message))
    else answered.fail(Object.assign(new Error(reply.message), { stack: reply.stack }))
    this.#next()
  }
}
