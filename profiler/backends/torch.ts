/**
 * PyTorch: the program in `profiler/torch`, started with the system's Python; under nsys where there is one, else under
 * PyTorch's own profiler. It measures, compares outputs and writes a manifest; this adds what only the caller knows.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { captureSchema } from '../../trace/capture.ts'
import type { Capture } from '../../trace/capture.ts'
import { UserError } from '../../trace/errors.ts'
import type { Backend, BackendCapture, CaptureRequest, CaptureWorld } from '../capture-request.ts'
import type { Outcome } from '../effects.ts'
import { decodePictures } from '../input/pictures.ts'
import { syntheticImages } from '../input/synthetic.ts'
import { PROGRESS_MARK } from '../jobs.ts'
import { exportReport, profileProgram } from '../nsys/run.ts'
import type { Captured } from '../nsys/run.ts'
import { lastWords } from '../nsys/failures.ts'
import type { Tool } from '../tools.ts'
import { planOf } from '../variants/index.ts'

/** On a CPU, where no cudaProfilerStart exists, the program opens the capture with this range. */
const CAPTURE_RANGE = 'Parallax_Capture'
/** Its exit codes (`profiler/torch/errors.py`). */
const FAILED_CHECK = 1
const TOOL_MISSING = 3
/** The folder that holds `profiler/torch`, in the sources and in the build. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export const torch: Backend = {
  id: 'torch',
  title: 'PyTorch',
  needs: 'Python 3 with torch; a CUDA GPU for timings that matter',
  unavailable: ({ python }) =>
    python === undefined
      ? 'the torch backend needs Python 3 with torch, and there is no python3 on PATH; --backend onnx works without'
      : undefined,
  async prepare(request, world) {
    const { effects, tools } = world
    const python = tools.python!
    const device = await deviceOf(python, request, effects)
    if (request.nsys === 'on' && tools.nsys === undefined)
      throw new UserError(
        'tool-missing',
        'nsys was asked for and is not here; put it on PATH, or leave it out: --nsys auto uses PyTorch’s own profiler',
      )
    const nsys = request.nsys === 'off' ? undefined : tools.nsys
    const { frames } = request
    const { height, width } = planOf(request.variants, 'torch').resolution ?? request
    const images = join(world.scratch, 'images.rgb')
    await effects.makeFolder(world.scratch)
    if (request.input === undefined)
      await effects.writeBytes(images, syntheticImages(frames, height, width, request.seed))
    else await decodePictures(request.input, images, { frames, height, width }, tools.ffmpeg, effects)
    return {
      capture: (folder) => captureInto(folder, { request, world, python, nsys, device, images }),
      release: () => effects.remove(world.scratch),
    }
  },
}

interface Run {
  request: CaptureRequest
  world: CaptureWorld
  python: Tool
  nsys: Tool | undefined
  device: 'cpu' | 'cuda'
  images: string
}

async function captureInto(folder: string, run: Run): Promise<BackendCapture> {
  const { world, nsys, python } = run
  const { effects, progress, signal } = world
  const target = [python.path, ...programArguments(folder, run)]
  const onLine = (line: string): void => {
    if (line.startsWith(PROGRESS_MARK)) progress?.(line.slice(PROGRESS_MARK.length))
  }
  const report = join(folder, 'report')
  let captured: Captured | undefined
  let outcome: Pick<Outcome, 'code' | 'output'>
  if (nsys) {
    captured = await profileProgram(
      nsys,
      {
        report,
        trace: run.device === 'cuda' ? ['cuda', 'nvtx'] : ['nvtx', 'osrt'],
        captureRange: run.device === 'cuda' ? 'cudaProfilerApi' : { range: CAPTURE_RANGE },
        target,
      },
      effects,
      { cwd: ROOT, onLine, signal },
    )
    outcome = { code: captured.targetCode, output: captured.output }
  } else outcome = await effects.run(target[0]!, target.slice(1), { cwd: ROOT, onLine, signal })

  const manifest = join(folder, 'capture.json')
  if (!(await effects.exists(manifest))) throw failureOf(outcome)
  const told = captureSchema.parse(JSON.parse(await effects.readText(manifest)))
  if (captured) {
    progress?.('exporting the nsys report')
    await exportReport(nsys!, captured.report, `${report}.sqlite`, effects, { signal })
  }
  await effects.remove(join(folder, 'measured.json'))
  return joined(told, outcome, run, captured)
}

function programArguments(folder: string, { request, nsys, device, images, world }: Run): string[] {
  const { weights, variants } = request
  const ids = variants.filter((id) => id !== 'baseline')
  const options: Record<string, string | number | undefined> = {
    out: folder,
    model: request.model,
    device,
    profiler: nsys ? 'nsys' : 'kineto',
    frames: request.frames,
    height: request.height,
    width: request.width,
    input: images,
    seed: weights.kind === 'random' ? weights.seed : request.seed,
    weights: weights.kind === 'random' ? undefined : weights.path,
    variant: ids.length > 0 ? ids.join(',') : undefined,
    iterations: Math.max(1, request.timedRuns ?? 5),
    captured: request.iterations,
    warmup: Math.max(1, request.warmup),
    reference: join(world.scratch, 'reference'),
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  return ['-u', '-m', 'profiler.torch.run', ...given.flatMap(([name, value]) => [`--${name}`, String(value)])]
}

/** What the program told, with what only the caller knows. */
function joined(
  told: Capture,
  outcome: Pick<Outcome, 'code' | 'output'>,
  { request, nsys }: Run,
  captured: Captured | undefined,
): BackendCapture {
  const failed = outcome.code === FAILED_CHECK
  return {
    facts: {
      ...told.run,
      input:
        request.input === undefined
          ? `synthetic images, seed ${request.seed}`
          : request.input.split('/').at(-1)!,
      nsys: nsys?.version ?? 'not used',
      ...(captured && { command: captured.command }),
    },
    sources: captured
      ? [
          { path: 'report.sqlite', role: 'nsys-sqlite' },
          { path: 'report.nsys-rep', role: 'nsys-report' },
        ]
      : told.sources,
    ...(captured?.command.includes(CAPTURE_RANGE) && { captureRange: CAPTURE_RANGE }),
    startedAtMs: told.capturedAtMs,
    // The program says a broken promise among its warnings; that line is the failed check.
    warnings: failed ? told.warnings.slice(0, -1) : told.warnings,
    failedChecks: failed ? told.warnings.slice(-1) : [],
  }
}

