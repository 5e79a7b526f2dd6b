import { expect, test } from 'vitest'
import type { BucketSection } from '../../../analysis/timeline/tile.ts'
import { sameAxis } from '../../../draw/timeline/axis.ts'
import { edgesOf, layOutLane } from '../../../draw/timeline/lane.ts'
import { rowsOf } from '../../../draw/timeline/rows.ts'
import type { TrackRow } from '../../../draw/timeline/rows.ts'
import type { TrackLayout } from '../../../draw/timeline/scene.ts'
import { edgeNear } from '../../../draw/timeline/snap.ts'
import { layOut } from './drawn.ts'

const track = {
  id: 'stream-0',
  kind: 'device-stream' as const,
  title: '',
  group: '',
  lanes: 2,
  spans: 3,
  firstNs: 0,
  lastNs: 40,
  table: 'device_op',
  classes: [],
}
const row = rowsOf([{ group: '', folded: false, tracks: [{ track, collapsed: false }] }]).rows[1] as TrackRow
/** Two lanes, ten pixels a nanosecond. */
const drawnAs = (...lanes: string[]): TrackLayout[] => [
  {
    row,
    lanes: lanes.map((drawing, i) => ({ row: row.lanes[i]!, layout: layOut(drawing, 0, 40, 400) })),
    samples: undefined,
    classes: [],
  },
]

test('the nearest edge within reach is found, start or end', () => {
  const tracks = drawnAs('....aaaa..bb')
  expect(edgeNear(tracks, 43, 6)).toEqual({ x: 40, ns: 4 })
  expect(edgeNear(tracks, 78, 6)).toEqual({ x: 80, ns: 8 })
  expect(edgeNear(tracks, 96, 6)).toEqual({ x: 100, ns: 10 })
  expect(edgeNear(tracks, 60, 6)).toBeUndefined()
  expect(edgeNear(tracks, 90, 6)).toBeUndefined()
})

test('at a height only the lane there counts, without one every lane', () => {
  const tracks = drawnAs('....aaaa', '...bbb')
  const [first, second] = row.lanes.map(({ y }) => y + 2)
  expect(edgeNear(tracks, 34, 8, first)).toEqual({ x: 40, ns: 4 })
  expect(edgeNear(tracks, 34, 8, second)).toEqual({ x: 30, ns: 3 })
  expect(edgeNear(tracks, 34, 8)).toEqual({ x: 30, ns: 3 })
  expect(edgeNear(tracks, 34, 8, -5)).toBeUndefined()
})

test('a box told by buckets has no edge to snap to: its span may start anywhere in the first', () => {
  const section: BucketSection = {
    kind: 'buckets',
    lane: 0,
    bucket: Uint16Array.of(1, 2, 3),
    busy: Float64Array.of(3, 4, 2),
    count: Uint32Array.of(1, 0, 0),
    row: Uint32Array.of(7, 7, 7),
    label: Uint32Array.of(0, 0, 0),
    cls: Uint8Array.of(0, 0, 0),
  }
  const view = { from: 0, to: 40, width: 400 }
  const piece = { section, level: 2, index: 0, from: 0, to: 40 }
  const layout = layOutLane([piece], view, sameAxis, edgesOf(view, sameAxis, 1))
  expect(layout.boxes.map(({ from, to }) => [from, to])).toEqual([[4, 16]])
  expect(
    edgeNear([{ row, lanes: [{ row: row.lanes[0]!, layout }], samples: undefined, classes: [] }], 41, 6),
  ).toBe(undefined)
})
