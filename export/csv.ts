/**
 * The spans of a window as CSV (RFC 4180), one a line, track by track:
 *
 *   track,group,table,row,lane,class,name,start_ns,dur_ns
 *   stream 7,GPU 0 · NVIDIA A40,device_op,17,0,busy/gemm,"sgemm<1, 2>",4000,1200
 *
 * A counter's samples have their value in the last column and no duration.
 */
import { NONE } from '../trace/column.ts'
import { spansIn } from '../analysis/timeline/spans-in.ts'
import type { TrackData } from '../analysis/timeline/track-data.ts'
import type { Trace } from '../trace/trace.ts'
import { chosenTracks } from './window.ts'
import type { ExportWindow } from './window.ts'

const HEAD = 'track,group,table,row,lane,class,name,start_ns,dur_ns,value\r\n'
/** Characters in a chunk, about. */
const CHUNK = 1 << 16

/** Text in chunks, so that a run of any size can be written. */
export function* csvOf(trace: Trace, window: ExportWindow): Generator<string> {
  let text = HEAD
  for (const data of chosenTracks(trace, window))
    for (const line of linesOf(trace, data, window)) {
      text += line
      if (text.length >= CHUNK) {
        yield text
        text = ''
      }
    }
  yield text
}

function* linesOf(
  trace: Trace,
  { track, lanes, samples }: TrackData,
  { from, to }: ExportWindow,
): Generator<string> {
  const head = `${field(track.title)},${field(track.group)},${track.table}`
  for (const [number, lane] of lanes.entries())
    for (const { row, start, duration, label, cls } of spansIn(lane, from, to)) {
      const name = label === NONE ? '' : field(trace.strings[label] ?? '')
      yield `${head},${row === NONE ? '' : row},${number},${track.classes[cls] ?? ''},${name},${start},${duration},\r\n`
    }
  if (samples === undefined) return
  for (let i = 0; i < samples.time.length; i++)
    if (samples.time[i]! >= from && samples.time[i]! < to)
      yield `${head},,0,${track.classes[0] ?? ''},,${samples.time[i]!},,${samples.value[i]!}\r\n`
}

/** Quoted where it must be; a name that a spreadsheet would take for a formula is kept as text. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
