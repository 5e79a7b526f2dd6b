/** Light or dark: the system's, until a person chooses; the choice is kept in this browser. */
import type { Theme } from '../../draw/palette.ts'

export type Choice = 'system' | Theme
const KEY = 'parallax.theme'

export class ThemeState {
  #choice = $state<Choice>(stored())
  #systemDark = $state(false)
  /** What is shown now. Canvas drawings follow it. */
  readonly current: Theme = $derived(
    this.#choice === 'system' ? (this.#systemDark ? 'dark' : 'light') : this.#choice,
  )

  constructor() {
    const system = matchMedia('(prefers-color-scheme: dark)')
    this.#systemDark = system.matches
    system.addEventListener('change', (event) => (this.#systemDark = event.matches))
  }

  get choice(): Choice {
    return this.#choice
  }

  choose(choice: Choice): void {
    this.#choice = choice
    const root = document.documentElement
    if (choice === 'system') delete root.dataset.theme
    else root.dataset.theme = choice
    try {
      if (choice === 'system') localStorage.removeItem(KEY)
      else localStorage.setItem(KEY, choice)
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  }

  /** From what is shown to the other one. */
  toggle(): void {
    this.choose(this.current === 'dark' ? 'light' : 'dark')
  }
}

function stored(): Choice {
  try {
    const value = localStorage.getItem(KEY)
    return value === 'light' || value === 'dark' ? value : 'system'
  } catch {
    return 'system'
  }
}

export const theme = new ThemeState()
