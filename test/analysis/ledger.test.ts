import { describe, expect, test } from 'vitest'
import { ledger } from '../../analysis/ledger.ts'
import { drawn } from '../drawn-trace.ts'
import type { DrawnOptions } from '../drawn-trace.ts'

/** The ledger of device 0 in microseconds, owners of no time left out. */
function owners(text: string, choice: Parameters<typeof ledger.compute>[1] = {}, options: DrawnOptions = {}) {
  const device = ledger.compute(drawn(text, options), choice).devices[0]
  return Object.fromEntries(
    device!.owners.filter((one) => one.ns > 0).map((one) => [one.owner, one.ns / 1000]),
  )
}

describe('busy time', () => {
  test('a kernel owns what it shares with a copy, and the copy is hidden beneath', () => {
    const text = `
      api    ab
      gpu0   ..AAAA..
      copy0  ....BBBB`
    const device = ledger.compute(drawn(text), {}).devices[0]!
    expect(device.owners).toContainEqual({ owner: 'busy/other', ns: 4000, hiddenNs: 0 })
    expect(device.owners).toContainEqual({ owner: 'busy/memcpy-h2d', ns: 2000, hiddenNs: 2000 })
  })

  test('of two kernels the earlier owns the overlap, then the other goes on', () => {
    const names = { A: 'sgemm', B: 'layer_norm' }
    expect(
      owners(
        `
      api     ab
      gpu0.7  ..AAAA....
      gpu0.8  ....BBBBBB`,
        {},
        { names },
      ),
    ).toEqual({ 'busy/gemm': 4, 'busy/normalisation': 4, 'idle/before-first': 2 })
  })

  test('a kernel that starts inside a copy takes over, and the copy gets the rest back', () => {
    expect(
      owners(`
      api    ab
      copy0  ..BBBBBB
      gpu0   ....AA..`),
    ).toEqual({ 'busy/other': 2, 'busy/memcpy-h2d': 4, 'idle/before-first': 2 })
  })

  test('of two kernels that start together the lower stream owns', () => {
    const names = { A: 'sgemm', B: 'layer_norm' }
    expect(
      owners(
        `
      api     ab
      gpu0.9  ..AAAA
      gpu0.8  ..BB..`,
        {},
        { names },
      ),
    ).toEqual({ 'busy/gemm': 2, 'busy/normalisation': 2, 'idle/before-first': 2 })
  })
})

describe('idle time', () => {
  test('a gap whose next op was submitted before it began is handover', () => {
    expect(
      owners(`
      api   ab.......
      gpu0  ..AAA.BB.`),
    ).toMatchObject({ 'idle/handover': 1 })
  })

  test('host work, then the launch call, then submission latency', () => {
    expect(
      owners(`
      api   a.........bb.....
      gpu0  ..AAAA........BBB`),
    ).toEqual({
      'busy/other': 7,
      'idle/before-first': 2,
      'idle/host-work': 4,
      'idle/launch-call': 2,
      'idle/submission-latency': 2,
    })
  })

  test('what the launching thread did while the device idled owns its stretch', () => {
    expect(
      owners(`
      api   a...SSSSMMM..O..bb....
      os    ............W.W.......
      gpu0  ..AAAA.............BBB`),
    ).toEqual({
      'busy/other': 7,
      'idle/before-first': 2,
      'idle/sync-turnaround': 2,
      'idle/alloc': 3,
      'idle/host-work': 2,
      'idle/os-wait': 2,
      'idle/other-api': 1,
      'idle/launch-call': 2,
      'idle/submission-latency': 1,
    })
  })

  test('overhead of the profiler and loading of modules own even the launch call', () => {
    expect(
      owners(`
      api   a........bbbbbbb...
      over  .......P..LLL......
      gpu0  ..AAAA............B`),
    ).toEqual({
      'busy/other': 5,
      'idle/before-first': 2,
      'idle/host-work': 2,
      'idle/profiler-overhead': 1,
      'idle/launch-call': 4,
      'idle/module-load': 3,
      'idle/submission-latency': 2,
    })
  })

  test('a full launch queue is no cause of its own: the time stays in the launch call', () => {
    expect(
      owners(`
      api   a....bbbbb
      over  .....FFF..
      gpu0  ..AA......B`),
    ).toMatchObject({ 'idle/launch-call': 5, 'idle/host-work': 1 })
  })

  test('what another thread did is no cause', () => {
    expect(
      owners(`
      api    a.......bb
      api:2  ...MMMM...
      gpu0   ..AA......B`),
    ).toMatchObject({ 'idle/host-work': 4 })
  })

  test('a gap before an op without a launch is unknown, and says why', () => {
    const device = ledger.compute(
      drawn(`
      api   a.......
      gpu0  ..AA..BB`),
      {},
    ).devices[0]!
    expect(device.owners.find((one) => one.owner === 'idle/unknown')).toEqual({
      owner: 'idle/unknown',
      ns: 2000,
      reasons: [{ reason: 'no launch was recorded for the op that ends the gap', ns: 2000 }],
    })
  })

  test('between a runtime’s nodes idle time is dispatch', () => {
    expect(owners('node0  AA..BBB')).toEqual({ 'busy/gemm': 5, 'idle/dispatch': 2 })
  })

  test('a device without ops is left out', () => {
    expect(ledger.compute(drawn('api   OO..'), {}).devices).toEqual([])
  })
})

describe('windows', () => {
  const text = `
    nvtx  [step.][step.]....
    api   a......b.....
    gpu0  ..AAA....BBBB`

  test('an iteration is its device span', () => {
    expect(owners(text, { iteration: 1 })).toEqual({ 'busy/other': 4 })
  })

  test('a phase is the union of its instances’ device spans', () => {
    const device = ledger.compute(drawn(text), { phase: 'step' }).devices[0]!
    expect(device.windowsNs).toEqual([
      [2000, 5000],
      [9000, 13_000],
    ])
    expect(device.wallNs).toBe(7000)
  })

  test('a window cuts segments at its ends', () => {
    expect(owners(text, { from: 4000, to: 10_000 })).toEqual({
      'busy/other': 2,
      'idle/host-work': 2,
      'idle/launch-call': 1,
      'idle/submission-latency': 1,
    })
  })

  test('a phase that does not exist is refused with those that do', () => {
    expect(() => owners(text, { phase: 'nothing' })).toThrow(/no phase "nothing"; there are step/)
  })
})
