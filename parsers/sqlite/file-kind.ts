/** Telling a whole SQLite file from everything else that ends in `.sqlite`, before SQLite is asked. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { UserError } from '../../trace/errors.ts'
import { HEADER_BYTES, isSqlite, statedPageSize, statedPages } from './header.ts'

const again = 'run "nsys export" again, or copy the file again'

const unwritten =
  'its first page was never written: the export is still running, or was interrupted; wait or export again'

/** How other files begin, and what to do with them. */
const OTHERS: readonly (readonly [begins: string, what: string])[] = [
  ['\0'.repeat(16), unwritten],
  ['version https://git-lfs', 'a Git LFS pointer, not the file itself; fetch it with "git lfs pull"'],
  ['NVIDIA Tegra Profiler Report', 'a report, not its export; run "nsys export --type sqlite" on it first'],
  ['\x1f\x8b', 'compressed with gzip; unpack it first'],
  ['PK', 'a zip archive; unpack it first'],
  ['<', 'a web page saved in place of the file; download the file itself'],
  ['{', 'JSON, not a SQLite database; open it as a JSON trace'],
  ['[', 'JSON, not a SQLite database; open it as a JSON trace'],
]

/** The first 100 bytes of a SQLite file, and its size in bytes. Throws `UserError` when it is none, or is cut short. */
export function headOf(path: string): { head: DataView; size: number } {
  const name = basename(path)
  const refuse = (what: string): never => {
    throw new UserError('bad-input', `${name}: ${what}`)
  }
  const fd = openForReading(path)
  try {
    const { size } = fstatSync(fd)
    if (size === 0) refuse('empty file: the export did not run; run "nsys export" again')
    const bytes = new Uint8Array(HEADER_BYTES)
    const got = readSync(fd, bytes, 0, HEADER_BYTES, 0)
    if (!isSqlite(bytes)) {
      const text = Buffer.from(bytes.subarray(0, got)).toString('latin1').trimStart()
      refuse(OTHERS.find(([begins]) => text.startsWith(begins))?.[1] ?? `not a SQLite database; ${again}`)
    }
    const head = new DataView(bytes.buffer)
    const stated = Math.max(HEADER_BYTES, (statedPages(head) ?? 0) * statedPageSize(head))
    if (stated > size) refuse(`cut short: ${size} of ${stated} bytes are there; ${again}`)
    return { head, size }
  } finally {
    closeSync(fd)
  }
}

/** A file descriptor for reading. Throws `UserError` when there is no such file, or it may not be read. */
export function openForReading(path: string): number {
  try {
    // Asked first: opening a pipe would wait for its writer.
    if (statSync(path).isFile()) return openSync(path, 'r')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT') throw new UserError('not-found', `${path}: no such file; check the path`)
    const what = `${path}: cannot be opened (${code}); check that you may read it`
    throw new UserError('bad-input', what, { cause: error })
  }
  throw new UserError('bad-input', `${path}: a folder or device, not a file; name the file itself`)
}
