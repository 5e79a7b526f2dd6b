import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseParameters } from '../../analysis/analysis.ts'
import { analysisOf } from '../../analysis/index.ts'
import { kernels } from '../../analysis/kernels.ts'
import { roofline } from '../../analysis/roofline.ts'
import { launches } from '../../analysis/launches.ts'
import { verdict } from '../../analysis/verdict.ts'
import { nsysSqlite } from '../../parsers/nsys/index.ts'
import { drawn } from '../drawn-trace.ts'
import { sharedTest } from '../shared.ts'

const textOf = (trace: Parameters<typeof verdict.compute>[0]): string =>
  verdict
    .compute(trace, {})
    .sentences.map((one) => one.text)
    .join('\n')

test('a run without kernels says so, and what it holds instead', () => {
  const { sentences } = verdict.compute(drawn('api  OO\ncopy0  .AA..BB'), {})
  expect(sentences.map((one) => one.text)).toEqual([
    'No kernels: only copies and sets were recorded. The capture holds no ranges either.',
    '2 copies and sets took 4.00 µs, the most kernel A.',
    expect.stringMatching(
      /^The longest gap of GPU 0, 2\.00 µs at 3\.000 µs, is of unknown cause: no launch was/,
    ),
  ])
})

test('of what a capture says, only what explains the missing kernels is quoted', () => {
  const said = (...diagnostics: string[]): string => {
    const trace = drawn('copy0  .AA')
    const text = Uint32Array.from(diagnostics, (_, i) => trace.strings.length + i)
    const diagnostic = { ...trace.diagnostic, length: text.length, text }
    return textOf({ ...trace, strings: [...trace.strings, ...diagnostics], diagnostic })
  }
  const paranoid = 'Unable to collect CPU kernel IP/backtrace samples.'
  const driver = 'Installed CUDA driver version (1.2) is not supported.'
  expect(said(paranoid)).not.toMatch(/The capture says/)
  expect(said(paranoid, 'No CUDA events collected.', driver)).toMatch(
    /The capture says: “Installed [^”]*supported”\.$/m,
  )
})

describe('the host', () => {
  test('is named where the device waits for it, by the largest of what launching takes', () => {
    const text = textOf(drawn('api   a....b....c\ngpu0  .A....B....C'))
    expect(text).toMatch(
      /^GPU 0 is busy 27\.3 % of the 11\.0 µs from its first to its last kernel\. The run is launch-bound/,
    )
    expect(text).toMatch(/the device idles 72\.7 % of it for the host, most of it in host work \(6\.00 µs\)/)
    expect(textOf(drawn('api   abc........\ngpu0  ...AAABBBCCC'))).toMatch(/The run is not launch-bound/)
  })

  test('is not blamed for, nor excused by, time before the first op and after the last', () => {
    const text = textOf(
      drawn(`api   ${'.'.repeat(90)}a....b\ngpu0  ${'.'.repeat(91)}A....B\nos ${'.'.repeat(200)}W`),
    )
    expect(text).toMatch(/busy 33\.3 % of the 6\.00 µs from.*launch-bound: .* most of it in host work/)
    expect(text).not.toMatch(/before first|after last/)
  })

  test('is blamed for its own work where hardly any of the idle time is launching', () => {
    const trace = drawn(`api   a${'.'.repeat(40)}b\ngpu0  .A${'.'.repeat(40)}B`)
    expect(textOf(trace)).toMatch(
      /The run is host-bound: .*host work \(39\.0 µs\), 1\.00 µs in launching itself/,
    )
    expect(launches.compute(trace, {}).verdict).toMatch(/^host-bound: GPU 0 idled/)
  })

  test('is not judged where no launches were recorded', () => {
    expect(textOf(drawn('gpu0  .A....B'))).toMatch(/Whether it is launch-bound is not known/)
  })
})

describe('the work', () => {
  test('is said by phase: what a phase launched itself, over all the device did', () => {
    const inside = textOf(drawn('nvtx  [a...][b...]\napi   c......d..\ngpu0  .CCC....DDDDDDDDDD'))
    expect(inside).toMatch(/^b takes the most device time: 10\.0 µs of 13\.0 µs of work, 76\.9 %\.$/m)
    const outside = textOf(drawn('nvtx  [a...]......\napi   c......d..\ngpu0  .CCC....DDDDDDDDDD'))
    expect(outside).toMatch(
      /^10\.0 µs of 13\.0 µs, 76\.9 %, of device work were launched outside all ranges/m,
    )
  })

  test('of a phase with phases inside it is its own, and it is said so', () => {
    const trace = drawn('nvtx  [a........]\nnvtx  ...[b..]...\napi   c...d......\ngpu0  .CCC..DD')
    expect(textOf(trace)).toMatch(
      /^a takes the most device time, phases inside it not counted: 3\.00 µs of 5\.00 µs/m,
    )
  })

  test('is said by kernel as the kernels are listed', () => {
    const trace = drawn('api   abab\ngpu0  ....AABBBAABBB', { names: { B: 'void ns::some<int, 4>(float*)' } })
    const [top] = kernels.compute(trace, {}).kernels
    expect(top!.totalNs).toBe(6000)
    expect(textOf(trace)).toMatch(
      new RegExp(
        `kernel with the most time is ns::some \\(${top!.class}\\): 6\\.00 µs in ${top!.count} runs, 60\\.0 %`,
      ),
    )
  })

  test('copies are said where they take a twentieth of the time, and pageable memory with them', () => {
    expect(textOf(drawn('api   a\ngpu0  .AAAAAAAA\ncopy0 .........B'))).toMatch(
      /^1 copy, kernel B, took 1\.00 µs, 11\.1 % of all ops’ time/m,
    )
    expect(textOf(drawn(`api   a\ngpu0  .${'A'.repeat(30)}\ncopy0 ${'.'.repeat(31)}B`))).not.toMatch(/copy,/)
  })
})

