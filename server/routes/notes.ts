/**
 * Notes of a run:
 *
 *   GET    /api/runs/:run/notes                   { notes: Note[] }
 *   POST   /api/runs/:run/notes         NoteEdit  Note
 *   PUT    /api/runs/:run/notes/:note   NoteEdit  Note
 *   DELETE /api/runs/:run/notes/:note             204
 */
import { Router } from 'express'
import { addNote, deleteNote, editNote, notesOf } from '../../db/notes.ts'
import type { Store } from '../../db/store.ts'
import { UserError } from '../../trace/errors.ts'
import { NoteEdit } from '../../trace/timeline.ts'
import { runId } from './runs.ts'

export function noteRoutes(store: Store): Router {
  const routes = Router()
  routes.get('/runs/:run/notes', (request, response) => {
    const { id } = store.run(runId(request.params.run))
    response.json({ notes: notesOf(store.database, id) })
  })
  routes.post('/runs/:run/notes', (request, response) => {
    const { id } = store.run(runId(request.params.run))
    response.status(201).json(addNote(store.database, id, noteIn(request.body)))
  })
  routes.put('/runs/:run/notes/:note', (request, response) => {
    const { run, note } = request.params
    response.json(editNote(store.database, runId(run), noteId(note), noteIn(request.body)))
  })
  routes.delete('/runs/:run/notes/:note', (request, response) => {
    const { run, note } = request.params
    deleteNote(store.database, runId(run), noteId(note))
    response.status(204).end()
  })
  return routes
}

function noteIn(body: unknown): NoteEdit {
  const note = NoteEdit.safeParse(body)
  if (note.success) return note.data
  const { path, message } = note.error.issues[0]!
  throw new UserError('bad-request', `a note needs text and a time: ${path.join('.')}: ${message}`)
}

function noteId(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UserError('not-found', `"${text}" is no note id`)
  return Number(text)
}