/** The program's own one-line error, of the kind its exit code says. */
function failureOf({ code, output }: Pick<Outcome, 'code' | 'output'>): UserError {
  const line = /^error: (.+)$/m.exec(output)?.[1]
  const kind = code === TOOL_MISSING ? 'tool-missing' : code === FAILED_CHECK ? 'failed-check' : 'bad-request'
  return line === undefined
    ? new UserError('failed-check', `the PyTorch program ended without a capture: ${lastWords(output)}`)
    : new UserError(kind, line)
}

/** Which device PyTorch will use. Throws where torch is missing, or the device that was asked for. */
async function deviceOf(
  python: Tool,
  { device }: CaptureRequest,
  effects: CaptureWorld['effects'],
): Promise<'cpu' | 'cuda'> {
  if (device === 'webgpu')
    throw new UserError('bad-request', '--device webgpu exists on --backend onnx; torch has cpu and cuda')
  const asked = await effects.run(python.path, [
    '-c',
    'import torch; print("cuda", torch.cuda.is_available())',
  ])
  const answer = /^cuda (True|False)$/m.exec(asked.output)?.[1]
  if (asked.code !== 0 || answer === undefined)
    throw new UserError(
      'tool-missing',
      `${python.path} cannot import torch (${lastWords(asked.output)}); install it with "pip install torch", or use --backend onnx`,
    )
  if (device === 'cuda' && answer === 'False')
    throw new UserError('tool-missing', 'PyTorch sees no CUDA GPU here; --device cpu works without')
  return device === 'auto' ? (answer === 'True' ? 'cuda' : 'cpu') : device
}
