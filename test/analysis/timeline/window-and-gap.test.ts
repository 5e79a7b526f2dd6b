import { describe, expect, test } from 'vitest'
import { gapAt, gapBefore } from '../../../analysis/timeline/gap.ts'
import { stretchesOf } from '../../../analysis/timeline/stretches.ts'
import { windowContents } from '../../../analysis/timeline/window-contents.ts'
import { syntheticRun } from '../../../fixtures/synthetic-run.ts'
import { drawn } from '../../drawn-trace.ts'

describe('a gap', () => {
  const trace = drawn(`
    nvtx   [forward........]
    api    a..SSSS....bb
    gpu0   ..AAA.........BB`)

  test('says its causes in order without a rest, what ended it and what launched that', () => {
    const gap = gapAt(trace, 0, 9_000)
    expect([gap.startNs, gap.endNs]).toEqual([5_000, 14_000])
    expect(gap.parts.map(({ owner, durNs }) => [owner, durNs / 1000])).toEqual([
      ['idle/sync-turnaround', 2],
      ['idle/host-work', 4],
      ['idle/launch-call', 2],
      ['idle/submission-latency', 1],
    ])
    expect(gap.parts.reduce((sum, { durNs }) => sum + durNs, 0)).toBe(gap.endNs - gap.startNs)
    expect(gap.previous?.name).toBe('kernel A')
    expect(gap.next).toMatchObject({ name: 'kernel B', startNs: 14_000 })
    expect(gap.launch).toMatchObject({ table: 'api_call', startNs: 11_000 })
  })

  test('names the call with the largest part in it, an enclosing one included', () => {
    // The sync and the launch have 2 µs of the gap each: the earlier one is named.
    expect(gapAt(trace, 0, 5_000).during).toMatchObject({ name: 'cudaStreamSynchronize_v3020' })
    const nested = drawn(`
      api    aSSSSSSSSSS.bb
      os     ..WW.........
      gpu0   ..AA...........B`)
    expect(gapAt(nested, 0, 8_000).during).toMatchObject({ name: 'cudaStreamSynchronize_v3020' })
  })

  test('is found by the op that ended it, too', () => {
    expect(gapBefore(trace, 1)).toEqual(gapAt(trace, 0, 9_000))
    expect(() => gapBefore(trace, 9)).toThrow('device_op has no row 9')
  })

  test('the time before the first op is one, too; a busy device has none', () => {
    expect(gapAt(trace, 0, 0)).toMatchObject({ previous: null, parts: [{ owner: 'idle/before-first' }] })
    expect(() => gapAt(trace, 0, 3_000)).toThrow('device 0 has no gap at 3000 ns')
    expect(() => gapAt(trace, 7, 3_000)).toThrow('device 7 has no gap')
  })
})

describe('a window', () => {
  const trace = drawn(`
    nvtx   [forward........]
    api    a..SSSS....bb
    gpu0   ..AAA.........BB`)

  test('holds what touches it, cut at its edges', () => {
    const { tables } = windowContents(trace, 3_000, 15_000)
    const ops = tables.find(({ table }) => table === 'device_op')
    expect(ops).toMatchObject({ spans: 2, totalNs: 3_000, nameCount: 2 })
    expect(ops!.names.map(({ name, totalNs }) => [name, totalNs])).toEqual([
      ['kernel A', 2_000],
      ['kernel B', 1_000],
    ])
    expect(tables.find(({ table }) => table === 'range')!.names).toEqual([
      { name: 'forward', count: 1, totalNs: 12_000 },
    ])
  })

  test('that ends where a span begins, or begins where one ends, does not hold it', () => {
    expect(windowContents(trace, 5_000, 14_000).tables.some(({ table }) => table === 'device_op')).toBe(false)
  })

  test('that ends before it starts is refused', () => {
    expect(() => windowContents(trace, 5, 4)).toThrow('before it starts')
  })

  test('of the whole run holds every span, wherever the search begins', () => {
    const run = syntheticRun({ kernels: 5_000 })
    const whole = windowContents(run, 0, 1e12)
    expect(whole.tables.map(({ table, spans }) => [table, spans])).toEqual([
      ['device_op', run.device_op.length],
      ['api_call', run.api_call.length],
      ['range', run.range.length],
      ['os_call', run.os_call.length],
    ])
    const at = run.device_op.start[4_000]!
    const late = windowContents(run, at, at + 1)
    expect(late.tables.find(({ table }) => table === 'device_op')!.spans).toBe(1)
    expect(late.tables.find(({ table }) => table === 'range')!.spans).toBeGreaterThan(0)
  })
})

test('stretches are iterations and phases as the device ran them', () => {
  const run = syntheticRun({ kernels: 12_000 })
  const { iterations, iterationName, phases } = stretchesOf(run)
  expect(iterationName).toBe('forward')
  expect(iterations.map(({ index }) => index)).toEqual([0, 1, 2, 3])
  expect(iterations.filter(({ isRepresentative }) => isRepresentative)).toHaveLength(1)
  const heads = phases.find(({ path }) => path.endsWith('depth_head'))!
  expect(heads.instances.length).toBe(heads.count)
  for (const [from, to] of heads.instances) expect(to).toBeGreaterThan(from)
})
