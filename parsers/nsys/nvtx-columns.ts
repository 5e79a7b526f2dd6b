/**
 * What ranges and marks have in common, as columns over all rows of NVTX_EVENTS.
 *
 * A name is the registered string (textId), else the text, else what the JSON payload calls it, else nothing. A domain's
 * name is that of its type-75 row with the same domain id and process (the earliest; newer captures put it in textId).
 */
import { NONE, NONE_I64, NONE_U8 } from '../../trace/column.ts'
import { NVTX } from './enums.ts'
import { halvesOf } from './identity.ts'
import type { ImportState } from './import-state.ts'
import { sourceRows } from './rows.ts'

const WANTED = {
  start: 'ns?',
  end: 'ns?',
  eventType: 'u8?',
  rangeId: 'f64?',
  category: 'u32?',
  color: 'i64?',
  text: 'string?',
  globalTid: 'i64?',
  endGlobalTid: 'i64?',
  textId: 'u32?',
  domainId: 'u32?',
  uint64Value: 'f64?',
  int64Value: 'f64?',
  doubleValue: 'f64?',
  uint32Value: 'f64?',
  int32Value: 'f64?',
  floatValue: 'f64?',
  jsonTextId: 'u32?',
  jsonText: 'string?',
} as const

export type Nvtx = ReturnType<typeof readNvtx>

/** Every row. Made-up exports may not say what a row is: then it is a range if it has an end, and a mark if not. */
export function readNvtx(state: ImportState) {
  const read = state.read('NVTX_EVENTS', WANTED)
  const { eventType, end } = read.columns
  if (read.length === 0 || eventType !== undefined) return read
  state.warnings.push(
    'NVTX_EVENTS has no column eventType: rows with an end are taken as push/pop ranges, the others as marks.',
  )
  const told = new Uint8Array(read.length).fill(NVTX.mark)
  end?.forEach((time, i) => {
    if (!Number.isNaN(time)) told[i] = NVTX.pushPop
  })
  return { ...read, columns: { ...read.columns, eventType: told } }
}

/** Columns named as in `range` and `mark`, aligned with the rows read; `thread` is NONE where no thread is told. */
export function nvtxColumns(state: ImportState, { columns: c, rowid, length }: Nvtx) {
  const { name, newerName } = namesOf(state, c, length)
  const thread = threadsOf(state, c.globalTid) ?? new Uint32Array(length).fill(NONE)
  const { domain, category } = domainsOf(state, c, name, thread)
  return {
    name,
    newerName,
    thread,
    endThread: c.endGlobalTid?.some((id) => id !== NONE_I64) ? threadsOf(state, c.endGlobalTid) : undefined,
    domain,
    domainId: c.domainId,
    category,
    color: c.color && colorsOf(c.color),
    payload: payloadsOf(c, length),
    sourceRow: sourceRows(rowid),
  }
}

type NvtxRead = Nvtx['columns']

/** `newerName` is 1 where nsys 2023.4 sees no name: it knows neither a domain's registered string nor a payload's name. */
function namesOf(
  state: ImportState,
  c: NvtxRead,
  length: number,
): { name: Uint32Array; newerName: Uint8Array } {
  const name = new Uint32Array(length)
  const newerName = new Uint8Array(length).fill(NONE_U8)
  const registered = c.textId && state.names.namesOf(c.textId)
  for (let i = 0; i < length; i++) {
    const isDomain = c.eventType?.[i] === NVTX.domainCreate
    const id = registered?.[i] ?? NONE
    const text = c.text?.[i] ?? NONE
    name[i] = id !== NONE ? id : text !== NONE ? text : nameInJson(state, c, i)
    const isNewer = isDomain ? id !== NONE : id === NONE && text === NONE && name[i] !== NONE
    if (isNewer) newerName[i] = 1
  }
  return { name, newerName }
}

