/**
 * Nested phases as boxes: each inside its parent, as wide as its time.
 *
 *   | VGGT_Forward                      |
 *   | Aggregator               | Heads  |
 *   | Frame  | Global    |
 *
 * What a parent has beyond its children stays empty below it.
 */

export interface Nested {
  /** "VGGT_Forward/Aggregator". */
  readonly path: string
}
export interface Box<T extends Nested> {
  readonly row: T
  /** The last name of the path. */
  readonly name: string
  readonly depth: number
  /** In the unit of `value`, from the left edge. */
  readonly from: number
  readonly to: number
}

/**
 * Boxes in the order of `rows`. A path whose parent has no row is a root. Where children together exceed their parent
 * (they overlap in time, or run on several devices) they are shrunk to fit it, in proportion.
 */
export function icicle<T extends Nested>(rows: readonly T[], value: (row: T) => number): Box<T>[] {
  const known = new Set(rows.map((row) => row.path))
  const children = new Map<string, T[]>()
  for (const row of rows) {
    const parent = parentOf(row.path)
    const key = known.has(parent) ? parent : ''
    const list = children.get(key)
    if (list) list.push(row)
    else children.set(key, [row])
  }
  const boxes: Box<T>[] = []
  const place = (key: string, depth: number, from: number, room: number): void => {
    const list = children.get(key) ?? []
    const sum = list.reduce((total, row) => total + value(row), 0)
    const shrink = sum > room && sum > 0 ? room / sum : 1
    let at = from
    for (const row of list) {
      const width = value(row) * shrink
      const name = key === '' ? row.path : row.path.slice(key.length + 1)
      boxes.push({ row, name, depth, from: at, to: at + width })
      place(row.path, depth + 1, at, width)
      at += width
    }
  }
  place('', 0, 0, Infinity)
  return boxes
}

export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
