/** `run`: captures VGGT inferences, imports them, and (with --compare) puts two beside each other. */
import { join } from 'node:path'
import { components } from '../../analysis/diff/components.ts'
import { diffOf, pooledPair } from '../../analysis/diff/diff.ts'
import { phased } from '../../analysis/phased.ts'
import type { DiffReport } from '../../export/diff-report.ts'
import { diffText } from '../diff-text.ts'
import type { Outcome } from '../run-report.ts'
import { reportText } from '../run-report.ts'
import { captureCompared } from '../../profiler/capture.ts'
import type { CaptureResult } from '../../profiler/capture.ts'
import type { CaptureRequest } from '../../profiler/capture-request.ts'
import { nodeEffects } from '../../profiler/effects.ts'
import { configOf } from '../../profiler/model/config.ts'
import { locateTools } from '../../profiler/tools.ts'
import { parseVariants } from '../../profiler/variants/index.ts'
import { importFile, keepResults } from '../../server/import-file.ts'
import { UserError } from '../../trace/errors.ts'
import { defaultDatabasePath } from '../context.ts'
import type { Context } from '../context.ts'

export interface RunOptions {
  backend: string
  device: string
  model: string
  weights?: string
  frames: string
  size?: string
  input: string
  /** One entry a capture; several ids in one, joined by commas, are applied together. */
  variant: string[]
  iterations: string
  warmup: string
  rounds?: string
  seed: string
  nsys: string
  out?: string
  import: boolean
  compare?: boolean
  reference: boolean
}

/** Pixels of an input where nothing else is said: small enough for the model to take seconds on a CPU. */
const SIZES: Record<string, string> = { tiny: '56x70', small: '224x224', '1b': '518x518' }

export async function runCommand(context: Context, options: RunOptions): Promise<number> {
  const requests = requestsOf(options)
  if (options.compare === true && requests.length !== 2)
    throw new UserError(
      'bad-request',
      `--compare wants two variants, not ${requests.length}: --variant A --variant B`,
    )
  const rounds =
    options.rounds === undefined ? (options.compare === true ? 2 : 1) : whole('rounds', options.rounds, 1)
  const tools = await locateTools(nodeEffects)
  for (const problem of tools.problems) context.output.note(problem)
  const captures = await captureCompared(requests, rounds, {
    effects: nodeEffects,
    tools,
    progress: (doing) => context.output.progress(doing),
  })
  context.output.endProgress()
  const outcomes: Outcome[] = []
  for (const round of captures)
    for (const result of round) outcomes.push(await kept(context, result, options.import))
  const failed = outcomes.flatMap((one) => one.failedChecks)
  const explained =
    options.compare === true && options.import ? explain(context, captures, outcomes) : undefined
  context.output.answer(
    { captures: outcomes, ...(explained === undefined ? {} : { diff: explained.diff }) },
    () => [reportText(outcomes), ...(explained === undefined ? [] : ['', diffText(explained)])].join('\n'),
  )
  for (const line of failed) context.output.note(`failed: ${line}`)
  return failed.length > 0 ? 1 : 0
}

/** All rounds of the first variant against all rounds of the second. */
function explain(
  context: Context,
  captures: readonly (readonly CaptureResult[])[],
  outcomes: readonly Outcome[],
): DiffReport {
  const sides = captures.map((rounds, side) => {
    const first = captures.slice(0, side).reduce((sum, one) => sum + one.length, 0)
    const mine = outcomes.slice(first, first + rounds.length)
    return { label: mine[0]!.label, traces: mine.map(({ run }) => phased(context.store().loadTrace(run!))) }
  })
  const [a, b] = pooledPair(sides[0]!.traces, sides[1]!.traces)
  return {
    base: sides[0]!.label,
    candidate: sides[1]!.label,
    diff: diffOf(a, b),
    components: components(a, b),
    gates: [],
  }
}

async function kept(context: Context, result: CaptureResult, isImported: boolean): Promise<Outcome> {
  const { manifest, capture, failedChecks } = result
  const outcome = {
    label: capture.label,
    manifest,
    facts: capture.run,
    warnings: capture.warnings,
    failedChecks,
  }
  if (!isImported) return { ...outcome, run: null }
  const { run, already } = await importFile(context.store(), manifest, {
    label: capture.label,
    nsys: context.nsys(),
  })
  if (!already) keepResults(context.store(), run)
  return { ...outcome, run }
}

/** One request a --variant. Throws UserError('bad-request') for what is not one. */
export function requestsOf(options: RunOptions): CaptureRequest[] {
  const { backend, device, nsys } = options
  const config = configOf(options.model)
  const { height, width } = sizeOf(options.size ?? SIZES[options.model] ?? '518x518')
  const ids = options.variant.length === 0 ? ['baseline'] : options.variant
  return ids.map((id) => ({
    backend: oneOf('backend', backend, ['onnx', 'torch']),
    device: oneOf('device', device, ['auto', 'cpu', 'cuda', 'webgpu']),
    nsys: oneOf('nsys', nsys, ['auto', 'on', 'off']),
    model: options.model,
    config,
    weights:
      options.weights === undefined
        ? { kind: 'random', seed: whole('seed', options.seed, 0) }
        : { kind: 'safetensors', path: options.weights },
    frames: whole('frames', options.frames, 1),
    height,
    width,
    ...(options.input === 'synthetic' ? {} : { input: options.input }),
    variants: parseVariants(id).map((variant) => variant.id),
    iterations: whole('iterations', options.iterations, 1),
    warmup: whole('warmup', options.warmup, 0),
    seed: whole('seed', options.seed, 0),
    reference: options.reference,
    out:
      options.out ??
      join(defaultDatabasePath(), '..', 'captures', new Date().toISOString().replaceAll(':', '-')),
  }))
}

function sizeOf(text: string): { height: number; width: number } {
  const match = /^(\d+)x(\d+)$/.exec(text)
  if (match === null)
    throw new UserError('bad-request', `--size is written HEIGHTxWIDTH, such as 350x518, not "${text}"`)
  return { height: Number(match[1]), width: Number(match[2]) }
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < least)
    throw new UserError('bad-request', `--${name} must be a whole number of at least ${least}, not "${text}"`)
  return value
}

function oneOf<const T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value)
  if (found === undefined)
    throw new UserError('bad-request', `--${name} must be ${known.join(', ')}, not "${value}"`)
  return found
}
