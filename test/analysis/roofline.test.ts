import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { boundOf } from '../../analysis/bound.ts'
import type { Judged } from '../../analysis/bound.ts'
import { headsAmong } from '../../analysis/heads-by-kernels.ts'
import { matrixDtype } from '../../analysis/matrix-dtype.ts'
import { LAUNCH_BOUND_SHARE } from '../../analysis/launch-bound.ts'
import { BEFORE_INPUT } from '../../analysis/owners-of-groups.ts'
import { OWNERS } from '../../analysis/ownership.ts'
import { roofline } from '../../analysis/roofline.ts'
import { vggtInput } from '../../analysis/vggt-input.ts'
import { VGGT_SHAPES, vggtWork } from '../../analysis/vggt-work.ts'
import type { VggtPart } from '../../analysis/vggt-work.ts'
import { nsysSqlite } from '../../parsers/nsys/index.ts'
import type { Trace } from '../../trace/trace.ts'
import { drawn } from '../drawn-trace.ts'
import { sharedTest } from '../shared.ts'

const shape = VGGT_SHAPES['1b']!

describe('work of a run that its harness describes', () => {
  const RUN = { model: '1b', frames: 2, height: 350, width: 518, variant: 'baseline' }
  const images = { frames: 2, rows: 25, columns: 37 }
  /** Two forwards on a GPU of public peaks; one letter a part. */
  const runOf = (run: Record<string, string | number>): Trace => {
    const trace = drawn(
      `
      nvtx  [VGGT........................][VGGT........................]
      nvtx  [Patch_Embedding             ][Patch_Embedding             ]
      api   a...b...........................c...d...........................
      gpu0  .AAA.BBB.........................CCC.DDD.........................`,
      { names: { A: 'ampere_bf16_s16816gemm_bf16', B: 'sm80_xmma_fprop_implicit_gemm_tf32f32' } },
    )
    const { meta, strings, device } = trace
    const named = strings.map((text, i) => (i === device.name![0] ? 'NVIDIA A40' : text))
    return { ...trace, strings: named, meta: { ...meta, facts: { ...meta.facts, run } } }
  }
  const rowsOf = (run: Record<string, string | number>, ranges = ['Patch_Embedding']) => {
    const trace = runOf(run)
    const strings = trace.strings.map((text) => (text === 'Patch_Embedding' ? ranges[0]! : text))
    return roofline.compute({ ...trace, strings }, {}).phases
  }
  const flopsOf = (part: VggtPart) => vggtWork(part, shape, images).flops

  test('a part does its work once a forward, and what is around it has it too', () => {
    const rows = rowsOf(RUN)
    expect(rows.map(({ path }) => path)).toEqual(['VGGT', 'VGGT/Patch_Embedding'])
    for (const row of rows) expect(row.flops).toBe(2 * flopsOf('Patch embedding'))
  })

  test.each([
    ['Camera_Head', 'Camera head'],
    ['Depth_Head', 'Depth head'],
    ['point_head', 'Point head'],
    ['Frame_Attention', 'Frame attention'],
    ['global_blocks', 'Global attention'],
  ] as const)('%s is a part, too', (range, part) => {
    // Without a phase that embeds the images, the iterations are the forwards.
    expect(rowsOf(RUN, [range]).at(-1)!.flops).toBe(2 * flopsOf(part))
  })

  test('a variant that does less work by an untold amount leaves its part unknown, and all around it', () => {
    for (const row of rowsOf({ ...RUN, variant: 'rope-fused,kv-sub:2' }, ['Global_Attention']))
      expect(row).toMatchObject({ flops: null, ofPeak: null })
    expect(rowsOf({ ...RUN, variant: 'rope-fused' }, ['Global_Attention'])[0]!.flops).not.toBeNull()
  })

  test('a time that no such device can reach is called impossible', () => {
    // 7 µs of work for 2 forwards of 4 TFLOP.
    expect(rowsOf(RUN).at(-1)).toMatchObject({ impossible: true, bound: 'unknown' })
    expect(rowsOf(RUN).at(-1)!.why).toMatch(/^more than the device can do/)
  })

  test('a phase is held against the fastest precision that its kernels state', () => {
    const row = rowsOf(RUN).at(-1)!
    expect(row.dtype).toBe('bf16')
    expect(row.flopPerSecond! / row.peakFlopPerSecond! / row.ofPeak!).toBeCloseTo(1, 12)
  })

  test('what is no part of the model has unknown work, and the row says why', () => {
    const [row] = rowsOf(RUN, ['something_else'])
    expect(row).toMatchObject({ flops: null })
    const result = roofline.compute(drawn('nvtx [step..]\napi  a......\ngpu0 .AAAAA'), {})
    expect(result.phases[0]!.why).toMatch(
      /^no attention grids tell frames and resolution, and no harness wrote them down;/,
    )
  })
})

