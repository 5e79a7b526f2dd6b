/** ONNX Runtime's profile files of one run: found under their prefix, given plain names, asked which provider ran. */
import { readFile, readdir, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

export interface ProfileFile {
  step: number
  path: string
}

/** The runtime puts the time behind the prefix: `<prefix>_2026-01-31_12-00-00_123.json`. */
export const prefixOf = (folder: string, step: number): string => join(folder, `step${step}`)

/** Gives each step's profile the name `00-Patch_Embedding.json`. Throws where one is missing. */
export async function collectProfiles(
  folder: string,
  steps: readonly { phase: string }[],
): Promise<ProfileFile[]> {
  const names = await readdir(folder)
  const digits = String(steps.length - 1).length
  const files: ProfileFile[] = []
  for (const [step, { phase }] of steps.entries()) {
    const found = names.find((name) => name.startsWith(`${basename(prefixOf(folder, step))}_`))
    if (found === undefined)
      throw new Error(`ONNX Runtime wrote no profile for step ${step} (${phase}) in ${dirname(folder)}`)
    const path = join(
      folder,
      `${String(step).padStart(Math.max(2, digits), '0')}-${phase.replaceAll(/\W/g, '_')}.json`,
    )
    await rename(join(folder, found), path)
    files.push({ step, path })
  }
  return files
}

/** Nodes by the provider that ran them, as the profiles themselves tell: asking for one is no proof that it ran. */
export async function providersTold(files: readonly ProfileFile[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { path } of files)
    for (const [, provider] of (await readFile(path, 'utf8')).matchAll(/"provider"\s*:\s*"([^"]+)"/g))
      counts[provider!] = (counts[provider!] ?? 0) + 1
  return counts
}
