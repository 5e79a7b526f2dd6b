/** The thread that reads traces: it answers one question after another, until the server ends it. */
import { parentPort, workerData } from 'node:worker_threads'
import { Store } from '../db/store.ts'
import { UserError } from '../trace/errors.ts'
import type { ErrorKind } from '../trace/errors.ts'
import { questions, tracesOf } from './questions.ts'
import type { Question } from './questions.ts'

export interface Ask {
  id: number
  question: Question
  args: readonly unknown[]
}

export type Reply =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; kind: ErrorKind | undefined; message: string; stack: string | undefined }

const store = new Store((workerData as { database: string }).database)
const traces = tracesOf(store)

parentPort!.on('message', ({ id, question, args }: Ask) => {
  try {
    const value: unknown = (questions[question] as (...all: unknown[]) => unknown)(traces, ...args)
    // Bytes that are theirs alone are handed over instead of copied.
    const moved =
      value instanceof Uint8Array && value.byteLength === value.buffer.byteLength ? [value.buffer] : []
    parentPort!.postMessage({ id, ok: true, value } satisfies Reply, moved as ArrayBuffer[])
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    const kind = error instanceof UserError ? error.kind : undefined
    parentPort!.postMessage({ id, ok: false, kind, message, stack } satisfies Reply)
  }
})
