/** Keys turned into movement and steps. Held keys move the view every frame, so that motion is even. */
import { HELD } from './keys.ts'
import type { TimelineView } from './timeline-view.svelte.ts'

export interface KeySteps {
  /** Returns false where nothing is selected to walk from. */
  walk(direction: 'previous' | 'next' | 'out' | 'in'): boolean
  sameName(direction: 'previous' | 'next'): void
  cause(): void
  fit(): void
  clear(): void
  cursor(name: 'a' | 'b'): void
  /** A window from the cursors, else of what is selected. */
  window(): void
  note(): void
  /** Selects something to walk from. */
  enter(): void
  /** What is on screen as a table, or no more. */
  table(): void
  /** Search, where "/" does not mean that on the whole page. */
  search?(): void
}

const WALK = { ArrowLeft: 'previous', ArrowRight: 'next', ArrowUp: 'out', ArrowDown: 'in' } as const
const AS_HELD: Readonly<Record<string, string>> = {
  ArrowLeft: 'a',
  ArrowRight: 'd',
  ArrowUp: 'w',
  ArrowDown: 's',
}

export class KeyControl {
  readonly #view: TimelineView
  readonly #steps: KeySteps
  readonly #held = new Set<string>()
  #frame = 0
  #last = 0

  constructor(view: TimelineView, steps: KeySteps) {
    this.#view = view
    this.#steps = steps
  }

  readonly keydown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || typesInto(event.target)) return
    const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z'
    if (isUndo) {
      event.preventDefault()
      if (event.shiftKey) this.#view.redo()
      else this.#view.undo()
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (this.#act(event)) event.preventDefault()
  }

  readonly keyup = (event: KeyboardEvent): void => {
    this.#held.delete(event.key.toLowerCase())
    this.#held.delete(AS_HELD[event.key] ?? '')
  }

  /** The page lost the keyboard: no key is held any more. */
  readonly release = (): void => this.#held.clear()

  stop(): void {
    this.#held.clear()
    cancelAnimationFrame(this.#frame)
  }

  #act(event: KeyboardEvent): boolean {
    const { key } = event
    if (HELD[key.toLowerCase()] !== undefined) return this.#hold(key.toLowerCase())
    if (key in WALK) {
      // Arrows that mean something to what has the focus (a menu, a table) are its own.
      if (
        event.target instanceof Element &&
        event.target.closest('[role=menu], [role=listbox], table, [role=region]')
      )
        return false
      return this.#steps.walk(WALK[key as keyof typeof WALK]) || this.#hold(AS_HELD[key])
    }
    // Enter belongs to a button or link that has the focus.
    if (key === 'Enter' && !(event.target instanceof Element && event.target.closest('button, a, summary'))) {
      this.#steps.enter()
      return true
    }
    const once: Readonly<Record<string, () => void>> = {
      n: () => this.#steps.sameName('next'),
      N: () => this.#steps.sameName('previous'),
      c: () => this.#steps.cause(),
      f: () => this.#steps.fit(),
      '0': () => this.#view.showAll(),
      z: () => this.#view.undo(),
      Z: () => this.#view.redo(),
      '+': () => this.#view.zoom(this.#view.now.width / 2, 2),
      '=': () => this.#view.zoom(this.#view.now.width / 2, 2),
      '-': () => this.#view.zoom(this.#view.now.width / 2, 0.5),
      '[': () => this.#steps.cursor('a'),
      ']': () => this.#steps.cursor('b'),
      b: () => this.#steps.window(),
      m: () => this.#steps.note(),
      t: () => this.#steps.table(),
      Escape: () => this.#steps.clear(),
    }
    const act = key === '/' ? this.#steps.search?.bind(this.#steps) : once[key]
    act?.()
    return act !== undefined
  }

  #hold(key: string): boolean {
    if (this.#held.has(key)) return true
    this.#held.add(key)
    // One step at once, so that a tap does something even between two frames.
    this.#move(key, 1 / 15)
    if (this.#held.size === 1) {
      this.#last = performance.now()
      this.#frame = requestAnimationFrame(this.#step)
    }
    return true
  }

  readonly #step = (now: number): void => {
    if (this.#held.size === 0) return
    // A frame that came late must not jump far.
    const seconds = Math.min(0.05, Math.max(0, (now - this.#last) / 1000))
    this.#last = now
    for (const key of this.#held) this.#move(key, seconds)
    this.#frame = requestAnimationFrame(this.#step)
  }

  #move(key: string, seconds: number): void {
    const { pan, zoom } = HELD[key]
    const { width } = this.#view.now
    if (pan !== undefined) this.#view.pan(pan * seconds * width)
    if (zoom !== undefined) {
      const at = this.#view.pointerX ?? width / 2
      this.#view.zoom(at, zoom ** seconds)
    }
  }
}

function typesInto(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}
