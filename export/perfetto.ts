/**
 * A window of a run as a Perfetto trace (protobuf), to be opened at ui.perfetto.dev or with trace_processor.
 *
 * Every lane of a track is a Perfetto track of its own, so that spans that overlap are never taken for nested ones; lanes
 * of one track have one name, which the viewer shows together. A flow leads from each call to each op it launched. Times are
 * the run's own; where one is negative all are moved so that the earliest is 0.
 */
import protobuf from 'protobufjs/minimal.js'
import type { Writer } from 'protobufjs'
import { NONE } from '../trace/column.ts'
import { spansIn } from '../analysis/timeline/spans-in.ts'
import type { LaneSpan } from '../analysis/timeline/spans-in.ts'
import type { TrackData } from '../analysis/timeline/track-data.ts'
import type { Trace } from '../trace/trace.ts'
import { annotationsOf } from './perfetto-annotations.ts'
import { flowsOf } from './perfetto-flows.ts'
import { COUNTER, EVENT, INTERNED, PACKET, SEQUENCE, TRACE, TRACK, TYPE } from './perfetto-fields.ts'
import { chosenTracks } from './window.ts'
import type { ExportWindow } from './window.ts'

/** Bytes in a chunk, about. */
const CHUNK = 1 << 18

/** The trace's bytes in chunks. */
export function* perfettoOf(trace: Trace, window: ExportWindow): Generator<Uint8Array> {
  const tracks = chosenTracks(trace, window)
  const shift = -Math.min(0, ...tracks.map(({ track }) => track.firstNs))
  const names = new Names(trace, tracks)
  const writer = protobuf.Writer.create()
  packet(writer, (body) => void body.uint32(PACKET.sequenceFlags).uint32(SEQUENCE.cleared))
  const groups = new Map<string, number>()
  let uuid = 1
  for (const data of tracks) {
    let parent = groups.get(data.track.group)
    if (parent === undefined) {
      groups.set(data.track.group, (parent = uuid++))
      describe(writer, parent, data.track.group, undefined)
    }
    const own = uuid++
    describe(writer, own, data.track.title, parent, data)
    for (const [number, lane] of data.lanes.entries()) {
      const at = number === 0 ? own : uuid++
      if (number > 0) describe(writer, at, data.track.title, parent)
      for (const span of spansIn(lane, window.from, window.to)) {
        slice(writer, trace, data, span, { uuid: at, names, shift })
        if (writer.len >= CHUNK) yield taken(writer)
      }
    }
    yield* samples(writer, data, own, window, shift)
  }
  yield taken(writer)
}

/** What was written so far; the writer begins anew. */
function taken(writer: Writer): Uint8Array {
  const bytes = writer.finish()
  writer.reset()
  return bytes
}

function packet(writer: Writer, fill: (body: Writer) => void): void {
  writer.uint32(TRACE.packet).fork()
  writer.uint32(PACKET.sequenceId).uint32(1)
  fill(writer)
  writer.ldelim()
}

function describe(
  writer: Writer,
  uuid: number,
  name: string,
  parent: number | undefined,
  data?: TrackData,
): void {
  packet(writer, (body) => {
    body.uint32(PACKET.trackDescriptor).fork()
    body.uint32(TRACK.uuid).uint64(uuid)
    body.uint32(TRACK.name).string(name)
    if (parent !== undefined) body.uint32(TRACK.parentUuid).uint64(parent)
    if (data?.samples !== undefined) {
      body.uint32(TRACK.counter).fork()
      const { unit } = data.track
      if (unit === 'B') body.uint32(COUNTER.unit).int32(COUNTER.unitBytes)
      else if (unit !== undefined) body.uint32(COUNTER.unitName).string(unit)
      body.ldelim()
    }
    body.ldelim()
  })
}

function slice(
  writer: Writer,
  trace: Trace,
  data: TrackData,
  span: LaneSpan,
  { uuid, names, shift }: { uuid: number; names: Names; shift: number },
): void {
  const { track } = data
  const { row, start, duration } = span
  packet(writer, (body) => {
    body.uint32(PACKET.timestamp).uint64(start + shift)
    body.uint32(PACKET.sequenceFlags).uint32(SEQUENCE.needsState)
    const iid = names.write(body, data, span)
    body.uint32(PACKET.trackEvent).fork()
    body.uint32(EVENT.type).int32(TYPE.sliceBegin)
    body.uint32(EVENT.trackUuid).uint64(uuid)
    if (iid > 0) body.uint32(EVENT.nameIid).uint64(iid)
    flowsOf(body, trace, track.kind, row)
    annotationsOf(body, trace, track, row)
    body.ldelim()
  })
  packet(writer, (body) => {
    body.uint32(PACKET.timestamp).uint64(start + duration + shift)
    body.uint32(PACKET.trackEvent).fork()
    body.uint32(EVENT.type).int32(TYPE.sliceEnd)
    body.uint32(EVENT.trackUuid).uint64(uuid)
    body.ldelim()
  })
}

function* samples(
  writer: Writer,
  data: TrackData,
  uuid: number,
  { from, to }: ExportWindow,
  shift: number,
): Generator<Uint8Array> {
  if (data.samples === undefined) return
  const { time, value } = data.samples
  for (let i = 0; i < time.length; i++) {
    if (time[i]! < from || time[i]! >= to) continue
    packet(writer, (body) => {
      body.uint32(PACKET.timestamp).uint64(time[i]! + shift)
      body.uint32(PACKET.trackEvent).fork()
      body.uint32(EVENT.type).int32(TYPE.counter)
      body.uint32(EVENT.trackUuid).uint64(uuid)
      body.uint32(EVENT.doubleCounterValue).double(value[i]!)
      body.ldelim()
    })
    if (writer.len >= CHUNK) yield taken(writer)
  }
}

/** A name is written with the first span that has it, and then meant by number: a string's index + 1, a cause after them. */
class Names {
  readonly #strings: readonly string[]
  readonly #written = new Set<number>()
  readonly #causes: readonly string[]

  constructor(trace: Trace, tracks: readonly TrackData[]) {
    this.#strings = trace.strings
    const idle = tracks.filter(({ track }) => track.kind === 'idle')
    this.#causes = [...new Set(idle.flatMap(({ track }) => track.classes))]
  }

  /** The span's name as a number, 0 where it has none; the name itself goes into the packet where it is new. */
  write(body: Writer, { track }: TrackData, { label, cls }: LaneSpan): number {
    const isIdle = track.kind === 'idle'
    if (!isIdle && label === NONE) return 0
    const text = isIdle ? track.classes[cls]! : this.#strings[label]!
    const iid = isIdle ? this.#strings.length + this.#causes.indexOf(text) + 1 : label + 1
    if (this.#written.has(iid)) return iid
    this.#written.add(iid)
    body.uint32(PACKET.internedData).fork()
    body.uint32(INTERNED.eventNames).fork()
    body.uint32(INTERNED.iid).uint64(iid)
    body.uint32(INTERNED.name).string(text)
    body.ldelim().ldelim()
    return iid
  }
}
