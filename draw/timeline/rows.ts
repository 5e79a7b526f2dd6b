/**
 * Where each track stands, top to bottom. Heights follow from the track alone, never from what is on screen, so nothing
 * jumps when tiles arrive.
 */
import { UNION_LANE } from '../../trace/timeline.ts'
import type { Track } from '../../trace/timeline.ts'

/** px. */
export const LANE_HEIGHT = 18
const SLIM_LANE_HEIGHT = 14
const COUNTER_HEIGHT = 40
const PADDING = 3
export const GROUP_HEIGHT = 24

/** A track as the person wants it seen. */
export interface ShownTrack {
  readonly track: Track
  /** One line for all lanes. */
  readonly collapsed: boolean
}

export interface LaneRow {
  /** Lane number in the tiles; UNION_LANE for a collapsed track of several lanes. */
  readonly lane: number
  /** Depth for the look of nested ranges. */
  readonly depth: number
  readonly y: number
  readonly height: number
}

export interface TrackRow {
  readonly kind: 'track'
  readonly track: Track
  readonly collapsed: boolean
  readonly y: number
  readonly height: number
  readonly lanes: readonly LaneRow[]
}

/** A heading with the name of what the tracks below belong to. */
export interface GroupRow {
  readonly kind: 'group'
  readonly group: string
  readonly folded: boolean
  readonly y: number
  readonly height: number
}

export type Row = TrackRow | GroupRow

export interface RowGroup {
  readonly group: string
  /** Its tracks are not shown. */
  readonly folded: boolean
  readonly tracks: readonly ShownTrack[]
}

/** Rows from y = 0 down, and their height together. */
export function rowsOf(groups: readonly RowGroup[]): { rows: Row[]; height: number } {
  const rows: Row[] = []
  let y = 0
  for (const { group, folded, tracks } of groups) {
    rows.push({ kind: 'group', group, folded, y, height: GROUP_HEIGHT })
    y += GROUP_HEIGHT
    if (folded) continue
    for (const shown of tracks) {
      const row = trackRow(shown, y)
      rows.push(row)
      y += row.height
    }
  }
  return { rows, height: y }
}

function trackRow({ track, collapsed }: ShownTrack, y: number): TrackRow {
  const isCounter = track.kind === 'counter' || track.kind === 'memory'
  const height = isCounter ? COUNTER_HEIGHT : track.lanes > 6 ? SLIM_LANE_HEIGHT : LANE_HEIGHT
  const count = collapsed || isCounter ? 1 : track.lanes
  const lanes = Array.from({ length: count }, (_, i) => ({
    lane: collapsed && track.lanes > 1 ? UNION_LANE : i,
    depth: i,
    y: y + PADDING + i * height,
    height: height - 1,
  }))
  return { kind: 'track', track, collapsed, y, height: count * height + 2 * PADDING, lanes }
}
