/**
 * Physical GPUs and the lanes (streams) on them.
 *
 * An event's deviceId is a CUDA ordinal inside its process (after CUDA_VISIBLE_DEVICES). The physical GPU is
 *   TARGET_INFO_CUDA_DEVICE(pid, cudaId).gpuId, where that table exists;
 *   else the one TARGET_INFO_GPU row with cuDevice = deviceId, if exactly one matches;
 *   else the row with id = deviceId.
 */
import { NONE, NONE_U8 } from '../../trace/column.ts'
import { reorder, StringPool, TableBuilder } from '../../trace/builder.ts'
import { device, stream } from '../../trace/tables.ts'
import type { Table, TableOf } from '../../trace/table.ts'
import type { ColumnSource } from '../sqlite/column-source.ts'
import { ascendingOrder, inverseOrder } from '../order.ts'
import type { Identities } from './identity.ts'

export class Devices {
  readonly #devices = new TableBuilder(device)
  readonly #rowById = new Map<number, number>()
  readonly #gpuOfCudaDevice = new Map<string, number>()
  readonly #idsByOrdinal = new Map<number, number[]>()
  readonly #identities: Identities
  readonly #rowByProcess = new Map<number, number>()

  constructor(source: ColumnSource, pool: StringPool, identities: Identities) {
    this.#identities = identities
    this.#readGpus(source, pool)
    const map = source.read(
      'TARGET_INFO_CUDA_DEVICE',
      { gpuId: 'u32?', cudaId: 'u32?', pid: 'u32?' },
      { base: 0n, pool },
    )
    const { gpuId, cudaId, pid } = map.columns
    if (gpuId !== undefined && cudaId !== undefined && pid !== undefined)
      for (let i = 0; i < map.length; i++)
        if (gpuId[i] !== NONE) this.#gpuOfCudaDevice.set(`${pid[i]}/${cudaId[i]}`, gpuId[i]!)
  }

  /** The device row of a CUDA ordinal in a process; added if no list of GPUs names it. */
  rowOf(process: number, ordinal: number): number {
    const key = process * 2 ** 32 + ordinal
    let row = this.#rowByProcess.get(key)
    if (row === undefined) this.#rowByProcess.set(key, (row = this.rowOfId(this.#idOf(process, ordinal))))
    return row
  }

  /** The device row of a physical id. */
  rowOfId(id: number): number {
    let row = this.#rowById.get(id)
    if (row === undefined) this.#rowById.set(id, (row = this.#devices.add({ id })))
    return row
  }

  finish(): TableOf<typeof device> {
    return this.#devices.finish()
  }

  #idOf(process: number, ordinal: number): number {
    const pid = this.#identities.processes.value(process, 'pid')
    const mapped = this.#gpuOfCudaDevice.get(`${pid}/${ordinal}`)
    if (mapped !== undefined) return mapped
    const ids = this.#idsByOrdinal.get(ordinal)
    return ids?.length === 1 ? ids[0]! : ordinal
  }

  #readGpus(source: ColumnSource, pool: StringPool): void {
    const wanted = {
      id: 'u32?',
      deviceId: 'u32?',
      name: 'string?',
      totalMemory: 'f64?',
      memoryBandwidth: 'f64?',
      clockRate: 'f64?',
      smCount: 'u32?',
      computeMajor: 'u8?',
      computeMinor: 'u8?',
      cuDevice: 'u32?',
      globalMemorySize: 'f64?',
      globalMemoryBandwidth: 'f64?',
      numMultiprocessors: 'u32?',
    } as const
    // Up to 2020 GPUs are told by TARGET_INFO_CUDA_GPU (with facts) and a shorter TARGET_INFO_GPU.
    for (const table of ['TARGET_INFO_GPU', 'TARGET_INFO_CUDA_GPU']) {
      const { length, columns } = source.read(table, wanted, { base: 0n, pool })
      const ids = columns.id ?? columns.deviceId
      if (ids === undefined) continue
      for (let i = 0; i < length; i++) {
        const id = ids[i]!
        if (id === NONE || this.#rowById.has(id)) continue
        const u32 = (a?: Uint32Array): number | undefined =>
          a === undefined || a[i] === NONE ? undefined : a[i]
        const u8 = (a?: Uint8Array): number | undefined =>
          a === undefined || a[i] === NONE_U8 ? undefined : a[i]
        const row = this.#devices.add({
          id,
          name: u32(columns.name),
          totalMemory: (columns.totalMemory ?? columns.globalMemorySize)?.[i],
          memoryBandwidth: (columns.memoryBandwidth ?? columns.globalMemoryBandwidth)?.[i],
          clockRate: columns.clockRate?.[i],
          smCount: u32(columns.smCount ?? columns.numMultiprocessors),
          computeMajor: u8(columns.computeMajor),
          computeMinor: u8(columns.computeMinor),
        })
        this.#rowById.set(id, row)
        const ordinal = u32(columns.cuDevice)
        if (ordinal !== undefined)
          this.#idsByOrdinal.set(ordinal, [...(this.#idsByOrdinal.get(ordinal) ?? []), id])
      }
    }
  }
}

interface StreamKey {
  process: number
  ordinal: number
  context: number
  green: number
  id: number
}

/**
 * Lanes, keyed by (process, device ordinal, context, green context, stream id). Green context 0 is none: one file writes 0 in
 * some tables and NULL in others for the same stream.
 */
export class Streams {
  readonly #builder = new TableBuilder(stream)
  readonly #keys: StreamKey[] = []
  readonly #rows = new Map<string, number>()
  readonly #recent: number[] = []
  readonly #devices: Devices

  constructor(devices: Devices) {
    this.#devices = devices
  }

  rowOf(process: number, ordinal: number, context: number, greenContext: number, id: number): number {
    const green = greenContext === 0 ? NONE : greenContext
    // A capture has few lanes and its rows alternate between two or three of them.
    for (const row of this.#recent) {
      const key = this.#keys[row]!
      if (
        key.id === id &&
        key.process === process &&
        key.ordinal === ordinal &&
        key.context === context &&
        key.green === green
      )
        return row
    }
    const text = `${process}/${ordinal}/${context}/${green}/${id}`
    let row = this.#rows.get(text)
    if (row === undefined) {
      row = this.#builder.add({
        device: this.#devices.rowOf(process, ordinal),
        process,
        deviceOrdinal: ordinal,
        context,
        greenContext: green === NONE ? undefined : green,
        id,
      })
      this.#keys.push({ process, ordinal, context, green, id })
      this.#rows.set(text, row)
    }
    this.#recent.unshift(row)
    if (this.#recent.length > 6) this.#recent.pop()
    return row
  }

  /** The table, sorted so that a lower row is a lower stream; `rank[old row]` is the new one. */
  finish(): { table: Table<(typeof stream)['columns']>; rank: Uint32Array } {
    const table = this.#builder.finish()
    let order = ascendingOrder(Float64Array.from(table.id))
    const greens = table.greenContext ?? new Uint32Array(table.length)
    order = ascendingOrder(
      Float64Array.from(greens, (green) => (green === NONE ? 0 : green)),
      order,
    )
    for (const column of [table.context, table.process, table.device])
      order = ascendingOrder(Float64Array.from(column), order)
    return { table: reorder(stream, table, order), rank: inverseOrder(order) }
  }
}
