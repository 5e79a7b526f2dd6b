/** A span's relations as what the overlay draws. */
import type { Marked } from '../../../draw/timeline/overlay.ts'
import type { SpanPlace, SpanRelations } from '../../../trace/timeline.ts'

export const markedOf = (place: SpanPlace): Marked => ({
  table: place.table,
  row: place.row,
  track: place.track,
  startNs: place.startNs,
  endNs: place.startNs + place.durNs,
})

/** Arrows from a call to the work it launched, whichever end is selected. */
export function flowsOf(relations: SpanRelations): { from: Marked; to: Marked }[] {
  const { span, cause, effects } = relations
  if (cause !== null) return [{ from: markedOf(cause), to: markedOf(span) }]
  return effects.map((effect) => ({ from: markedOf(span), to: markedOf(effect) }))
}
