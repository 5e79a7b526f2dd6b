/**
 * Before a capture: builds the model in the form that will be captured, runs the unmodified model once for its outputs,
 * and times both forms without any profiler. Done in a process of its own, so that the captured one only runs.
 */
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { imageTensor } from '../input/synthetic.ts'
import { buildVggt } from '../model/build.ts'
import type { BuildOptions, BuiltModel } from '../model/built.ts'
import type { SavedOutputs } from './outputs-on-disk.ts'
import { saveOutputs } from './outputs-on-disk.ts'
import { unrecorded } from './recorder.ts'
import { SessionChain } from './session-chain.ts'
import type { SessionChoice } from './session-chain.ts'

export interface PrepareRequest {
  model: Omit<BuildOptions, 'split' | 'directory'>
  /** The form that will be captured. */
  split: BuildOptions['split']
  /** Folder for models and outputs; gigabytes for the large model. */
  work: string
  /** RGB frames of the model's input size. */
  images: string
  session: SessionChoice
  /** Run the unmodified model, to compare outputs with. */
  reference: boolean
  /** Timed runs without a profiler, of the whole model and of the captured form in turns; 0: none. */
  unprofiledRuns: number
}

export interface Prepared {
  built: BuiltModel
  reference?: SavedOutputs
  /** Nanoseconds of each timed run. */
  unprofiled?: { wholeNs: number[]; capturedFormNs: number[] }
}

export async function prepare(
  request: PrepareRequest,
  progress: (doing: string) => void = () => undefined,
): Promise<Prepared> {
  const build = (
    variants: readonly string[],
    split: BuildOptions['split'],
    name: string,
  ): Promise<BuiltModel> => {
    progress(`building the model (${name})`)
    return buildVggt({ ...request.model, variants, split, directory: join(request.work, name) })
  }
  await mkdir(request.work, { recursive: true })
  const { variants } = request.model
  const isUnmodified = variants.every((id) => id === 'baseline')
  const built = await build(variants, request.split, request.split)
  const whole = request.split === 'whole' ? built : undefined

  let reference: SavedOutputs | undefined
  if (request.reference) {
    const unmodified = isUnmodified && whole ? whole : await build([], 'whole', 'unmodified')
    progress('running the unmodified model')
    const chain = await SessionChain.open(unmodified, request.session)
    const outputs = await chain.run(await imagesFor(unmodified, request.images), unrecorded)
    reference = await saveOutputs(join(request.work, 'reference'), outputs)
    await chain.close()
  }

  let unprofiled: Prepared['unprofiled']
  if (request.unprofiledRuns > 0) {
    const other = whole ?? (await build(variants, 'whole', 'whole'))
    progress('timing without a profiler')
    unprofiled = await timeInTurns(other, built, request)
  }
  return { built, reference, unprofiled }
}

/** Whole, captured form, whole, … after one run of each that is not counted. */
async function timeInTurns(
  whole: BuiltModel,
  captured: BuiltModel,
  { session, unprofiledRuns, images }: PrepareRequest,
): Promise<NonNullable<Prepared['unprofiled']>> {
  const input = await imagesFor(whole, images)
  const wholeChain = await SessionChain.open(whole, session)
  const chains = captured === whole ? [wholeChain] : [wholeChain, await SessionChain.open(captured, session)]
  const times: number[][] = chains.map(() => [])
  for (let run = 0; run <= unprofiledRuns; run++)
    for (const [i, chain] of chains.entries()) {
      const start = process.hrtime.bigint()
      await chain.run(input, unrecorded)
      if (run > 0) times[i]!.push(Number(process.hrtime.bigint() - start))
    }
  for (const chain of chains) await chain.close()
  return { wholeNs: times[0]!, capturedFormNs: times.at(-1)! }
}

/** The frames in the model's own input shape. */
export async function imagesFor(
  { inputShape }: Pick<BuiltModel, 'inputShape'>,
  path: string,
): Promise<Float32Array> {
  const [, frames, , height, width] = inputShape as [number, number, number, number, number]
  return imageTensor(await readFile(path), frames, height, width)
}
