/** The torch backend: its Python checks, its agreement with the ONNX backend, and its driver. Needs PyTorch; says so. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { describe, expect, test, vi } from 'vitest'
import { torch } from '../../profiler/backends/torch.ts'
import { checkModelWithTorch } from '../../profiler/backends/torch-check.ts'
import { capture, captureCompared } from '../../profiler/capture.ts'
import type { CaptureRequest } from '../../profiler/capture-request.ts'
import { nodeEffects } from '../../profiler/effects.ts'
import { syntheticImages } from '../../profiler/input/synthetic.ts'
import { buildVggt } from '../../profiler/model/build.ts'
import { configFile } from '../../profiler/model/config-file.ts'
import { configs } from '../../profiler/model/config.ts'
import type { VggtConfig } from '../../profiler/model/config.ts'
import { runOnce } from '../../profiler/model/run-once.ts'
import { randomTensor } from '../../profiler/model/weights/random.ts'
import { locateTools } from '../../profiler/tools.ts'
import { variantKinds } from '../../profiler/variants/index.ts'
import { captureSchema } from '../../trace/capture.ts'
import { shared } from '../shared.ts'
import { inFolder, randomImages, tinyOptions } from './model/tiny-model.ts'
import { writeSafetensors } from './write-safetensors.ts'

// Each test starts Python several times, seconds each; minutes where others use the machine.
vi.setConfig({ testTimeout: 300_000 })
const root = fileURLToPath(new URL('../../', import.meta.url))
// One thread an operator: the models are tiny, and on a busy machine two threads wait for each other fifty times as long.
process.env['OMP_NUM_THREADS'] = '1'
const tools = await locateTools(nodeEffects)
const python = tools.python?.path ?? 'python3'
const run = (...args: string[]) =>
  spawnSync(python, args, { cwd: root, encoding: 'utf8', env: { ...process.env, PYTHONPATH: root } })
const why = run('-c', 'import torch, numpy, safetensors').status === 0 ? '' : `no PyTorch in ${python}`
const suite = (title: string, body: () => void): void =>
  void (why === '' ? describe(title, body) : describe.skip(`${title} (skipped: ${why})`, body))

const request = (out: string, changes: Partial<CaptureRequest> = {}): CaptureRequest => ({
  backend: 'torch',
  device: 'cpu',
  model: 'tiny',
  config: configs.tiny,
  weights: { kind: 'random', seed: 0 },
  frames: 2,
  height: 56,
  width: 70,
  variants: [],
  iterations: 2,
  warmup: 1,
  seed: 0,
  nsys: 'off',
  timedRuns: 1,
  out,
  ...changes,
})

suite('the Python checks hold', () => {
  const folder = join(root, 'test', 'profiler', 'torch')
  for (const file of readdirSync(folder).filter((name) => name.startsWith('test_')))
    test(file, () => {
      const { status, stdout, stderr } = run(join(folder, file), '-v')
      expect(status, `${stdout}\n${stderr}`).toBe(0)
    })
})

suite('golden tensors', () => {
  test.skipIf(shared === undefined)(
    `the recorded outputs come out to 1e-5 on every attention form${shared === undefined ? ' (skipped: PARALLAX_SHARED is not set)' : ''}`,
    async () => {
      const check = await checkModelWithTorch(join(shared!, 'vggt', 'tiny'), tools.python, nodeEffects)
      expect(check).toMatchObject({ ok: true, tolerance: 1e-5 })
      expect(check.outputs.map(({ name }) => name).sort()).toEqual(
        [
          ['depth', 'depth_conf', 'pose_enc', 'pose_enc_iter0', 'tokens_0', 'tokens_last'],
          ['world_points', 'world_points_conf'],
        ].flat(),
      )
      for (const { name, maxAbsError } of check.outputs) expect(maxAbsError, name).toBeLessThanOrEqual(1e-5)
    },
  )

  const odd: VggtConfig = {
    ...configs.tiny,
    imgSize: 70,
    embedDim: 48,
    depth: 6,
    numHeads: 3,
    vitHeads: 2,
    numRegisterTokens: 2,
    dptLayers: [0, 2, 3, 5],
    dptFeatures: 16,
    dptOutChannels: [8, 12, 16, 24],
    camIters: 3,
  }
  for (const [name, config, height, width, variant] of [
    ['tiny', configs.tiny, 56, 70, ''],
    ['another configuration, taller than wide', odd, 98, 42, ''],
    ['fewer keys, and early blocks local', odd, 98, 42, 'kv-sub:2,g2f-own:2'],
    ['merged tokens, and early blocks replaced', odd, 98, 42, 'merge:0.4,g2f-framew:1'],
  ] as const)
    test(`${name}: the same seed gives the same model and outputs as the ONNX backend, and another seed does not`, () =>
      inFolder(async (folder) => {
        const variants = variant === '' ? [] : variant.split(',')
        const options = { config, frames: 3, height, width, golden: true, variants }
        const built = await buildVggt(tinyOptions(join(folder, 'onnx'), options))
        const images = randomImages(built)
        const outputs = await runOnce(built, images)
        const recorded = {
          images: { shape: built.inputShape, values: images },
          ...Object.fromEntries(outputs),
        }
        await writeSafetensors(join(folder, 'io.safetensors'), recorded)
        await writeFile(join(folder, 'config.json'), JSON.stringify(configFile(config)))
        const check = (seed: number, ids: string): Record<string, number> => {
          const words = ['-m', 'profiler.torch.check_model', folder, '--json', '--seed', `${seed}`]
          const { stdout, stderr } = run(...words, '--variant', ids)
          expect(stdout, stderr).toContain('{"outputs"')
          const { outputs: found } = JSON.parse(stdout) as {
            outputs: { name: string; maxAbsError: number }[]
          }
          return Object.fromEntries(found.map((output) => [output.name, output.maxAbsError]))
        }
        const same = check(1, variant)
        expect(Object.keys(same).sort()).toEqual([...outputs.keys()].sort())
        expect(Math.max(...Object.values(same))).toBeLessThan(1e-4)
        const other = variant === '' ? check(2, '') : check(1, '')
        expect(Math.max(...Object.values(other))).toBeGreaterThan(0.01)
      }))

  test('the outputs kept in fixtures/golden/odd come out to 1e-5 with the weights of seed 1', () => {
    const words = ['-m', 'profiler.torch.check_model', join(root, 'fixtures', 'golden', 'odd'), '--json']
    const { stdout, stderr } = run(...words, '--seed', '1')
    expect(JSON.parse(stdout || '{}'), stderr).toMatchObject({
      ok: true,
      attentionForms: ['default', 'math', 'flash'],
    })
  })

  test('what is off is said, with exit 1, and what is no golden folder with exit 2', () =>
    inFolder(async (folder) => {
      const missing = run('-m', 'profiler.torch.check_model', folder, '--json')
      expect(missing).toMatchObject({ status: 2, stderr: expect.stringContaining('no config.json') })
      await expect(checkModelWithTorch(folder, tools.python, nodeEffects)).rejects.toMatchObject({
        kind: 'bad-request',
        message: expect.stringContaining('no config.json'),
      })
      await writeFile(
        join(folder, 'config.json'),
        JSON.stringify({ ...configFile(configs.tiny), S: 1, H: 56, W: 70 }),
      )
      const values = new Float32Array(3 * 56 * 70)
      await writeSafetensors(join(folder, 'io.safetensors'), {
        images: { shape: [1, 1, 3, 56, 70], values },
        pose_enc: { shape: [1, 1, 9], values: new Float32Array(9).fill(7) },
      })
      const wrong = run('-m', 'profiler.torch.check_model', folder, '--json', '--seed', '0')
      expect(wrong.status).toBe(1)
      expect(JSON.parse(wrong.stdout)).toMatchObject({ ok: false, outputs: [{ name: 'pose_enc' }] })
    }))
})

suite('one recipe on both backends', () => {
  test('random weights are the same bit for bit', () => {
    const requests = [
      {
        name: 'aggregator.frame_blocks.3.attn.qkv.weight',
        shape: [96, 32],
        kind: { kind: 'linear', fanIn: 32 },
      },
      {
        name: 'depth_head.scratch.output_conv2.2.weight',
        shape: [2, 32, 1, 1],
        kind: { kind: 'head', fanIn: 32 },
      },
      { name: 'point_head.resize_layers.0.weight', shape: [8, 8, 4, 4], kind: { kind: 'linear', fanIn: 8 } },
      { name: 'camera_head.trunk.0.ls1.gamma', shape: [64], kind: { kind: 'layer-scale' } },
      { name: 'camera_head.token_norm.weight', shape: [64], kind: { kind: 'norm' } },
      { name: 'camera_head.token_norm.bias', shape: [64], kind: { kind: 'bias' } },
      { name: 'aggregator.patch_embed.pos_embed', shape: [1, 7, 16], kind: { kind: 'token' } },
    ] as const
    const program = `
import json, sys, hashlib, torch
from profiler.torch.random_values import fill_uniform
from profiler.torch.weights import spread
for one in json.loads(sys.argv[1]):
    t = torch.empty(one["shape"])
    fill_uniform(t, one["name"], 123456789, *spread(one["name"], t))
    print(hashlib.sha256(t.numpy().tobytes()).hexdigest())`
    const { stdout, stderr } = run('-c', program, JSON.stringify(requests))
    const digests = requests.map((one) => sha256(new Uint8Array(randomTensor(123456789, one).buffer)))
    expect(stdout.trim().split('\n'), stderr).toEqual(digests)
  })

  test('synthetic images are the same', () => {
    const program =
      'import hashlib; from profiler.torch.synthetic import synthetic_images\n' +
      'print(hashlib.sha256(synthetic_images(3, 42, 56, 77).numpy().tobytes()).hexdigest())'
    const { stdout, stderr } = run('-c', program)
    expect(stdout.trim(), stderr).toBe(sha256(syntheticImages(3, 42, 56, 77)))
  })

  test('the variants of the torch backend are those the list names, with the same tolerances', () => {
    const { stdout } = run('-m', 'profiler.torch.run', '--list-variants', '--json')
    const { variants } = JSON.parse(stdout) as {
      variants: { id: string; outputs: 'same' | { tolerance: number } }[]
    }
    const listed = variantKinds
      .filter(({ example, pattern }) => example.backends.includes('torch') && pattern !== 'baseline')
      .flatMap(({ pattern }) => {
        const [name, words] = pattern.split('=')
        return words === undefined ? [pattern] : words.split('|').map((word) => `${name}=${word}`)
      })
    expect(variants.map(({ id }) => id).sort()).toEqual(listed.sort())
    for (const { id, outputs } of variants)
      if (outputs !== 'same') {
        const kind = variantKinds.find(({ pattern }) => pattern === id)!
        expect(kind.example.outputs, id).toMatchObject({ tolerance: outputs.tolerance })
      }
  })
})

suite('captures', () => {
  test('a Kineto capture holds the measured iterations with their phases, and no warm-up', () =>
    inFolder(async (out) => {
      const {
        folder,
        capture: manifest,
        failedChecks,
      } = await capture(request(out, { variants: ['rope-nosync', 'keep4'] }), {
        effects: nodeEffects,
        tools,
        backends: [torch],
      })
      expect(captureSchema.parse(JSON.parse(await readFile(join(folder, 'capture.json'), 'utf8')))).toEqual(
        manifest,
      )
      expect(failedChecks).toEqual([])
      expect(manifest.sources).toEqual([{ path: 'trace.json.gz', role: 'kineto-trace' }])
      expect(manifest.run).toMatchObject({
        backend: 'torch',
        device: 'CPU',
        variant: 'rope-nosync,keep4',
        iterations: 2,
        warmup: 1,
        weights: 'random, seed 0 (synthetic)',
        input: 'synthetic images, seed 0',
        nsys: 'not used: turned off',
      })
      expect(manifest.run['outputError']).toBeLessThan(1e-5)
      const trace = JSON.parse(gunzipSync(readFileSync(join(folder, 'trace.json.gz'))).toString()) as {
        traceEvents: { name: string; cat?: string }[]
      }
      const counts: Record<string, number> = {}
      for (const { name, cat } of trace.traceEvents)
        if (cat === 'user_annotation') counts[name] = (counts[name] ?? 0) + 1
      expect(counts).toMatchObject({
        VGGT: 2,
        preprocess: 2,
        postprocess: 2,
        Patch_Embedding: 2,
        Frame_Attention: 8,
        Global_Attention: 8,
        Camera_Head: 2,
        Depth_Head: 2,
        Point_Head: 2,
      })
    }))

  test('captures in turns share one reference, and what a variant leaves out is said', () =>
    inFolder(async (out) => {
      const requests = [request(out), request(out, { variants: ['no-point-head'] })]
      const results = await captureCompared(requests, 2, { effects: nodeEffects, tools, backends: [torch] })
      expect(results.map((rounds) => rounds.map(({ capture: { run } }) => run['round']))).toEqual([
        [1, 2],
        [1, 2],
      ])
      expect(results[1]![1]!.capture.warnings).toEqual([
        'outputs left out by the variant: world_points, world_points_conf',
      ])
    }))

  test.skipIf(tools.nsys === undefined)(
    `under nsys the report holds the measured iterations alone${tools.nsys ? '' : ' (skipped: no nsys on PATH)'}`,
    () =>
      inFolder(async (out) => {
        const { folder, capture: manifest } = await capture(request(out, { nsys: 'on' }), {
          effects: nodeEffects,
          tools,
          backends: [torch],
        })
        expect(manifest.sources.map(({ role }) => role)).toEqual(['nsys-sqlite', 'nsys-report'])
        expect(manifest.run['command']).toContain('--capture-range=nvtx')
        const database = new Database(join(folder, 'report.sqlite'), { readonly: true })
        const rows = database
          .prepare(
            `SELECT coalesce(e.text, s.value) AS name, count(*) AS n FROM NVTX_EVENTS e
             LEFT JOIN StringIds s ON s.id = e.textId WHERE e.eventType = 59 GROUP BY 1`,
          )
          .all() as { name: string; n: number }[]
        database.close()
        expect(Object.fromEntries(rows.map(({ name, n }) => [name, n]))).toMatchObject({
          VGGT: 2,
          Frame_Attention: 8,
          Global_Attention: 8,
        })
      }),
  )

  test("the program's own reason comes back, not that there was no capture", () =>
    inFolder(async (out) => {
      const options = { effects: nodeEffects, tools, backends: [torch] }
      const weights = { kind: 'safetensors', path: join(out, 'none.safetensors') } as const
      for (const nsys of ['off', ...(tools.nsys ? (['on'] as const) : [])] as const)
        await expect(capture(request(out, { weights, nsys }), options)).rejects.toMatchObject({
          kind: 'bad-request',
          message: expect.stringContaining('none.safetensors: no such file'),
        })
    }))
})

suite('the H100 table', () => {
  test('one call measures every row, ends by itself and claims nothing of another device', () =>
    inFolder(async (out) => {
      const words = ['-m', 'profiler.torch.h100_table', '--out', out, '--model', 'tiny', '--device', 'cpu']
      const table = (...more: string[]) => run(...words, ...more)
      const small = ['--height', '56', '--width', '70', '--frames', '1,2']
      const { status, stdout, stderr } = table(...small, '--variants', 'baseline rope-fused,keep4')
      expect(status, stderr).toBe(0)
      const { rows, notes } = JSON.parse(await readFile(join(out, 'table.json'), 'utf8')) as {
        rows: Record<string, unknown>[]
        notes: string[]
      }
      expect(rows.map(({ frames, variant }) => `${String(frames)} ${String(variant)}`)).toEqual([
        '1 baseline',
        '2 baseline',
        '1 rope-fused,keep4',
        '2 rope-fused,keep4',
      ])
      for (const row of rows) {
        expect(row).toMatchObject({ kept: true, comparable: false, sameOutputs: true, problem: '' })
        expect(row['traceBytes']).toBeLessThan(3_000_000)
        await copyFile(join(out, String(row['folder']), 'capture.json'), join(out, 'copied.json'))
        captureSchema.parse(JSON.parse(await readFile(join(out, 'copied.json'), 'utf8')))
      }
      expect(notes[0]).toContain('Not beside the published numbers: the table is of an H100, this ran on')
      expect(stdout).toContain('| 1 | rope-fused,keep4 |')

      const late = table(...small, '--variants', 'baseline', '--budget-s', '0.5')
      expect(late.status).toBe(1)
      expect(late.stdout).toContain('time budget')
    }))
})

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
