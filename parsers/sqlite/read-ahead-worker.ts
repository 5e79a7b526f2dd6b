/** The thread behind `read-ahead.ts`: reads one table by its pages and hands over the columns, or nothing. */
import { workerData } from 'node:worker_threads'
import type { Transferable } from 'node:worker_threads'
import { StringPool } from '../../trace/builder.ts'
import { PageColumns } from './page-columns.ts'
import { PageFile } from './page-file.ts'
import type { ColumnsRead } from './column-source.ts'
import { DONE, ROWS } from './read-ahead.ts'
import type { AheadRequest } from './read-ahead.ts'
import { Unusual } from './unusual.ts'

const { fd, header, table, wanted, base, told, answer } = workerData as AheadRequest

const notHere = (): never => {
  throw new Unusual('left to the caller')
}

let read: ColumnsRead | undefined
try {
  read = new PageColumns(new PageFile(fd, header), notHere).read(table, wanted, {
    base,
    pool: new StringPool(),
    missing: notHere,
    progress: (rows) => void Atomics.store(told, ROWS, rows),
  })
} catch {
  // The caller meets the same trouble when it reads the table, and knows what to say of it.
}
const buffers = read
  ? [read.rowid, ...Object.values(read.columns)].map((column) => column!.buffer as ArrayBuffer)
  : []
answer.postMessage(read, buffers satisfies Transferable[])
Atomics.store(told, DONE, 1)
Atomics.notify(told, DONE)
