/**
 * The rows that a file's events become while it is read: times from the provisional zero, names as numbers of texts,
 * threads as places, correlations not yet resolved.
 */
import { Segments } from './segments.ts'

const TIMED = { start: 'ns', duration: 'ns', sourceRow: 'u32' } as const

export class Rows {
  readonly ops = new Segments({
    ...TIMED,
    kind: 'u8',
    lane: 'u32',
    /** Text number; NONE without a name. */
    name: 'u32',
    correlation: 'u32?',
    externalId: 'f64?',
    bytes: 'f64?',
    srcDevice: 'u32?',
    dstDevice: 'u32?',
    gridX: 'u32?',
    gridY: 'u32?',
    gridZ: 'u32?',
    blockX: 'u32?',
    blockY: 'u32?',
    blockZ: 'u32?',
    registers: 'u32?',
    sharedTotal: 'u32?',
    graphNode: 'i64?',
    graphId: 'u32?',
  })
  readonly calls = new Segments({
    ...TIMED,
    place: 'u32',
    name: 'u32',
    eventClass: 'u8',
    correlation: 'u32?',
    externalId: 'f64?',
  })
  readonly ranges = new Segments({
    ...TIMED,
    open: 'u8',
    style: 'u8',
    place: 'u32',
    endPlace: 'u32?',
    name: 'u32',
    category: 'u32',
  })
  /** Beginnings and ends that are ranges only together. */
  readonly edges = new Segments({
    start: 'ns',
    sourceRow: 'u32',
    /** The letter's character code. */
    phase: 'u8',
    /** What must be equal for an end to belong to a beginning: the place, or the id of an asynchronous range. */
    key: 'f64',
    place: 'u32',
    name: 'u32',
    category: 'u32',
  })
  readonly syncs = new Segments({
    ...TIMED,
    device: 'u32',
    lane: 'u32?',
    kind: 'u8?',
    event: 'u32?',
    correlation: 'u32?',
  })
  readonly overheads = new Segments({ ...TIMED, place: 'u32?', name: 'u32' })
  readonly memory = new Segments({
    start: 'ns',
    sourceRow: 'u32',
    place: 'u32',
    /** Its number in the events; NONE: the host. */
    device: 'u32?',
    operation: 'u8',
    bytes: 'f64',
    address: 'i64?',
    totalAllocated: 'f64?',
    totalReserved: 'f64?',
  })
  readonly marks = new Segments({
    start: 'ns',
    sourceRow: 'u32',
    place: 'u32?',
    name: 'u32',
    category: 'u32',
  })
  readonly samples = new Segments({ start: 'ns', counter: 'u32', value: 'f64' })
  /** Arrows of launches: where correlations are missing they link. */
  readonly flows = new Segments({ start: 'ns', place: 'u32', id: 'f64', isEnd: 'u8' })
}
