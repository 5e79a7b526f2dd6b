/**
 * Whether the beginning of a JSON file is that of a trace, and whose.
 */
import { AMBIGUOUS_CATEGORIES, KINETO_CATEGORIES } from './categories.ts'

/** ONNX Runtime writes the same list form; its sessions and nodes give it away, and it is read by its own parser. */
const ONNX_SESSION = /"cat"\s*:\s*"Session"/
const ONNX_NODE = /"cat"\s*:\s*"Node"/
const LIST = /"traceEvents"\s*:\s*\[/
const EVENT = /^\s*\[\s*\{[^]*?"ph"\s*:\s*"/
const KINETO_FIELDS = /^\s*\{[^]*"(baseTimeNanoseconds|deviceProperties|distributedInfo)"\s*:/
const CATEGORY = /"cat"\s*:\s*"([^"\\]{1,40})"/g
/** As many bytes as recognition ever sees. */
const FULL_HEAD = 65_536

/** `head`: the first 64 KiB of the text (after gunzip). */
export function kindOfJson(head: Uint8Array, name: string): 'kineto' | 'chrome' | undefined {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
    .toString('utf8')
    .replace(/^\ufeff/, '')
  if (!/^\s*[[{]/.test(text)) return undefined
  const isObject = /^\s*\{/.test(text)
  if (!isObject && ONNX_SESSION.test(text) && ONNX_NODE.test(text)) return undefined
  if (isObject ? LIST.test(text) : EVENT.test(text)) return isKineto(text) ? 'kineto' : 'chrome'
  // A long header may push the list of events out of sight: then its fields, or the file's name, must do.
  if (!isObject || head.length < FULL_HEAD) return undefined
  if (KINETO_FIELDS.test(text) || /\.pt\.trace\.json/.test(name)) return 'kineto'
  return /trace.*\.json/i.test(name) ? 'chrome' : undefined
}

function isKineto(text: string): boolean {
  if (KINETO_FIELDS.test(text)) return true
  for (const [, category] of text.matchAll(CATEGORY))
    if (KINETO_CATEGORIES.has(category!) && !AMBIGUOUS_CATEGORIES.has(category!)) return true
  return false
}
