/** Which definition is open, and beside what. One sheet serves the whole page (parts/DefinitionSheet.svelte). */
import { definitions } from './definitions.ts'
import type { Definition } from './definition-text.ts'

export class DefinitionSheetState {
  key = $state<string>()
  anchor = $state.raw<HTMLElement>()
  readonly definition: Definition | undefined = $derived(
    this.key === undefined ? undefined : definitions.get(this.key),
  )

  #closedAt = -Infinity

  /** Opens it beside `anchor`; a second time on the same one closes it. */
  toggle(key: string, anchor: HTMLElement): void {
    // The browser closes an open sheet when its own button is pressed, before the click arrives here.
    if (this.anchor === anchor && performance.now() - this.#closedAt < 250) return
    this.key = key
    this.anchor = anchor
  }

  close(): void {
    this.key = undefined
    this.#closedAt = performance.now()
  }
}

export const definitionSheet = new DefinitionSheetState()
