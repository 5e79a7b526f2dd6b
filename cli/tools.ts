/**
 * Tools outside the process, looked for once and passed to whoever needs them.
 */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Path of an executable on PATH; undefined where there is none. */
export function findOnPath(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // Not here: look in the next folder.
    }
  }
  return undefined
}
