/**
 * The timeline's words: tracks, and tiles that hold a track's marks for one stretch of time at one zoom level.
 *
 * Level L has buckets of 2^L ns; a tile is TILE_BUCKETS buckets; tile `index` covers
 * [index · 2^L · TILE_BUCKETS, (index + 1) · 2^L · TILE_BUCKETS) on the run's axis. So a URL names immutable content.
 *
 *   level 10 (1024 ns a bucket)   |---- tile 0 ----|---- tile 1 ----|
 *   level 11 (2048 ns a bucket)   |------------- tile 0 ------------|
 */
import { z } from 'zod'

/** Buckets in a tile. A power of two, so that a tile's halves are the two tiles below it. */
export const TILE_BUCKETS = 512
/** 2^44 ns a bucket is five hours; a tile then spans more than the longest time a run's axis can hold exactly. */
export const MAX_LEVEL = 44
/** The lane number under which a track of several lanes says what its union is, for a collapsed track. */
export const UNION_LANE = 0xffff
/** Strings in one chunk of a run's names. */
export const NAMES_CHUNK = 256
/** Grows with every change of what a tile holds or how it is written, so that no cache serves an older one. */
export const TILE_VERSION = 1

export const TrackKind = z.enum([
  /** Work that owned a device: the ledger's busy part. */
  'device-owner',
  'device-stream',
  'device-phase',
  'thread-api',
  'thread-range',
  'thread-os',
  'counter',
  'overhead',
  /** Its idle part, by cause. A span's row is the op that ends the gap. */
  'idle',
  'memory',
])
export type TrackKind = z.infer<typeof TrackKind>

export const Track = z.object({
  /** Stable within a run, safe in a URL: "stream-3", "api-0", "range-0", "os-0", "phase-0", "idle-0", "counter-2". */
  id: z.string(),
  kind: TrackKind,
  title: z.string(),
  /** What it stands under: a device or a thread of a process. */
  group: z.string(),
  /** Lanes it needs (nesting depth, or overlap on one stream). */
  lanes: z.number(),
  spans: z.number(),
  firstNs: z.number(),
  lastNs: z.number(),
  /** Table that a span's row number points into. */
  table: z.string(),
  /** What the class numbers in its tiles stand for: owners of time on a device, kinds of call on a thread. */
  classes: z.array(z.string()),
  /** Of a counter: unit, smallest and largest value of the whole run. */
  unit: z.string().optional(),
  low: z.number().optional(),
  high: z.number().optional(),
})
export type Track = z.infer<typeof Track>

/** What a client needs before it asks for tiles. */
export const Tracks = z.object({
  tracks: z.array(Track),
  /** Names the content of every tile of this run; a tile asked for with it never changes. */
  version: z.string(),
  /** First to last event of any kind; null for a capture without events. */
  captureNs: z.tuple([z.number(), z.number()]).nullable(),
})
export type Tracks = z.infer<typeof Tracks>

/** Time that one tile covers at a level, ns. */
export const tileNs = (level: number): number => 2 ** level * TILE_BUCKETS

/** The level at which one tile, index 0, holds everything up to `endNs`, and tile −1 as much before zero. */
export function rootLevel(endNs: number): number {
  let level = 0
  while (tileNs(level) < endNs && level < MAX_LEVEL) level++
  return level
}

/** How far tracks reach from zero, at least 1 ns: the root level of this holds them whole, those before zero as well. */
export const reachOf = (tracks: readonly Pick<Track, 'firstNs' | 'lastNs'>[]): number =>
  tracks.reduce((reach, { firstNs, lastNs }) => Math.max(reach, lastNs, -firstNs), 1)

/** A span, and where it stands on the timeline. */
export const SpanPlace = z.object({
  table: z.string(),
  row: z.number(),
  track: z.string(),
  name: z.string(),
  startNs: z.number(),
  durNs: z.number(),
})
export type SpanPlace = z.infer<typeof SpanPlace>

