/**
 * Before a capture: builds the model in the form that will be captured, runs the unmodified model once for its outputs,
 * and times both forms without any profiler. Done in a process of its own, so that the captured one only runs.
 */
import { mkdir, readFile } from 'node:fs/promises'
import { freemem } from 'node:os'
import { join } from 'node:path'
import { imageTensor } from '../input/synthetic.ts'
import { buildVggt } from '../model/build.ts'
import type { BuildOptions, BuiltModel } from '../model/built.ts'
import type { SavedOutputs } from './outputs-on-disk.ts'
import { saveOutputs } from './outputs-on-disk.ts'
import { openNvtx } from '../nvtx/nvtx.ts'
import { prefixOf } from './profile-files.ts'
import { RangeRecorder, unrecorded } from './recorder.ts'
import { SessionChain } from './session-chain.ts'
import { spentOn } from './spent.ts'
import type { Spent } from './spent.ts'
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
  /** Timed runs of each form, to say what splitting and profiling cost; 0: none. */
  timedRuns: number
}

/**
 * Timed runs, run i of each in turn i, so that a machine that slows down does so for all of them. Which comes first goes
 * round, so that none always runs with what another left in the caches.
 */
export interface Turns {
  /** The model in one session, no profiler. */
  whole: Spent[]
  /** In the form that is captured, no profiler. The same runs where that is the whole model. */
  form: Spent[]
  /** That form with the runtime's profile and the ranges on, without nsys. */
  profiled: Spent[]
}

export interface Prepared {
  built: BuiltModel
  reference?: SavedOutputs
  turns?: Turns
  /** Why there are no timed runs although they were asked for. */
  untimed?: string
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
  let whole = request.split === 'whole' ? built : undefined

  let reference: SavedOutputs | undefined
  if (request.reference) {
    const unmodified = (isUnmodified && whole) || (await build([], 'whole', 'unmodified'))
    if (isUnmodified) whole = unmodified
    progress('running the unmodified model')
    const chain = await SessionChain.open(unmodified, request.session)
    const outputs = await chain.run(await imagesFor(unmodified, request.images), unrecorded)
    reference = await saveOutputs(join(request.work, 'reference'), outputs)
    await chain.close()
  }

  let turns: Turns | undefined
  let untimed: string | undefined
  if (request.timedRuns > 0 && !fitsThrice(built))
    untimed = 'three copies of the model, to run in turns, do not fit in memory'
  else if (request.timedRuns > 0) {
    const other = whole ?? (await build(variants, 'whole', 'whole'))
    progress('timing with and without the profile')
    turns = await timeInTurns(other, built, request)
  }
  return { built, reference, turns, untimed }
}

/** Whole, form, profiled; form, profiled, whole; … after one turn that is not counted. */
async function timeInTurns(whole: BuiltModel, form: BuiltModel, request: PrepareRequest): Promise<Turns> {
  const { session, timedRuns, work } = request
  const images = await imagesFor(whole, request.images)
  const profiles = join(work, 'profiles')
  await mkdir(profiles, { recursive: true })
  const recorder = new RangeRecorder(openNvtx({}))
  const turns: Turns = { whole: [], form: [], profiled: [] }
  const open = (model: BuiltModel): Promise<SessionChain> => SessionChain.open(model, session)
  const forms = [
    {
      chain: await open(whole),
      ranges: unrecorded,
      times: form === whole ? [turns.whole, turns.form] : [turns.whole],
    },
    ...(form === whole ? [] : [{ chain: await open(form), ranges: unrecorded, times: [turns.form] }]),
    {
      chain: await SessionChain.open(form, session, (step) => prefixOf(profiles, step)),
      ranges: recorder,
      times: [turns.profiled],
    },
  ]
  for (let turn = 0; turn <= timedRuns; turn++)
    for (let k = 0; k < forms.length; k++) {
      const { chain, ranges, times } = forms[(turn + k) % forms.length]!
      const spent = await spentOn(() => chain.run(images, ranges))
      if (turn > 0) for (const list of times) list.push(spent)
    }
  for (const { chain } of forms) await chain.close()
  return turns
}

/** A loaded model takes about 1.5 × its float32 weights (1b, one frame of 518×518: 7.0 GB for 4.8 GB); a third stays free. */
const fitsThrice = ({ parameters }: BuiltModel): boolean => 3 * 1.5 * 4 * parameters < (2 / 3) * freemem()

/** The frames in the model's own input shape. */
export async function imagesFor(
  { inputShape }: Pick<BuiltModel, 'inputShape'>,
  path: string,
): Promise<Float32Array> {
  const [, frames, , height, width] = inputShape as [number, number, number, number, number]
  return imageTensor(await readFile(path), frames, height, width)
}
