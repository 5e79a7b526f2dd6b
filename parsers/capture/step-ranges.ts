/** The ranges around a model's runs: for each step of the model, one an iteration, in the order they ran. */
import { NONE } from '../../trace/column.ts'
import type { Capture } from '../../trace/capture.ts'
import type { Trace } from '../../trace/trace.ts'
import type { Span } from './clock.ts'

export interface StepRange extends Span {
  row: number
}

export type Steps = NonNullable<Capture['steps']>

/**
 * `result[step][iteration]`. A model that is one step has the top ranges themselves. An iteration whose ranges are not
 * those of the steps (cut, or another program's) is left out.
 */
export function stepRanges(trace: Trace, { top, phases }: Steps): StepRange[][] {
  const { range, strings } = trace
  const at = (row: number): StepRange => ({
    row,
    startNs: range.start[row]!,
    endNs: range.start[row]! + range.duration[row]!,
  })
  const nameOf = (row: number): string | undefined => {
    const name = range.name?.[row] ?? NONE
    return name === NONE ? undefined : strings[name]
  }
  const children = new Map<number, number[]>()
  for (let row = 0; row < range.length; row++) {
    const parent = range.parent?.[row] ?? NONE
    if (parent === NONE && nameOf(row) === top && range.open[row] === 0) children.set(row, [])
    else children.get(parent)?.push(row)
  }
  if (phases.length === 0) return [[...children.keys()].map(at)]
  const steps: StepRange[][] = phases.map(() => [])
  for (const rows of children.values()) {
    const isWhole = rows.length === phases.length && rows.every((row, i) => nameOf(row) === phases[i])
    if (isWhole) rows.forEach((row, i) => steps[i]!.push(at(row)))
  }
  return steps
}
