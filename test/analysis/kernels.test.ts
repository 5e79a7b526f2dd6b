import { describe, expect, test } from 'vitest'
import { kernels } from '../../analysis/kernels.ts'
import { transfers, transferTotals } from '../../analysis/transfers.ts'
import { DeviceOpKind } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { drawn } from '../drawn-trace.ts'

/** Two steps; A and C are one kernel, launched with different grids. */
const trace = ((): Trace => {
  const plain = drawn(
    `
    nvtx   [step......][step......]
    nvtx   .[part.]....[part.].....
    api    .a.b....d...c.e.........
    gpu0   ..AABBBB......CCCCE.....
    copy0  .........DD.............`,
    { names: { A: 'ampere_sgemm', C: 'ampere_sgemm', B: 'softmax', E: 'softmax', D: '[CUDA memcpy HtoD]' } },
  )
  const { device_op: ops, strings } = plain
  const isProduct = (op: number): boolean => strings[ops.name[op]!] === 'ampere_sgemm'
  const column = (of: (op: number) => number): Uint32Array => Uint32Array.from(ops.name, (_, op) => of(op))
  // A copy has no grid: the absent value.
  const grid = column((op) =>
    ops.kind[op] === 0 ? (isProduct(op) && ops.start[op]! > 9000 ? 8 : 4) : 0xffffffff,
  )
  const one = column((op) => (ops.kind[op] === 0 ? 1 : 0xffffffff))
  return {
    ...plain,
    device_op: { ...ops, gridX: grid, gridY: one, gridZ: one, blockX: one, blockY: one, blockZ: one },
  }
})()
const rows = (parameters: Parameters<typeof kernels.compute>[1]) =>
  kernels
    .compute(trace, parameters)
    .kernels.map(({ name, grid, count, totalNs }) =>
      [name, grid, count, totalNs / 1000].filter((cell) => cell !== undefined),
    )

describe('kernels', () => {
  test('by name, the longest sum first', () => {
    expect(rows({})).toEqual([
      ['ampere_sgemm', 2, 6],
      ['softmax', 2, 5],
      ['[CUDA memcpy HtoD]', 1, 2],
    ])
    expect(kernels.compute(trace, {}).kernels[1]).toEqual({
      name: 'softmax',
      class: 'attention',
      kind: 'kernel',
      count: 2,
      totalNs: 5000,
      minNs: 1000,
      medianNs: 2500,
      maxNs: 4000,
    })
  })

  test('by shape a name stands once for each grid and block; a copy has none', () => {
    expect(rows({ by: 'shape' })).toEqual([
      ['softmax', '4×1×1', 2, 5],
      ['ampere_sgemm', '8×1×1', 1, 4],
      ['[CUDA memcpy HtoD]', null, 1, 2],
      ['ampere_sgemm', '4×1×1', 1, 2],
    ])
  })

  test('by class and by innermost phase they sum to the same', () => {
    expect(rows({ by: 'class' })).toEqual([
      ['gemm', 2, 6],
      ['attention', 2, 5],
      ['memcpy-h2d', 1, 2],
    ])
    expect(kernels.compute(trace, { by: 'phase' }).kernels.map((row) => row.class)).toEqual([
      'gemm',
      'memcpy-h2d',
    ])
    expect(rows({ by: 'phase' })).toEqual([
      ['step/part', 4, 11],
      ['step', 1, 2],
    ])
  })

  test('an iteration and a phase have what they launched, a window what begins in it', () => {
    expect(rows({ iteration: 1 })).toEqual([
      ['ampere_sgemm', 1, 4],
      ['softmax', 1, 1],
    ])
    expect(rows({ phase: 'step/part', by: 'class' }).map(([name]) => name)).toEqual(['gemm', 'attention'])
    expect(rows({ from: 3000, to: 14_000 }).map(([name]) => name)).toEqual(['softmax', '[CUDA memcpy HtoD]'])
  })

  test('what names nothing is refused', () => {
    expect(() => rows({ by: 'size' })).toThrow(/by must be one of name, shape, class, phase/)
    expect(() => rows({ iteration: 7 })).toThrow(/no iteration 7/)
    expect(() => rows({ phase: 'nowhere' })).toThrow(/no phase "nowhere"/)
    expect(() => rows({ phase: 'step', from: 1 })).toThrow(/not several/)
  })
})

test('transfers: by name and memories, throughput over the time of the copies', () => {
  const { device_op: ops } = trace
  const filled = (value: number): Uint8Array => new Uint8Array(ops.length).fill(value)
  const bytes = new Float64Array(ops.length).fill(4_000_000)
  const copies = { ...trace, device_op: { ...ops, srcKind: filled(0), dstKind: filled(2), bytes } }
  expect(transfers.compute(copies, {}).transfers).toEqual([
    {
      name: '[CUDA memcpy HtoD]',
      from: 'pageable',
      to: 'device',
      count: 1,
      bytes: 4_000_000,
      totalNs: 2000,
      bytesPerSecond: 2e12,
      smallest: 4_000_000,
      largest: 4_000_000,
      isPageable: true,
    },
  ])
  expect(transfers.compute(trace, {}).transfers[0]).toMatchObject({ from: 'not recorded', isPageable: false })
})

test('transfers whose size was not recorded stand by themselves, and slow no throughput', () => {
  const { device_op: ops } = trace
  const kind = new Uint8Array(ops.length).fill(DeviceOpKind.copy)
  const name = new Uint32Array(ops.length).fill(ops.name[0]!)
  const bytes = new Float64Array(ops.length).fill(NaN)
  bytes[0] = 5000
  const mixed = { ...trace, device_op: { ...ops, kind, name, bytes } }
  const rows = transfers.compute(mixed, {}).transfers
  const perSecond = (5000 * 1e9) / ops.duration[0]!
  expect(rows.map((row) => [row.count, row.bytes, row.smallest, row.largest, row.bytesPerSecond])).toEqual(
    expect.arrayContaining([
      [1, 5000, 5000, 5000, perSecond],
      [ops.length - 1, 0, 0, 0, null],
    ]),
  )
  expect(transferTotals(rows).all).toMatchObject({
    count: ops.length,
    bytes: 5000,
    bytesPerSecond: perSecond,
  })
})
