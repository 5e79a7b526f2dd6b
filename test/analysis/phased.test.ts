import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { diff } from '../../analysis/diff/diff.ts'
import { withDerivedPhases } from '../../analysis/derived-phases.ts'
import { iterationsOf } from '../../analysis/iterations.ts'
import { ledger } from '../../analysis/ledger.ts'
import { phased, recordedRanges } from '../../analysis/phased.ts'
import { summaryOf } from '../../analysis/summary.ts'
import { spanDetail } from '../../analysis/timeline/span-detail.ts'
import { publicTracks } from '../../analysis/timeline/overview.ts'
import { verdict } from '../../analysis/verdict.ts'
import { nsysSqlite } from '../../parsers/nsys/index.ts'
import { questions, tracesOf } from '../../server/questions.ts'
import { tableBuilders } from '../../trace/builders.ts'
import type { Trace } from '../../trace/trace.ts'
import { bareForwards } from '../bare-forwards.ts'
import { drawn } from '../drawn-trace.ts'
import { sharedTest } from '../shared.ts'

describe('a capture without a range', () => {
  const recorded = bareForwards(3)
  const shown = phased(recorded)

  test('has its forwards as iterations, and says what tells of them', () => {
    expect(iterationsOf(recorded).all).toEqual([])
    const { iterations, missing, counts } = summaryOf(shown)
    expect([iterations.name, iterations.all.length]).toEqual(['(forward)', 3])
    expect(missing).toContain(
      'No range names the parts of the model: phases in parentheses are told by attention grids.',
    )
    // What was added is no row of the capture.
    expect([counts.range, recordedRanges(shown), shown.range.length > 0]).toEqual([0, 0, true])
    expect(verdict.compute(shown, {}).sentences[0]!.text).toMatch(
      /^One \(forward\), as attention grids tell it, takes /,
    )
    expect(withDerivedPhases(shown)).toBe(shown)
  })

  test('keeps every nanosecond with its owner, and its own device work', () => {
    const owners = (trace: Trace) =>
      ledger.compute(trace, {}).devices.map(({ owners: each }) => each.map(({ owner, ns }) => [owner, ns]))
    expect(owners(shown)).toEqual(owners(recorded))
    expect(shown.device_op.start).toBe(recorded.device_op.start)
  })

  test('is compared by phase', () => {
    const { terms, base, alignment } = diff([shown], [phased(bareForwards(3))])
    expect(base.iterations).toBe(3)
    expect(terms.filter(({ ns }) => ns !== 0)).toEqual([])
    expect(alignment.phases.map(({ phase }) => phase)).toContain('(forward)/(global attention)')
  })

  test('shows them on its timeline as what they are', () => {
    const titles = publicTracks(shown).map(({ title }) => title)
    expect(titles).toContain('phases, told by grids')
    expect(titles).toContain('phases, told by grids, as the device ran them')
    const { fields } = spanDetail(shown, 'range', 0)
    expect(fields).toContainEqual({ name: 'toldBy', value: 'attention grids' })
    expect(fields.map(({ name }) => name)).not.toContain('sourceRow')
  })

  test('is answered with them by the server', () => {
    const traces = tracesOf({ loadTrace: () => recorded, noiseFloor: () => undefined })
    const { result } = questions.analysis(traces, 1, 'summary', {})
    expect(result).toMatchObject({ iterations: { name: '(forward)' } })
    expect(questions.stretches(traces, 1).iterations).toHaveLength(3)
    expect(questions.lacking(traces, 1).phases).toEqual([])
  })
})

test('a capture whose ranges name the blocks, or without attention, is shown as it was recorded', () => {
  const named = drawn(`
    nvtx  [VGGT....................................]
    nvtx  .......[Frame_Attention][Global_Block]....
    api   .ab......c....d...........e...........f...
    gpu0  ..AABBB...CCCC.DD..........EEEE........FF.`)
  expect(phased(named)).toBe(named)
  const bare = drawn(`
    api   .ab......
    gpu0  ..AABBB..`)
  expect(phased(bare)).toBe(bare)
})

sharedTest('a public A40 capture explains itself without its ranges as with them', async (shared) => {
  const trace = await nsysSqlite.read(join(shared, 'traces', 'vggt-a40', 'vggt_100report_A40.sqlite'), {})
  const { NVTX_EVENTS: _ranges, ...sourceTables } = trace.meta.sourceTables ?? {}
  const bare: Trace = {
    ...trace,
    range: tableBuilders().range.finish(),
    api_call: { ...trace.api_call, range: undefined },
    meta: { ...trace.meta, sourceTables },
  }
  const [ranged, told] = [iterationsOf(trace), iterationsOf(phased(bare))]
  expect(told.all).toHaveLength(ranged.all.length)
  // A forward begins with the cast before its first convolution, some ops after the range around it.
  for (const [i, { wall }] of told.all.entries())
    expect(Math.abs(wall / ranged.all[i]!.wall - 1)).toBeLessThan(0.002)
  expect(told.warmUp.length).toBeGreaterThan(0)
  const texts = verdict.compute(phased(bare), {}).sentences.map(({ text }) => text)
  expect(texts.join('\n')).toMatch(
    /CPU ranges mislead here: \(frame attention\) spans 11\.7 s by CPU range but 2\.01 s on the device/,
  )
  // What repeats nsys is answered from what was recorded.
  const traces = tracesOf({ loadTrace: () => bare, noiseFloor: () => undefined })
  const skipped = new Map(questions.nsysReports(traces, 1).map((one) => [one.id, one.skipped]))
  expect([skipped.get('cuda_gpu_kern_sum'), typeof skipped.get('nvtx_sum')]).toEqual([null, 'string'])
})
