/**
 * The stretch of a run that numbers are about when nobody says: the representative iteration, where the run has iterations. A
 * capture also holds loading, warm-up and waiting, and shares of that mislead. The page and the command line ask here.
 */

/** As addresses and flags say it: text, under the parameters' outside names (WINDOW_PARAMETERS). */
export interface WindowChoice {
  readonly iteration?: string
  readonly phase?: string
  readonly fromNs?: string
  readonly toNs?: string
}

export interface WindowQuery extends WindowChoice {
  /** "capture" asks for everything. */
  readonly window?: string
}

/** What the rule needs to know of a run: its summary's, or `iterationsOf`. */
export interface KnownIterations {
  readonly representative?: number | null
  readonly all: { readonly length: number }
}

/** One of iteration, phase and from–to, or none for the capture; the default resolved. */
export function windowChoice(
  query: WindowQuery,
  iterations: KnownIterations,
): WindowChoice & Readonly<Record<string, string | undefined>> {
  const { iteration, phase, fromNs, toNs, window } = query
  if (iteration !== undefined) return { iteration }
  if (phase !== undefined) return { phase }
  if (fromNs !== undefined || toNs !== undefined) return { fromNs, toNs }
  if (window === 'capture' || iterations.representative == null) return {}
  return { iteration: String(iterations.representative) }
}

/** "iteration 2", "phase VGGT/Frame", "a window", "the capture". */
export function windowName(choice: WindowChoice): string {
  if (choice.iteration !== undefined) return `iteration ${choice.iteration}`
  if (choice.phase !== undefined) return `phase ${choice.phase}`
  if (choice.fromNs !== undefined || choice.toNs !== undefined) return 'a window'
  return 'the capture'
}

/** The same for a title, where nothing beside it says more: "iteration 2 of 0 to 3", "whole capture". */
export function windowTitle(choice: WindowChoice, iterations: KnownIterations): string {
  const { iteration, fromNs, toNs } = choice
  if (iteration !== undefined) return `iteration ${iteration} of 0 to ${iterations.all.length - 1}`
  if (fromNs !== undefined || toNs !== undefined)
    return `${fromNs === undefined ? 'start' : `${fromNs} ns`} to ${toNs === undefined ? 'end' : `${toNs} ns`}`
  return choice.phase === undefined ? 'whole capture' : windowName(choice)
}
