/**
 * nsys reports (.nsys-rep, .qdrep): a closed format that only nsys reads. One that is on this machine exports the report to
 * SQLite first; without one the exact command to run elsewhere is said.
 */
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { UserError } from '../../trace/errors.ts'
import type { Trace } from '../../trace/trace.ts'
import type { Format, ReadEffects } from '../format.ts'
import { nsysSqlite } from './index.ts'

const HEADER = 'NVIDIA Tegra Profiler Report'
/** The last bytes of a whole report. */
const END = '[END]'

const COMMAND = 'nsys export --type sqlite report.nsys-rep'

export const nsysReport: Format = {
  id: 'nsys-report',
  title: 'Nsight Systems report',
  capture: 'nsys profile -t cuda,nvtx -o report python program.py',
  matches: (head) => Buffer.from(head.subarray(0, HEADER.length)).toString('latin1') === HEADER,
  async read(path, effects) {
    const name = basename(path)
    refuseCut(path, name)
    if (effects.nsys === undefined)
      throw new UserError(
        'tool-missing',
        `${name} is an Nsight Systems report${writtenBy(path)}, which only nsys can read, and no nsys is on PATH; run "${COMMAND.replace('report.nsys-rep', name)}" where there is one and import the .sqlite`,
      )
    const folder = await mkdtemp(join(effects.scratch ?? tmpdir(), 'parallax-report-'))
    try {
      const exported = join(folder, `${name.replace(/\.\w[\w-]*$/, '')}.sqlite`)
      await exportReport(path, exported, effects.nsys, effects)
      return withFormat(await nsysSqlite.read(exported, effects))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

const withFormat = (trace: Trace): Trace => ({ ...trace, meta: { ...trace.meta, format: 'nsys-report' } })

/** The capturing version stands in the header since 2023.3: "… Report 2024@5@1@…". */
function writtenBy(path: string): string {
  const match = /Report (\d{4})@(\d+)@(\d+)/.exec(ends(path).head)
  return match === null ? '' : ` of nsys ${match[1]}.${match[2]}.${match[3]}`
}

function refuseCut(path: string, name: string): void {
  if (!ends(path).tail.endsWith(END))
    throw new UserError(
      'bad-input',
      `${name} is an Nsight Systems report that was cut short (its end is missing); copy it again`,
    )
}

function ends(path: string): { head: string; tail: string } {
  const { size } = statSync(path)
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(128)
    const head = bytes.toString('latin1', 0, readSync(file, bytes, 0, 128, 0))
    const tail = bytes.toString('latin1', 0, readSync(file, bytes, 0, 16, Math.max(0, size - 16)))
    return { head, tail }
  } finally {
    closeSync(file)
  }
}

/** What nsys says when it cannot, and what that means for the person who asked. */
const FAILURES: readonly (readonly [RegExp, (said: string) => string])[] = [
  [
    /newer than your current version|Version number is invalid|Invalid version prefix/i,
    (said) =>
      `it was written by a newer nsys than the one on PATH (${said}); export it with that version, or install it`,
  ],
  [
    /ProtobufParseException|parse/i,
    (said) => `nsys cannot parse it (${said}); it is damaged, or of another nsys version`,
  ],
  [/magic number mismatch/i, () => 'it is cut short or damaged; copy it again'],
  [
    /importer binary.*not found/i,
    () => 'the nsys on PATH lacks its host part; install the full Nsight Systems',
  ],
]

async function exportReport(
  path: string,
  exported: string,
  nsys: string,
  effects: ReadEffects,
): Promise<void> {
  const args = ['export', '--type', 'sqlite', '--force-overwrite', 'true', '--output', exported, path]
  const { code, output } = await run(nsys, args, effects)
  // nsys' exit codes do not tell: the file does.
  if (code === 0 && existsSync(exported) && statSync(exported).size > 0) return
  const said = lastWords(output)
  const meaning = FAILURES.find(([pattern]) => pattern.test(output))?.[1](said) ?? `nsys says: ${said}`
  throw new UserError('bad-input', `${basename(path)} could not be exported: ${meaning}`)
}

/** The line of nsys' output that tells the most. */
function lastWords(output: string): string {
  const lines = output
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^\[?[=\s\d%]+\]?$|Processing|^\[\d+\/\d+\]/.test(line))
  return (
    lines.find((line) => /newer|error|exception|invalid|mismatch/i.test(line)) ??
    lines.at(-1) ??
    'nothing'
  ).slice(0, 300)
}

function run(
  command: string,
  args: readonly string[],
  effects: ReadEffects,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], signal: effects.signal })
    let output = ''
    const listen = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000)
      // Its own progress: "Processing [1234 events]: [====   ] 42%".
      const percent = /(\d+)%[^%]*$/.exec(output)?.[1]
      if (percent !== undefined) effects.progress?.({ bytesDone: Number(percent), bytesTotal: 100, rows: 0 })
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}
