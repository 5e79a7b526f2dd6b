/**
 * The tags of Perfetto's public trace format that we write: (field number << 3) | wire type, as in protos/perfetto/trace of
 * the project (trace_packet, track_event, track_descriptor, counter_descriptor, debug_annotation, interned_data).
 */
const VARINT = 0
const BITS64 = 1
const BYTES = 2
const tag = (field: number, wire: number): number => (field << 3) | wire

export const TRACE = { packet: tag(1, BYTES) } as const
export const PACKET = {
  timestamp: tag(8, VARINT),
  sequenceId: tag(10, VARINT),
  trackEvent: tag(11, BYTES),
  internedData: tag(12, BYTES),
  sequenceFlags: tag(13, VARINT),
  trackDescriptor: tag(60, BYTES),
} as const
/** Flags of a packet: it clears what was interned before, or it needs it. */
export const SEQUENCE = { cleared: 1, needsState: 2 } as const
export const TRACK = {
  uuid: tag(1, VARINT),
  name: tag(2, BYTES),
  parentUuid: tag(5, VARINT),
  counter: tag(8, BYTES),
} as const
export const COUNTER = { unit: tag(3, VARINT), unitName: tag(6, BYTES), unitBytes: 3 } as const
export const EVENT = {
  debugAnnotations: tag(4, BYTES),
  type: tag(9, VARINT),
  nameIid: tag(10, VARINT),
  trackUuid: tag(11, VARINT),
  doubleCounterValue: tag(44, BITS64),
  /** One by one: the format's own reader takes no packed ones here. */
  flowIds: tag(47, BITS64),
  terminatingFlowIds: tag(48, BITS64),
} as const
export const TYPE = { sliceBegin: 1, sliceEnd: 2, counter: 4 } as const
export const ANNOTATION = {
  name: tag(10, BYTES),
  uint: tag(3, VARINT),
  double: tag(5, BITS64),
  string: tag(6, BYTES),
} as const
export const INTERNED = { eventNames: tag(2, BYTES), iid: tag(1, VARINT), name: tag(2, BYTES) } as const
