/** An answer of SQL as marks on the timeline: rows with a `start_ns`, for as long as `duration_ns` or `end_ns` says. */
import type { SqlAnswer, SqlCell } from '../../trace/sql-api.ts'

export interface Mark {
  /** ns on the run's axis. */
  startNs: number
  /** The same for a moment. */
  endNs: number
  label: string
}

export interface Marks {
  /** By start. */
  marks: Mark[]
  /** Rows without a start: they stand nowhere. */
  left: number
  /** More rows than the answer holds. */
  cut: boolean
}

/** Undefined where no column is called `start_ns`. `originNs` is what the statement's times are ahead of the run's axis. */
export function marksOf(answer: SqlAnswer, originNs: number): Marks | undefined {
  const at = (name: string): number => answer.columns.findIndex((column) => column.name === name)
  const start = at('start_ns')
  if (start < 0) return undefined
  const [duration, end] = [at('duration_ns'), at('end_ns')]
  const times = [start, duration, end]
  const word = answer.rows.map((row) =>
    row.findIndex((cell, i) => typeof cell === 'string' && !times.includes(i)),
  )
  const marks = answer.rows.flatMap((row, i): Mark[] => {
    const from = row[start]
    if (typeof from !== 'number') return []
    const last = numberIn(row[end]) ?? from + (numberIn(row[duration]) ?? 0)
    return [
      {
        startNs: from - originNs,
        endNs: Math.max(from, last) - originNs,
        label: word[i]! < 0 ? '' : String(row[word[i]!]),
      },
    ]
  })
  return {
    marks: marks.sort((a, b) => a.startNs - b.startNs),
    left: answer.rows.length - marks.length,
    cut: answer.truncated !== null,
  }
}

const numberIn = (cell: SqlCell | undefined): number | undefined =>
  typeof cell === 'number' ? cell : undefined
