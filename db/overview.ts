/** What a run's timeline shows first, kept since its import. */
import type Database from 'better-sqlite3'
import { TILE_VERSION, Track } from '../trace/timeline.ts'
import { z } from 'zod'

interface Kept {
  tracks: readonly Track[]
  tiles: Iterable<TileKey & { bytes: Uint8Array }>
}
interface TileKey {
  track: string
  level: number
  index: number
}

/** Replaces what was kept before. */
export function addOverview(database: Database.Database, run: number, { tracks, tiles }: Kept): void {
  database.transaction(() => {
    database.prepare('DELETE FROM run_overview WHERE run_id = ?').run(run)
    database.prepare('DELETE FROM overview_tile WHERE run_id = ?').run(run)
    database
      .prepare('INSERT INTO run_overview (run_id, version, tracks) VALUES (?, ?, ?)')
      .run(run, TILE_VERSION, JSON.stringify(tracks))
    const tile = database.prepare(
      'INSERT INTO overview_tile (run_id, track, level, tile, data) VALUES (?, ?, ?, ?, ?)',
    )
    for (const { track, level, index, bytes } of tiles) tile.run(run, track, level, index, bytes)
  })()
}

/** Undefined where none are kept, or an older program kept them. */
export function keptTracks(database: Database.Database, run: number, version: number): Track[] | undefined {
  const row = database
    .prepare<[number, number], { tracks: string }>(
      'SELECT tracks FROM run_overview WHERE run_id = ? AND version = ?',
    )
    .get(run, version)
  return row && z.array(Track).parse(JSON.parse(row.tracks))
}

export function keptTile(
  database: Database.Database,
  run: number,
  version: number,
  { track, level, index }: TileKey,
): Uint8Array | undefined {
  return database
    .prepare<[number, number, string, number, number], { data: Buffer }>(
      `SELECT data FROM overview_tile JOIN run_overview USING (run_id)
       WHERE run_id = ? AND version = ? AND track = ? AND level = ? AND tile = ?`,
    )
    .get(run, version, track, level, index)?.data
}
