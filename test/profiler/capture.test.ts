import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { nsysSqlite } from '../../parsers/nsys/index.ts'
import { captureFormat } from '../../parsers/capture.ts'
import { capture, captureCompared } from '../../profiler/capture.ts'
import type { Backend, BackendCapture, CaptureRequest } from '../../profiler/capture-request.ts'
import { nodeEffects } from '../../profiler/effects.ts'
import { configOf } from '../../profiler/model/config.ts'
import { TOP_RANGE } from '../../profiler/onnx/session-chain.ts'
import { locateTools } from '../../profiler/tools.ts'
import { NONE } from '../../trace/column.ts'
import { captureSchema } from '../../trace/capture.ts'
import { UserError } from '../../trace/errors.ts'
import { iterationsOf, warmOf } from '../../analysis/iterations.ts'
import { roofline } from '../../analysis/roofline.ts'
import type { Trace } from '../../trace/trace.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-capture-test-'))
afterAll(() => rmSync(folder, { recursive: true }))
const tools = await locateTools(nodeEffects)
const noTools = { nsys: undefined, python: undefined, ffmpeg: undefined, problems: [] }

let outs = 0
const request = (changes: Partial<CaptureRequest> = {}): CaptureRequest => ({
  backend: 'onnx',
  device: 'auto',
  model: 'tiny',
  config: configOf('tiny'),
  weights: { kind: 'random', seed: 1 },
  frames: 2,
  height: 28,
  width: 42,
  variants: [],
  iterations: 3,
  warmup: 1,
  seed: 1,
  nsys: 'off',
  timedRuns: 1,
  out: join(folder, `out${outs++}`),
  ...changes,
})
const readBack = (manifest: string): Promise<Trace> =>
  captureFormat({ 'nsys-sqlite': nsysSqlite }).read(manifest, {})

/** Name of every range with the path of names around it, and how often. */
function pathCounts(trace: Trace): Map<string, number> {
  const { range, strings } = trace
  const paths: string[] = []
  const counts = new Map<string, number>()
  for (let row = 0; row < range.length; row++) {
    const parent = range.parent?.[row] ?? NONE
    paths[row] = (parent === NONE ? '' : `${paths[parent]!}/`) + strings[range.name![row]!]!
    counts.set(paths[row]!, (counts.get(paths[row]!) ?? 0) + 1)
  }
  return counts
}

/** What must be true of any capture of the tiny model, read back. */
function expectWholeRuns(trace: Trace, iterations: number): void {
  const counts = pathCounts(trace)
  expect(counts.get(TOP_RANGE)).toBe(iterations)
  // The tiny model has four pairs of blocks.
  for (let block = 0; block < 4; block++)
    for (const [phase, label] of [
      ['Frame_Attention', 'frame_blocks'],
      ['Global_Attention', 'global_blocks'],
    ])
      expect(counts.get(`${TOP_RANGE}/${phase}/${label}.${block}`)).toBeGreaterThanOrEqual(iterations)
  // Every iteration ran the same nodes, each inside its own top range.
  const { device_op: op, range } = trace
  const perTop = new Map<number, number>()
  for (let i = 0; i < op.length; i++) {
    let row = op.range![i]!
    while ((range.parent?.[row] ?? NONE) !== NONE) row = range.parent![row]!
    expect(trace.strings[range.name![row]!]).toBe(TOP_RANGE)
    expect(op.start[i]!).toBeGreaterThanOrEqual(range.start[row]!)
    expect(op.start[i]! + op.duration[i]!).toBeLessThanOrEqual(
      range.start[row]! + range.duration[row]! + 1000,
    )
    perTop.set(row, (perTop.get(row) ?? 0) + 1)
  }
  expect(perTop.size).toBe(iterations)
  expect(new Set(perTop.values()).size).toBe(1)
}

describe('a capture of the tiny model without nsys', () => {
  it('is a folder that reads back as its iterations, phases and nodes, the provider told by the profile', async () => {
    const {
      manifest,
      capture: written,
      failedChecks,
    } = await capture(request(), {
      effects: nodeEffects,
      tools: noTools,
    })
    expect(failedChecks).toEqual([])
    expect(captureSchema.parse(written)).toEqual(written)
    expect(written.run).toMatchObject({
      provider: 'CPUExecutionProvider',
      device: 'CPU',
      variant: 'baseline',
      frames: 2,
      split: 'one session',
      nsys: 'not used: turned off',
      outputError: 0,
      splittingCostPercent: 0,
      timedRuns: 1,
    })
    const trace = await readBack(manifest)
    expectWholeRuns(trace, 3)
    expect(trace.meta.facts.run?.['clockErrorNs']).toBeGreaterThan(0)
    expect(trace.meta.recorded).not.toContain('os_call')
    // The arithmetic of its phases is that of the graph that ran, once a warm forward.
    const whole = roofline.compute(trace, {}).phases.find(({ path }) => path === TOP_RANGE)!
    expect(whole.flops).toBe(warmOf(iterationsOf(trace)).length * Number(written.run['flops']))
    // Nothing of the work is left behind in the folder.
    expect(readdirSync(join(manifest, '..')).sort()).toEqual(['capture.json', 'nodes', 'ranges.json'])
  })

  it('of a variant that changes the numbers says by how much, and whether it keeps what it states', async () => {
    const { capture: written, failedChecks } = await capture(request({ variants: ['g2f-own:2'] }), {
      effects: nodeEffects,
      tools: noTools,
    })
    expect(written.run['variant']).toBe('g2f-own:2')
    expect(written.run['outputError']).toBeGreaterThan(0)
    expect(written.warnings).toEqual(failedChecks)
  })
})

