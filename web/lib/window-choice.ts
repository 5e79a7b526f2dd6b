/** The stretch of a run that numbers are about, as the address says it. What is meant without a word: analysis/window-choice.ts. */
import type { WindowQuery } from '../../analysis/window-choice.ts'
import type { Router } from './router.svelte.ts'

export { windowChoice, windowName } from '../../analysis/window-choice.ts'
export type { WindowChoice, WindowQuery } from '../../analysis/window-choice.ts'

/** What the address says of it. Read it before the first `await`: what is read later is not followed. */
export const windowQuery = (router: Router): WindowQuery => ({
  iteration: router.query('iteration'),
  phase: router.query('phase'),
  fromNs: router.query('fromNs'),
  toNs: router.query('toNs'),
  window: router.query('window'),
})
