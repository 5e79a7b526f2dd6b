/** Reading `capture.json`: a file of this program, but it comes over the network like any other. */
import { basename, dirname, isAbsolute, join, normalize } from 'node:path'
import { readFile } from 'node:fs/promises'
import { captureSchema } from '../../trace/capture.ts'
import type { Capture, CaptureSource } from '../../trace/capture.ts'
import { UserError } from '../../trace/errors.ts'

export async function readManifest(path: string): Promise<Capture> {
  const name = basename(path)
  const parsed = captureSchema.safeParse(await readJson(path, name))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue?.path.join('.') ?? ''
  throw new UserError(
    'bad-input',
    `${name} is no capture manifest this program can read${where === '' ? '' : ` (${where}: ${issue!.message})`}; capture again with this version`,
  )
}

async function readJson(path: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new UserError('bad-input', `${name} is cut short or damaged; copy the whole capture folder again`, {
      cause,
    })
  }
}

/** Where a source lies. It must lie in the manifest's own folder. */
export function pathOf(source: CaptureSource, manifest: string): string {
  const inside = normalize(source.path)
  if (isAbsolute(inside) || inside.split(/[\\/]/)[0] === '..')
    throw new UserError(
      'bad-input',
      `${basename(manifest)} names ${source.path}, which is outside its folder; it is not read`,
    )
  return join(dirname(manifest), inside)
}

/** Runs a reader of a source; a file that is not there becomes a line of what to do. */
export async function readSource<T>(source: CaptureSource, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    const missing =
      error instanceof UserError
        ? error.kind === 'not-found'
        : error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!missing) throw error
    throw new UserError(
      'bad-input',
      `${source.path} is missing beside capture.json; copy the whole capture folder`,
      { cause: error },
    )
  }
}