/** TensorRT names its layers only inside a JSON payload. */
function nameInJson(state: ImportState, c: NvtxRead, i: number): number {
  const id = c.jsonTextId?.[i]
  const index = id !== undefined && id !== NONE ? state.names.nameOf(id) : (c.jsonText?.[i] ?? NONE)
  if (index === NONE) return NONE
  try {
    const payload: unknown = JSON.parse(state.pool.strings[index]!)
    if (typeof payload !== 'object' || payload === null) return NONE
    const entries = Object.entries(payload)
    const name = entries.find(([key, value]) => /^(layer)?name$/i.test(key) && typeof value === 'string')
    return name === undefined ? NONE : state.pool.intern(String(name[1]))
  } catch {
    return NONE
  }
}

/** Thread rows; an id that is not told is NONE. */
function threadsOf(state: ImportState, ids: BigInt64Array | undefined): Uint32Array | undefined {
  if (ids === undefined || !ids.some((id) => id !== NONE_I64)) return undefined
  const rows = state.identities.threadsOf(ids)
  const halves = halvesOf(ids)
  for (let i = 0; i < rows.length; i++)
    if (halves[2 * i] === 0 && halves[2 * i + 1] === 0x80000000) rows[i] = NONE
  return rows
}

/** The names of each row's domain and category, which other rows of the same process tell. */
function domainsOf(
  state: ImportState,
  c: NvtxRead,
  name: Uint32Array,
  thread: Uint32Array,
): { domain: Uint32Array | undefined; category: Uint32Array | undefined } {
  const { threads } = state.identities
  let [before, key] = [-1, '']
  const keyOf = (i: number): string => {
    // Neighbouring rows are mostly of one thread and domain.
    if (before >= 0 && thread[i] === thread[before] && c.domainId?.[i] === c.domainId?.[before]) return key
    before = i
    const process = thread[i] === NONE ? -1 : threads.value(thread[i]!, 'process')
    const domain = c.domainId?.[i] ?? NONE
    return (key = `${process}/${domain === NONE ? 0 : domain}`)
  }
  const domains = new Map<string, number>()
  const categories = new Map<string, number>()
  for (let i = 0; i < name.length; i++) {
    const type = c.eventType?.[i]
    if (name[i] === NONE || (type !== NVTX.domainCreate && type !== NVTX.category)) continue
    const isDomain = type === NVTX.domainCreate
    const key = isDomain ? keyOf(i) : `${keyOf(i)}/${c.category?.[i]}`
    const names = isDomain ? domains : categories
    if (!names.has(key)) names.set(key, name[i]!)
  }
  return {
    domain: domains.size === 0 ? undefined : name.map((_, i) => domains.get(keyOf(i)) ?? NONE),
    category:
      categories.size === 0
        ? undefined
        : name.map((_, i) => {
            const id = c.category?.[i] ?? NONE
            return id === NONE || id === 0 ? NONE : (categories.get(`${keyOf(i)}/${id}`) ?? NONE)
          }),
  }
}

/** The low 32 bits: ARGB. */
function colorsOf(colors: BigInt64Array): Uint32Array {
  const halves = halvesOf(colors)
  const low = new Uint32Array(colors.length)
  for (let i = 0; i < low.length; i++)
    low[i] = halves[2 * i] === 0 && halves[2 * i + 1] === 0x80000000 ? NONE : halves[2 * i]!
  return low
}

/** The first value told, of whatever type. */
function payloadsOf(c: NvtxRead, length: number): Float64Array | undefined {
  const told = [c.uint64Value, c.int64Value, c.doubleValue, c.uint32Value, c.int32Value, c.floatValue].filter(
    (column) => column !== undefined,
  )
  if (told.length === 0) return undefined
  const payload = new Float64Array(length).fill(NaN)
  for (const column of told.toReversed())
    for (let i = 0; i < length; i++) if (!Number.isNaN(column[i]!)) payload[i] = column[i]!
  return payload
}