describe.skipIf(tools.nsys === undefined)(
  'a capture of the tiny model under nsys (skipped where there is none)',
  () => {
    it('has true phases from NVTX, OS calls, and the nodes of one session a phase below them', async () => {
      const { manifest, capture: written } = await capture(request({ nsys: 'on' }), {
        effects: nodeEffects,
        tools,
      })
      expect(written.run['split']).toBe('one session a phase (12)')
      expect(written.run['nsys']).toBe(tools.nsys!.version)
      expect(String(written.run['command'])).toContain('--nvtx-capture=')
      // Splitting changes no number.
      expect(written.run['outputError']).toBe(0)
      const trace = await readBack(manifest)
      expectWholeRuns(trace, 3)
      const counts = pathCounts(trace)
      expect(counts.get('VGGT/Frame_Attention')).toBe(12)
      expect(counts.get('VGGT/Depth_Head')).toBe(3)
      expect([...counts.keys()].filter((path) => !path.startsWith('VGGT'))).toEqual([])
      expect(trace.os_call.length).toBeGreaterThan(0)
      expect(trace.stream.length).toBe(12)
      expect(existsSync(join(manifest, '..', 'report.nsys-rep'))).toBe(true)
    })
  },
)

describe('what stands in the way is said in one line', () => {
  const errorOf = async (changes: Partial<CaptureRequest>): Promise<UserError> => {
    const error: unknown = await capture(request(changes), { effects: nodeEffects, tools: noTools }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(UserError)
    expect((error as UserError).message).not.toContain('\n')
    return error as UserError
  }

  it('nsys that was asked for and is missing', async () =>
    expect((await errorOf({ nsys: 'on' })).kind).toBe('tool-missing'))

  it('a device that is not there', async () => {
    const error = await errorOf({ device: 'cuda', reference: false })
    expect(error.kind).toBe('tool-missing')
    expect(error.message).toContain('no working cuda')
  })

  it('a variant nobody knows, a size no patch fits, no iteration', async () => {
    expect((await errorOf({ variants: ['faster'] })).kind).toBe('bad-request')
    expect((await errorOf({ height: 30 })).kind).toBe('bad-request')
    expect((await errorOf({ iterations: 0 })).message).toContain('--iterations 0')
  })

  it('a backend that cannot run here', async () =>
    expect((await errorOf({ backend: 'torch' })).message).toMatch(/torch/))
})

describe('captures of several variants', () => {
  const told: BackendCapture = { facts: {}, sources: [], startedAtMs: 1, warnings: [], failedChecks: [] }
  const recording = (log: string[]): Backend => ({
    id: 'onnx',
    title: '',
    needs: '',
    unavailable: () => undefined,
    prepare: ({ variants }) => {
      const name = variants.join(',')
      log.push(`prepare ${name}`)
      return Promise.resolve({
        capture: () => {
          log.push(name)
          return name === 'fails' ? Promise.reject(new Error('stop')) : Promise.resolve(told)
        },
        release: () => Promise.resolve(void log.push(`release ${name}`)),
      })
    },
  })

  it('take turns, so that a machine that slows down does so for all, in a folder each', async () => {
    const log: string[] = []
    const out = join(folder, 'turns')
    const results = await captureCompared(
      [request({ variants: ['a'], out }), request({ variants: ['kv:2'], out })],
      2,
      { effects: nodeEffects, tools: noTools, backends: [recording(log)] },
    )
    expect(log.join(' ')).toBe('prepare a prepare kv:2 a kv:2 a kv:2 release a release kv:2')
    expect(readdirSync(out).sort()).toEqual(['a-round1', 'a-round2', 'kv_2-round1', 'kv_2-round2'])
    expect(results.map((rounds) => rounds.length)).toEqual([2, 2])
    expect(results[1]![1]!.capture.label).toBe('tiny kv:2, 2 frames, round 2')
  })

  it('remove what they built even when one fails', async () => {
    const log: string[] = []
    const options = { effects: nodeEffects, tools: noTools, backends: [recording(log)] }
    await expect(captureCompared([request({ variants: ['fails'] })], 1, options)).rejects.toThrow('stop')
    expect(log.at(-1)).toBe('release fails')
  })
})
