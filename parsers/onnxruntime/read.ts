/**
 * From the file to its records. The only place that knows how the JSON is read: whole, for now, so a file has to fit in
 * memory about five times.
 */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { UserError } from '../../trace/errors.ts'
import type { ReadEffects } from '../format.ts'
import { ProfileReader } from './profile.ts'
import type { OrtProfile } from './profile.ts'

/** Throws `bad-input` where the file is no complete ONNX Runtime profile. */
export async function readProfile(path: string, effects: ReadEffects = {}): Promise<OrtProfile> {
  const file = await readFile(path, { signal: effects.signal })
  const events = eventsOf(textOf(file, basename(path)), basename(path))
  const reader = new ProfileReader()
  for (const event of events) reader.add(event)
  const profile = reader.finish()
  if (profile.nodes.length === 0 && profile.sessions.length === 0)
    throw new UserError(
      'bad-input',
      `${basename(path)} holds no node and no session record: it is no ONNX Runtime profile (or one of a session that never loaded)`,
    )
  effects.progress?.({ bytesDone: file.length, bytesTotal: file.length, rows: events.length })
  return profile
}

function textOf(file: Buffer, name: string): string {
  if (file[0] !== 0x1f || file[1] !== 0x8b) return file.toString('utf8')
  try {
    return gunzipSync(file).toString('utf8')
  } catch (cause) {
    throw new UserError(
      'bad-input',
      `${name} does not unpack: the gzip file is cut short or damaged; copy it again`,
      {
        cause,
      },
    )
  }
}

function eventsOf(text: string, name: string): unknown[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
  } catch (cause) {
    const empty = text.trim() === ''
    throw new UserError(
      'bad-input',
      empty
        ? `${name} is empty: the session wrote no profile; end it with end_profiling()`
        : `${name} is not complete JSON (${reasonOf(cause)}): the profile was cut short or is still being written; end the session with end_profiling() and copy the whole file`,
      { cause },
    )
  }
  if (!Array.isArray(parsed))
    throw new UserError('bad-input', `${name} is no ONNX Runtime profile: that is an array of events`)
  return parsed
}

/** The parser's message without the piece of the file it quotes: that may be megabytes, or a line of its own. */
const reasonOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).replace(/,? *(\.\.\.)?".*$/s, '').slice(0, 80)
