/** One session's profile put where it belongs: its captured runs on the ranges' axis, everything else counted. */
import { basename } from 'node:path'
import type { CaptureSource } from '../../trace/capture.ts'
import type { OrtProfile, SessionRecord } from '../onnxruntime/profile.ts'
import { traceOf } from '../onnxruntime/to-trace.ts'
import { offsetBetween } from './clock.ts'
import { unusedPart } from './part.ts'
import type { Part } from './part.ts'
import type { StepRange, Steps } from './step-ranges.ts'

/** `ranges[i]` is around the session's captured run i. */
export function placeProfile(
  profile: OrtProfile,
  source: CaptureSource,
  { top, phases, runsBefore, iterations }: Steps,
  ranges: readonly StepRange[],
): Part {
  const step = source.step ?? 0
  const runs = profile.sessions.filter(({ name }) => name === 'model_run')
  const captured = runs.slice(runsBefore, runsBefore + iterations)
  const offset = offsetBetween(ranges, captured.map(spanOf))
  if (offset === undefined || captured.length !== ranges.length) {
    const why = `its ${captured.length} captured runs do not match the ${ranges.length} ranges around them`
    return {
      ...unusedPart(profile.sourceRows, `of ${source.path}: ${why}`),
      warnings: [`${source.path} is left out: ${why}`],
    }
  }
  const nodes = profile.nodes.filter(({ startNs }) =>
    captured.some((run) => run.startNs <= startNs && startNs <= run.startNs + run.durationNs),
  )
  const phase = phases[step]
  return {
    trace: traceOf(
      { ...profile, nodes, sessions: captured },
      {
        offsetNs: offset.offsetNs,
        session: { id: step, name: basename(source.path, '.json') },
        withoutSessions: true,
        around: phase === undefined ? [top] : [top, phase],
      },
    ),
    sourceRows: profile.sourceRows,
    skipped: [
      ...profile.skipped,
      {
        what: 'Node',
        count: profile.nodes.length - nodes.length,
        why: 'of warm-up runs, before the capture began',
      },
      {
        what: 'Session',
        count: profile.sessions.length,
        why: 'the ranges around each run stand in their place',
      },
    ],
    warnings: [
      ...profile.warnings,
      ...(offset.drifts
        ? [
            `${source.path}: its clock does not run like that of the ranges; its nodes may be off by ${offset.errorNs} ns`,
          ]
        : []),
    ],
    errorNs: offset.errorNs,
  }
}

const spanOf = ({ startNs, durationNs }: SessionRecord): { startNs: number; endNs: number } => ({
  startNs,
  endNs: startNs + durationNs,
})
