/**
 * Version 2: what a timeline shows first (its tracks, and the coarsest tiles of each), so that a run of any size opens at
 * once and its columns are read only when someone looks closer.
 */
export const sql = `
CREATE TABLE run_overview (
  run_id INTEGER PRIMARY KEY REFERENCES run(id) ON DELETE CASCADE,
  -- TILE_VERSION of the program that made it; another one makes its own.
  version INTEGER NOT NULL,
  tracks TEXT NOT NULL
) STRICT;

CREATE TABLE overview_tile (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  track TEXT NOT NULL,
  level INTEGER NOT NULL,
  tile INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (run_id, track, level, tile)
) STRICT;
`
