import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { torch } from '../../profiler/backends/torch.ts'
import type { CaptureRequest, CaptureWorld } from '../../profiler/capture-request.ts'
import type { Outcome, RunOptions } from '../../profiler/effects.ts'
import { configOf } from '../../profiler/model/config.ts'
import { UserError } from '../../trace/errors.ts'

const python = { path: '/bin/python3', version: '3.11' }
const nsys = { path: '/bin/nsys', version: '2023.4.4' }
const told = {
  facts: { backend: 'torch', device: 'CPU', input: 'images.rgb' },
  startedAtMs: 1,
  kept: true,
  complaint: '',
  trace: 'trace.json.gz' as string | null,
  warnings: [] as string[],
}
const request: CaptureRequest = {
  backend: 'torch',
  device: 'auto',
  model: 'tiny',
  config: configOf('tiny'),
  weights: { kind: 'random', seed: 3 },
  frames: 2,
  height: 28,
  width: 42,
  variants: ['keep4'],
  iterations: 4,
  warmup: 1,
  seed: 9,
  nsys: 'auto',
  out: 'out',
}

/** Captures are told of by absolute path: the program runs in another folder. */
const folder = resolve('folder')

/** A machine whose Python has torch (with or without CUDA) and whose program behaves as told. */
function machine(
  options: {
    cuda?: boolean
    torch?: boolean
    nsys?: boolean
    program?: Partial<Outcome>
    writes?: typeof told
  } = {},
): { world: CaptureWorld; commands: string[] } {
  const files = new Map<string, string>()
  const commands: string[] = []
  const run = (command: string, args: readonly string[], { onLine }: RunOptions = {}): Promise<Outcome> => {
    const line = [command, ...args].join(' ')
    commands.push(line)
    const ended: Outcome = { code: 0, signal: null, output: '' }
    if (line.includes('safetensors, torch'))
      return Promise.resolve(
        options.torch === false
          ? { ...ended, code: 1, output: "ModuleNotFoundError: No module named 'torch'" }
          : {
              ...ended,
              output: `a warning\n@torch {"version":"2.13.0","gpu":${options.cuda ? '"H100"' : 'null'}}\n`,
            },
      )
    if (line.includes(' profile ') && options.program?.code !== 2) files.set(`${folder}/report.nsys-rep`, 'x')
    if (line.includes(' export ')) files.set(`${folder}/report.sqlite`, 'x')
    if (line.includes('profiler.torch.run')) {
      onLine?.('@parallax loading the model')
      for (const said of options.program?.output?.split('\n') ?? []) onLine?.(said)
      if (options.program === undefined || options.writes)
        files.set(`${folder}/measured.json`, JSON.stringify(options.writes ?? told))
      return Promise.resolve({ ...ended, ...options.program })
    }
    return Promise.resolve(ended)
  }
  const world: CaptureWorld = {
    scratch: 'scratch',
    tools: { python, nsys: options.nsys ? nsys : undefined, ffmpeg: undefined, problems: [] },
    effects: {
      run,
      exists: (path) => Promise.resolve(files.has(path)),
      size: (path) => Promise.resolve(files.get(path)?.length),
      readText: (path) => Promise.resolve(files.get(path)!),
      writeText: (path, text) => Promise.resolve(void files.set(path, text)),
      writeBytes: (path) => Promise.resolve(void files.set(path, 'bytes')),
      list: () => Promise.resolve([]),
      makeFolder: () => Promise.resolve(),
      move: () => Promise.resolve(),
      remove: (path) => Promise.resolve(void files.delete(path)),
      now: () => 0,
    },
  }
  return { world, commands }
}
const captureOn = async (
  { world }: { world: CaptureWorld },
  changes: Partial<CaptureRequest> = {},
): ReturnType<Awaited<ReturnType<typeof torch.prepare>>['capture']> =>
  (await torch.prepare({ ...request, ...changes }, world)).capture('folder')
const errorOf = async (promise: Promise<unknown>): Promise<UserError> => {
  const error: unknown = await promise.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UserError)
  return error as UserError
}

