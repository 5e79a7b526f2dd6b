/**
 * One step of the model benchmark in a process of its own, so that its peak memory is its own: `build` writes
 * a model, `run` runs one. Its argument is a request in JSON; it prints the answer in JSON.
 */
import ort from 'onnxruntime-node'
import { buildVggt } from '../profiler/model/build.ts'
import type { BuildOptions, BuiltModel } from '../profiler/model/built.ts'
import { randomTensor } from '../profiler/model/weights/random.ts'

export interface BuildRequest {
  readonly step: 'build'
  readonly options: BuildOptions
}

export interface RunRequest {
  readonly step: 'run'
  readonly built: BuiltModel
  readonly runs: number
}

export interface BuildAnswer {
  readonly built: BuiltModel
  readonly ms: number
  readonly peakBytes: number
}

export interface RunAnswer {
  readonly loadMs: number
  readonly runMs: readonly number[]
  /** Processor time of each run, all threads together: what the run costs, whatever else the machine does. */
  readonly cpuMs: readonly number[]
  /** Whether every output of the last run is a finite number. */
  readonly finite: boolean
  readonly peakBytes: number
}

/** Node gives `maxRSS` in KiB; mapped weights count. */
const peakBytes = (): number => process.resourceUsage().maxRSS * 1024

async function build({ options }: BuildRequest): Promise<BuildAnswer> {
  const start = performance.now()
  const built = await buildVggt(options)
  return { built, ms: performance.now() - start, peakBytes: peakBytes() }
}

/** A model of one step: a first run, which takes its memory from the system, then those that are timed. */
async function run({ built, runs }: RunRequest): Promise<RunAnswer> {
  const step = built.steps[0]!
  const noise = randomTensor(1, { name: 'images', shape: built.inputShape, kind: { kind: 'token' } })
  const images = noise.map((value) => value + 0.5)
  const feeds = { images: new ort.Tensor('float32', images, built.inputShape) }
  const start = performance.now()
  // A thread that spins would count as processor time spent.
  const options = { extra: { session: { intra_op: { allow_spinning: '0' } } } }
  const session = await ort.InferenceSession.create(step.model, options)
  const loadMs = performance.now() - start
  const runMs: number[] = []
  const cpuMs: number[] = []
  let finite = true
  for (let index = 0; index <= runs; index++) {
    const before = performance.now()
    const spent = process.cpuUsage()
    const outputs = await session.run(feeds, [...step.outputs])
    const { user, system } = process.cpuUsage(spent)
    if (index > 0) {
      runMs.push(performance.now() - before)
      cpuMs.push((user + system) / 1000)
    }
    finite = Object.values(outputs).every(({ data }) => (data as Float32Array).every(Number.isFinite))
  }
  await session.release()
  return { loadMs, runMs, cpuMs, finite, peakBytes: peakBytes() }
}

const request = JSON.parse(process.argv[2]!) as BuildRequest | RunRequest
console.log(JSON.stringify(await (request.step === 'build' ? build(request) : run(request))))