describe('images by attention grids', () => {
  const gridsOf = (frame: [number, number, number], global: [number, number, number] | undefined): Trace => {
    const trace = drawn('api  ab\ngpu0 .AB', {
      names: { A: 'flash_fwd_kernel bf16', B: 'flash_fwd_kernel bf16' },
    })
    const grids = [frame, global ?? frame]
    const column = (axis: number): Uint32Array => Uint32Array.from(grids, (grid) => grid[axis]!)
    return {
      ...trace,
      device_op: { ...trace.device_op, gridX: column(0), gridY: column(1), gridZ: column(2) },
    }
  }

  test('the one image of 518 pixels across that has so many tokens', () => {
    expect(vggtInput(gridsOf([9, 101, 16], [822, 1, 16]))).toMatchObject({
      images: { frames: 101, rows: 28, columns: 37 },
      source: 'grids',
    })
    expect(vggtInput(gridsOf([8, 3, 16], [22, 1, 16]))).toMatchObject({ images: { rows: 25 } })
  })

  test('grids that fit several images, or none, leave them unknown', () => {
    const why = (frame: [number, number, number], global?: [number, number, number]): unknown =>
      (vggtInput(gridsOf(frame, global)) as { why?: string }).why
    expect(why([7, 2, 16], [14, 1, 16])).toMatch(
      /833 to 896 tokens a frame, and 2 images 518 pixels wide have/,
    )
    expect(why([9, 101, 16])).toMatch(/no attention grids tell/)
    expect(why([9, 101, 5], [822, 1, 5])).toBe('attention with 5 heads is of no known VGGT')
  })
})

describe('heads by their kernels', () => {
  const found = (names: string[], forwards = 1): unknown => {
    const letters = names.map((_, i) => String.fromCharCode(97 + i)).join('')
    const text = `api  ${letters}\ngpu0 ${'.'.repeat(names.length)}${letters.toUpperCase()}`
    const trace = drawn(text, {
      names: Object.fromEntries(names.map((name, i) => [letters[i]!.toUpperCase(), name])),
    })
    return headsAmong(trace, [...names.keys()], forwards, { ...shape, cameraDepth: 1 })
  }
  const enlarged = (count: number): string[] =>
    Array.from({ length: count }, () => 'upsample_bilinear2d_out_frame')
  const attended = Array.from({ length: 4 }, () => 'fmha_cutlassF_f32')

  test('five enlargements a chunk and head; expm1 for points; attention for the camera', () => {
    expect(found(enlarged(5))).toEqual(['Depth head'])
    expect(found([...enlarged(5), 'expm1_kernel_cuda'])).toEqual(['Point head'])
    expect(found([...attended, ...enlarged(10), 'expm1_kernel_cuda'])).toEqual([
      'Camera head',
      'Depth head',
      'Point head',
    ])
  })

  test('numbers that fit no heads leave them unknown', () => {
    expect(found(enlarged(7))).toEqual({
      why: '7 enlarging and 0 expm1 kernels do not tell which heads ran',
    })
    expect(found(['expm1_kernel_cuda'])).toHaveProperty('why')
  })
})

test('the precision of a matrix product, by its kernel’s name', () => {
  expect(
    [
      'ampere_bf16_s1688gemm_bf16_128x256_ldg8_relu_f2f_stages_32x1_tn',
      'cutlass_80_tensorop_s1688gemm_128x128_16x5_tn_align4',
      'sm86_xmma_fprop_implicit_gemm_tf32f32_tf32f32_f32_nhwckrsc_nhwc',
      'ampere_sgemm_128x32_tn',
      'flash_fwd_kernel<traits<64, cutlass::half_t>>',
      'fmha_cutlassF_f32_aligned_64x128_rf_sm80',
      'nvjet_hsh_256x128_64x4',
    ].map(matrixDtype),
  ).toEqual(['bf16', 'tf32', 'tf32', 'fp32', 'fp16', 'fp32', undefined])
})

