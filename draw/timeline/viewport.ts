/**
 * The stretch of time on screen: an immutable value in the manner of a zoom transform.
 * Times are ns on the view's axis (fractions allowed: a view may start between two), x is CSS pixels from the left.
 */
export interface Viewport {
  readonly from: number
  readonly to: number
  readonly width: number
}

/** How far a view may go: never past `from`/`to` by more than half a screen, never closer than `closest` ns. */
export interface Limits {
  readonly from: number
  readonly to: number
  readonly closest: number
}

export const nsPerPx = (view: Viewport): number => (view.to - view.from) / view.width
export const xOf = (view: Viewport, ns: number): number => (ns - view.from) / nsPerPx(view)
export const nsAt = (view: Viewport, x: number): number => view.from + x * nsPerPx(view)

/** Zooms so that what is under x stays there; factor 2 shows half as much time. */
export function zoomAt(view: Viewport, x: number, factor: number, limits: Limits): Viewport {
  const span = clamp((view.to - view.from) / factor, limits.closest, widest(limits))
  const anchor = nsAt(view, x)
  const from = anchor - (x / view.width) * span
  return within({ ...view, from, to: from + span }, limits)
}

/** Moves by pixels: positive shows later time. */
export function panBy(view: Viewport, px: number, limits: Limits): Viewport {
  const shift = px * nsPerPx(view)
  return within({ ...view, from: view.from + shift, to: view.to + shift }, limits)
}

/** Shows [from, to) with a margin of a part of its length on both sides. */
export function fit(view: Viewport, from: number, to: number, limits: Limits, margin = 0.03): Viewport {
  const span = Math.max(to - from, limits.closest)
  const middle = (from + to) / 2
  const half = Math.min(span * (0.5 + margin), widest(limits) / 2)
  return within({ ...view, from: middle - half, to: middle + half }, limits)
}

/** A view between two, for an animated step: t from 0 to 1. Zoom goes by ratio, so that speed looks even. */
export function between(a: Viewport, b: Viewport, t: number): Viewport {
  const [spanA, spanB] = [a.to - a.from, b.to - b.from]
  const span = spanA * (spanB / spanA) ** t
  // The point that both views show at the same x stays there; for a pure pan it is infinitely far: move evenly.
  const part = spanA === spanB ? t : (spanA - span) / (spanA - spanB)
  const from = a.from + (b.from - a.from) * part
  return { from, to: from + span, width: b.width }
}

const widest = (limits: Limits): number => Math.max((limits.to - limits.from) * 1.5, limits.closest)
const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high)

/** Keeps at least half of the screen on what there is. */
function within(view: Viewport, limits: Limits): Viewport {
  const span = view.to - view.from
  const from = clamp(
    view.from,
    limits.from - span / 2,
    Math.max(limits.to - span / 2, limits.from - span / 2),
  )
  return from === view.from ? view : { ...view, from, to: from + span }
}
