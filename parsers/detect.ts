/**
 * Which format a file has, by what is in it; and the one-line refusals for what is none.
 */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import { UserError } from '../trace/errors.ts'
import type { Format } from './format.ts'

const HEAD_BYTES = 65_536

/** The first 64 KiB of a file; of its content where the file is gzip. */
export function headOf(path: string): Uint8Array {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(HEAD_BYTES)
    const head = buffer.subarray(0, readSync(file, buffer, 0, HEAD_BYTES, 0))
    if (!isGzip(head)) return head
    // The head of a gzip file is a cut stream: take what comes out before the cut.
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, HEAD_BYTES)
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      return new Uint8Array(0)
    throw error
  } finally {
    closeSync(file)
  }
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
  const format = formats.find((one) => one.matches(head, name))
  if (format !== undefined) return format
  throw new UserError('bad-input', refusal(name, head, formats))
}

function refusal(name: string, head: Uint8Array, formats: readonly Format[]): string {
  const text = Buffer.from(head.subarray(0, 200)).toString('latin1')
  if (text.startsWith('version https://git-lfs'))
    return `${name} is a Git LFS pointer, not the trace itself; fetch it with "git lfs pull"`
  if (text.startsWith('PK')) return `${name} is a zip archive; unpack it and import the trace inside`
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
  if (text.startsWith('{'))
    return `JSON without ${text.includes('"traceEvents"') ? 'any known event' : 'traceEvents'}`
  if (text.startsWith('[')) return 'JSON, but no list of trace events'
  // No text has control bytes other than white space; bytes of UTF-8 beyond ASCII are above 0x7f.
  const isText = head.length > 0 && head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d))
  return isText ? 'text' : 'a binary file'
}

const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b
