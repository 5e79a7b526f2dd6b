/** What stands beside a span in Perfetto: its row here, and for work on a device its launch geometry and bytes. */
import type { Writer } from 'protobufjs'
import { NONE } from '../trace/column.ts'
import type { Track } from '../trace/timeline.ts'
import type { Trace } from '../trace/trace.ts'
import { ANNOTATION, EVENT } from './perfetto-fields.ts'

export function annotationsOf(body: Writer, trace: Trace, track: Track, row: number): void {
  if (row === NONE) return
  uint(body, 'row', row)
  if (track.kind !== 'device-stream') return
  const op = trace.device_op
  text(body, 'grid', three(op.gridX?.[row], op.gridY?.[row], op.gridZ?.[row]))
  text(body, 'block', three(op.blockX?.[row], op.blockY?.[row], op.blockZ?.[row]))
  const correlation = op.correlation?.[row] ?? NONE
  if (correlation !== NONE) uint(body, 'correlation', correlation)
  const bytes = op.bytes?.[row] ?? NaN
  if (!Number.isNaN(bytes)) {
    body.uint32(EVENT.debugAnnotations).fork()
    body.uint32(ANNOTATION.name).string('bytes')
    body.uint32(ANNOTATION.double).double(bytes).ldelim()
  }
}

function uint(body: Writer, name: string, value: number): void {
  body.uint32(EVENT.debugAnnotations).fork()
  body.uint32(ANNOTATION.name).string(name)
  body.uint32(ANNOTATION.uint).uint64(value).ldelim()
}

function text(body: Writer, name: string, value: string | undefined): void {
  if (value === undefined) return
  body.uint32(EVENT.debugAnnotations).fork()
  body.uint32(ANNOTATION.name).string(name)
  body.uint32(ANNOTATION.string).string(value).ldelim()
}

function three(x: number | undefined, y: number | undefined, z: number | undefined): string | undefined {
  if (x === undefined || y === undefined || z === undefined || x === NONE) return undefined
  return `${x} × ${y} × ${z}`
}
