/**
 * Running a statement in a process of its own, with a time limit.
 *
 * A process, not a thread: `WITH RECURSIVE … SELECT count(*)` computes inside SQLite without ever coming back to
 * JavaScript, and a thread can only be stopped there. A process can be ended at any moment.
 */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { UserError } from '../../trace/errors.ts'
import type { SqlAnswer } from '../../trace/sql-api.ts'
import { MOST_CHARACTERS } from './execute.ts'
import type { SqlMessage, SqlSource, SqlTask } from './sql-task.ts'

/** What a statement may take where nothing else is asked for. */
export const sqlLimits = { rows: 10_000, timeMs: 10_000, bytes: MOST_CHARACTERS } as const

export interface SqlOptions {
  sql: string
  source: SqlSource
  rowLimit?: number
  timeLimitMs?: number
  /** Ends the statement: nobody waits for it any more. */
  signal?: AbortSignal
}

/** Answers one statement. Throws UserError('bad-request') for what SQLite refuses and for one that takes too long. */
export function runSql(options: SqlOptions): Promise<SqlAnswer> {
  const { sql, source, rowLimit = sqlLimits.rows, timeLimitMs = sqlLimits.timeMs, signal } = options
  const task: SqlTask = { sql, source, rowLimit, timeLimitMs }
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(cancelled())
    const child = startProcess()
    let timer: NodeJS.Timeout | undefined
    const end = (settle: () => void): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      child.kill('SIGKILL')
      settle()
    }
    const abort = (): void => end(() => reject(cancelled()))
    signal?.addEventListener('abort', abort)
    child.on('message', (message: SqlMessage) => {
      if (message.type === 'ready')
        timer = setTimeout(() => end(() => reject(tooLong(timeLimitMs))), timeLimitMs)
      else if (message.type === 'done') end(() => resolve(message.answer))
      else end(() => reject(failure(message)))
    })
    child.on('error', (error) => end(() => reject(error)))
    // After an answer this rejects a promise that is settled, which does nothing.
    child.on('exit', (code) =>
      end(() => reject(new Error(`the process of a statement ended (${code}) without an answer`))),
    )
    child.send(task)
  })
}

/** Starts the process from the source tree (TypeScript, through tsx) and from the built tree alike. */
function startProcess(): ChildProcess {
  const isSource = import.meta.url.endsWith('.ts')
  const file = fileURLToPath(new URL(isSource ? './sql-process.ts' : './sql-process.js', import.meta.url))
  const tsx = (): string => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  return fork(file, {
    execArgv: isSource ? ['--import', tsx()] : [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

const cancelled = (): UserError => new UserError('bad-request', 'the statement was cancelled')

const tooLong = (ms: number): UserError =>
  new UserError(
    'bad-request',
    `stopped after ${ms / 1000} s, the time limit; ask for less (WHERE, fewer columns), or join tables with JOIN … ON instead of a subquery for each row`,
  )

const failure = (message: { message: string; isUser: boolean }): Error =>
  message.isUser ? new UserError('bad-request', message.message) : new Error(message.message)
