/**
 * Pointer, wheel and touch on a timeline: turned into what they mean, whoever draws it.
 *
 *   wheel, pinch       zoom at the pointer          shift + wheel, sideways wheel   pan
 *   drag               pan (up and down: scroll)    shift + drag                    select a window of time
 *   click              pick                         double click                    fit
 *   alt                what is picked or selected does not snap
 */
/** CSS pixels from the node's left and top. */
export interface Place {
  readonly x: number
  readonly y: number
}

export interface GestureTarget {
  zoom(x: number, factor: number): void
  pan(px: number): void
  scroll?(px: number): void
  /** A pointer went down, or the last was released. */
  hold?(isDown: boolean): void
  /** The pointer rests on a place; undefined: it left. */
  point(at: Place | undefined): void
  pick(at: Place & { shift: boolean; alt: boolean }): void
  fit?(at: Place): void
  /** A window of time is being selected, from where the pointer went down to where it is. */
  select(from: Place, to: Place, drag: Drag): void
  /** A plain drag selects, too (a ruler). */
  readonly dragSelects?: boolean
}

/** A pointer that moved less than this between down and up has clicked. */
const CLICK_PX = 4
/** Wheel steps to zoom: a notch of 100 px is a factor of 1.22. */
const WHEEL = 0.002
const PINCH_WHEEL = 0.01
const LINE_PX = 16

export interface Drag {
  /** It has ended. */
  readonly done: boolean
  readonly alt: boolean
}

interface Down {
  x: number
  y: number
  lastX: number
  lastY: number
  mode: 'pan' | 'select'
  moved: boolean
}

/** Listens on `node`; returns what stops it. */
export function gestures(node: HTMLElement, target: GestureTarget): () => void {
  const touches = new Map<number, { x: number; y: number }>()
  let down: Down | undefined
  let pinch: { distance: number; x: number } | undefined
  const at = (event: MouseEvent): Place => {
    const box = node.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  const wheel = (event: WheelEvent): void => {
    event.preventDefault()
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit]
    // A pinch on a touch pad arrives as a wheel with the control key.
    if (event.ctrlKey || event.metaKey) target.zoom(at(event).x, Math.exp(-dy * PINCH_WHEEL))
    else if (event.shiftKey) target.pan(dy || dx)
    else if (Math.abs(dx) > Math.abs(dy)) target.pan(dx)
    else target.zoom(at(event).x, Math.exp(-dy * WHEEL))
  }

  const pointerdown = (event: PointerEvent): void => {
    if (event.button !== 0) return
    const place = at(event)
    if (touches.size === 0) target.hold?.(true)
    touches.set(event.pointerId, place)
    node.setPointerCapture(event.pointerId)
    if (touches.size === 2) {
      pinch = spread(touches)
      down = undefined
      return
    }
    const mode = event.shiftKey || target.dragSelects ? 'select' : 'pan'
    down = { ...place, lastX: place.x, lastY: place.y, mode, moved: false }
  }

  const pointermove = (event: PointerEvent): void => {
    const place = at(event)
    if (touches.has(event.pointerId)) touches.set(event.pointerId, place)
    if (pinch !== undefined && touches.size === 2) {
      const now = spread(touches)
      target.pan(pinch.x - now.x)
      if (now.distance > 0 && pinch.distance > 0) target.zoom(now.x, now.distance / pinch.distance)
      pinch = now
      return
    }
    if (down === undefined) return target.point(place)
    if (!down.moved && Math.hypot(place.x - down.x, place.y - down.y) < CLICK_PX) return
    down.moved = true
    if (down.mode === 'select') target.select(down, place, { done: false, alt: event.altKey })
    else {
      target.pan(down.lastX - place.x)
      target.scroll?.(down.lastY - place.y)
    }
    down.lastX = place.x
    down.lastY = place.y
    target.point(down.mode === 'select' ? place : undefined)
  }

  const release = (event: PointerEvent): void => {
    if (touches.delete(event.pointerId) && touches.size === 0) target.hold?.(false)
  }

  const pointerup = (event: PointerEvent): void => {
    release(event)
    if (touches.size < 2) pinch = undefined
    if (down === undefined) return
    const place = at(event)
    if (!down.moved) target.pick({ ...place, shift: event.shiftKey, alt: event.altKey })
    else if (down.mode === 'select') target.select(down, place, { done: true, alt: event.altKey })
    down = undefined
  }

  const pointercancel = (event: PointerEvent): void => {
    release(event)
    down = undefined
    pinch = undefined
  }
  const pointerleave = (): void => target.point(undefined)
  const dblclick = (event: MouseEvent): void => target.fit?.(at(event))

  node.addEventListener('wheel', wheel, { passive: false })
  node.addEventListener('pointerdown', pointerdown)
  node.addEventListener('pointermove', pointermove)
  node.addEventListener('pointerup', pointerup)
  node.addEventListener('pointercancel', pointercancel)
  node.addEventListener('pointerleave', pointerleave)
  node.addEventListener('dblclick', dblclick)
  return () => {
    node.removeEventListener('wheel', wheel)
    node.removeEventListener('pointerdown', pointerdown)
    node.removeEventListener('pointermove', pointermove)
    node.removeEventListener('pointerup', pointerup)
    node.removeEventListener('pointercancel', pointercancel)
    node.removeEventListener('pointerleave', pointerleave)
    node.removeEventListener('dblclick', dblclick)
  }
}

function spread(touches: ReadonlyMap<number, { x: number; y: number }>): { distance: number; x: number } {
  const [a, b] = [...touches.values()]
  return { distance: Math.abs(a.x - b.x) + Math.abs(a.y - b.y), x: (a.x + b.x) / 2 }
}
