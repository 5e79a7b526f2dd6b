/**
 * The stretch of a run that numbers are about: an iteration, a phase, from–to, or the whole capture.
 *
 * Unless the address says otherwise it is the representative iteration, where the run has iterations: a capture also holds
 * loading, warm-up and waiting, and shares of that mislead.
 */
import type { Summary } from './answers.ts'
import type { Parameters } from './client.ts'
import type { Router } from './router.svelte.ts'

export interface WindowChoice {
  readonly iteration?: string
  readonly phase?: string
  readonly fromNs?: string
  readonly toNs?: string
}

/** What the address says of it. Read it before the first `await`: what is read later is not followed. */
export interface WindowQuery extends WindowChoice {
  /** "capture" asks for everything. */
  readonly window?: string
}
export const windowQuery = (router: Router): WindowQuery => ({
  iteration: router.query('iteration'),
  phase: router.query('phase'),
  fromNs: router.query('fromNs'),
  toNs: router.query('toNs'),
  window: router.query('window'),
})

/** One of iteration, phase and from–to, or none for the capture; the default resolved. */
export function windowChoice(
  query: WindowQuery,
  iterations: Summary['iterations'],
): WindowChoice & Parameters {
  const { iteration, phase, fromNs, toNs, window } = query
  if (iteration !== undefined) return { iteration }
  if (phase !== undefined) return { phase }
  if (fromNs !== undefined || toNs !== undefined) return { fromNs, toNs }
  if (window === 'capture' || iterations.representative === null) return {}
  return { iteration: String(iterations.representative) }
}

/** "iteration 2", "phase VGGT/Frame", "a window", "the capture". */
export function windowName(choice: WindowChoice): string {
  if (choice.iteration !== undefined) return `iteration ${choice.iteration}`
  if (choice.phase !== undefined) return `phase ${choice.phase}`
  if (choice.fromNs !== undefined || choice.toNs !== undefined) return 'a window'
  return 'the capture'
}
