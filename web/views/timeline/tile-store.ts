/**
 * The tiles of one run: asked for when a drawing wants them, kept while the page lives, the longest unused dropped first.
 * The browser's own cache holds them beyond that: a tile's address names content that never changes.
 */
import { decodeTile } from '../../../analysis/timeline/tile-code.ts'
import type { Tile } from '../../../analysis/timeline/tile.ts'
import { MAX_LEVEL, rootLevel } from '../../../trace/timeline.ts'
import { coverOf } from './tile-cover.ts'
import type { Cover } from './tile-cover.ts'

/** About 10 KB each: 40 MB. */
const KEPT = 4_000
/** A browser opens six connections to a server; two more wait in line so that none idles. */
const AT_ONCE = 8
/** Asking costs about 0.5 ms: a view that moves asks for a few tiles a frame, so that no frame comes late for all of them. */
const STARTS = 3

export type FetchTile = (
  track: string,
  level: number,
  index: number,
  signal: AbortSignal,
) => Promise<ArrayBuffer>

interface Wanted {
  track: string
  level: number
  index: number
  isLate: boolean
}

export class TileStore {
  readonly #fetch: FetchTile
  readonly #onChange: () => void
  readonly #onError: (error: unknown) => void
  readonly #tiles = new Map<string, Tile>()
  readonly #coming = new Map<string, AbortController>()
  /** Failed once; asked for again only after `retry`. */
  readonly #failed = new Set<string>()
  /** By drawing: a run may be drawn in several places at once. */
  readonly #wanted = new Map<string, Map<string, Wanted>>()
  #asker = ''
  readonly #rootLevel: number

  /** `reachNs` is how far the capture reaches from zero: one root tile per track holds everything up to it, another all before zero. */
  constructor(fetch: FetchTile, reachNs: number, onChange: () => void, onError: (error: unknown) => void) {
    this.#fetch = fetch
    this.#onChange = onChange
    this.#onError = onError
    this.#rootLevel = rootLevel(reachNs)
  }

  /** Starts a drawing by its name: what it does not ask for any more is not fetched any more. */
  begin(drawing: string): void {
    this.#asker = drawing
    this.#wanted.set(drawing, new Map())
  }

  /**
   * What is known of [from, to) of a track with buckets of at most `bucketNs`; what is missing is fetched after `end`, late
   * tracks' tiles after all others.
   */
  cover(track: string, bucketNs: number, from: number, to: number, isLate = false): Cover {
    const level = Math.min(MAX_LEVEL, Math.max(0, Math.floor(Math.log2(bucketNs))))
    const have = ({ level: l, index }: { level: number; index: number }): Tile | undefined =>
      this.#use(keyOf(track, l, index))
    // The whole first, so that there is something to show everywhere.
    for (const index of from < 0 ? [-1, 0] : [0])
      if (!this.#tiles.has(keyOf(track, this.#rootLevel, index)))
        this.#want(track, this.#rootLevel, index, isLate)
    const cover = coverOf(have, Math.min(level, this.#rootLevel), from, to)
    for (const key of cover.wanted) this.#want(track, key.level, key.index, isLate)
    return cover
  }

  /** Ends a drawing: fetches what it missed. */
  end(): void {
    for (const [key, controller] of this.#coming) if (!this.#isWanted(key)) controller.abort()
    this.#pump()
  }

  /** Whether everything that the last drawings wanted is here. What was given up may still be on its way: no drawing follows it. */
  get settled(): boolean {
    return this.#all().every(([key]) => this.#tiles.has(key))
  }

  #all(): [string, Wanted][] {
    return [...this.#wanted.values()].flatMap((wanted) => [...wanted])
  }

  #isWanted(key: string): boolean {
    for (const wanted of this.#wanted.values()) if (wanted.has(key)) return true
    return false
  }

  /** What failed may be asked for again, by the next drawing. */
  retry(): void {
    this.#failed.clear()
  }

  /** Stops everything under way. */
  close(): void {
    this.#wanted.clear()
    for (const controller of this.#coming.values()) controller.abort()
  }

  #want(track: string, level: number, index: number, isLate: boolean): void {
    const key = keyOf(track, level, index)
    if (!this.#failed.has(key)) this.#wanted.get(this.#asker)?.set(key, { track, level, index, isLate })
  }

  #use(key: string): Tile | undefined {
    const tile = this.#tiles.get(key)
    if (tile === undefined) return undefined
    this.#tiles.delete(key)
    this.#tiles.set(key, tile)
    return tile
  }

  #pump(): void {
    let starts = 0
    const all = this.#all()
    for (const [key, tile] of [
      ...all.filter(([, one]) => !one.isLate),
      ...all.filter(([, one]) => one.isLate),
    ]) {
      if (this.#coming.size >= AT_ONCE || starts >= STARTS) return
      if (this.#tiles.has(key) || this.#coming.has(key)) continue
      const controller = new AbortController()
      this.#coming.set(key, controller)
      starts++
      void this.#load(key, tile, controller)
    }
  }

  async #load(key: string, { track, level, index }: Wanted, controller: AbortController): Promise<void> {
    try {
      const bytes = await this.#fetch(track, level, index, controller.signal)
      this.#tiles.set(key, decodeTile(bytes))
      for (const oldest of this.#tiles.keys()) {
        if (this.#tiles.size <= KEPT) break
        this.#tiles.delete(oldest)
      }
      this.#onChange()
    } catch (error) {
      if (!controller.signal.aborted) {
        this.#failed.add(key)
        for (const wanted of this.#wanted.values()) wanted.delete(key)
        this.#onError(error)
      }
    } finally {
      this.#coming.delete(key)
      this.#pump()
    }
  }
}

const keyOf = (track: string, level: number, index: number): string => `${track}/${level}/${index}`
