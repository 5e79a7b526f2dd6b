/** From the file to its records, read as a stream: a profile of a million nodes is a gigabyte of text. */
import { basename } from 'node:path'
import { UserError } from '../../trace/errors.ts'
import type { ReadEffects } from '../format.ts'
import { forEachEvent } from '../json/events.ts'
import { ProfileReader } from './profile.ts'
import type { OrtProfile } from './profile.ts'

/** Throws `bad-input` where the file is damaged, cut inside a record, or no ONNX Runtime profile. */
export async function readProfile(path: string, effects: ReadEffects = {}): Promise<OrtProfile> {
  const reader = new ProfileReader()
  const { warnings } = await forEachEvent(path, (event) => reader.add(event), effects)
  const profile = reader.finish()
  if (profile.nodes.length === 0 && profile.sessions.length === 0)
    throw new UserError(
      'bad-input',
      `${basename(path)} holds no node and no session record: it is no ONNX Runtime profile (or one of a session that never loaded)`,
    )
  profile.warnings.push(...warnings)
  return profile
}
