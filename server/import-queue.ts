/**
 * Imports one after another, each in a worker thread, so that the server goes on answering.
 */
import { rename, rm } from 'node:fs/promises'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import type { Jobs } from '../db/jobs.ts'
import type { Store } from '../db/store.ts'
import type { ImportMessage, ImportTask } from './import-worker.ts'
import { startWorker } from '../parsers/start-worker.ts'

interface Waiting {
  job: number
  path: string
  name: string
}

export interface QueueOptions {
  store: Store
  jobs: Jobs
  nsys: string | undefined
  /** Where originals are kept, by content. */
  originals: string
  report: (error: unknown) => void
}

export class ImportQueue {
  readonly #options: QueueOptions
  readonly #waiting: Waiting[] = []
  #current: { job: number; worker: Worker } | undefined

  constructor(options: QueueOptions) {
    this.#options = options
    mkdirSync(options.originals, { recursive: true })
  }

  /** Queues a file, alone in its folder, that belongs to the server from now on: kept as an original, or removed. */
  add(job: number, path: string, name: string): void {
    this.#options.jobs.change(job, { state: 'waiting' })
    this.#waiting.push({ job, path, name })
    this.#next()
  }

  /** Stops a job wherever it is. Whatever it had read is gone; a run that is stored stays. */
  async cancel(job: number): Promise<void> {
    if (this.#options.jobs.get(job).state === 'summarising') return
    const at = this.#waiting.findIndex((one) => one.job === job)
    if (at >= 0) {
      const [one] = this.#waiting.splice(at, 1)
      await discard(one!.path)
    }
    if (this.#current?.job === job) await this.#current.worker.terminate()
    const { state } = this.#options.jobs.get(job)
    if (state !== 'done' && state !== 'failed') this.#options.jobs.change(job, { state: 'cancelled' })
  }

  async close(): Promise<void> {
    this.#waiting.length = 0
    await this.#current?.worker.terminate()
  }

  #next(): void {
    if (this.#current !== undefined) return
    const one = this.#waiting.shift()
    if (one === undefined) return
    const { store, jobs, nsys } = this.#options
    jobs.change(one.job, { state: 'importing' })
    const task: ImportTask = { database: store.path, path: one.path, name: one.name, nsys }
    const worker = startWorker(import.meta.url, './import-worker', task)
    this.#current = { job: one.job, worker }
    let outcome: ImportMessage | undefined
    worker.on('message', (message: ImportMessage) => {
      if (message.type === 'progress') jobs.change(one.job, { rows: message.rows })
      else if (outcome?.type !== 'done') outcome = message
      if (message.type === 'done' && !message.already)
        jobs.change(one.job, { state: 'summarising', run: message.run, rows: rowsOf(store, message.run) })
    })
    worker.on('error', (error) => {
      this.#options.report(error)
      outcome = { type: 'failed', isUser: false, message: 'the import stopped by a mistake in the program' }
    })
    worker.on('exit', () => {
      this.#current = undefined
      void this.#end(one, outcome).finally(() => this.#next())
    })
  }

  async #end(one: Waiting, outcome: ImportMessage | undefined): Promise<void> {
    const { jobs, store, originals } = this.#options
    if (outcome?.type === 'done') {
      const { sourceSha256 } = store.run(outcome.run)
      const rows = rowsOf(store, outcome.run)
      if (!outcome.already) await rename(one.path, join(originals, sourceSha256))
      await discard(one.path)
      jobs.change(one.job, { state: 'done', run: outcome.run, already: outcome.already, rows })
      return
    }
    await discard(one.path)
    if (outcome?.type === 'failed') jobs.change(one.job, { state: 'failed', message: outcome.message })
  }
}

const rowsOf = (store: Store, run: number): number =>
  Object.values(store.run(run).counts).reduce((sum, count) => sum + count, 0)

/** Removes a file with the folder it is alone in. */
const discard = (path: string): Promise<void> => rm(dirname(path), { recursive: true, force: true })