test('every sentence links to an analysis that exists, with parameters it takes', () => {
  const { sentences } = verdict.compute(drawn('nvtx [step.][step.]\napi  a.....b.....\ngpu0 .AAAA..BBBB'), {})
  expect(sentences.length).toBeGreaterThan(2)
  for (const { evidence } of sentences) {
    const spec = analysisOf(evidence.analysis)
    const given = Object.entries(evidence.parameters).map(([name, value]) => [name, String(value)])
    expect(() => parseParameters(spec, Object.fromEntries(given) as Record<string, string>)).not.toThrow()
  }
})

test('an iteration that launched nothing is not spoken of as the run', () => {
  const text = textOf(drawn(`nvtx [step.][step.]\napi  a..........\ngpu0 .${'A'.repeat(30)}`))
  expect(text).toMatch(/busy 100 % of the 30\.0 µs from its first to its last kernel/)
  expect(text).not.toMatch(/One step takes|of iteration/)
})

sharedTest('the public A40 captures are told right, without a hint', async (shared) => {
  const read = (name: string) => nsysSqlite.read(join(shared, 'traces', 'vggt-a40', `${name}.sqlite`), {})
  const large = textOf(await read('vggt_100report_A40'))
  expect(large).toMatch(
    /takes 17\.3 s on NVIDIA A40 \(17\.2 s to 17\.4 s over 3 warm ones\).*module loading.*memory all/,
  )
  expect(large).toMatch(
    /NVIDIA A40 is busy 99\.9 % of iteration 2\..*not launch-bound: the device idles 0\.07 %/,
  )
  expect(large).toMatch(/Global_Attention takes the most device time: 12\.1 s of 17\.3 s of work, 70\.0 %/)
  expect(large).toMatch(/Global_Attention runs at 6\d\.\d % of the device’s peak/)
  expect(large).toMatch(/Frame_Attention spans 11\.7 s by CPU range but 2\.01 s on the device/)
  expect(large).toMatch(
    /waits 11\.7 s in 48 blocking syncs, 10\.7 s of it for Global_Attention \(12\.1 s on the device\)/,
  )
  expect(large).toMatch(
    /cost the host 2\.18 s raw, but 63\.4 ms without the 2\.12 s blocked on a full launch queue\./,
  )
  const optimised = textOf(await read('vggt_optimized100report_A40'))
  expect(optimised).toMatch(/takes 15\.6 s on NVIDIA A40 \(15\.5 s to 15\.7 s over 3 warm ones\)/)
  expect(optimised).toMatch(/busy 99\.8 % .*not launch-bound/)
  expect(textOf(await read('vggt_report_A40'))).toMatch(
    /busy 89\.\d % .*launch-bound: the device idles 9\.\d\d % of it for the host, most of it in host work/,
  )
  const copies = textOf(await read('vggt_20report_A40'))
  expect(copies).toMatch(/^No kernels.*no ranges either\.$/m)
  expect(copies).toMatch(
    /The capture says: .*driver version \(12\.8\) is not supported.*No NVTX events collected/,
  )
  expect(copies).toMatch(
    /1,799 copies, .* from pageable to device memory, took 488 ms: 4\.68 GiB at 10\.3 GB\/s/,
  )
})

sharedTest(
  'global attention of the A40 capture is compute-bound, below the device’s peak',
  async (shared) => {
    const trace = await nsysSqlite.read(join(shared, 'traces', 'vggt-a40', 'vggt_100report_A40.sqlite'), {})
    const result = roofline.compute(trace, {})
    expect(result.workload).toEqual({ frames: 101, heads: 16, tokens: [1041, 1041] })
    const global = result.phases.find((row) => row.path.endsWith('Global_Attention'))!
    expect(global).toMatchObject({ bound: 'compute', impossible: false })
    expect(global.ofPeak!).toBeGreaterThan(0.6)
    expect(global.ofPeak!).toBeLessThan(0.72)
  },
)

describe('what misled before', () => {
  test('weights that are copied before the first kernel are no part of the work', () => {
    const text = textOf(drawn('api    a.......b..cd..\ngpu0   ........BB..CCDD\ncopy0  .A..............'))
    expect(text).toMatch(/busy 75\.0 % of the 8\.00 µs from its first to its last kernel/)
  })

  test('the largest cause is named beside a launch-bound verdict that it is no part of', () => {
    const text = textOf(drawn('api   a.MMMMMMMMMMMM.b\ngpu0  .A..............B'))
    expect(text).toMatch(/launch-bound.*Idle time is mostly alloc \(12\.0 µs of 14\.0 µs\)\./)
  })

  test('a cause of less than half is said to be the largest part, not most', () => {
    const text = textOf(drawn('api   a.MMMMM.SSSS.OOb\ngpu0  .A................B'))
    expect(text).toMatch(/Idle time is for the largest part alloc/)
  })

  test('of devices called the same the number tells which', () => {
    const trace = drawn('api   a..b\ngpu0  .A..\ngpu1  ....BB')
    const name = trace.strings.length
    const named = {
      ...trace,
      strings: [...trace.strings, 'Tesla'],
      device: { ...trace.device, name: Uint32Array.of(name, name) },
    }
    expect(textOf(named)).toMatch(/^Tesla \(1\) is busy/)
    expect(launches.compute(named, {}).verdict).toMatch(/: Tesla \(1\) idled 0 % .*; Tesla \(0\) 0 %$/)
  })
})
