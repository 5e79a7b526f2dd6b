/**
 * Which columns a statement can possibly look at, told from its text: others need not be read, decoded or handed over.
 *
 * Too many is only slow, too few would be wrong, so the text is not parsed: a column of SQLite can only be reached by its
 * name standing somewhere in the text, whatever the case, or by not naming columns at all: with `*`, NATURAL, a pragma that
 * lists them, or as `x IN table` (which takes tables of one column; ours are given two at least).
 */
export function wantedColumns(sql: string): (column: string) => boolean {
  const text = sql.toLowerCase()
  const unnamed =
    /\bnatural\b|pragma_/.test(text) || text.replaceAll(/\bcount\s*\(\s*\*\s*\)/g, '').includes('*')
  return (column) => unnamed || text.includes(column.toLowerCase())
}
