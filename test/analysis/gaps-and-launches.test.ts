import { describe, expect, test } from 'vitest'
import { gaps } from '../../analysis/gaps.ts'
import { launches } from '../../analysis/launches.ts'
import { callName } from '../../trace/call-name.ts'
import { drawn } from '../drawn-trace.ts'

describe('gaps', () => {
  const trace = drawn(`
    nvtx  [step...............]
    api   a...SSSSMMM...bb....
    gpu0  ..AAAA.............BBB`)

  test('a gap lists its causes in time order, with what shows them', () => {
    const [gap] = gaps.compute(trace, {}).gaps.filter((one) => one.startNs > 0)
    expect(gap).toMatchObject({ startNs: 6000, durNs: 13_000, phase: 'step', next: { name: 'kernel B' } })
    expect(gap!.causes.map((one) => [one.cause, one.ns / 1000, one.evidence?.name])).toEqual([
      ['sync-turnaround', 2, 'cudaStreamSynchronize_v3020'],
      ['alloc', 3, 'cudaMalloc_v3020'],
      ['host-work', 3, 'step'],
      ['launch-call', 2, 'cudaLaunchKernel_v7000'],
      ['submission-latency', 3, 'cudaLaunchKernel_v7000'],
    ])
  })

  test('host work is in the innermost range around all of it, else between two calls', () => {
    const mainOf = (text: string) => {
      const [gap] = gaps.compute(drawn(text), {}).gaps.filter((one) => one.startNs > 0)
      const { evidence, reason } = gap!.causes.find(({ cause }) => cause === 'host-work')!
      return evidence === undefined ? reason : [evidence.table, evidence.name]
    }
    const calls = `
      api   a...SS.......bb......
      gpu0  ..AAAA.............BBB`
    expect(mainOf(`nvtx  [step..........]\n nvtx .....[inner....]${calls}`)).toEqual(['range', 'inner'])
    expect(mainOf(`nvtx  [step..........]\n nvtx ...[one...][two...]${calls}`)).toEqual(['range', 'step'])
    // Another thread's range says nothing of this one.
    expect(mainOf(`nvtx:2  [other.........]${calls}`)).toBe(
      'in no range; after cudaStreamSynchronize, before cudaLaunchKernel',
    )
  })

  test('tables write calls without their version; results keep it', () => {
    const result = launches.compute(trace, {})
    expect(result.byCall[0]!.name).toBe('cudaLaunchKernel_v7000')
    expect(launches.tables(result)[0]!.rows[1]!.name).toBe('cudaLaunchKernel')
    expect(
      ['cudaGraphLaunch_v10000', 'cudaMemcpyAsync_v3020_ptsz', 'cuMemAlloc_v2', 'kernel_v1000'].map(callName),
    ).toEqual(['cudaGraphLaunch', 'cudaMemcpyAsync', 'cuMemAlloc_v2', 'kernel_v1000'])
  })

  test('a window cuts a gap but not its classification', () => {
    const [gap] = gaps.compute(trace, { from: 7000, to: 10_000 }).gaps
    expect(gap!.causes.map((one) => [one.cause, one.ns / 1000])).toEqual([
      ['sync-turnaround', 1],
      ['alloc', 2],
    ])
  })

  test('short gaps are left out when asked, from totals too', () => {
    const result = gaps.compute(trace, { minGap: 5000 })
    expect(result.count).toBe(1)
    expect(result.totalNs).toBe(13_000)
  })
})

