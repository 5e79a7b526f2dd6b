/**
 * A worker thread that imports one file and ends. Ending it midway leaves nothing behind: the run is one transaction.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { Store } from '../db/store.ts'
import { UserError } from '../trace/errors.ts'
import { importFile, keepResults } from './import-file.ts'

export interface ImportTask {
  database: string
  path: string
  name: string
  nsys: string | undefined
}

export type ImportMessage =
  | { type: 'progress'; bytesDone: number; rows: number }
  | { type: 'done'; run: number; already: boolean }
  | { type: 'failed'; message: string; isUser: boolean }

const post = (message: ImportMessage): void => parentPort?.postMessage(message)

const task = workerData as ImportTask
const store = new Store(task.database)
let last = 0
try {
  const imported = await importFile(store, task.path, {
    name: task.name,
    nsys: task.nsys,
    progress: ({ bytesDone, rows }) => {
      const now = Date.now()
      if (now - last < 100) return
      last = now
      post({ type: 'progress', bytesDone, rows })
    },
  })
  post({ type: 'done', ...imported })
  if (!imported.already) keepResults(store, imported.run)
} catch (error) {
  const isUser = error instanceof UserError
  post({ type: 'failed', isUser, message: error instanceof Error ? error.message : String(error) })
} finally {
  store.close()
}
