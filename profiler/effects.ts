/**
 * The outside world, as far as a capture touches it: programs it starts, files it reads and writes.
 *
 * Everything under `profiler/` that runs in the caller's process gets it as a parameter, so that a test can put a fake in
 * its place. `nodeEffects` is the real one.
 */
import { spawn } from 'node:child_process'
import { access, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'

export interface Outcome {
  /** null where a signal ended it. */
  code: number | null
  signal: string | null
  /** What it wrote to stdout and stderr, in the order it came; the last 64 KiB. */
  output: string
}

export interface RunOptions {
  /** The whole environment; the caller's where not given. */
  env?: Readonly<Record<string, string>>
  cwd?: string
  /** Each line as it comes, from both streams; a carriage return ends one as well. */
  onLine?: (line: string) => void
  signal?: AbortSignal
}

export interface Effects {
  /** Runs a program to its end. A program that cannot be started has code 127 and says so in `output`. */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<Outcome>
  exists(path: string): Promise<boolean>
  /** Bytes; undefined where there is no such file. */
  size(path: string): Promise<number | undefined>
  readText(path: string): Promise<string>
  writeText(path: string, text: string): Promise<void>
  writeBytes(path: string, bytes: Uint8Array): Promise<void>
  /** Names in a folder, sorted; none where there is no such folder. */
  list(folder: string): Promise<string[]>
  makeFolder(path: string): Promise<void>
  move(from: string, to: string): Promise<void>
  /** A file, or a folder with all in it; nothing where it is not there. */
  remove(path: string): Promise<void>
  /** Milliseconds since 1970. */
  now(): number
}

const OUTPUT_KEPT = 65_536
const NOT_STARTED = 127

export const nodeEffects: Effects = {
  run: runProgram,
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
  size: (path) =>
    stat(path).then(
      (facts) => facts.size,
      () => undefined,
    ),
  readText: (path) => readFile(path, 'utf8'),
  writeText: (path, text) => writeFile(path, text),
  writeBytes: (path, bytes) => writeFile(path, bytes),
  list: (folder) =>
    readdir(folder).then(
      (names) => names.sort(),
      () => [],
    ),
  makeFolder: async (path) => void (await mkdir(path, { recursive: true })),
  move: (from, to) => rename(from, to),
  remove: (path) => rm(path, { recursive: true, force: true }),
  now: Date.now,
}

function runProgram(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: options.env,
      cwd: options.cwd,
      signal: options.signal,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const keep = (text: string): void => {
      output = (output + text).slice(-OUTPUT_KEPT)
    }
    for (const stream of [child.stdout, child.stderr]) {
      let rest = ''
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => {
        keep(text)
        const lines = (rest + text).split(/[\r\n]+/)
        rest = lines.pop() ?? ''
        for (const line of lines) if (line !== '') options.onLine?.(line)
      })
      stream.on('end', () => {
        if (rest !== '') options.onLine?.(rest)
      })
    }
    child.on('error', (error) => {
      keep(error.message)
      if (child.pid === undefined) resolve({ code: NOT_STARTED, signal: null, output })
    })
    child.on('close', (code, signal) => resolve({ code, signal, output }))
  })
}
