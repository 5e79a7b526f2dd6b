/** What `run` says when it is done: each capture, its time, and how far its outputs are off. */
import { formatNs } from '../trace/number-format.ts'

export interface Outcome {
  label: string
  manifest: string
  /** The run in the store; null where it was not imported. */
  run: number | null
  facts: Readonly<Record<string, string | number>>
  warnings: readonly string[]
  failedChecks: readonly string[]
}

const SAID: readonly (readonly [string, (value: string | number) => string])[] = [
  ['provider', (value) => `ran on ${value}`],
  ['iterationMedianNs', (value) => `median forward ${formatNs(Number(value))}`],
  ['outputError', (value) => `outputs off by ${Number(value).toExponential(1)}`],
  ['profilingCostPercent', (value) => `profiling costs ${Number(value).toFixed(1)} %`],
  ['splittingCostPercent', (value) => `splitting into phases costs ${Number(value).toFixed(1)} %`],
]

export function reportText(outcomes: readonly Outcome[]): string {
  const lines = outcomes.map(({ label, run, manifest, facts, warnings }) => {
    const said = SAID.flatMap(([key, say]) => {
      const value = facts[key]
      return value === undefined ? [] : [say(value)]
    })
    return [
      `${label}: ${run === null ? 'not imported' : `run ${run}`}`,
      `  ${manifest}`,
      ...(said.length > 0 ? [`  ${said.join(' · ')}`] : []),
      ...warnings.map((warning) => `  note: ${warning}`),
    ].join('\n')
  })
  const runs = outcomes.flatMap(({ run }) => (run === null ? [] : [run]))
  if (runs.length >= 2)
    lines.push(`Compare them: profile-vggt serve, then /compare/${runs[0]}/${runs[runs.length - 1]}`)
  return lines.join('\n')
}
