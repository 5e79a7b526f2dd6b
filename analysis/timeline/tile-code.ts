/**
 * A tile as bytes and back. Little-endian; columns, each aligned to its element's size.
 *
 *   u32 magic "PXT1" · u16 version · u16 sections · i32 level · f64 index
 *   a section: u8 kind · u8 0 · u16 lane · u32 length · its columns in the order of COLUMNS
 *   samples:   the f64 `before` stands before the columns
 */
import { TILE_VERSION } from '../../trace/timeline.ts'
import type { Section, Tile } from './tile.ts'

const MAGIC = 0x31545850
const HEADER = 24
const KINDS = ['spans', 'buckets', 'samples'] as const

const COLUMNS = {
  spans: {
    start: Float64Array,
    duration: Float64Array,
    row: Uint32Array,
    label: Uint32Array,
    cls: Uint8Array,
  },
  buckets: {
    busy: Float64Array,
    count: Uint32Array,
    row: Uint32Array,
    label: Uint32Array,
    bucket: Uint16Array,
    cls: Uint8Array,
  },
  samples: { low: Float64Array, high: Float64Array, last: Float64Array, bucket: Uint16Array },
} as const

type Column = Float64Array | Uint32Array | Uint16Array | Uint8Array
const columnsOf = (section: Section): readonly Column[] =>
  Object.keys(COLUMNS[section.kind]).map((name) => section[name as keyof Section] as unknown as Column)

const aligned = (offset: number, size: number): number => Math.ceil(offset / size) * size

export function encodeTile(tile: Tile): Uint8Array<ArrayBuffer> {
  const size = tile.sections.reduce((end, section) => sectionEnd(section, end), HEADER)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint16(4, TILE_VERSION, true)
  view.setUint16(6, tile.sections.length, true)
  view.setInt32(8, tile.level, true)
  view.setFloat64(16, tile.index, true)
  let offset = HEADER
  for (const section of tile.sections) {
    offset = aligned(offset, 8)
    const columns = columnsOf(section)
    view.setUint8(offset, KINDS.indexOf(section.kind))
    view.setUint16(offset + 2, section.lane, true)
    view.setUint32(offset + 4, columns[0]!.length, true)
    offset += 8
    if (section.kind === 'samples') {
      view.setFloat64(offset, section.before, true)
      offset += 8
    }
    for (const column of columns) {
      offset = aligned(offset, column.BYTES_PER_ELEMENT)
      // Typed arrays are little-endian on every machine that Node and browsers run on.
      bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), offset)
      offset += column.byteLength
    }
  }
  return bytes
}

function sectionEnd(section: Section, from: number): number {
  const head = aligned(from, 8) + (section.kind === 'samples' ? 16 : 8)
  return columnsOf(section).reduce(
    (end, column) => aligned(end, column.BYTES_PER_ELEMENT) + column.byteLength,
    head,
  )
}

/** Reads a tile; its columns are views of `bytes`. Throws RangeError for bytes that are not a tile of this version. */
export function decodeTile(bytes: ArrayBuffer): Tile {
  const view = new DataView(bytes)
  if (bytes.byteLength < HEADER || view.getUint32(0, true) !== MAGIC)
    throw new RangeError('these bytes are not a tile')
  const version = view.getUint16(4, true)
  if (version !== TILE_VERSION)
    throw new RangeError(`this tile has version ${version}, the page reads ${TILE_VERSION}; reload the page`)
  const sections: Section[] = []
  let offset = HEADER
  for (let left = view.getUint16(6, true); left > 0; left--) {
    offset = aligned(offset, 8)
    const kind = KINDS[view.getUint8(offset)]
    if (kind === undefined) throw new RangeError('this tile holds a section of an unknown kind')
    const lane = view.getUint16(offset + 2, true)
    const length = view.getUint32(offset + 4, true)
    offset += 8
    const section: Record<string, unknown> = { kind, lane }
    if (kind === 'samples') {
      section['before'] = view.getFloat64(offset, true)
      offset += 8
    }
    for (const [name, TypedArray] of Object.entries(COLUMNS[kind])) {
      offset = aligned(offset, TypedArray.BYTES_PER_ELEMENT)
      section[name] = new TypedArray(bytes, offset, length)
      offset += length * TypedArray.BYTES_PER_ELEMENT
    }
    sections.push(section as unknown as Section)
  }
  return { level: view.getInt32(8, true), index: view.getFloat64(16, true), sections }
}
