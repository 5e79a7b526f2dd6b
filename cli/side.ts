/** One side of a comparison: one run, or several captures of the same thing joined by commas. */
import { existsSync } from 'node:fs'
import { phased } from '../analysis/phased.ts'
import type { Floor } from '../analysis/diff/noise.ts'
import { UserError } from '../trace/errors.ts'
import type { Trace } from '../trace/trace.ts'
import { loadTrace } from './context.ts'
import type { Context } from './context.ts'

export interface LoadedSide {
  traces: Trace[]
  label: string
}

/** Runs, labels or files; a file whose own name has a comma is taken whole. */
export async function loadSide(context: Context, text: string): Promise<LoadedSide> {
  const parts = existsSync(text) ? [text] : text.split(',').map((part) => part.trim())
  if (parts.includes(''))
    throw new UserError(
      'bad-request',
      `"${text}" has an empty part; write RUN or RUN,RUN without spaces around commas`,
    )
  const traces: Trace[] = []
  const labels: string[] = []
  for (const part of parts) {
    const { trace, label } = await loadTrace(context, part)
    traces.push(phased(trace))
    labels.push(label)
  }
  return { traces, label: labels.join(', ') }
}

/** The kept noise between captures by device; nothing where there is no store yet (reading files makes none). */
export const keptFloors =
  (context: Context) =>
  (device: string): Floor | undefined =>
    existsSync(context.databasePath) ? context.store().noiseFloor(device) : undefined
