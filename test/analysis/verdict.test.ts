import { join } from 'node:path'
import { expect, test } from 'vitest'
import { analyses } from '../../analysis/index.ts'
import { roofline } from '../../analysis/roofline.ts'
import { verdict } from '../../analysis/verdict.ts'
import { nsysSqlite } from '../../parsers/nsys/index.ts'
import { drawn } from '../drawn-trace.ts'
import { sharedTest } from '../shared.ts'

const textOf = (trace: Parameters<typeof verdict.compute>[0]): string =>
  verdict
    .compute(trace, {})
    .sentences.map((one) => one.text)
    .join('\n')

test('a run without kernels says so, and claims nothing else', () => {
  const { sentences } = verdict.compute(drawn('api  OO\ncopy0  .AA'), {})
  expect(sentences).toHaveLength(1)
  expect(sentences[0]!.text).toMatch(
    /^No kernels: only copies and sets were recorded\. It holds no ranges either/,
  )
})

test('a starved device is launch-bound, a busy one is not', () => {
  expect(textOf(drawn('api   a....b....c\ngpu0  .A....B....C'))).toMatch(
    /launch-bound: the device waits for the host/,
  )
  expect(textOf(drawn('api   abc........\ngpu0  ...AAABBBCCC'))).not.toMatch(/waits for the host/)
})

test('every sentence links to an analysis that exists', () => {
  const { sentences } = verdict.compute(drawn('nvtx [step.][step.]\napi  a.....b.....\ngpu0 .AAAA..BBBB'), {})
  expect(sentences.length).toBeGreaterThan(1)
  for (const { evidence } of sentences) expect(Object.keys(analyses)).toContain(evidence.analysis)
})

sharedTest('the public A40 captures are told right, without a hint', async (shared) => {
  const read = (name: string) => nsysSqlite.read(join(shared, 'traces', 'vggt-a40', `${name}.sqlite`), {})
  const large = textOf(await read('vggt_100report_A40'))
  expect(large).toMatch(/takes 17\.3 s on NVIDIA A40 \(17\.2 s to 17\.4 s over 3 warm ones\).*module loading/)
  expect(large).toMatch(/busy 99\.[89] % of a warm iteration.*not launch-bound/)
  expect(large).toMatch(/Frame_Attention spans 11\.7 s an iteration by CPU range but 2\.0\d* s on the device/)
  expect(large).toMatch(/wait in 48 blocking syncs for Global_Attention \(12\.1 s on the device\)/)
  expect(large).toMatch(/cost the host 2\.18 s raw, but 63\.4 ms without/)
  expect(textOf(await read('vggt_report_A40'))).toMatch(
    /busy 89\.\d % .*launch-bound: the device waits for the host/,
  )
  expect(textOf(await read('vggt_20report_A40'))).toMatch(
    /No kernels.*no ranges either.*No NVTX events collected/s,
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
