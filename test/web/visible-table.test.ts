import { expect, test } from 'vitest'
import type { SpanSection } from '../../analysis/timeline/tile.ts'
import { sameAxis } from '../../draw/timeline/axis.ts'
import { edgesOf } from '../../draw/timeline/lane.ts'
import { layOutTrack } from '../../draw/timeline/scene.ts'
import { UNION_LANE } from '../../trace/timeline.ts'
import type { Track } from '../../trace/timeline.ts'
import { visibleSpans, visibleTracks } from '../../web/views/timeline/visible-table.ts'
import { spansOf } from '../draw/timeline/drawn.ts'

/** A track of as many lanes as drawings, one letter a ns, in a view of `width` ns; the last drawing is the union of several. */
function visible(drawings: readonly string[], width: number) {
  const lanes = drawings.length > 1 ? drawings.length - 1 : 1
  const sections: SpanSection[] = drawings.map((drawing, i) => ({
    ...spansOf(drawing),
    lane: i === lanes ? UNION_LANE : i,
  }))
  const track = {
    id: 'stream-0',
    kind: 'device-stream',
    lanes,
    classes: ['busy/gemm', 'busy/attention'],
  } as never as Track
  const row = {
    kind: 'track' as const,
    track,
    collapsed: false,
    y: 0,
    height: 20,
    lanes: sections.map(({ lane }) => ({ lane, depth: 0, y: 0, height: 18 })),
  }
  const view = { from: 0, to: width, width: 40 }
  const tile = { level: 0, index: 0, sections }
  const layout = layOutTrack(row, [{ tile, from: 0, to: 512 }], view, sameAxis, edgesOf(view, sameAxis, 1))
  return { layout, isKnown: true }
}

test('a track of overlapping lanes is busy where any of them is: not their sum, and not the first alone', () => {
  //                        first: 50 %            second: 50 %           together: 75 %
  const row = visible(['aaaaaaaaaa..........', '.....bbbbbbbbbb.....', 'aaaaaaaaaabbbbb.....'], 20)
  const [told] = visibleTracks([row])
  expect(told!.share).toBeCloseTo(0.75, 10)
  // The union's pieces count for nothing else.
  expect(told!.count).toBe(2)
  expect(visibleSpans([row.layout], 40).map(({ from, to }) => [from, to])).toEqual([
    [0, 10],
    [5, 15],
  ])
})

test('one lane is its own union, and what it is mostly goes by time', () => {
  expect(visibleTracks([visible(['aa.aa.bbbbbbb.......'], 20)])[0]).toMatchObject({
    share: expect.closeTo(0.55, 10),
    count: 3,
    cls: 'busy/attention',
  })
})

test('of a track without a tile nothing is said; one with nothing in the view is told as idle', () => {
  const row = visible(['aa..'], 4)
  expect(visibleTracks([{ ...row, isKnown: false }])[0]).toMatchObject({ share: NaN, count: NaN, cls: '' })
  expect(visibleTracks([visible(['....'], 4)])[0]).toMatchObject({ share: 0, count: 0, cls: '' })
})

test('a counter tells its lowest, highest and last value in the view', () => {
  const { layout } = visible(['....'], 4)
  const samples = {
    low: Float64Array.of(NaN, 3, 5),
    high: Float64Array.of(NaN, 9, 6),
    last: Float64Array.of(NaN, 4, 5),
  }
  const told = (values: typeof samples) =>
    visibleTracks([{ layout: { ...layout, lanes: [], samples: values }, isKnown: true }])[0]!.values
  expect(told(samples)).toEqual({ low: 3, high: 9, last: 5 })
  const none = Float64Array.of(NaN)
  expect(told({ low: none, high: none, last: none })).toBeUndefined()
})
