/**
 * The model on this CPU: the three forms of attention against each other, and one frame through the published
 * size.
 *
 * `PARALLAX_BENCH_1B=0` leaves the second out: it writes 4.8 GB to the system's temporary folder and needs
 * about a minute.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ort from 'onnxruntime-node'
import type { AttentionForm } from '../profiler/model/built.ts'
import { configs } from '../profiler/model/config.ts'
import { Graph, Scope } from '../profiler/model/onnx/graph.ts'
import type { Tensor } from '../profiler/model/onnx/tensor.ts'
import { opsetOf, writeModel } from '../profiler/model/onnx/write-model.ts'
import { attend } from '../profiler/model/parts/attention.ts'
import { randomTensor } from '../profiler/model/weights/random.ts'
import type { BuildAnswer, BuildRequest, RunAnswer, RunRequest } from './model-process.ts'

const forms: readonly AttentionForm[] = ['mha', 'onnx23', 'decomposed']

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!
const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`

async function inFolder(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'parallax-bench-'))
  try {
    await work(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

export async function main(): Promise<void> {
  await inFolder(attentionForms)
  if (process.env['PARALLAX_BENCH_1B'] === '0') console.log('1b: left out (PARALLAX_BENCH_1B=0)')
  else await inFolder(published)
}

/** Tokens of one frame of 518×518, and of two: what a frame block and a global block attend over. */
const lengths = [1374, 2748]
const heads = 16
const channels = 1024

/** Attention alone at the published width, forms in turns, so that drift meets all alike. */
async function attentionForms(directory: string): Promise<void> {
  for (const length of lengths) {
    const sessions = new Map<AttentionForm, ort.InferenceSession>()
    for (const form of forms) sessions.set(form, await attentionAlone(directory, form, length))
    const shape = [1, length, channels]
    const feeds = Object.fromEntries(
      ['q', 'k', 'v'].map((name) => {
        const values = randomTensor(1, { name, shape, kind: { kind: 'linear', fanIn: 1 } })
        return [name, new ort.Tensor('float32', values, shape)]
      }),
    )
    const times = new Map<AttentionForm, number[]>(forms.map((form) => [form, []]))
    for (let round = 0; round <= rounds; round++) {
      for (const form of forms) {
        const start = performance.now()
        await sessions.get(form)!.run(feeds)
        if (round > 0) times.get(form)!.push(performance.now() - start)
      }
    }
    for (const session of sessions.values()) await session.release()
    console.log(`attention over ${length} tokens, ${heads} heads of ${channels / heads}, median of ${rounds}`)
    const base = median(times.get('mha')!)
    for (const form of forms) {
      const time = median(times.get(form)!)
      console.log(
        `  ${form.padEnd(10)} ${time.toFixed(0).padStart(6)} ms   ${(time / base).toFixed(2)} × mha`,
      )
    }
  }
}

const rounds = 7

async function attentionAlone(
  directory: string,
  form: AttentionForm,
  length: number,
): Promise<ort.InferenceSession> {
  const graph = new Graph()
  const input = (name: string): Tensor => graph.input(name, 'float', [1, length, channels])
  const triple = { q: input('q'), k: input('k'), v: input('v') }
  graph.output(attend(new Scope(graph, 'attn'), form, heads, triple), 'out')
  const path = join(directory, `${form}-${length}.onnx`)
  await writeModel(graph, { path, opset: opsetOf(form) })
  // Spinning threads of the two sessions that wait would take the cores from the one that runs.
  return ort.InferenceSession.create(path, { extra: { session: { intra_op: { allow_spinning: '0' } } } })
}

/** The published size with random weights, one frame of 518×518. */
async function published(directory: string): Promise<void> {
  const { built, ms, peakBytes } = await inProcess<BuildAnswer>({
    step: 'build',
    options: {
      config: configs['1b'],
      frames: 1,
      height: 518,
      width: 518,
      weights: { kind: 'random', seed: 1 },
      variants: [],
      split: 'whole',
      directory,
    },
  })
  const { parameters, flops } = built
  console.log(
    `1b, 1 frame of 518×518: ${(parameters / 1e9).toFixed(3)} G parameters, ${(flops / 1e12).toFixed(3)} TFLOP`,
  )
  console.log(`  build  ${seconds(ms)}, peak ${gigabytes(peakBytes)}`)
  const ran = await inProcess<RunAnswer>({ step: 'run', built, runs: 3 })
  if (!ran.finite) throw new Error('1b: an output is not a finite number')
  const time = median(ran.runMs)
  console.log(`  load   ${seconds(ran.loadMs)}`)
  console.log(`  run    ${seconds(time)}, median of ${ran.runMs.map(seconds).join(', ')}`)
  console.log(`         ${(flops / 1e6 / time).toFixed(0)} GFLOP/s, peak ${gigabytes(ran.peakBytes)}`)
  const cpu = median(ran.cpuMs)
  console.log(
    `  cost   ${seconds(cpu)} of processor time: ${(flops / 1e6 / cpu).toFixed(0)} GFLOP in each second of it`,
  )
}

async function inProcess<Answer>(request: BuildRequest | RunRequest): Promise<Answer> {
  const program = fileURLToPath(new URL('model-process.ts', import.meta.url))
  const args = [...process.execArgv, program, JSON.stringify(request)]
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 })
  return JSON.parse(stdout) as Answer
}
