/**
 * Which tiles tell a stretch of a track now: the wanted ones where they are here, else finer ones that fill the place,
 * else a coarser one. So zooming never shows a hole where something is known, and nothing flickers when tiles arrive.
 *
 *   wanted  |  3  |  4  |  5  |          have 3; children of 4; the parent of 5
 *   drawn   |  3  |4a|4b|  (2)|
 */
import type { CoverPiece } from '../../../draw/timeline/scene.ts'
import type { Tile } from '../../../analysis/timeline/tile.ts'
import { MAX_LEVEL, tileNs } from '../../../trace/timeline.ts'

export interface TileKey {
  level: number
  index: number
}

/** A tile that is here, or undefined. */
export type Have = (key: TileKey) => Tile | undefined

export interface Cover {
  pieces: CoverPiece[]
  /** Tiles that would tell more than what is here. */
  wanted: TileKey[]
}

/** Looks so many levels up for a coarser tile, and down for finer ones. */
const UP = MAX_LEVEL
const DOWN = 2

/** Tells [from, to) of a track at a level. */
export function coverOf(have: Have, level: number, from: number, to: number): Cover {
  const cover: Cover = { pieces: [], wanted: [] }
  const length = tileNs(level)
  for (let index = Math.floor(from / length); index * length < to; index++) {
    const own = have({ level, index })
    const [start, end] = [index * length, (index + 1) * length]
    if (own !== undefined) {
      push(cover.pieces, own, start, end)
      continue
    }
    const above = ancestor(have, level, index)
    if (above === undefined || !isExact(above)) cover.wanted.push({ level, index })
    const below = isExact(above) ? undefined : descendants(have, level, index, DOWN)
    if (below !== undefined) for (const [tile, a, b] of below) push(cover.pieces, tile, a, b)
    else if (above !== undefined) push(cover.pieces, above, start, end)
  }
  return cover
}

/** Every span of the tile is in it as it is: a finer tile tells nothing more. */
export const isExact = (tile: Tile | undefined): boolean =>
  tile !== undefined && tile.sections.every((section) => section.kind === 'spans')

function ancestor(have: Have, level: number, index: number): Tile | undefined {
  for (let up = 1; up <= UP && level + up <= MAX_LEVEL; up++) {
    const tile = have({ level: level + up, index: Math.floor(index / 2 ** up) })
    if (tile !== undefined) return tile
  }
  return undefined
}

/** Finer tiles that fill the place without a hole; undefined where they do not. */
function descendants(
  have: Have,
  level: number,
  index: number,
  depth: number,
): [Tile, number, number][] | undefined {
  if (level === 0 || depth === 0) return undefined
  const found: [Tile, number, number][] = []
  for (const child of [index * 2, index * 2 + 1]) {
    const tile = have({ level: level - 1, index: child })
    const length = tileNs(level - 1)
    const parts: [Tile, number, number][] | undefined =
      tile === undefined
        ? descendants(have, level - 1, child, depth - 1)
        : [[tile, child * length, (child + 1) * length]]
    if (parts === undefined) return undefined
    found.push(...parts)
  }
  return found
}

/** Neighbouring parts of one tile are one part. */
function push(pieces: CoverPiece[], tile: Tile, from: number, to: number): void {
  const last = pieces.at(-1)
  if (last !== undefined && last.tile === tile && last.to === from) last.to = to
  else pieces.push({ tile, from, to })
}
