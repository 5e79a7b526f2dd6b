/**
 * The leaves of a table in runs that one read can fetch.
 *
 *   leaves   12 13 14 17 18 │ 901 902 │ 40 …      pages 15 and 16 are another table's: reading over them is cheaper
 *   runs     └ 12 … 18 ──┘    └──┘      └         than a second read
 */
import type { PageFile } from './page-file.ts'

/** Bytes fetched at most in one read. */
const RUN_BYTES = 1 << 20
/** Bytes of other pages read over rather than around. */
const GAP_BYTES = 1 << 16

/** Some leaves in memory. Valid until the next run is asked for. */
export interface Run {
  bytes: Uint8Array
  view: DataView
  /** Where in `bytes` each leaf starts, in the order of the leaves. */
  bases: number[]
}

export function* runsOf(file: PageFile, leaves: Uint32Array): Generator<Run> {
  const { pageSize } = file.header
  const most = RUN_BYTES / pageSize
  const gap = 1 + Math.floor(GAP_BYTES / pageSize)
  const buffer = new ArrayBuffer(RUN_BYTES)
  const bytes = new Uint8Array(buffer)
  const view = new DataView(buffer)
  for (let i = 0; i < leaves.length;) {
    const first = leaves[i]!
    const bases: number[] = []
    let last = first
    for (; i < leaves.length; i++) {
      const page = leaves[i]!
      if (page - first >= most || page < last || page > last + gap) break
      bases.push((page - first) * pageSize)
      last = page
    }
    file.read(first, last - first + 1, bytes)
    yield { bytes, view, bases }
  }
}