/** What a span is connected with; the steps of a walk along the timeline. */
export const SpanRelations = z.object({
  span: SpanPlace,
  /** The range it belongs to. */
  parent: SpanPlace.nullable(),
  /** The first range or call inside of it. */
  child: SpanPlace.nullable(),
  /** Of work on a device: the call that launched it. */
  cause: SpanPlace.nullable(),
  /** Of a call: the work that it launched; the first few, and how many there are. */
  effects: z.array(SpanPlace),
  effectCount: z.number(),
  /** On the same track, by start. */
  previous: SpanPlace.nullable(),
  next: SpanPlace.nullable(),
  /** Of the same name in the same table, by start. */
  previousSame: SpanPlace.nullable(),
  nextSame: SpanPlace.nullable(),
})
export type SpanRelations = z.infer<typeof SpanRelations>

/** What a window of time holds, by name; durations clipped to the window. */
export const WindowContents = z.object({
  fromNs: z.number(),
  toNs: z.number(),
  /** Names with the most time first; `count` is all that there are. */
  tables: z.array(
    z.object({
      table: z.string(),
      /** Spans that touch the window. */
      spans: z.number(),
      totalNs: z.number(),
      names: z.array(z.object({ name: z.string(), count: z.number(), totalNs: z.number() })),
      nameCount: z.number(),
    }),
  ),
})
export type WindowContents = z.infer<typeof WindowContents>

/** A stretch in which a device did nothing: its causes, and what the device was waiting for. */
export const Gap = z.object({
  device: z.number(),
  startNs: z.number(),
  endNs: z.number(),
  /** In time order; they fill the gap without a rest. */
  parts: z.array(z.object({ owner: z.string(), startNs: z.number(), durNs: z.number(), reason: z.string() })),
  /** The op that ended it; null after the last. */
  next: SpanPlace.nullable(),
  /** The call that launched that op. */
  launch: SpanPlace.nullable(),
  /** The op that ended as it began; null before the first. */
  previous: SpanPlace.nullable(),
  /** What the launching thread did longest in the gap, where it was inside a call or range. */
  during: SpanPlace.nullable(),
})
export type Gap = z.infer<typeof Gap>

/** Stretches worth jumping to. */
export const Stretches = z.object({
  iterations: z.array(
    z.object({
      index: z.number(),
      startNs: z.number(),
      endNs: z.number(),
      isWarmUp: z.boolean(),
      isRepresentative: z.boolean(),
    }),
  ),
  iterationName: z.string().nullable(),
  /** Instances by path, as the device ran them (where one did), in time order; the first few, and how many there are. */
  phases: z.array(
    z.object({
      path: z.string(),
      count: z.number(),
      instances: z.array(z.tuple([z.number(), z.number()])),
    }),
  ),
})
export type Stretches = z.infer<typeof Stretches>

/** Words pinned to a time, a stretch or a span of a run. */
export const Note = z.object({
  id: z.number(),
  text: z.string(),
  createdAt: z.string(),
  startNs: z.number(),
  endNs: z.number().nullable(),
  table: z.string().nullable(),
  row: z.number().nullable(),
})
export type Note = z.infer<typeof Note>

export const NoteEdit = z.object({
  text: z.string().trim().min(1).max(10_000),
  startNs: z.number().int(),
  endNs: z.number().int().nullable(),
  table: z.string().max(60).nullable(),
  row: z.number().int().nonnegative().nullable(),
})
export type NoteEdit = z.infer<typeof NoteEdit>

/** Device ops of one run's aligned iteration, one after another in time; lists beside each other. */
const AlignedOps = z.object({
  /** Row of the device that they ran on. */
  device: z.number(),
  row: z.array(z.number()),
  startNs: z.array(z.number()),
  durNs: z.array(z.number()),
  /** What they were matched into; −1 is without a match. */
  group: z.array(z.number()),
})

/** Times of one run beside those of another: (base ns, candidate ns), ascending in both; and what was matched with what. */
export const Alignment = z.object({
  knots: z.array(z.tuple([z.number(), z.number()])),
  /** Ops of the base's iteration that have a match, and all of them. */
  matchedOps: z.number(),
  ops: z.number(),
  base: AlignedOps,
  candidate: AlignedOps,
  /** Owned time of each group, base and candidate: their difference is what the waterfall sums. */
  groupNs: z.array(z.tuple([z.number(), z.number()])),
  /** Phase instances (range rows) that were held against each other. */
  instances: z.array(z.object({ base: z.array(z.number()), candidate: z.array(z.number()) })),
})
export type Alignment = z.infer<typeof Alignment>
