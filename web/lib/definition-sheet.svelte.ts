/** Which definition is open, and beside what. One sheet serves the whole page (parts/DefinitionSheet.svelte). */
import { definitions } from './definitions.ts'
import type { Definition } from './definition-text.ts'

export class DefinitionSheetState {
  key = $state<string>()
  anchor = $state.raw<HTMLElement>()
  readonly definition: Definition | undefined = $derived(
    this.key === undefined ? undefined : definitions.get(this.key),
  )

  /** Opens it beside `anchor`; a second time on the same one closes it. */
  toggle(key: string, anchor: HTMLElement): void {
    if (this.key === key && this.anchor === anchor) return this.close()
    this.key = key
    this.anchor = anchor
  }

  close(): void {
    this.key = undefined
  }
}

export const definitionSheet = new DefinitionSheetState()
