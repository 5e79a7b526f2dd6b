import { describe, expect, it } from 'vitest'
import type { Spent } from '../../profiler/onnx/spent.ts'
import { dtypeOf, median, providerFacts, timeFacts, variantName } from '../../profiler/onnx/facts.ts'

describe('the provider that ran', () => {
  it('is the one that ran most nodes; the others are counted beside it', () => {
    expect(providerFacts({ CPUExecutionProvider: 12 })).toEqual({
      provider: 'CPUExecutionProvider',
      device: 'CPU',
    })
    expect(providerFacts({ CPUExecutionProvider: 12, CUDAExecutionProvider: 900 })).toEqual({
      provider: 'CUDAExecutionProvider',
      device: 'CUDA',
      nodesByProvider: 'CUDAExecutionProvider 900, CPUExecutionProvider 12',
    })
  })

  it('is not told where no profile tells it', () => {
    expect(providerFacts({})).toEqual({ provider: 'not told', device: 'not told' })
  })
})

describe('what recording costs', () => {
  it('is the median over neighbouring runs, so that a machine that slows down half-way changes nothing', () => {
    // The machine is half as fast from turn 3 on; profiling costs 10 % (in CPU time 30 %), splitting 20 %.
    const spent = (wall: number, cpu: number): Spent[] =>
      [100, 100, 200, 200, 200].map((ns) => ({ wallNs: ns * wall, cpuNs: ns * cpu }))
    const turns = { whole: spent(1, 1), form: spent(1.2, 1.2), profiled: spent(1.32, 1.56) }
    const facts = timeFacts({ turns }, { iterationsNs: [300, 100, 200] })
    expect(facts).toMatchObject({
      profilingCostPercent: 10,
      profilingCpuCostPercent: 30,
      splittingCostPercent: 20,
      unprofiledWholeMedianNs: 200,
      timedRuns: 5,
      iterationMedianNs: 200,
      iterationMinNs: 100,
      iterationMaxNs: 300,
    })
  })

  it('is said to be unknown where it was not measured', () => {
    expect(timeFacts({}, { iterationsNs: [5] })).toMatchObject({ profilingCost: 'not measured' })
    expect(timeFacts({ untimed: 'no room' }, { iterationsNs: [5] })).toMatchObject({
      splittingCost: 'not measured: no room',
    })
  })
})

it('the median of an even number is the lower one', () => expect(median([4, 1, 3, 2])).toBe(2))

it('a run without a variant is the baseline', () => {
  expect(variantName([])).toBe('baseline')
  expect(variantName(['fp16', 'keep4'])).toBe('fp16,keep4')
})

it('the element type is the one the linear layers compute in', () => {
  expect(dtypeOf([])).toBe('float32')
  expect(dtypeOf(['frame-seq', 'fp16'])).toBe('float16 linear layers')
  expect(dtypeOf(['int8'])).toBe('int8 linear layers')
})
