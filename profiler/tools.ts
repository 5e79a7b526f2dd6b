/**
 * The programs outside this one, looked for once (by the CLI or the server) and passed in to whoever needs them.
 */
import { join } from 'node:path'
import type { Effects } from './effects.ts'

export interface Tool {
  path: string
  /** As it says itself: "2023.4.4.54-234433681190v0". */
  version: string
}

export interface Tools {
  nsys: Tool | undefined
  python: Tool | undefined
  ffmpeg: Tool | undefined
  /** Programs that are there and do not work, in one line each. */
  problems: string[]
}

interface Wanted {
  name: 'nsys' | 'python' | 'ffmpeg'
  files: readonly string[]
  versionArguments: readonly string[]
  version: RegExp
}

const WANTED: readonly Wanted[] = [
  { name: 'nsys', files: ['nsys'], versionArguments: ['--version'], version: /version (\S+)/ },
  {
    name: 'python',
    files: ['python3', 'python'],
    versionArguments: ['--version'],
    version: /Python (3\.\S+)/,
  },
  { name: 'ffmpeg', files: ['ffmpeg'], versionArguments: ['-version'], version: /ffmpeg version (\S+)/ },
]

/** Looks through PATH and, for nsys, where NVIDIA's installers put it. Takes a few hundred milliseconds. */
export async function locateTools(
  effects: Effects,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Tools> {
  const onPath = (environment['PATH'] ?? '').split(':').filter((folder) => folder !== '')
  const nsysFolders = [...onPath, ...(await installedNsys(effects))]
  const problems: string[] = []
  const found = await Promise.all(
    WANTED.map((wanted) => find(wanted, wanted.name === 'nsys' ? nsysFolders : onPath, effects, problems)),
  )
  return { nsys: found[0], python: found[1], ffmpeg: found[2], problems }
}

async function find(
  wanted: Wanted,
  folders: readonly string[],
  effects: Effects,
  problems: string[],
): Promise<Tool | undefined> {
  for (const folder of folders)
    for (const file of wanted.files) {
      const path = join(folder, file)
      if (!(await effects.exists(path))) continue
      const { code, output } = await effects.run(path, wanted.versionArguments)
      const version = wanted.version.exec(output)?.[1]
      if (code === 0 && version !== undefined) return { path, version }
      const reason = output.trim().split('\n').at(-1) ?? ''
      problems.push(`${path} does not work${reason === '' ? '' : `: ${reason.slice(0, 200)}`}`)
    }
  return undefined
}

/** /opt/nvidia/nsight-systems/2025.5.2/bin and /usr/local/cuda-12.4/bin, newest first. */
async function installedNsys(effects: Effects): Promise<string[]> {
  const folders: string[] = []
  for (const product of await effects.list('/opt/nvidia'))
    if (product.startsWith('nsight-systems'))
      for (const version of newestFirst(await effects.list(join('/opt/nvidia', product))))
        folders.push(join('/opt/nvidia', product, version, 'bin'))
  for (const name of newestFirst(await effects.list('/usr/local')))
    if (name.startsWith('cuda')) folders.push(join('/usr/local', name, 'bin'))
  return folders
}

const newestFirst = (names: readonly string[]): string[] =>
  [...names].sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
