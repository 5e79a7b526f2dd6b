/** What of a run is to be exported: a window of time, and which tracks. */
import { tracksOf } from '../analysis/timeline/timeline.ts'
import type { TrackData } from '../analysis/timeline/track-data.ts'
import { UserError } from '../trace/errors.ts'
import type { Trace } from '../trace/trace.ts'

export interface ExportWindow {
  /** ns on the run's axis; spans that touch [from, to) are exported whole. */
  from: number
  to: number
  /** Ids; all but the ledger's track of all work (which repeats the streams) where not given. */
  tracks?: readonly string[] | undefined
}

/** The chosen tracks, in the timeline's order. Throws UserError('not-found') for one that is not there. */
export function chosenTracks(trace: Trace, { tracks }: ExportWindow): TrackData[] {
  const all = tracksOf(trace)
  if (tracks === undefined) return all.filter(({ track }) => track.kind !== 'device-owner')
  return tracks.map((id) => {
    const found = all.find(({ track }) => track.id === id)
    if (found === undefined) throw new UserError('not-found', `this run has no track "${id}"`)
    return found
  })
}
