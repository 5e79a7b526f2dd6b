/**
 * The thread behind `ImportAside`. It stays until it is ended, and its descriptor stays open as long: closing any descriptor of
 * a file gives up all locks this process has on it (POSIX), and SQLite may be reading it.
 */
import { openSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { encodeColumns } from '../db/columns.ts'
import type { StoredColumn } from '../db/columns.ts'
import { sha256OfOpen } from './hash-file.ts'
import type { AsideAnswer, AsideRequest } from './import-aside.ts'

const { path, columns, posted } = workerData as AsideRequest

const post = (answer: AsideAnswer, buffers: ArrayBuffer[] = []): void => {
  columns.postMessage(answer, buffers)
  Atomics.add(posted, 0, 1)
  Atomics.notify(posted, 0)
}

columns.on('message', (column: StoredColumn) => {
  try {
    for (const chunk of encodeColumns([column])) {
      // Unpacked data is a part of the column itself, which may be needed for the next chunk.
      const data = chunk.dtype === 'raw' ? chunk.data.slice() : chunk.data
      post({ ...chunk, data }, [data.buffer as ArrayBuffer])
    }
    post({ ended: true })
  } catch (error) {
    post({ ended: true, why: String(error) })
  }
})

parentPort!.postMessage(sha256OfOpen(openSync(path, 'r')))
