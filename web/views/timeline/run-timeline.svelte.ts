/** One run on the timeline: its tracks, tiles and names, how its tracks are arranged, and where its time stands. */
import { sameAxis } from '../../../draw/timeline/axis.ts'
import type { Axis } from '../../../draw/timeline/axis.ts'
import type { TrackLayout } from '../../../draw/timeline/scene.ts'
import { reachOf } from '../../../trace/timeline.ts'
import type { Note, Track, Tracks } from '../../../trace/timeline.ts'
import { arrange, firstArrangement, plain } from './arrangement.ts'
import type { Arranged, Arrangement } from './arrangement.ts'
import { NameStore } from './name-store.ts'
import type { Cover } from './tile-cover.ts'
import { TileStore } from './tile-store.ts'
import { TimelineApi } from './timeline-api.ts'

export interface RunNote {
  readonly id: number
  readonly text: string
  readonly startNs: number
  readonly endNs: number | undefined
  readonly span?: { readonly table: string; readonly row: number } | undefined
}

/** Tiles mostly come within a frame or two; of those that take longer than this a person is told. */
const PATIENCE_MS = 400

export class RunTimeline {
  readonly id: number
  readonly label: string
  readonly api: TimelineApi
  readonly tracks: readonly Track[]
  readonly captureNs: readonly [number, number]
  readonly tiles: TileStore
  readonly names: NameStore
  /** How the tracks stood before a person touched them. */
  readonly usual: Arrangement
  /** Where this run's time stands on the view's axis. */
  axis = $state.raw<Axis>(sameAxis)
  /** How that axis was made, where it is not the run's own. */
  axisNote = $state<string>()
  arrangement = $state.raw<Arrangement>(plain)
  readonly arranged: Arranged = $derived.by(() => arrange(this.tracks, this.arrangement))
  /** Counts up with every tile or name that arrives: drawings depend on it. */
  arrived = $state(0)
  /** Notes pinned to this run; ns on its own axis. */
  notes = $state.raw<readonly RunNote[]>([])
  /** What is drawn now, by drawing; for hits and for the table beside the drawing. */
  readonly layouts = new Map<string, readonly TrackLayout[]>()
  /** Counts up with every drawing. */
  drawn = $state(0)
  /** Finer tiles than those on screen have been on their way for more than a moment. */
  reading = $state(false)
  #patience: ReturnType<typeof setTimeout> | undefined
  /** Why a tile did not come; it stays missing until it is asked for again. */
  error = $state.raw<string>()

  private constructor(id: number, label: string, api: TimelineApi, { tracks, version, captureNs }: Tracks) {
    this.id = id
    this.label = label
    this.api = api
    this.tracks = tracks
    this.captureNs = captureNs ?? [0, 1]
    const changed = (): void => {
      this.arrived++
    }
    this.tiles = new TileStore(
      (track, level, index, signal) => api.tile(version, track, level, index, signal),
      Math.max(reachOf(tracks), this.captureNs[1]),
      changed,
      (error) => (this.error = error instanceof Error ? error.message : String(error)),
    )
    this.names = new NameStore((chunk) => api.names(version, chunk), changed)
    this.usual = firstArrangement(tracks)
    this.arrangement = this.usual
  }

  /** Asks for the run's tracks. */
  static async open(id: number, label: string): Promise<RunTimeline> {
    const api = new TimelineApi(id)
    return new RunTimeline(id, label, api, await api.tracks())
  }

  /** What is known of a track between two times: no tile is asked for where it holds nothing. */
  cover(track: Track, bucketNs: number, from: number, to: number): Cover {
    // A counter's last value holds to the end of the capture.
    const last = track.kind === 'counter' || track.kind === 'memory' ? this.captureNs[1] : track.lastNs
    // Why a device was idle is worked out once a run, in seconds for millions of gaps: nothing else waits for it.
    const isLate = track.kind === 'idle'
    return this.tiles.cover(track.id, bucketNs, Math.max(from, track.firstNs), Math.min(to, last + 1), isLate)
  }

  /** To be called after every drawing. */
  watchTiles(): void {
    if (this.tiles.settled) {
      clearTimeout(this.#patience)
      this.#patience = undefined
      this.reading = false
    } else this.#patience ??= setTimeout(() => (this.reading = !this.tiles.settled), PATIENCE_MS)
  }

  /** Asks again for the tiles that did not come. */
  retry(): void {
    this.error = undefined
    this.tiles.retry()
    this.arrived++
  }

  async loadNotes(): Promise<void> {
    this.notes = (await this.api.notes()).map(noteOf)
  }

  async addNote(at: Omit<RunNote, 'id' | 'text'>, text: string): Promise<void> {
    await this.api.addNote({
      text,
      startNs: Math.round(at.startNs),
      endNs: at.endNs === undefined ? null : Math.round(at.endNs),
      table: at.span?.table ?? null,
      row: at.span?.row ?? null,
    })
    await this.loadNotes()
  }

  async deleteNote(id: number): Promise<void> {
    await this.api.deleteNote(id)
    await this.loadNotes()
  }

  trackOf(id: string): Track | undefined {
    return this.tracks.find((track) => track.id === id)
  }
}

const noteOf = (note: Note): RunNote => ({
  id: note.id,
  text: note.text,
  startNs: note.startNs,
  endNs: note.endNs ?? undefined,
  span: note.table === null || note.row === null ? undefined : { table: note.table, row: note.row },
})
