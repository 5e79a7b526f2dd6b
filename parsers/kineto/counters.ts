/**
 * Counter events: each value of one is a sample of a series, told apart by process, id and the value's own name.
 *
 *   {"ph":"C","name":"memory","args":{"used":10,"free":5}}   →   "memory (used)" 10, "memory (free)" 5
 *   {"ph":"C","name":"power","args":{"value":250}}           →   "power" 250
 */
import { TableBuilder } from '../../trace/builder.ts'
import type { StringPool } from '../../trace/builder.ts'
import { counter } from '../../trace/tables.ts'
import type { TableOf } from '../../trace/table.ts'

export class Counters {
  readonly #names: string[] = []
  readonly #byKey = new Map<string, number>()

  /** The series' row in `counter`. */
  of(process: number, id: number, name: string, value: string): number {
    const key = JSON.stringify([process, id, name, value])
    let row = this.#byKey.get(key)
    if (row === undefined) {
      row = this.#names.push(value === 'value' || value === name ? name : `${name} (${value})`) - 1
      this.#byKey.set(key, row)
    }
    return row
  }

  finish(pool: StringPool): TableOf<typeof counter> {
    const builder = new TableBuilder(counter)
    for (const name of this.#names) builder.add({ name: pool.intern(name) })
    return builder.finish()
  }
}

/** The numbers of a counter event's arguments. Numbers in quotes count: some writers have only those. */
export function valuesOf(args: unknown): [name: string, value: number][] {
  if (typeof args !== 'object' || args === null) return []
  return Object.entries(args).flatMap(([name, value]: [string, unknown]) => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
    return typeof number === 'number' && Number.isFinite(number) ? [[name, number] as [string, number]] : []
  })
}
