/**
 * Version 1: runs, their sources, their columns; notes; import jobs; small results worth querying across runs.
 */
export const sql = `
CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  label TEXT NOT NULL,
  tags TEXT NOT NULL DEFAULT '[]',
  notes TEXT NOT NULL DEFAULT '',
  imported_at TEXT NOT NULL,
  -- TraceMeta as JSON: format, facts, origin, recorded tables, skipped records, warnings.
  meta TEXT NOT NULL,
  -- What the list of runs shows, computed once at import: counts, capture window, devices.
  summary TEXT NOT NULL
) STRICT;

CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL UNIQUE,
  bytes INTEGER NOT NULL,
  format TEXT NOT NULL
) STRICT;

CREATE TABLE column_chunk (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  chunk INTEGER NOT NULL,
  -- How data is written: see db/encoding.ts.
  dtype TEXT NOT NULL,
  length INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (run_id, table_name, column_name, chunk)
) STRICT;

CREATE TABLE run_metric (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_phase (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  count INTEGER NOT NULL,
  cpu_range_ns INTEGER NOT NULL,
  gpu_busy_ns INTEGER NOT NULL,
  gpu_span_ns INTEGER NOT NULL,
  gpu_sum_ns INTEGER NOT NULL,
  kernels INTEGER NOT NULL,
  PRIMARY KEY (run_id, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_kernel (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  class TEXT NOT NULL,
  count INTEGER NOT NULL,
  total_ns INTEGER NOT NULL,
  PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  created_at TEXT NOT NULL,
  text TEXT NOT NULL,
  start_ns INTEGER,
  end_ns INTEGER,
  table_name TEXT,
  row_index INTEGER
) STRICT;

CREATE TABLE import_job (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  bytes_done INTEGER NOT NULL DEFAULT 0,
  bytes_total INTEGER NOT NULL DEFAULT 0,
  rows INTEGER NOT NULL DEFAULT 0,
  run_id INTEGER,
  already INTEGER NOT NULL DEFAULT 0,
  message TEXT,
  updated_at TEXT NOT NULL
) STRICT;
`
