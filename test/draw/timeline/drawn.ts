/** Timelines drawn as text, and text as timelines: one letter a nanosecond, its class by letter. */
import type { SpanSection } from '../../../analysis/timeline/tile.ts'
import { sameAxis } from '../../../draw/timeline/axis.ts'
import { edgesOf, layOutLane } from '../../../draw/timeline/lane.ts'
import type { LaneLayout } from '../../../draw/timeline/lane.ts'
import type { Viewport } from '../../../draw/timeline/viewport.ts'

/** "..aaa.bb" → spans a [2,5) and b [6,8). Each run of one letter is a span; its row and class are the letter's place. */
export function spansOf(drawing: string): SpanSection {
  const spans = [...drawing.matchAll(/([a-z])\1*/g)].map((match) => ({
    start: match.index,
    duration: match[0].length,
    cls: match[1]!.charCodeAt(0) - 97,
  }))
  return {
    kind: 'spans',
    lane: 0,
    start: Float64Array.from(spans, (span) => span.start),
    duration: Float64Array.from(spans, (span) => span.duration),
    row: Uint32Array.from(spans, (_, i) => i),
    label: Uint32Array.from(spans, (span) => span.cls),
    cls: Uint8Array.from(spans, (span) => span.cls),
  }
}

/** Lays out a drawing in a view of `width` pixels over [from, to). */
export function layOut(drawing: string, from: number, to: number, width: number): LaneLayout {
  const view: Viewport = { from, to, width }
  const piece = { section: spansOf(drawing), level: 0, index: 0, from: 0, to: 512 }
  return layOutLane([piece], view, sameAxis, edgesOf(view, sameAxis, 1))
}

/** Pixels as text: capital where the pixel is full, the letter where partly, "," where something of no length is, "." where nothing. */
export function picture({ pixels }: LaneLayout): string {
  return Array.from({ length: pixels.length }, (_, i) => {
    if (pixels.filled[i] === 0) return '.'
    const letter = String.fromCharCode(97 + pixels.cls[i]!)
    const share = pixels.share(i)
    return share === 1 ? letter.toUpperCase() : share === 0 ? ',' : letter
  }).join('')
}
