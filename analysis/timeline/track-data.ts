/** A track with what its tiles are made of. */
import type { Track } from '../../trace/timeline.ts'
import type { Lane } from './spans.ts'

/** A counter's samples, ascending in time. */
export interface Samples {
  readonly time: Float64Array
  readonly value: Float64Array
}

export interface TrackData {
  readonly track: Track
  readonly lanes: readonly Lane[]
  /** Set for counters, which have no lanes of spans. */
  readonly samples?: Samples
}

/** The facts of a track that follow from its lanes. */
export function spanTrack(
  facts: Pick<Track, 'id' | 'kind' | 'title' | 'group' | 'classes' | 'table'>,
  lanes: readonly Lane[],
): TrackData {
  let spans = 0
  let firstNs = Infinity
  let lastNs = -Infinity
  for (const { at, columns } of lanes) {
    spans += at.length
    if (at.length === 0) continue
    const last = at.at(-1)!
    firstNs = Math.min(firstNs, columns.start[at[0]!]!)
    // Disjoint and ascending, so the last one ends last.
    lastNs = Math.max(lastNs, columns.start[last]! + columns.duration[last]!)
  }
  return { track: { ...facts, lanes: Math.max(1, lanes.length), spans, firstNs, lastNs }, lanes }
}
