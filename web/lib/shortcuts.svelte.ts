/**
 * Keys of the whole page: single ones, and "g" followed by a letter. A view that handles a key itself stops it there
 * (`preventDefault`), and nothing is taken while a person types.
 */
export interface Shortcut {
  /** "?", "t", or "g o" for one after the other. */
  readonly keys: string
  readonly what: string
  readonly act: () => void
}

/** A first key waits this long for its second. */
const WAIT_MS = 1200

export class Shortcuts {
  /** Those in force now: the page's, then those of the view that is shown. */
  list = $state.raw<readonly Shortcut[]>([])
  /** Keys that the view on screen handles itself, for the list of keys. */
  view = $state.raw<readonly Omit<Shortcut, 'act'>[]>([])
  shown = $state(false)
  #first = ''
  #timer: ReturnType<typeof setTimeout> | undefined

  readonly onkeydown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return
    if (types(event.target)) return
    const keys = this.#first === '' ? event.key : `${this.#first} ${event.key}`
    this.#forget()
    const shortcut = this.list.find((one) => one.keys === keys)
    if (shortcut) {
      event.preventDefault()
      shortcut.act()
    } else if (this.list.some((one) => one.keys.startsWith(`${event.key} `))) {
      this.#first = event.key
      this.#timer = setTimeout(() => this.#forget(), WAIT_MS)
    }
  }

  #forget(): void {
    clearTimeout(this.#timer)
    this.#first = ''
  }
}

function types(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}

export const shortcuts = new Shortcuts()
