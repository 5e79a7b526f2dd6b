/**
 * Where answers and progress go: stdout is the answer and nothing else (with --json exactly one document); everything said
 * along the way goes to stderr, progress bars only on a terminal.
 */
import type { ResultTable } from '../analysis/analysis.ts'
import { textTable } from './text-table.ts'

export interface Output {
  readonly json: boolean
  readonly quiet: boolean
  /** The answer as data (with --json) or as text. */
  answer(document: unknown, text: () => string): void
  /** The answer as text that is written piece by piece: longer than memory would like. Not for --json. */
  pieces(pieces: Iterable<string>): void
  /** A line about what is going on. */
  note(line: string): void
  /** Progress of long work; calls replace each other on a terminal. */
  progress(line: string): void
  /** Ends a progress line. */
  endProgress(): void
}

export interface Streams {
  stdout: { write(text: string): unknown }
  stderr: { write(text: string): unknown; isTTY?: boolean }
}

export function outputTo(streams: Streams, options: { json: boolean; quiet: boolean }): Output {
  let hasProgress = false
  const endProgress = (): void => {
    if (hasProgress) streams.stderr.write('\r\u001B[K')
    hasProgress = false
  }
  return {
    ...options,
    answer(document, text) {
      endProgress()
      streams.stdout.write(options.json ? `${JSON.stringify(document)}\n` : ensureNewline(text()))
    },
    pieces(pieces) {
      endProgress()
      for (const piece of pieces) streams.stdout.write(piece)
    },
    note(line) {
      endProgress()
      if (!options.quiet) streams.stderr.write(`${line}\n`)
    },
    progress(line) {
      if (options.quiet || streams.stderr.isTTY !== true) return
      hasProgress = true
      streams.stderr.write(`\r\u001B[K${line}`)
    },
    endProgress,
  }
}

const ensureNewline = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

/** Tables one under the other, each under its title. */
export const textTables = (tables: readonly ResultTable[]): string =>
  tables.map((table) => `${table.title}\n${textTable(table)}`).join('\n')
