import { expect, test } from 'vitest'
import { sameAxis } from '../../../draw/timeline/axis.ts'
import { drawFlows } from '../../../draw/timeline/flow.ts'
import type { FlowOverlay } from '../../../draw/timeline/flow.ts'
import { timelineTheme } from '../../../draw/timeline/look.ts'
import { rowsOf } from '../../../draw/timeline/rows.ts'
import type { Surface } from '../../../draw/timeline/surface.ts'
import type { Track } from '../../../trace/timeline.ts'

const track = (id: string, group: string): Track =>
  ({ id, group, title: id, kind: 'thread-api', lanes: 1 }) as Track
const all = [
  track('stream', 'gpu'),
  ...Array.from({ length: 9 }, (_, i) => track(`os${i}`, 'cpu')),
  track('api', 'cpu'),
]
const shown = (tracks: readonly Track[]) => tracks.map((one) => ({ track: one, collapsed: false }))

/** Ends of the lines, and texts, of an arrow from "api" at 20 to "stream" at 60; rows are 24 px each, from y = 0. */
function arrow(over: Partial<FlowOverlay>, folded: readonly string[] = []) {
  const groups = ['gpu', 'cpu'].map((group) => ({
    group,
    folded: folded.includes(group),
    tracks: shown(all.filter((one) => one.group === group)),
  }))
  const lines: number[][] = []
  const texts: string[] = []
  const surface = {
    line: (points: number[]) => lines.push([...points.slice(0, 2), ...points.slice(-2)]),
    area: () => undefined,
    rects: () => undefined,
    measure: (text: string) => text.length * 6,
    text: (text: string) => texts.push(text),
  } as never as Surface
  const from = { row: 1, track: 'api', startNs: 20 }
  drawFlows(
    surface,
    {
      view: { from: 0, to: 100, width: 1000 },
      axis: sameAxis,
      tracks: [],
      top: 0,
      bottom: 400,
      rows: rowsOf(groups).rows,
      trackOf: (id: string) => all.find((one) => one.id === id),
      elsewhere: () => undefined,
      flows: [{ from, to: { row: 2, track: 'stream', startNs: 60 } }],
      ...over,
    },
    timelineTheme('light'),
  )
  return { lines, texts }
}

test('with both ends in sight an arrow goes from track to track, without a word', () => {
  // Rows: gpu 0, stream 24, cpu 48, os0 72 … os8 264, api 288.
  expect(arrow({})).toEqual({ lines: [[200, 300, 600, 36]], texts: [] })
})

test('an end that is scrolled off is drawn to the edge it lies behind, with its name', () => {
  expect(arrow({ bottom: 150 })).toEqual({ lines: [[200, 150, 600, 36]], texts: ['↓ api · cpu'] })
  expect(arrow({ top: 100 })).toEqual({ lines: [[200, 300, 600, 100]], texts: ['↑ stream · gpu'] })
  expect(arrow({ top: 100, bottom: 150 }).texts).toEqual(['↓ api · cpu', '↑ stream · gpu'])
})

test('with both ends behind one edge it goes along that edge, and both are named', () => {
  const rows = rowsOf([{ group: 'gpu', folded: false, tracks: shown([all[1]!, all[0]!, all.at(-1)!]) }]).rows
  expect(arrow({ rows, bottom: 40 })).toEqual({
    lines: [[200, 38, 600, 38]],
    texts: ['↓ api · cpu', '↓ stream · gpu'],
  })
})

test('an end in a folded group is drawn to the group’s row', () => {
  expect(arrow({}, ['cpu'])).toEqual({ lines: [[200, 60, 600, 36]], texts: ['api'] })
})

test('an end that another list shows lies behind the edge beside that list; both there are no arrow here', () => {
  const rows = rowsOf([{ group: 'gpu', folded: false, tracks: shown([all[0]!]) }]).rows
  expect(arrow({ rows, elsewhere: () => 'above' })).toEqual({
    lines: [[200, 0, 600, 36]],
    texts: ['↑ api · cpu'],
  })
  expect(arrow({ rows: [], elsewhere: () => 'below' })).toEqual({ lines: [], texts: [] })
})

test('a hidden track is drawn nowhere, and arrows that end behind one edge say its name once', () => {
  const rows = rowsOf([{ group: 'gpu', folded: false, tracks: shown([all[0]!]) }]).rows
  expect(arrow({ rows })).toEqual({ lines: [], texts: [] })
  const flow = (startNs: number) => ({
    from: { row: 1, track: 'api', startNs: 20 },
    to: { row: 2, track: 'stream', startNs },
  })
  expect(arrow({ bottom: 150, flows: [flow(40), flow(60)] })).toMatchObject({
    lines: [
      [200, 150, 400, 36],
      [200, 150, 600, 36],
    ],
    texts: ['↓ api · cpu'],
  })
})
