/**
 * What one line of a timeline holds, pixel by pixel: busy time, the class with most of it, and what stands there.
 *
 *   spans    [a  ][b ]  c c c            [d
 *   pixel    |    |    |    |    |    |    |
 *   busy     1    .8   .3   .3   0    0    1        busy ns in the pixel / its length
 *
 * Everything is added in ascending time, so the sums by class need to be kept for one pixel only.
 */
import { NONE } from '../../trace/column.ts'

/** No more classes than this on one track. */
const CLASSES = 64

export class PixelRow {
  /** Run time at the pixels' edges, ascending; one more than pixels. */
  readonly edges: Float64Array
  readonly busyNs: Float64Array
  readonly cls: Uint8Array
  /** Spans that start in the pixel. */
  readonly count: Uint32Array
  /** 1 where anything is, however short. */
  readonly filled: Uint8Array
  /** The span with the largest part in the pixel, and its label; NONE where it has none. */
  readonly row: Uint32Array
  readonly label: Uint32Array
  readonly #largest: Float64Array
  readonly #byClass = new Float64Array(CLASSES)
  readonly #touched: number[] = []
  #pixel = 0

  constructor(edges: Float64Array) {
    const pixels = edges.length - 1
    this.edges = edges
    // One piece of memory for all: a timeline makes a dozen rows sixty times a second.
    const memory = new ArrayBuffer(pixels * (2 * 8 + 3 * 4 + 2))
    this.busyNs = new Float64Array(memory, 0, pixels)
    this.#largest = new Float64Array(memory, pixels * 8, pixels).fill(-1)
    this.count = new Uint32Array(memory, pixels * 16, pixels)
    this.row = new Uint32Array(memory, pixels * 20, pixels).fill(NONE)
    this.label = new Uint32Array(memory, pixels * 24, pixels).fill(NONE)
    this.cls = new Uint8Array(memory, pixels * 28, pixels)
    this.filled = new Uint8Array(memory, pixels * 29, pixels)
  }

  get length(): number {
    return this.busyNs.length
  }

  /** Part of the pixel's time that is busy, 0 to 1. */
  share(pixel: number): number {
    const ns = this.edges[pixel + 1]! - this.edges[pixel]!
    return ns > 0 ? Math.min(1, this.busyNs[pixel]! / ns) : 0
  }

  /**
   * Adds `busy` ns spread evenly over [from, to); `count` spans start at `from`. Calls must come in ascending time.
   * Only what falls on the row is taken.
   */
  add(from: number, to: number, busy: number, cls: number, row: number, label: number, count: number): void {
    const { edges } = this
    const pixels = this.length
    if (to < edges[0]! || from >= edges[pixels]!) return
    let pixel = this.#pixel
    while (pixel < pixels && edges[pixel + 1]! <= from) pixel++
    if (pixel >= pixels) return
    this.#moveTo(pixel)
    if (from >= edges[0]!) this.count[pixel]! += count
    const density = to > from ? busy / (to - from) : 0
    for (;;) {
      const low = Math.max(from, edges[pixel]!)
      const high = Math.min(to, edges[pixel + 1]!)
      // A warped axis may stand still: such a pixel holds none of the run's time.
      if (edges[pixel + 1]! > edges[pixel]!)
        this.#put(pixel, Math.max(0, high - low) * density, cls, row, label)
      if (to <= edges[pixel + 1]! || pixel + 1 >= pixels) return
      this.#moveTo(++pixel)
    }
  }

  #put(pixel: number, ns: number, cls: number, row: number, label: number): void {
    this.busyNs[pixel]! += ns
    this.filled[pixel] = 1
    if (this.#byClass[cls] === 0) this.#touched.push(cls)
    this.#byClass[cls]! += ns
    if (this.#byClass[cls]! > this.#byClass[this.cls[pixel]!]! || this.#largest[pixel]! < 0)
      this.cls[pixel] = cls
    if (ns > this.#largest[pixel]!) {
      this.#largest[pixel] = ns
      this.row[pixel] = row
      this.label[pixel] = label
    }
  }

  #moveTo(pixel: number): void {
    if (pixel === this.#pixel) return
    this.#pixel = pixel
    for (const cls of this.#touched) this.#byClass[cls] = 0
    this.#touched.length = 0
  }
}
