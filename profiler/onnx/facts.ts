/** What an ONNX capture says about itself: a flat list of strings and numbers, units in the names. */
import { availableParallelism, cpus } from 'node:os'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
import type { CaptureRequest } from '../capture-request.ts'
import type { Tool } from '../tools.ts'
import { planOf } from '../variants/index.ts'
import type { Measured } from './measure.ts'
import type { Prepared } from './prepare.ts'
import type { Spent } from './spent.ts'

export type Facts = Record<string, string | number>

export function factsOf(
  request: CaptureRequest,
  prepared: Prepared,
  measured: Measured,
  nsys: { tool: Tool; command: string } | string,
): Facts {
  const { built } = prepared
  const [, frames, , height, width] = built.inputShape as [number, number, number, number, number]
  return {
    backend: 'onnx',
    ...providerFacts(measured.providers),
    model: request.model,
    variant: variantName(request.variants),
    frames,
    height,
    width,
    dtype: dtypeOf(request.variants),
    weights:
      request.weights.kind === 'random'
        ? `random, seed ${request.weights.seed} (synthetic)`
        : basename(request.weights.path),
    input: request.input === undefined ? `synthetic images, seed ${request.seed}` : basename(request.input),
    parameters: built.parameters,
    flops: built.flops,
    iterations: request.iterations,
    warmup: request.warmup,
    split: built.steps.length > 1 ? `one session a phase (${built.steps.length})` : 'one session',
    threads: request.threads ?? availableParallelism(),
    threadSpinning: 'off',
    runtime: `onnxruntime-node ${runtimeVersion()}`,
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    nsys: typeof nsys === 'string' ? `not used: ${nsys}` : nsys.tool.version,
    ...(typeof nsys === 'string' ? {} : { command: nsys.command }),
    ...timeFacts(prepared, measured),
    ...errorFacts(request, measured),
    peakRssBytes: measured.peakRssBytes,
  }
}

/** `float32`, or what the linear layers of ViT and aggregator compute in; everything else stays float32. */
export function dtypeOf(variants: readonly string[]): string {
  const { linear } = planOf(variants, 'onnx')
  return linear === 'fp32' ? 'float32' : `${linear === 'fp16' ? 'float16' : linear} linear layers`
}

/** `baseline`, or the ids joined by commas. */
export const variantName = (variants: readonly string[]): string => variants.join(',') || 'baseline'

/** The one that ran most nodes, and the count of each where there were several. */
export function providerFacts(providers: Readonly<Record<string, number>>): Facts {
  const counted = Object.entries(providers).sort((a, b) => b[1] - a[1])
  const main = counted[0]?.[0]
  return {
    provider: main ?? 'not told',
    device: main === undefined ? 'not told' : main.replace(/ExecutionProvider$/, ''),
    ...(counted.length > 1 && {
      nodesByProvider: counted.map(([name, count]) => `${name} ${count}`).join(', '),
    }),
  }
}

/**
 * Times as the host saw them. A cost is the median over the turns of one run over its neighbour, less 1, by the clock and by
 * CPU time (which a busy machine does not blur): splitting is the captured form over the whole model, the profile is
 * that form with ranges and the runtime's profile over without. What nsys adds cannot be switched within a process: the
 * captured iterations stand beside, and `npm run bench -- nvtx` tells.
 */
export function timeFacts(
  { turns, untimed }: Pick<Prepared, 'turns' | 'untimed'>,
  { iterationsNs }: Pick<Measured, 'iterationsNs'>,
): Facts {
  const captured = {
    iterationMedianNs: median(iterationsNs),
    iterationMinNs: Math.min(...iterationsNs),
    iterationMaxNs: Math.max(...iterationsNs),
  }
  if (turns === undefined) {
    const reason = `not measured${untimed === undefined ? '' : `: ${untimed}`}`
    return { ...captured, profilingCost: reason, splittingCost: reason }
  }
  const form = turns.form.map(({ wallNs }) => wallNs)
  return {
    ...captured,
    timedRuns: turns.form.length,
    unprofiledWholeMedianNs: median(turns.whole.map(({ wallNs }) => wallNs)),
    unprofiledMedianNs: median(form),
    unprofiledMinNs: Math.min(...form),
    unprofiledMaxNs: Math.max(...form),
    profilingCostPercent: costPercent(turns.profiled, turns.form, 'wallNs'),
    profilingCpuCostPercent: costPercent(turns.profiled, turns.form, 'cpuNs'),
    splittingCostPercent: costPercent(turns.form, turns.whole, 'wallNs'),
    splittingCpuCostPercent: costPercent(turns.form, turns.whole, 'cpuNs'),
  }
}

function errorFacts(request: CaptureRequest, { errors }: Measured): Facts {
  if (errors === undefined)
    return {
      outputError:
        request.reference === false ? 'not measured' : 'not comparable: the outputs have another shape',
    }
  const worst = Math.max(...errors.outputs.map(({ scaledError }) => scaledError ?? Infinity))
  return {
    outputError: Number.isFinite(worst) ? worst : 'not a number',
    outputErrorIs: 'largest |difference to the unmodified model| over max(1, its largest value)',
    ...Object.fromEntries(
      errors.outputs.flatMap(({ name, maxAbsError, relativeError }) => [
        [`maxAbsError.${name}`, maxAbsError ?? 'not a number'],
        ...(relativeError === undefined
          ? []
          : [[`relativeError.${name}`, relativeError ?? 'not a number'] as const]),
      ]),
    ),
  }
}

/** The lower one of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN
}

/** Median of value/base over the turns, less 1, to a tenth of a per cent. */
const costPercent = (values: readonly Spent[], bases: readonly Spent[], by: keyof Spent): number =>
  Math.round(1000 * (median(values.map((value, i) => value[by] / bases[i]![by])) - 1)) / 10

const runtimeVersion = (): string =>
  (createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }).version
