/**
 * One captured run, from a request to a folder that holds all it recorded: `<out>/<variant>/capture.json` and the files it
 * names (`trace/capture.ts`).
 */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { captureSchema } from '../trace/capture.ts'
import type { Capture } from '../trace/capture.ts'
import { UserError } from '../trace/errors.ts'
import { backends as allBackends } from './backends/index.ts'
import type { Backend, CaptureRequest, CaptureWorld, PreparedCapture } from './capture-request.ts'
import { variantName } from './onnx/facts.ts'

export interface CaptureResult {
  folder: string
  /** Path of `capture.json`. */
  manifest: string
  capture: Capture
  /** What did not hold, in one line each: outputs farther off than the variant states. The caller fails loudly. */
  failedChecks: string[]
}

export interface CaptureOptions extends Omit<CaptureWorld, 'scratch'> {
  /** Folder for large files that are removed again; one in the system's temporary folder where not given. */
  scratch?: string
  /** Tests pass their own. */
  backends?: readonly Backend[]
}

/** Captures one variant. Throws a one-line UserError for whatever stands in the way. */
export async function capture(request: CaptureRequest, options: CaptureOptions): Promise<CaptureResult> {
  const results = await captureCompared([request], 1, options)
  return results[0]![0]!
}

/**
 * Captures several variants in turns, so that a machine that warms up or slows down does so for all of them:
 *
 *   rounds 2, requests A and B:   A  B  A  B        not   A  A  B  B
 *
 * Answers with the captures of each request, in the order of the requests. Models are built once, before the first turn.
 */
export async function captureCompared(
  requests: readonly CaptureRequest[],
  rounds: number,
  options: CaptureOptions,
): Promise<CaptureResult[][]> {
  if (requests.length === 0 || rounds < 1)
    throw new UserError('bad-request', 'nothing to capture: name a variant and at least one round')
  for (const request of requests) check(request)
  const { effects } = options
  const scratch = options.scratch ?? (await mkdtemp(join(tmpdir(), 'parallax-capture-')))
  const prepared: PreparedCapture[] = []
  try {
    for (const [i, request] of requests.entries()) {
      const world = worldOf(options, join(scratch, String(i)), request)
      prepared.push(await backendOf(request, options).prepare(request, world))
    }
    const results: CaptureResult[][] = requests.map(() => [])
    for (let round = 1; round <= rounds; round++)
      for (const [i, request] of requests.entries()) {
        const folder = join(request.out, folderName(requests, i, round, rounds))
        await effects.remove(folder)
        await effects.makeFolder(folder)
        results[i]!.push(await captureInto(folder, request, prepared[i]!, round, rounds, options))
      }
    return results
  } finally {
    for (const one of prepared) await one.release()
    await effects.remove(scratch)
  }
}

async function captureInto(
  folder: string,
  request: CaptureRequest,
  prepared: PreparedCapture,
  round: number,
  rounds: number,
  { effects }: CaptureOptions,
): Promise<CaptureResult> {
  const { facts, failedChecks, startedAtMs, warnings, ...told } = await prepared.capture(folder)
  const label = `${request.model} ${variantName(request.variants)}, ${request.frames} frames`
  const manifest: Capture = {
    format: 'parallax-capture',
    version: 1,
    label: rounds === 1 ? label : `${label}, round ${round}`,
    capturedAtMs: startedAtMs,
    run: { ...facts, ...(rounds > 1 && { round, rounds }) },
    ...told,
    warnings: [...warnings, ...failedChecks],
  }
  const path = join(folder, 'capture.json')
  await effects.writeText(path, `${JSON.stringify(captureSchema.parse(manifest), undefined, 2)}\n`)
  return { folder, manifest: path, capture: manifest, failedChecks }
}

/** The variant's name with what a path cannot hold replaced: `kv-sub:2` → `kv-sub_2`. */
const pathName = (request: CaptureRequest): string =>
  variantName(request.variants).replaceAll(/[^\w.,=-]/g, '_')

/** Behind the variant's name which one of the same name it is, and the round, where there are several. */
function folderName(
  requests: readonly CaptureRequest[],
  index: number,
  round: number,
  rounds: number,
): string {
  const name = pathName(requests[index]!)
  const earlier = requests.slice(0, index).filter((other) => pathName(other) === name).length
  return [name, ...(earlier > 0 ? [`${earlier + 1}`] : []), ...(rounds > 1 ? [`round${round}`] : [])].join(
    '-',
  )
}

function worldOf(options: CaptureOptions, scratch: string, request: CaptureRequest): CaptureWorld {
  const name = variantName(request.variants)
  return { ...options, scratch, progress: (doing) => options.progress?.(`${name}: ${doing}`) }
}

function backendOf(request: CaptureRequest, { backends = allBackends, tools }: CaptureOptions): Backend {
  const backend = backends.find(({ id }) => id === request.backend)
  if (backend === undefined)
    throw new UserError(
      'bad-request',
      `no backend is called ${request.backend}; choose one of ${backends.map(({ id }) => id).join(', ')}`,
    )
  const reason = backend.unavailable(tools)
  if (reason !== undefined) throw new UserError('tool-missing', reason)
  return backend
}

function check(request: CaptureRequest): void {
  const counts = {
    frames: request.frames,
    iterations: request.iterations,
    height: request.height,
    width: request.width,
  }
  for (const [name, count] of Object.entries(counts))
    if (!Number.isInteger(count) || count < 1)
      throw new UserError('bad-request', `--${name} ${count}: a whole number of at least 1 is needed`)
  if (!Number.isInteger(request.warmup) || request.warmup < 0)
    throw new UserError('bad-request', `--warmup ${request.warmup}: a whole number of at least 0 is needed`)
}
