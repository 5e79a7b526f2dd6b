/**
 * VGGT in PyTorch: `profiler/torch/run.py` in a process of its own, under nsys or PyTorch's own profiler (Kineto).
 *
 * Each capture is one process: it loads the model, runs the unmodified one for its outputs (once; later rounds read them
 * from disk), warms up, times without a profiler, then captures.
 */
import { basename, join, resolve } from 'node:path'
import type { CaptureSource } from '../../trace/capture.ts'
import type { Backend, BackendCapture, CaptureRequest, CaptureWorld } from '../capture-request.ts'
import type { RunOptions } from '../effects.ts'
import { decodePictures } from '../input/pictures.ts'
import { syntheticImages } from '../input/synthetic.ts'
import { PROGRESS_MARK } from '../jobs.ts'
import { configFile } from '../model/config-file.ts'
import { exportReport, profileProgram } from '../nsys/run.ts'
import type { Captured } from '../nsys/run.ts'
import type { Tool } from '../tools.ts'
import { planOf } from '../variants/index.ts'
import { CPU_CAPTURE_RANGE, deviceFor, nsysOptions, profilerFor } from './torch-choices.ts'
import type { TorchDevice, TorchProfiler } from './torch-choices.ts'
import { errorTold, failureOfRun, findTorch, MODULE_ROOT } from './torch-process.ts'

/** What `run.py` leaves in `measured.json`; only what is read here. */
interface Measured {
  facts: Record<string, string | number>
  startedAtMs: number
  kept: boolean
  complaint: string
  trace: string | null
  warnings: string[]
}

/** Everything one capture needs but its folder. */
interface Job {
  /** Program and arguments. */
  target: readonly string[]
  device: TorchDevice
  profiler: TorchProfiler
  /** What the run says its images are. */
  input: string
  world: CaptureWorld
}

export const torch: Backend = {
  id: 'torch',
  title: 'PyTorch',
  needs: 'Python with torch, numpy and safetensors; with nsys and a GPU the capture is an nsys report',
  unavailable: ({ python, problems }) =>
    python
      ? undefined
      : `the torch backend needs Python on PATH${problems.length > 0 ? ` (${problems.join('; ')})` : ''}; --backend onnx works without it`,
  async prepare(request, world) {
    const { effects, scratch, tools } = world
    const plan = planOf(request.variants, 'torch')
    world.progress?.('looking for PyTorch')
    const device = deviceFor(request.device, await findTorch(tools.python, effects))
    const profiler = profilerFor(request.nsys, device, tools.nsys)
    const { height, width } = plan.resolution ?? request
    const size = { frames: request.frames, height, width }
    await effects.makeFolder(scratch)
    const images = join(scratch, 'images.rgb')
    if (request.input === undefined)
      await effects.writeBytes(images, syntheticImages(size.frames, size.height, size.width, request.seed))
    else await decodePictures(request.input, images, size, tools.ffmpeg, effects)
    const config = join(scratch, 'config.json')
    const numbers = { ...configFile(request.config), track_head: request.model === '1b' }
    await effects.writeText(config, JSON.stringify(numbers))
    const files = { config, input: images, reference: join(scratch, 'reference') }
    const words = [...flags({ ...flagsOf(request), ...files, ...size, device }), ...switches(request)]
    const job: Job = {
      target: [tools.python!.path, '-u', '-m', 'profiler.torch.run', ...words],
      device,
      profiler,
      input: request.input === undefined ? `synthetic images, seed ${request.seed}` : basename(request.input),
      world,
    }
    return {
      capture: (folder) => captureInto(resolve(folder), job),
      release: () => effects.remove(scratch),
    }
  },
}

/** `--seed` is of the weights: the images are made here, as for every backend. */
const flagsOf = (request: CaptureRequest): Record<string, string | number> => ({
  model: request.model,
  ...(request.weights.kind === 'random'
    ? { seed: request.weights.seed }
    : { weights: resolve(request.weights.path) }),
  variant: request.variants.join(','),
  warmup: request.warmup,
  iterations: request.timedRuns ?? 5,
  captured: request.iterations,
  ...(request.threads !== undefined && { threads: request.threads }),
})

const switches = (request: CaptureRequest): string[] =>
  request.reference === false ? ['--no-reference'] : []

const flags = (values: Readonly<Record<string, string | number>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => [`--${name}`, `${value}`])

async function captureInto(folder: string, job: Job): Promise<BackendCapture> {
  const { profiler, world } = job
  const { effects, signal } = world
  const onLine = (line: string): void => {
    if (line.startsWith(PROGRESS_MARK)) world.progress?.(line.slice(PROGRESS_MARK.length))
  }
  const run = { onLine, signal, cwd: MODULE_ROOT }
  const nsys = 'nsys' in profiler ? profiler.nsys : undefined
  const target = [...job.target, ...flags({ out: folder, profiler: nsys ? 'nsys' : 'kineto' })]
  const captured = nsys && (await underNsys(nsys, folder, target, job, run))
  const outcome = captured
    ? { code: captured.targetCode, signal: null, output: captured.output }
    : await effects.run(target[0]!, target.slice(1), run)
  const answer = join(folder, 'measured.json')
  if (!(await effects.exists(answer))) throw failureOfRun(outcome)
  const measured = JSON.parse(await effects.readText(answer)) as Measured
  await effects.remove(answer)
  if (captured) {
    world.progress?.('exporting the nsys report')
    await exportReport(nsys!, captured.report, join(folder, 'report.sqlite'), effects, { signal })
  }
  return {
    facts: {
      ...measured.facts,
      input: job.input,
      nsys: 'nsys' in profiler ? profiler.nsys.version : `not used: ${profiler.without}`,
      ...(captured && { command: captured.command }),
    },
    sources: sourcesOf(captured !== undefined, measured.trace),
    ...(captured && job.device === 'cpu' && { captureRange: CPU_CAPTURE_RANGE }),
    startedAtMs: measured.startedAtMs,
    warnings: measured.warnings.filter((warning) => warning !== measured.complaint),
    failedChecks: measured.kept ? [] : [measured.complaint],
  }
}

async function underNsys(
  nsys: Tool,
  folder: string,
  target: readonly string[],
  { device, world }: Job,
  run: RunOptions,
): Promise<Captured> {
  let said = ''
  const onLine = (line: string): void => {
    said += `${line}\n`
    run.onLine?.(line)
  }
  const options = { report: join(folder, 'report'), ...nsysOptions(device), target }
  try {
    return await profileProgram(nsys, options, world.effects, { ...run, onLine })
  } catch (error) {
    // A program that ended early opened no capture; its own reason says more than "no report".
    throw errorTold(said) ?? error
  }
}

function sourcesOf(isReport: boolean, trace: string | null): CaptureSource[] {
  if (isReport)
    return [
      { path: 'report.sqlite', role: 'nsys-sqlite' },
      { path: 'report.nsys-rep', role: 'nsys-report' },
    ]
  return trace === null ? [] : [{ path: trace, role: 'kineto-trace' }]
}
