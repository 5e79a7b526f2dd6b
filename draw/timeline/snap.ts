/**
 * Edges of spans to snap to, by the same layout that was drawn:
 *
 *   x          ·····|<─ reach ─>·<─ reach ─>|·····
 *   spans  [======]   [=]            [=======]
 *                     ^ ^ near enough; the nearer one is meant
 */
import { bisector } from 'd3-array'
import type { Box } from './lane.ts'
import type { TrackLayout } from './scene.ts'

/** A span's start or end that is on screen. */
export interface Edge {
  /** CSS pixels from the tracks' left. */
  readonly x: number
  /** Run time. */
  readonly ns: number
}

/** The edge nearest to x, `reach` px away at most; of the lanes at height y of the rows' own axis, or of all without one. */
export function edgeNear(
  tracks: readonly TrackLayout[],
  x: number,
  reach: number,
  y?: number,
): Edge | undefined {
  let best: Edge | undefined
  let least = reach
  for (const { lanes } of tracks)
    for (const { row, layout } of lanes) {
      if (y !== undefined && (y < row.y || y >= row.y + row.height)) continue
      const { boxes } = layout
      for (let i = firstEndingAt(boxes, x - reach); i < boxes.length && boxes[i]!.x0 <= x + reach; i++) {
        const { x0, x1, from, to, isExact } = boxes[i]!
        // To snap to a bucket's edge would say a time that no span has.
        if (!isExact) continue
        for (const edge of [
          { x: x0, ns: from },
          { x: x1, ns: to },
        ]) {
          if (Math.abs(edge.x - x) > least) continue
          least = Math.abs(edge.x - x)
          best = edge
        }
      }
    }
  return best
}

/** The first box that ends at x or later. */
const firstEndingAt = bisector(({ x1 }: Box) => x1).left
