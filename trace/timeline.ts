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

export const TrackKind = z.enum([
  'device-stream',
  'device-phase',
  'thread-api',
  'thread-range',
  'thread-os',
  'counter',
  'overhead',
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
})
export type Track = z.infer<typeof Track>
