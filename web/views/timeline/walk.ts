/**
 * Walking from span to span: along the track, out to the range or the launch around it, in to what it holds or caused.
 *
 *   kernel ─out→ launch ─out→ range ─out→ range around it        range ─in→ range or call ─in→ kernel
 *   gap ─out→ what launched the op that ended it            gap ─in→ what the thread did meanwhile
 */
import type { Gap, SpanPlace, SpanRelations } from '../../../trace/timeline.ts'

export type Direction = 'previous' | 'next' | 'out' | 'in'

/** The span one step away; undefined at the end of the way. */
export function stepFrom(relations: SpanRelations, direction: Direction): SpanPlace | undefined {
  switch (direction) {
    case 'previous':
      return relations.previous ?? undefined
    case 'next':
      return relations.next ?? undefined
    case 'out':
      return relations.cause ?? relations.parent ?? undefined
    case 'in':
      return relations.effects[0] ?? relations.child ?? undefined
  }
}

/** The same from a gap: along the device to the op before or after it. */
export function stepFromGap(gap: Gap, direction: Direction): SpanPlace | undefined {
  switch (direction) {
    case 'previous':
      return gap.previous ?? undefined
    case 'next':
      return gap.next ?? undefined
    case 'out':
      return gap.launch ?? undefined
    case 'in':
      return gap.during ?? undefined
  }
}
