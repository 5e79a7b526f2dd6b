/** Notes that are pinned to a time, a stretch or a span of a run. */
import type Database from 'better-sqlite3'
import { UserError } from '../trace/errors.ts'
import type { Note, NoteEdit } from '../trace/timeline.ts'

interface NoteRow {
  id: number
  created_at: string
  text: string
  start_ns: number
  end_ns: number | null
  table_name: string | null
  row_index: number | null
}

const COLUMNS = 'id, created_at, text, start_ns, end_ns, table_name, row_index'

/** By the time they are pinned to. */
export const notesOf = (database: Database.Database, run: number): Note[] =>
  database
    .prepare<[number], NoteRow>(`SELECT ${COLUMNS} FROM note WHERE run_id = ? ORDER BY start_ns, id`)
    .all(run)
    .map(noteOf)

/** Throws where there is no such run (a foreign key). */
export function addNote(database: Database.Database, run: number, note: NoteEdit): Note {
  const { lastInsertRowid } = database
    .prepare(
      'INSERT INTO note (run_id, created_at, text, start_ns, end_ns, table_name, row_index) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(run, new Date().toISOString(), note.text, note.startNs, note.endNs, note.table, note.row)
  return oneNote(database, run, Number(lastInsertRowid))
}

/** Throws UserError('not-found') where the run has no such note. */
export function editNote(database: Database.Database, run: number, id: number, note: NoteEdit): Note {
  oneNote(database, run, id)
  database
    .prepare('UPDATE note SET text = ?, start_ns = ?, end_ns = ?, table_name = ?, row_index = ? WHERE id = ?')
    .run(note.text, note.startNs, note.endNs, note.table, note.row, id)
  return oneNote(database, run, id)
}

/** Throws UserError('not-found') where the run has no such note. */
export function deleteNote(database: Database.Database, run: number, id: number): void {
  oneNote(database, run, id)
  database.prepare('DELETE FROM note WHERE id = ?').run(id)
}

function oneNote(database: Database.Database, run: number, id: number): Note {
  const row = database
    .prepare<[number, number], NoteRow>(`SELECT ${COLUMNS} FROM note WHERE run_id = ? AND id = ?`)
    .get(run, id)
  if (row === undefined) throw new UserError('not-found', `run ${run} has no note ${id}`)
  return noteOf(row)
}

const noteOf = (row: NoteRow): Note => ({
  id: row.id,
  text: row.text,
  createdAt: row.created_at,
  startNs: row.start_ns,
  endNs: row.end_ns,
  table: row.table_name,
  row: row.row_index,
})
