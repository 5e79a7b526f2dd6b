/** A run's outputs as files, so that another process can compare its own with them without both in memory. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorOf } from '../model/output-error.ts'
import type { OutputError } from '../model/output-error.ts'
import type { Output } from '../model/run-once.ts'

export interface SavedOutputs {
  folder: string
  shapes: Record<string, readonly number[]>
}

export async function saveOutputs(
  folder: string,
  outputs: ReadonlyMap<string, Output>,
): Promise<SavedOutputs> {
  await mkdir(folder, { recursive: true })
  const shapes: Record<string, readonly number[]> = {}
  for (const [name, { shape, values }] of outputs) {
    await writeFile(
      join(folder, `${name}.f32`),
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    )
    shapes[name] = [...shape]
  }
  return { folder, shapes }
}

/** Errors of those outputs that both have, one at a time. */
export async function compareWithSaved(
  saved: SavedOutputs,
  outputs: ReadonlyMap<string, Output>,
): Promise<OutputError[]> {
  const errors: OutputError[] = []
  for (const [name, shape] of Object.entries(saved.shapes)) {
    const actual = outputs.get(name)
    if (actual === undefined) continue
    const bytes = await readFile(join(saved.folder, `${name}.f32`))
    const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
    errors.push({ name, ...errorOf({ shape, values }, actual) })
  }
  return errors
}
