/** Version 3: how much captures of one program differ on a device, by an A/A measurement. */
export const sql = `
CREATE TABLE noise_floor (
  device TEXT PRIMARY KEY,
  -- Standard deviation of a capture's mean as a share of it, beyond what its iterations explain.
  share REAL NOT NULL,
  captures INTEGER NOT NULL,
  measured_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`
