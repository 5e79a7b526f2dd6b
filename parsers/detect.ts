/**
 * Which format a file has, by what is in it; and the one-line refusals for what is none.
 */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import { UserError } from '../trace/errors.ts'
import type { Format } from './format.ts'

const HEAD_BYTES = 65_536
/** As far into a file the list of events is looked for behind a header that fills the head. */
const FAR_BYTES = 1 << 24
/** More than this does not come out of a beginning: 16 MiB of zeros pack into 16 KiB. */
const MOST_UNPACKED_BYTES = 1 << 26

/** The first 64 KiB of a file; of its content where the file is gzip (empty where that does not decode). */
export function headOf(path: string): Uint8Array {
  return beginningOf(path, HEAD_BYTES).subarray(0, HEAD_BYTES)
}

/** What the first bytes of a file hold. */
function beginningOf(path: string, bytes: number): Uint8Array {
  const head = firstBytes(path, bytes)
  return isGzip(head) ? gunzippedHead(head) : head
}

function firstBytes(path: string, bytes: number): Uint8Array {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(bytes)
    return buffer.subarray(0, readSync(file, buffer, 0, bytes, 0))
  } finally {
    closeSync(file)
  }
}

/** What comes out of the first bytes of a gzip file; where they are damaged, or hold too much, out of those before. */
function gunzippedHead(head: Uint8Array): Uint8Array {
  for (let length = head.length; length >= 10; length = Math.floor(length / 2)) {
    try {
      // The head of a gzip file is a cut stream: take what comes out before the cut.
      const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_UNPACKED_BYTES }
      return gunzipSync(head.subarray(0, length), options)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (!code.startsWith('Z_') && code !== 'ERR_BUFFER_TOO_LARGE') throw error
    }
  }
  return new Uint8Array(0)
}

/** The format of a file. Throws UserError: missing, empty, a folder, or not a trace this program knows. */
export function formatOf(path: string, formats: readonly Format[]): Format {
  if (!existsSync(path)) throw new UserError('not-found', `${path}: no such file; check the path`)
  const facts = statSync(path)
  const name = basename(path)
  if (facts.isDirectory())
    throw new UserError('bad-input', `${path} is a folder, not a trace; name the trace file inside it`)
  if (facts.size === 0)
    throw new UserError('bad-input', `${name} is empty: the export did not run; export it again`)
  const head = headOf(path)
  const format = formats.find((one) => one.matches(head, name)) ?? formatBehindHeader(path, head, formats)
  if (format !== undefined) return format
  if (head.length === 0)
    throw new UserError(
      'bad-input',
      `${name} is a gzip file with nothing in it, or damaged from the start; copy or export it again`,
    )
  throw new UserError('bad-input', refusal(name, head, formats))
}

/**
 * The format of a JSON object whose own fields fill the head: told as if its list of events were its first field.
 *
 *   {"model": {… 300 KiB …}, "traceEvents": [{"ph":…      →      {"traceEvents": [{"ph":…
 */
function formatBehindHeader(path: string, head: Uint8Array, formats: readonly Format[]): Format | undefined {
  if (head.length < HEAD_BYTES || !/^(\xef\xbb\xbf)?\s*\{/.test(Buffer.from(head).toString('latin1', 0, 100)))
    return undefined
  const text = Buffer.from(beginningOf(path, FAR_BYTES)).toString('latin1')
  const at = text.search(/"traceEvents"\s*:\s*\[/)
  if (at < 0) return undefined
  const list = Buffer.from(`{${text.slice(at, at + HEAD_BYTES)}`, 'latin1')
  return formats.find((one) => one.matches(list, basename(path)))
}

function refusal(name: string, head: Uint8Array, formats: readonly Format[]): string {
  const packed = packingOf(head)
  if (packed !== undefined)
    return `${name} is ${packed.startsWith('a') ? packed : `packed with ${packed}`}; unpack it and import the trace inside`
  if (isUtf16(head)) return `${name} is text in UTF-16; save it as UTF-8 and import that`
  const text = Buffer.from(head.subarray(0, 200)).toString('latin1')
  if (text.startsWith('version https://git-lfs'))
    return `${name} is a Git LFS pointer, not the trace itself; fetch it with "git lfs pull"`
  if (/^\s*<(!doctype|html)/i.test(text)) return `${name} is a web page, not a trace; download the raw file`
  const known = formats.map((format) => `${format.title} (${format.capture})`).join('; ')
  return `${name} is ${whatItIs(name, head)}: ${name} is not a trace this program knows; it reads: ${known}`
}

/** What a file that is no trace looks like: "text named .nsys-rep", "JSON without traceEvents". */
function whatItIs(name: string, head: Uint8Array): string {
  const named = /\.(nsys-rep|qdrep|sqlite|json|gz)$/i.exec(name)?.[0]
  const kind = kindOf(head)
  return named === undefined || (named === '.json' && kind.startsWith('JSON')) || named === '.gz'
    ? kind
    : `${kind} (named ${named}, but does not begin as one)`
}

function kindOf(head: Uint8Array): string {
  const text = Buffer.from(head).toString('latin1').trimStart()
  if (/^(\{\s*"|\[\s*\{)/.test(text) && head.length < HEAD_BYTES && !/[}\]]\s*$/.test(text))
    return 'JSON that is cut short, before any known event'
  if (text.startsWith('{'))
    return `JSON without ${text.includes('"traceEvents"') ? 'any known event' : 'traceEvents'}`
  if (text.startsWith('[')) return 'JSON, but no list of trace events'
  // No text has control bytes other than white space; bytes of UTF-8 beyond ASCII are above 0x7f.
  const isText = head.length > 0 && head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d))
  return isText ? 'text' : 'a binary file'
}

/** Archives and compressions that are not opened here, by their first bytes (in hexadecimal); a gzip inside gzip is one too. */
const PACKINGS: readonly [start: string, what: string][] = [
  ['504b', 'a zip archive'],
  ['1f8b', 'gzip twice'],
  ['28b52ffd', 'zstd'],
  ['fd377a585a00', 'xz'],
  ['425a68', 'bzip2'],
  ['04224d18', 'lz4'],
  ['377abcaf271c', '7-Zip'],
]

function packingOf(head: Uint8Array): string | undefined {
  const start = Buffer.from(head.subarray(0, 6)).toString('hex')
  const isTar = Buffer.from(head.subarray(257, 262)).toString('latin1') === 'ustar'
  return isTar ? 'a tar archive' : PACKINGS.find(([bytes]) => start.startsWith(bytes))?.[1]
}

/** By its byte order mark, or by the zeros in every other byte of `{"` and `[{`. */
const isUtf16 = (head: Uint8Array): boolean =>
  (head[0] === 0xff && head[1] === 0xfe) ||
  (head[0] === 0xfe && head[1] === 0xff) ||
  (isBracket(head[0]) && head[1] === 0) ||
  (head[0] === 0 && isBracket(head[1]))

const isBracket = (byte: number | undefined): boolean => byte === 0x7b || byte === 0x5b

const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b
