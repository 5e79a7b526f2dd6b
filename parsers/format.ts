/**
 * What a trace format is. Adding one is one file and one line in `index.ts`; the upload page, `GET /api/formats`, the
 * README's table and the "not recognised" message come from that list.
 */
import type { Trace } from '../trace/trace.ts'

export interface Progress {
  bytesDone: number
  bytesTotal: number
  rows: number
}

/** The outside world that a reader may touch. */
export interface ReadEffects {
  progress?: (progress: Progress) => void
  signal?: AbortSignal
  /** Path of a working `nsys`, for reports that only it can read. */
  nsys?: string | undefined
  /** A folder for temporary files; the system's where not given. */
  scratch?: string | undefined
}

export interface Format {
  readonly id: string
  readonly title: string
  /** The command that makes such a file. */
  readonly capture: string
  /** Recognises a file by its first 64 KiB (after gunzip where it is gzip) and, only where these do not tell, its name. */
  matches(head: Uint8Array, name: string): boolean
  /** Reads the whole file. Throws UserError('bad-input') where it is not one after all. */
  read(path: string, effects: ReadEffects): Promise<Trace>
}
