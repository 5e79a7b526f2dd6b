/**
 * What recording costs: a range, ONNX Runtime's profile, nsys.
 *
 * Every on/off pair is measured in turns (off, on, off, on …), so that a machine that slows down does so for both, and
 * the answer is the median over the turns of on/off. By CPU time as well as by the clock: the work of others on the
 * machine blurs only the latter.
 *
 *   npm run bench -- nvtx            the small model as `run --model small` has it: 4 frames of 224×224
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeEffects } from '../profiler/effects.ts'
import { syntheticImages } from '../profiler/input/synthetic.ts'
import { runJob } from '../profiler/jobs.ts'
import { configOf } from '../profiler/model/config.ts'
import { nodeCommand } from '../profiler/node-command.ts'
import type { TraceKind } from '../profiler/nsys/command.ts'
import { profileProgram } from '../profiler/nsys/run.ts'
import { median } from '../profiler/onnx/facts.ts'
import type { MeasureRequest, Measured } from '../profiler/onnx/measure.ts'
import type { Prepared } from '../profiler/onnx/prepare.ts'
import type { Spent } from '../profiler/onnx/spent.ts'
import type { Tool } from '../profiler/tools.ts'
import { locateTools } from '../profiler/tools.ts'

const MODEL = { name: 'small', frames: 4, height: 224, width: 224 }
const TURNS = 15
/** Whole captures, each a process of its own. */
const CAPTURES = 5
const CAPTURE_RANGE = 'Parallax_Capture'

export async function main(): Promise<void> {
  const { nsys } = await locateTools(nodeEffects)
  const folder = await mkdtemp(join(tmpdir(), 'parallax-bench-'))
  try {
    await ranges(nsys, folder)
    const prepared = await inOneProcess(folder)
    if (nsys === undefined) console.log('under nsys: skipped, as there is no nsys on PATH')
    else await underNsys(nsys, prepared, folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Push and pop of one range. */
async function ranges(nsys: Tool | undefined, folder: string): Promise<void> {
  const target = nodeCommand('./nvtx-process', import.meta.url)
  const show = (where: string, output: string): void => {
    const line = output.split('\n').find((text) => text.startsWith('{"active"'))
    if (line === undefined) throw new Error(`no answer: ${output}`)
    const { active, perPairNs } = JSON.parse(line) as { active: boolean; perPairNs: number[] }
    const [least, most] = [Math.min(...perPairNs), Math.max(...perPairNs)]
    const told = `${median(perPairNs).toFixed(0)} ns (${least.toFixed(0)}…${most.toFixed(0)})`
    console.log(`push + pop, ${where}: median ${told}${active ? '' : ', nobody listens'}`)
  }
  const [program = '', ...args] = target
  show('no tool', (await nodeEffects.run(program, args)).output)
  for (const trace of [['nvtx'], ['nvtx', 'osrt']] satisfies TraceKind[][])
    if (nsys)
      show(
        `under nsys --trace=${trace.join(',')}`,
        (await profileProgram(nsys, { report: join(folder, 'ranges'), trace, target }, nodeEffects)).output,
      )
}

/** ONNX Runtime's profile and the ranges on and off, and the model split in phases or whole, in one process. */
async function inOneProcess(folder: string): Promise<Prepared> {
  const { frames, height, width } = MODEL
  const images = join(folder, 'images.rgb')
  await nodeEffects.writeBytes(images, syntheticImages(frames, height, width, 1))
  const prepared = await runJob(
    'prepare',
    {
      model: {
        config: configOf(MODEL.name),
        frames,
        height,
        width,
        weights: { kind: 'random', seed: 1 },
        variants: [],
      },
      split: 'phases',
      work: join(folder, 'model'),
      images,
      session: { provider: 'cpu' },
      reference: false,
      timedRuns: TURNS,
    },
    folder,
    nodeEffects,
  )
  const { whole, form, profiled } = prepared.turns!
  const what = `${MODEL.name}, ${frames} frames ${width}×${height}`
  console.log(
    `${what}: whole model ${ms(whole)}, split in ${prepared.built.steps.length} sessions ${ms(form)} (clock / CPU)`,
  )
  console.log(`splitting: ${cost(form, whole)}`)
  console.log(`ranges and ONNX Runtime’s profile: ${cost(profiled, form)}`)
  return prepared
}

/** The same run in a process of its own, with and without nsys around it. */
async function underNsys(nsys: Tool, { built }: Prepared, folder: string): Promise<void> {
  const run = (name: string, trace: TraceKind[] | undefined): Promise<Measured> => {
    const request: MeasureRequest = {
      model: built,
      images: join(folder, 'images.rgb'),
      session: { provider: 'cpu' },
      warmup: 1,
      iterations: 3,
      profiles: join(folder, name),
      ranges: join(folder, `${name}.json`),
      ...(trace && { captureRange: CAPTURE_RANGE }),
    }
    return runJob('measure', request, folder, nodeEffects, {
      around:
        trace &&
        ((target) =>
          profileProgram(
            nsys,
            { report: join(folder, name), trace, captureRange: { range: CAPTURE_RANGE }, target },
            nodeEffects,
          )),
    })
  }
  const times = { off: [] as Spent[], nvtx: [] as Spent[], osrt: [] as Spent[] }
  const took = ({ iterationsNs, iterationsCpuNs }: Measured): Spent => ({
    wallNs: median(iterationsNs),
    cpuNs: median(iterationsCpuNs),
  })
  for (let turn = 0; turn < CAPTURES; turn++) {
    times.off.push(took(await run(`off${turn}`, undefined)))
    times.nvtx.push(took(await run(`nvtx${turn}`, ['nvtx'])))
    times.osrt.push(took(await run(`osrt${turn}`, ['nvtx', 'osrt'])))
  }
  console.log(`without nsys ${ms(times.off)}`)
  console.log(`nsys --trace=nvtx: ${cost(times.nvtx, times.off)}`)
  console.log(`nsys --trace=nvtx,osrt: ${cost(times.osrt, times.off)}`)
}

const ms = (spent: readonly Spent[]): string =>
  (['wallNs', 'cpuNs'] as const)
    .map((by) => `${(median(spent.map((one) => one[by])) / 1e6).toFixed(1)} ms`)
    .join(' / ')

/**
 * Median of on/off over the turns, by the clock and by CPU time, with the interval between two order statistics that holds
 * the true median in at least 95 of 100 cases whatever the spread: of 15 turns the 4th smallest and the 4th largest (the
 * binomial distribution at one half); of 5 it is all of them (94 in 100).
 */
function cost(on: readonly Spent[], off: readonly Spent[]): string {
  const percent = (value: number): string => `${value >= 0 ? '+' : ''}${value.toFixed(1)} %`
  const skipped = on.length >= 15 ? 3 : 0
  const of = (by: keyof Spent): string => {
    const ratios = on.map((one, i) => 100 * (one[by] / off[i]![by] - 1)).sort((a, b) => a - b)
    return `${percent(median(ratios))} (${percent(ratios[skipped]!)} … ${percent(ratios.at(-1 - skipped)!)})`
  }
  return `${of('wallNs')} by the clock, ${of('cpuNs')} in CPU time; ${on.length} turns`
}
