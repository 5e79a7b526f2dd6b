/**
 * A process that runs one statement and ends. The statement sees an empty database in memory with the tables of one run;
 * the store and the original are read beside it, by connections it cannot name.
 */
import { Worker } from 'node:worker_threads'
import { addSource } from './sources.ts'
import { memoryDatabase } from '../../db/virtual-tables.ts'
import { UserError } from '../../trace/errors.ts'
import { execute } from './execute.ts'
import type { SqlMessage, SqlTask } from './sql-task.ts'

/** Bytes that SQLite may hold in memory, sorting and joining included. */
const HEAP_BYTES = 2 ** 30
/** Longer than any limit is over: then nobody waits for the answer, or is there to end this process. */
const GRACE_MS = 5000

const send = (message: SqlMessage): Promise<void> =>
  new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()))

process.once('message', (task: SqlTask) => {
  void run(task)
    .then(send, (error: unknown) =>
      send({
        type: 'failed',
        isUser: error instanceof UserError,
        message: error instanceof Error ? error.message : String(error),
      }),
    )
    .finally(() => process.exit())
})

async function run({ sql, source, rowLimit, timeLimitMs }: SqlTask): Promise<SqlMessage> {
  const database = memoryDatabase()
  await addSource(database, source, sql)
  // A temporary index that grows beyond memory is an error of this statement, not a full disk.
  database.pragma('temp_store = MEMORY')
  database.pragma(`hard_heap_limit = ${HEAP_BYTES}`)
  database.pragma('query_only = ON')
  await send({ type: 'ready' })
  endAfter(timeLimitMs + GRACE_MS)
  return { type: 'done', answer: execute(database, sql, rowLimit) }
}

/** A thread of its own: this one may be inside SQLite, where no timer runs. */
function endAfter(ms: number): void {
  const end = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${ms})`
  new Worker(end, { eval: true }).unref()
}
