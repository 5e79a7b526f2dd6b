/** What the capture holds and what not, with what its own diagnostics say of that. */
import { formatNs } from '../../trace/number-format.ts'
import { several } from '../several.ts'
import { DeviceOpKind } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { summaryOf } from '../summary.ts'
import type { Summary } from '../summary.ts'
import { said } from './stretch.ts'
import type { Sentence } from './stretch.ts'

export const hasKernels = (trace: Trace): boolean =>
  [DeviceOpKind.kernel, DeviceOpKind.graph, DeviceOpKind.node].some((kind) =>
    trace.device_op.kind.includes(kind),
  )

/**
 * Diagnostics that explain missing kernels, the likeliest reason first: the tool does not know the driver; CUDA was traced
 * badly, or not at all. Others (sampling of CPUs, say) explain nothing here.
 */
const WHY_NO_KERNELS = [
  /driver.* not supported/i,
  /not all CUDA events|dropped/i,
  /CUDA profiling might|CUDA.*(fail|error|unable)/i,
  /no CUDA events/i,
]
const WHY_NO_RANGES = [/no NVTX events/i, /not all NVTX events/i]

/** Device work is a precondition of the rest. */
export function missing(trace: Trace): Sentence[] {
  if (hasKernels(trace)) return []
  const facts = summaryOf(trace)
  const first = facts.missing.find((line) => /^No |CUDA graphs/.test(line))
  if (first === undefined) return []
  const hasRanges = trace.range.length > 0
  const found = [
    mostRelevant(facts.diagnostics, WHY_NO_KERNELS),
    hasRanges ? undefined : mostRelevant(facts.diagnostics, WHY_NO_RANGES),
  ].filter((text) => text !== undefined)
  const ranges = hasRanges ? '' : ' The capture holds no ranges either.'
  return [
    said(`${first}${ranges}`, 'summary'),
    ...instead(trace, facts),
    ...(found.length === 0 ? [] : [said(`The capture says: ${found.map(quoted).join(' and ')}.`, 'summary')]),
  ]
}

/** What the host did, where no device did anything. */
function instead(trace: Trace, { counts, captureNs }: Summary): Sentence[] {
  const kinds = [
    [counts.api_call!, 'API call'],
    [counts.range!, 'range'],
    [counts.os_call!, 'OS call'],
  ] as const
  const held = kinds.filter(([count]) => count > 0).map(([count, what]) => several(count, what))
  if (trace.device_op.length > 0 || held.length === 0 || captureNs === null) return []
  return [
    said(
      `The host was recorded: ${held.join(', ')} over ${formatNs(captureNs[1] - captureNs[0])}.`,
      'summary',
    ),
  ]
}

/** Records were lost: sums may be too small, and launches missing. */
export function lost(trace: Trace): Sentence[] {
  if (!hasKernels(trace)) return []
  const text = mostRelevant(summaryOf(trace).diagnostics, [/dropped|not all CUDA events/i])
  return text === undefined
    ? []
    : [said(`Sums may be too small: the capture says ${quoted(text)}.`, 'summary')]
}

function mostRelevant(diagnostics: readonly string[], patterns: readonly RegExp[]): string | undefined {
  for (const pattern of patterns) {
    const found = diagnostics.find((text) => pattern.test(text))
    if (found !== undefined) return found
  }
  return undefined
}

const quoted = (text: string): string => `“${text.trim().replace(/\.$/, '')}”`
