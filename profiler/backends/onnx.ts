/** The default backend: VGGT as an ONNX graph, run by onnxruntime-node. No GPU, no Python. */
import { join, relative } from 'node:path'
import type { Backend, BackendCapture, CaptureRequest, CaptureWorld } from '../capture-request.ts'
import { decodePictures } from '../input/pictures.ts'
import { syntheticImages } from '../input/synthetic.ts'
import { runJob } from '../jobs.ts'
import type { Captured } from '../nsys/run.ts'
import { exportReport, profileProgram } from '../nsys/run.ts'
import { factsOf } from '../onnx/facts.ts'
import type { MeasureRequest, Measured } from '../onnx/measure.ts'
import type { Prepared } from '../onnx/prepare.ts'
import { TOP_RANGE } from '../onnx/session-chain.ts'
import type { SessionChoice } from '../onnx/session-chain.ts'
import { planOf, parseVariant, promiseOf } from '../variants/index.ts'
import { UserError } from '../../trace/errors.ts'
import type { Tool } from '../tools.ts'

/** The range that opens and closes nsys' capture. */
const CAPTURE_RANGE = 'Parallax_Capture'

export const onnx: Backend = {
  id: 'onnx',
  title: 'ONNX Runtime in Node',
  needs: 'nothing more; with nsys its ranges and OS calls join the run',
  unavailable: () => undefined,
  async prepare(request, world) {
    const nsys = nsysFor(request, world)
    const session = sessionFor(request)
    const plan = planOf(request.variants, 'onnx')
    const size = {
      frames: request.frames,
      ...(plan.resolution ?? { height: request.height, width: request.width }),
    }
    const images = join(world.scratch, 'images.rgb')
    await world.effects.makeFolder(world.scratch)
    if (request.input === undefined)
      await world.effects.writeBytes(
        images,
        syntheticImages(size.frames, size.height, size.width, request.seed),
      )
    else await decodePictures(request.input, images, size, world.tools.ffmpeg, world.effects)

    const promise = promiseOf(request.variants.map(parseVariant))
    const isComparable = promise === 'same' || !('incomparable' in promise)
    const prepared = await runJob(
      'prepare',
      {
        model: {
          config: request.config,
          frames: request.frames,
          height: request.height,
          width: request.width,
          weights: request.weights,
          variants: request.variants,
        },
        split: typeof nsys === 'string' ? 'whole' : 'phases',
        work: join(world.scratch, 'model'),
        images,
        session,
        reference: isComparable && request.reference !== false,
        timedRuns: request.timedRuns ?? 5,
      },
      world.scratch,
      world.effects,
      world,
    )
    const measureRequest = (folder: string): MeasureRequest => ({
      model: prepared.built,
      images,
      session,
      warmup: request.warmup,
      iterations: request.iterations,
      profiles: join(folder, 'nodes'),
      ranges: join(folder, 'ranges.json'),
      reference: prepared.reference && { saved: prepared.reference, promise },
      ...(typeof nsys !== 'string' && { captureRange: CAPTURE_RANGE }),
    })
    return {
      capture: (folder) => captureInto(folder, request, prepared, measureRequest(folder), nsys, world),
      release: () => world.effects.remove(world.scratch),
    }
  },
}

async function captureInto(
  folder: string,
  request: CaptureRequest,
  prepared: Prepared,
  measureRequest: MeasureRequest,
  nsys: Tool | string,
  world: CaptureWorld,
): Promise<BackendCapture> {
  const { effects, progress, signal } = world
  const report = join(folder, 'report')
  let captured: Captured | undefined
  const around = async (target: string[], onLine: (line: string) => void): Promise<{ output: string }> => {
    captured = await profileProgram(
      nsys as Tool,
      {
        report,
        trace: measureRequest.session.provider === 'cuda' ? ['cuda', 'nvtx', 'osrt'] : ['nvtx', 'osrt'],
        captureRange: { range: CAPTURE_RANGE },
        target,
      },
      effects,
      { onLine, signal },
    )
    return { output: captured.output }
  }
  const measured = await runJob('measure', measureRequest, world.scratch, effects, {
    around: typeof nsys === 'string' ? undefined : around,
    progress,
    signal,
  })
  if (captured) {
    progress?.('exporting the nsys report')
    await exportReport(nsys as Tool, captured.report, `${report}.sqlite`, effects, { signal })
  }
  const used = captured && typeof nsys !== 'string' ? { tool: nsys, command: captured.command } : String(nsys)
  const phases = prepared.built.steps.map(({ phase }) => phase)
  return {
    facts: factsOf(request, prepared, measured, used),
    sources: [
      ...(captured
        ? ([
            { path: 'report.sqlite', role: 'nsys-sqlite' },
            { path: 'report.nsys-rep', role: 'nsys-report' },
          ] as const)
        : []),
      { path: 'ranges.json', role: 'ranges' },
      ...measured.profiles.map(({ step, path }) => ({
        path: relative(folder, path),
        role: 'onnxruntime-profile' as const,
        step,
      })),
    ],
    steps: {
      top: TOP_RANGE,
      phases: phases.length === 1 && phases[0] === TOP_RANGE ? [] : phases,
      runsBefore: request.warmup,
      iterations: request.iterations,
    },
    ...(captured && { captureRange: CAPTURE_RANGE }),
    startedAtMs: measured.startedAtMs,
    warnings: warningsOf(request, measured),
    failedChecks: failedChecksOf(request, measured),
  }
}

/** nsys, or why it is not used. Throws where it was asked for and is missing. */
function nsysFor({ nsys }: CaptureRequest, { tools }: CaptureWorld): Tool | string {
  if (nsys === 'off') return 'turned off'
  if (tools.nsys) return tools.nsys
  const problem = tools.problems.find((text) => text.includes('nsys'))
  if (nsys === 'on')
    throw new UserError(
      'tool-missing',
      `nsys was asked for and is not here${problem ? ` (${problem})` : ''}; put it on PATH, or leave it out: --nsys auto profiles with ONNX Runtime alone`,
    )
  return problem ?? 'none on PATH'
}

const sessionFor = ({ device, threads }: CaptureRequest): SessionChoice => ({
  provider: device === 'auto' ? 'cpu' : device,
  threads,
})

function warningsOf(request: CaptureRequest, { nvtxFailure, providers }: Measured): string[] {
  const wanted = request.device === 'auto' ? 'cpu' : request.device
  const others = Object.entries(providers).filter(([name]) => !name.toLowerCase().startsWith(wanted))
  return [
    ...(nvtxFailure === undefined ? [] : [`nsys did not get the ranges: ${nvtxFailure}`]),
    ...others.map(
      ([name, count]) => `${count} node runs were done by ${name} although ${wanted} was asked for`,
    ),
  ]
}

function failedChecksOf(request: CaptureRequest, { errors }: Measured): string[] {
  if (errors === undefined || errors.kept) return []
  const promise = promiseOf(request.variants.map(parseVariant))
  const limit =
    promise === 'same' ? 'stay the same' : 'tolerance' in promise ? `stay within ${promise.tolerance}` : ''
  const list = errors.outputs
    .map(
      ({ name, maxAbsError, relativeError }) =>
        `${name} off by ${maxAbsError ?? 'no number'}${relativeError === undefined ? '' : ` (relative ${relativeError ?? 'no number'})`}`,
    )
    .join(', ')
  return [
    `the outputs do not ${limit} as variant ${request.variants.join(',') || 'baseline'} states: ${list}`,
  ]
}
