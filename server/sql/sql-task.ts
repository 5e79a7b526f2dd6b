/** What the process that runs a statement is told, and what it answers. */
import type { SqlAnswer } from '../../trace/sql-api.ts'

export type SqlSource =
  /** A run of a store. */
  | { kind: 'run'; database: string; run: number }
  /** A trace file, read for this statement. */
  | { kind: 'file'; path: string; nsys: string | undefined }
  /** An nsys export as it is, less what may be private. */
  | { kind: 'original'; path: string }

export interface SqlTask {
  sql: string
  source: SqlSource
  rowLimit: number
  timeLimitMs: number
}

export type SqlMessage =
  /** Loaded: from here the time limit counts. */
  | { type: 'ready' }
  | { type: 'done'; answer: SqlAnswer }
  | { type: 'failed'; message: string; isUser: boolean }