describe('what bounds a phase', () => {
  /** Owners in ns, by name; "before-input" for idle time that a copy from the host ended. */
  const judged = (ns: Record<string, number>, change: Partial<Judged> = {}): Judged => {
    const owners = new Float64Array(OWNERS.length + 1)
    for (const [name, time] of Object.entries(ns))
      owners[name === 'before-input' ? BEFORE_INPUT : OWNERS.indexOf(name)] = time
    const known = {
      ofPeak: 0.3,
      ofBandwidth: 0.1,
      whyNoPeak: 'no reason',
      peakName: 'matrix rate',
      isRuntime: false,
    }
    return { owners, ...known, ...change }
  }
  const MIXED = { 'busy/gemm': 60, 'busy/attention': 10, 'busy/elementwise': 30 }
  const MOVING = { 'busy/gemm': 33, 'busy/elementwise': 40, 'busy/layout': 27 }

  test.each([
    ['compute', MIXED, { ofPeak: 0.6 }, '60.0 % of the peak matrix rate'],
    ['bandwidth', MIXED, { ofBandwidth: 0.6 }, '60.0 % of the peak bandwidth at least'],
    // 0.4 of the peak in 70 % of the time is 0.57 of it while they run.
    [
      'compute',
      MIXED,
      { ofPeak: 0.4 },
      '70.0 % of busy time in matrix kernels, 30.0 % in elementwise work, at 57.1 % of the peak matrix rate',
    ],
    [
      'unclear',
      MIXED,
      {},
      '70.0 % of busy time in matrix kernels, 30.0 % in elementwise work; 30.0 % of the peak matrix rate',
    ],
    [
      'bandwidth',
      MOVING,
      { ofPeak: 0.2 },
      'by kernel class: 33.0 % of busy time in matrix kernels, 67.0 % in elementwise and layout work; 20.0 % of the peak matrix rate',
    ],
    [
      'bandwidth',
      MOVING,
      { ofPeak: null },
      'by kernel class: 33.0 % of busy time in matrix kernels, 67.0 % in elementwise and layout work',
    ],
    [
      'unclear',
      MOVING,
      { isRuntime: true },
      '33.0 % of busy time in matrix kernels, 67.0 % in elementwise and layout work; 30.0 % of the peak matrix rate',
    ],
    [
      'unknown',
      MIXED,
      { ofPeak: null, ofBandwidth: null },
      'no reason; 70.0 % of busy time in matrix kernels, 30.0 % in elementwise work',
    ],
    ['unknown', {}, {}, 'no device work'],
  ] as const)('by its work: %s', (bound, owners, change, why) => {
    expect(boundOf(judged(owners, change))).toEqual({ bound, why, impossible: false })
  })

  test.each([
    ['launch', { 'idle/host-work': 10, 'idle/launch-call': 5, 'idle/sync-turnaround': 12 }],
    ['sync', { 'idle/host-work': 10, 'idle/sync-turnaround': 12 }],
    ['input', { 'before-input': 5, 'idle/os-wait': 4, 'idle/host-work': 8 }],
    ['setup', { 'idle/module-load': 58, 'idle/alloc': 5, 'idle/host-work': 31 }],
    ['unclear', { 'idle/dependency-wait': 30, 'idle/host-work': 20 }],
  ] as const)('by the largest group of idle causes: %s', (bound, idle) => {
    const answer = boundOf(judged({ ...MIXED, ...idle }, { ofPeak: 0.6 }))
    expect(answer.bound).toBe(bound)
    expect(answer.why).toMatch(/^idle \d+\.\d % before its work: \S/)
  })

  test('the limit is that of the launch-bound verdict', () => {
    const idling = (ns: number) =>
      boundOf(judged({ 'busy/gemm': 1000 - ns, 'idle/host-work': ns }, { ofPeak: 0.6 })).bound
    expect([idling(1000 * LAUNCH_BOUND_SHARE), idling(1000 * LAUNCH_BOUND_SHARE + 1)]).toEqual([
      'compute',
      'launch',
    ])
  })

  test('idle time before copies from the host, in blocking copies and in waits of the system is input', () => {
    const rowOf = (text: string) => roofline.compute(drawn(text), {}).phases[0]!
    expect(
      rowOf(`
      nvtx   [step..............]
      api    a........bc.........
      copy0  ..........BBB.......
      gpu0   .AA..........CC.....`).bound,
    ).toBe('input')
    expect(
      rowOf(`
      nvtx   [step..............]
      api    a........b..........
      os     ...WWWWW............
      gpu0   .AA........BB.......`).bound,
    ).toBe('input')
    expect(
      rowOf(`
      nvtx   [step..............]
      api    a........b..........
      gpu0   .AA........BB.......`).bound,
    ).toBe('launch')
    expect(
      rowOf(`
      nvtx   [step..............]
      api    aSSSSSSSSSSb........
      gpu0   .AAAAAAAAAA.B.......`).bound,
      'a sync that waits while the device works',
    ).toBe('launch')
    expect(
      rowOf(`
      nvtx   [step..............]
      api    a........b..........
      over   ....LLLLL...........
      gpu0   .AA.......BB........`).bound,
    ).toBe('setup')
  })
})