describe('launches', () => {
  test('time blocked on a full queue is back-pressure, not cost', () => {
    const { total } = launches.compute(
      drawn(`
      api   aabbbbbbbb..
      over  ...FFFFF....
      gpu0  ..AAAAAAAAAAB`),
      {},
    )
    expect(total).toMatchObject({ launches: 2, rawNs: 10_000, correctedNs: 5000, backPressureNs: 5000 })
  })

  test('raw cost is queue full, loading and profiler, and own cost, with nothing left', () => {
    const { total, byKernel, correction } = launches.compute(
      drawn(`
      api   aabbbbbbbbcc.
      over  ..LLFFFPP....
      gpu0  ..AAAAAAAAAABC`),
      {},
    )
    expect(total).toMatchObject({ rawNs: 12_000, backPressureNs: 3000, overheadNs: 4000, correctedNs: 5000 })
    for (const row of [total, ...byKernel])
      expect(row.backPressureNs + row.overheadNs + row.correctedNs).toBe(row.rawNs)
    expect(correction).toMatch(/^Own cost is raw cost without the time that overhead rows cover/)
  })

  test('a launch-bound verdict comes from idle time, not from queues', () => {
    const busy = launches.compute(
      drawn(`
      api   abbbbbbbb....
      gpu0  .AAAAAAAAAAAB`),
      {},
    )
    const starved = launches.compute(
      drawn(`
      api   a....b....c
      gpu0  .A....B....C`),
      {},
    )
    expect(busy.bound).toBe(false)
    expect(starved.bound).toBe(true)
    expect(starved.idle!.launchIdleNs).toBe(8000)
  })

  test('time before the first op and after the last makes no share of idle time small', () => {
    // 4 µs of 100 are idle for the host: little of the capture, but half of the 7 µs in which the device has work at all.
    const { idle, bound, verdict } = launches.compute(
      drawn(`
      api   a....b
      gpu0  .A....BB.
      os    ${'.'.repeat(99)}W`),
      {},
    )
    expect(idle).toMatchObject({ wallNs: 7000, launchIdleNs: 4000 })
    expect(bound).toBe(true)
    expect(verdict).toMatch(/^launch-bound/)
  })

  test('own cost and full queues are shown only where rows of overhead tell of them', () => {
    const shown = (trace: ReturnType<typeof drawn>) => {
      const result = launches.compute(trace, {})
      return [result.isCorrected, launches.tables(result)[0]!.rows[0]]
    }
    const [without, plain] = shown(drawn('api   aaaa.bb..\ngpu0  ....AA.BB'))
    expect([without, plain]).toMatchObject([false, { rawNs: 6000, backPressureNs: null, correctedNs: null }])
    const [has, corrected] = shown(drawn('api   aaaa.bb..\nover  .FF......\ngpu0  ....AA.BB'))
    expect([has, corrected]).toMatchObject([true, { rawNs: 6000, backPressureNs: 2000, correctedNs: 4000 }])
  })

  test('without launches, or with idle time of unknown cause, whether it is launch-bound is not claimed', () => {
    const copies = launches.compute(drawn('api    O\ncopy0  .A....B'), {})
    expect(copies).toMatchObject({ bound: null, verdict: 'unknown (no launches recorded)' })
    const lost = launches.compute(drawn('api   a......\ngpu0  .AAAA..Z'), {})
    expect(lost.bound).toBeNull()
    expect(lost.verdict).toMatch(/^unknown \(GPU 0 idled 28\.6 % of the time for causes that were not/)
  })

  test('the queue is measured to the first op, and absent where the op starts inside the call', () => {
    const { byKernel } = launches.compute(
      drawn(`
      api   a....bbbb
      gpu0  ...A...B.`),
      {},
    )
    expect(byKernel.find((one) => one.name === 'kernel A')!.queueMedianNs).toBe(2000)
    expect(byKernel.find((one) => one.name === 'kernel B')!.queueMedianNs).toBeNull()
  })

  test('without rows of CUDA’s overhead it says that back-pressure cannot be told apart', () => {
    const said = (lines: string): string => launches.compute(drawn(lines), {}).correction
    expect(said('api   a\ngpu0  .A')).toMatch(
      /^Nothing is taken out of the raw cost: no CUDA overhead rows.*Median × count is 1\.00 µs × 1 = 1\.00 µs\.$/,
    )
    expect(said('api   aaa\nover  .P.\ngpu0  ...A')).toMatch(/^Only the profiler’s own time is taken out/)
  })
})