describe('a capture with PyTorch', () => {
  it('runs under nsys where there is one, opened by cudaProfilerStart on a GPU', async () => {
    const on = machine({ nsys: true, cuda: true })
    const { sources, facts } = await captureOn(on)
    const profile = on.commands.find((line) => line.includes(' profile '))!
    expect(profile).toContain('--trace=cuda,nvtx --sample=none --cpuctxsw=none --cuda-graph-trace=node')
    expect(profile).toContain('--capture-range=cudaProfilerApi --capture-range-end=stop')
    expect(profile).toContain('-m profiler.torch.run --model tiny --seed 3 --variant keep4')
    expect(profile).toContain('--warmup 1 --iterations 5 --captured 4 --config scratch/config.json')
    expect(profile).toContain('--frames 2 --height 28 --width 42 --device cuda')
    expect(profile).toContain(`--out ${folder} --profiler nsys`)
    expect(sources.map(({ role }) => role)).toEqual(['nsys-sqlite', 'nsys-report'])
    expect(facts).toMatchObject({ nsys: '2023.4.4', input: 'synthetic images, seed 9' })
  })

  it('opens nsys’ capture with a range on a CPU, which has no cudaProfilerStart', async () => {
    const on = machine({ nsys: true })
    const { captureRange } = await captureOn(on, { nsys: 'on' })
    expect(on.commands.find((line) => line.includes(' profile '))).toContain(
      '--nvtx-capture=Parallax_Capture',
    )
    expect(captureRange).toBe('Parallax_Capture')
  })

  it('uses PyTorch’s own profiler where there is no nsys, or where nsys would see less', async () => {
    for (const [on, why] of [
      [machine(), 'none on PATH; Kineto in its place'],
      [machine({ nsys: true }), 'on a CPU Kineto sees the operators, which nsys does not'],
    ] as const) {
      const { sources, facts, captureRange } = await captureOn(on)
      expect(on.commands.at(-1)).toContain('--profiler kineto')
      expect(sources).toEqual([{ path: 'trace.json.gz', role: 'kineto-trace' }])
      expect(captureRange).toBeUndefined()
      expect(facts['nsys']).toBe(`not used: ${why}`)
    }
  })

  it('hands on threads, weights by their full path, another size, and that nothing is to be compared', async () => {
    const on = machine()
    await captureOn(on, {
      threads: 3,
      weights: { kind: 'safetensors', path: 'w.safetensors' },
      variants: ['res:70x84'],
      reference: false,
      timedRuns: 0,
      warmup: 0,
    })
    const line = on.commands.at(-1)!
    expect(line).toContain(`--weights ${resolve('w.safetensors')}`)
    expect(line).toContain('--warmup 0 --iterations 0')
    expect(line).toContain('--height 70 --width 84')
    expect(line).toContain('--threads 3')
    expect(line).toContain('--no-reference')
    expect(line).not.toContain('--seed')
  })

  it('whose outputs are farther off than the variant states is a failed check', async () => {
    const complaint = 'variant keep4: the outputs are farther off'
    const writes = { ...told, kept: false, complaint, warnings: ['left out', complaint] }
    const on = machine({ program: { code: 1 }, writes })
    expect(await captureOn(on)).toMatchObject({ warnings: ['left out'], failedChecks: [complaint] })
  })
})

describe('what stands in the way of PyTorch', () => {
  it('is said before anything else: no Python', () => {
    expect(torch.unavailable({ ...machine().world.tools, python: undefined })).toContain('needs Python')
    expect(torch.unavailable(machine().world.tools)).toBeUndefined()
  })

  it('is a missing torch, GPU or nsys', async () => {
    const missing = await errorOf(captureOn(machine({ torch: false })))
    expect(missing.kind).toBe('tool-missing')
    expect(missing.message).toContain('needs the package torch in /bin/python3')
    expect(missing.message).toContain('--backend onnx works without it')
    expect((await errorOf(captureOn(machine(), { device: 'cuda' }))).message).toContain('sees no GPU')
    expect((await errorOf(captureOn(machine(), { device: 'webgpu' }))).kind).toBe('bad-request')
    expect((await errorOf(captureOn(machine(), { nsys: 'on' }))).kind).toBe('tool-missing')
  })

  it('is the program’s own word, with the kind its exit code tells', async () => {
    const output = '@parallax loading\nerror: --height 30: not a multiple of the patch\n'
    const error = await errorOf(captureOn(machine({ program: { code: 2, output } })))
    expect(error.message).toBe('--height 30: not a multiple of the patch')
    expect(error.kind).toBe('bad-request')
    expect((await errorOf(captureOn(machine({ program: { code: 3, output } })))).kind).toBe('tool-missing')
  })

  it('is the program’s own word under nsys, too, which would only say that there was no capture', async () => {
    const output = '@parallax-error 3 --device cuda: no GPU\nNo reports were generated\n'
    const error = await errorOf(captureOn(machine({ nsys: true, cuda: true, program: { code: 2, output } })))
    expect(error.message).toBe('--device cuda: no GPU')
    expect(error.kind).toBe('tool-missing')
  })

  it('is a crash, told by its last words', async () => {
    const on = machine({ program: { code: 139, output: 'a\nSegmentation fault' } })
    expect((await errorOf(captureOn(on))).message).toContain('Segmentation fault')
  })
})