sharedTest('every part of the public A40 captures has its work, named by a range or not', async (shared) => {
  const read = (name: string) => nsysSqlite.read(join(shared, 'traces', 'vggt-a40', `${name}.sqlite`), {})
  const large = roofline.compute(await read('vggt_100report_A40'), {})
  expect(large.images).toEqual({ frames: 101, rows: 28, columns: 37, source: 'grids' })
  const row = (end: string) => large.phases.find(({ path }) => path.endsWith(end))!
  const images = { frames: 101, rows: 28, columns: 37 }
  const three = (...parts: VggtPart[]): number =>
    parts.reduce((sum, part) => sum + 3 * vggtWork(part, shape, images).flops, 0)
  // Three warm forwards.
  expect(row('Global_Attention').flops).toBe(three('Global attention'))
  expect(row('Frame_Attention').flops).toBe(three('Frame attention'))
  expect(row('(patch embedding)').flops).toBe(three('Patch embedding'))
  expect(row('(heads)').flops).toBe(three('Camera head', 'Depth head', 'Point head'))
  const sum = ['Global_Attention', 'Frame_Attention', '(patch embedding)', '(heads)']
    .map((end) => row(end).flops!)
    .reduce((a, b) => a + b, 0)
  expect(row('VGGT_Aggregator').flops! / sum).toBeCloseTo(1, 12)
  // 1.10 s of patch embedding and 2.02 s of heads a forward.
  expect(row('(patch embedding)').gpuBusyNs / 3e9).toBeCloseTo(1.1, 2)
  expect(row('(heads)').gpuBusyNs / 3e9).toBeCloseTo(2.01, 2)
  expect(row('(heads)')).toMatchObject({ dtype: 'tf32', bound: 'bandwidth', impossible: false })
  expect(row('Frame_Attention')).toMatchObject({ bound: 'bandwidth' })
  expect(row('Frame_Attention').why).toMatch(
    /^by kernel class: 32\.6 % of busy time in matrix kernels, 67\.4 % in/,
  )
  expect(row('Global_Attention')).toMatchObject({ dtype: 'bf16', bound: 'compute' })
  for (const one of large.phases) expect(one.impossible, one.path).toBe(false)
  // Shares of different peaks: each row names its own, a phase of several precisions one between theirs.
  expect(row('(heads)').peakFlopPerSecond! / 74.8e12).toBeCloseTo(1, 12)
  expect(row('Global_Attention').peakFlopPerSecond! / 149.7e12).toBeCloseTo(1, 12)
  expect(row('VGGT_Aggregator').dtype).toBe('bf16 and tf32')
  expect(row('VGGT_Aggregator').peakFlopPerSecond!).toBeGreaterThan(74.8e12)
  expect(row('VGGT_Aggregator').peakFlopPerSecond!).toBeLessThan(149.7e12)
  const listed = roofline.tables(large)[0]!.rows.map(({ gpuBusyNs }) => Number(gpuBusyNs))
  expect(listed).toEqual(listed.toSorted((a, b) => b - a))

  const small = roofline.compute(await read('vggt_report_A40'), {})
  expect(small.images).toMatchObject({ frames: 3, rows: 25, columns: 37 })
  expect(small.phases.every(({ flops }) => flops !== null)).toBe(true)
  const bounds = Object.fromEntries(small.phases.map(({ path, bound }) => [path.split('/').at(-1), bound]))
  expect(bounds).toMatchObject({
    VGGT_Aggregator: 'launch',
    Frame_Attention: 'launch',
    '(patch embedding)': 'compute',
  })
  // Four global blocks fewer, four frame blocks more.
  const other = roofline.compute(await read('vggt_optimized100report_A40'), {})
  const local = (part: VggtPart): number => vggtWork(part, shape, images).flops / 24
  expect(other.phases.find(({ path }) => path.endsWith('Global_Attention'))!.flops).toBe(
    3 * 20 * local('Global attention'),
  )
})
