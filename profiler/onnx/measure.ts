/** The captured run itself: warm-up, then the measured iterations with a range around each forward pass and phase. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { keepsPromise } from '../model/output-error.ts'
import type { OutputPromise } from '../variants/variant.ts'
import type { Output } from '../model/run-once.ts'
import { openNvtx } from '../nvtx/nvtx.ts'
import { compareWithSaved } from './outputs-on-disk.ts'
import type { SavedOutputs } from './outputs-on-disk.ts'
import { imagesFor } from './prepare.ts'
import { collectProfiles, prefixOf, providersTold } from './profile-files.ts'
import type { ProfileFile } from './profile-files.ts'
import { RangeRecorder, unrecorded } from './recorder.ts'
import { SessionChain } from './session-chain.ts'
import type { Runnable, SessionChoice } from './session-chain.ts'
import { spentOn } from './spent.ts'
import type { Spent } from './spent.ts'

export interface MeasureRequest {
  model: Runnable
  images: string
  session: SessionChoice
  warmup: number
  iterations: number
  /** Folder for the runtime's profiles. */
  profiles: string
  /** File for the harness' own ranges. */
  ranges: string
  /** The range that opens and closes the tool's capture; absent where there is no tool. */
  captureRange?: string
  /** The unmodified model's outputs, and what was promised about the distance to them. */
  reference?: { saved: SavedOutputs; promise: OutputPromise }
}

/** One output's distance to the unmodified model's (`model/output-error.ts`). null: not a number, or another shape. */
export interface MeasuredError {
  name: string
  maxAbsError: number | null
  scaledError: number | null
  relativeError?: number | null
}

export interface Measured {
  /** Nanoseconds of each measured forward pass as the host saw it, ranges and profile on; and its CPU time. */
  iterationsNs: number[]
  iterationsCpuNs: number[]
  startedAtMs: number
  profiles: ProfileFile[]
  /** Nodes by the provider that ran them, warm-up included. */
  providers: Record<string, number>
  /** Of the last iteration's outputs, against the unmodified model's; and whether they are within the promise. */
  errors?: { outputs: MeasuredError[]; kept: boolean }
  peakRssBytes: number
  /** Why the tool did not get the ranges, where it did not. */
  nvtxFailure?: string
}

export async function measure(
  request: MeasureRequest,
  progress: (doing: string) => void = () => undefined,
): Promise<Measured> {
  // An attempt before this one may have left profiles of its own.
  await rm(request.profiles, { recursive: true, force: true })
  await mkdir(request.profiles, { recursive: true })
  const images = await imagesFor(request.model, request.images)
  const nvtx = openNvtx()
  progress('loading the model')
  const chain = await SessionChain.open(request.model, request.session, (step) =>
    prefixOf(request.profiles, step),
  )
  for (let run = 0; run < request.warmup; run++) {
    progress(`warm-up ${run + 1} of ${request.warmup}`)
    await chain.run(images, unrecorded)
  }
  progress(`${request.iterations} iterations`)

  // From here to the close nothing is printed: it would stand in the capture.
  const recorder = new RangeRecorder(nvtx)
  nvtx.nameThread('model')
  const close = request.captureRange === undefined ? undefined : await nvtx.openAside(request.captureRange)
  const startedAtMs = Date.now()
  let outputs = new Map<string, Output>()
  const spent: Spent[] = []
  for (let run = 0; run < request.iterations; run++)
    spent.push(await spentOn(async () => (outputs = await chain.run(images, recorder))))
  await close?.()

  await chain.close()
  const ranges = recorder.recorded()
  await writeFile(request.ranges, JSON.stringify(ranges))
  const profiles = await collectProfiles(request.profiles, request.model.steps)
  return {
    iterationsNs: ranges.ranges
      .filter(({ depth }) => depth === 0)
      .map(({ startNs, endNs }) => endNs - startNs),
    iterationsCpuNs: spent.map(({ cpuNs }) => cpuNs),
    startedAtMs,
    profiles,
    providers: await providersTold(profiles),
    errors: request.reference && (await errorsOf(request.reference, outputs)),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    nvtxFailure: nvtx.failure,
  }
}

async function errorsOf(
  { saved, promise }: NonNullable<MeasureRequest['reference']>,
  outputs: ReadonlyMap<string, Output>,
): Promise<NonNullable<Measured['errors']>> {
  const errors = await compareWithSaved(saved, outputs)
  // JSON has no NaN: it becomes null there, and null <= 0.1 holds. So the promise is checked here.
  return { outputs: errors, kept: keepsPromise(promise, errors) }
}
