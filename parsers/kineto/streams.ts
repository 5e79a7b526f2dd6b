/**
 * Lanes of devices → rows of `stream`.
 */
import { reorder, TableBuilder } from '../../trace/builder.ts'
import { tables } from '../../trace/tables.ts'
import type { TraceTables } from '../../trace/trace.ts'
import { inverseOrder } from '../order.ts'
import type { Collector } from './collect.ts'
import type { Devices } from './devices.ts'
import type { Names } from './names.ts'

/** Streams: one a (lane, process that works on it), in order of (device, process, context, id). */
export class Streams {
  readonly #builder = new TableBuilder(tables.stream)
  readonly #rows = new Map<string, number>()
  readonly #collector: Collector
  readonly #devices: Devices
  readonly #names: Names

  constructor(collector: Collector, devices: Devices, names: Names) {
    this.#collector = collector
    this.#devices = devices
    this.#names = names
  }

  /** A provisional row; `finish` gives the final ones. */
  rowOf(lane: number, process: number): number {
    const { place, device, context, stream: id } = this.#collector.lanes.all[lane]!
    const key = `${device} ${process} ${context} ${id}`
    let row = this.#rows.get(key)
    if (row === undefined) {
      const name = this.#collector.places.threadName(place)
      row = this.#builder.add({
        device: this.#devices.rowOf(device),
        process,
        deviceOrdinal: device,
        context,
        id,
        name: name === undefined ? undefined : this.#names.pool.intern(name),
      })
      this.#rows.set(key, row)
    }
    return row
  }

  /** The table, and the final row of each provisional one. */
  finish(): { table: TraceTables['stream']; finalRow: Uint32Array } {
    const table = this.#builder.finish()
    const key = ['device', 'process', 'context', 'id'] as const
    const order = Uint32Array.from({ length: table.length }, (_, row) => row).sort((a, b) => {
      const differing = key.find((column) => table[column][a] !== table[column][b])
      return differing === undefined ? a - b : table[differing][a]! - table[differing][b]!
    })
    return { table: reorder(tables.stream, table, order), finalRow: inverseOrder(order) }
  }
}
