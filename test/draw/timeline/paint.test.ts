import { describe, expect, test } from 'vitest'
import type { Tile } from '../../../analysis/timeline/tile.ts'
import { sameAxis } from '../../../draw/timeline/axis.ts'
import { drawTimeline } from '../../../draw/timeline/draw-timeline.ts'
import { hitAt } from '../../../draw/timeline/hit.ts'
import { edgesOf } from '../../../draw/timeline/lane.ts'
import { lookOf, timelineTheme } from '../../../draw/timeline/look.ts'
import { rowsOf } from '../../../draw/timeline/rows.ts'
import type { TrackRow } from '../../../draw/timeline/rows.ts'
import { layOutTrack } from '../../../draw/timeline/scene.ts'
import type { Surface } from '../../../draw/timeline/surface.ts'
import { SvgSurface } from '../../../draw/timeline/svg-surface.ts'
import type { Track } from '../../../trace/timeline.ts'
import { spansOf } from './drawn.ts'

const track: Track = {
  id: 'stream-0',
  kind: 'device-stream',
  title: 'stream 7',
  group: 'GPU 0',
  lanes: 1,
  spans: 3,
  firstNs: 0,
  lastNs: 100,
  table: 'device_op',
  classes: ['busy/gemm', 'busy/attention', 'idle/host-work'],
}

/** A surface that remembers. */
class Recorder implements Surface {
  readonly calls: { what: string; colour: string; alpha: number; rects: readonly number[]; text?: string }[] =
    []
  rects(rects: readonly number[], colour: string, alpha: number): void {
    this.calls.push({ what: 'rects', colour, alpha, rects })
  }
  hatch(rects: readonly number[], pattern: { stroke: string }, alpha: number): void {
    this.calls.push({ what: 'hatch', colour: pattern.stroke, alpha, rects })
  }
  line(): void {}
  area(): void {}
  text(text: string): void {
    this.calls.push({ what: 'text', colour: '', alpha: 1, rects: [], text })
  }
  measure(text: string): number {
    return text.length * 6
  }
  at(_x: number, _y: number, draw: () => void): void {
    draw()
  }
  clip(_x: number, _y: number, _width: number, _height: number, draw: () => void): void {
    draw()
  }
  of(colour: string) {
    return this.calls.filter((call) => call.colour === colour)
  }
}

function scene(drawing: string, to: number, width: number) {
  const { rows, height } = rowsOf([{ group: 'GPU 0', folded: false, tracks: [{ track, collapsed: false }] }])
  const view = { from: 0, to, width }
  const tile: Tile = { level: 0, index: 0, sections: [spansOf(drawing)] }
  const row = rows[1] as TrackRow
  const layout = layOutTrack(row, [{ tile, from: 0, to: 512 }], view, sameAxis, edgesOf(view, sameAxis, 1))
  return {
    view,
    rows,
    tracks: [layout],
    density: 1,
    nameOf: (label: number) => `name ${label}`,
    top: 0,
    bottom: height,
  }
}
const gemm = lookOf('busy/gemm', 0, 'light').colour
const theme = timelineTheme('light')

describe('drawing', () => {
  test('shade is the busy share', () => {
    const surface = new Recorder()
    //            |aa|a.|..|  one pixel full, one half, one empty
    drawTimeline(surface, scene('aaa...', 6, 3), theme)
    expect(surface.of(gemm).map(({ alpha, rects }) => [alpha, rects[0], rects[2]])).toEqual([
      [0.5, 1, 1],
      [1, 0, 1],
    ])
  })

  test('what is too short to shade still leaves a full-strength mark at the foot of the lane', () => {
    const surface = new Recorder()
    drawTimeline(surface, scene(`${'.'.repeat(150)}a`, 400, 4), theme)
    const [foot] = surface.of(gemm)
    expect(foot).toMatchObject({ what: 'rects', alpha: 1 })
    expect(foot!.rects.slice(0, 1)).toEqual([1])
    expect(foot!.rects[3]).toBeLessThan(6)
  })

  test('idle time is a hatch and never a solid fill', () => {
    const surface = new Recorder()
    drawTimeline(surface, scene('cccccc', 6, 6), theme)
    const look = lookOf('idle/host-work', 0, 'light')
    expect(surface.of(look.colour).map(({ what }) => what)).toEqual(['hatch'])
  })

  test('a name is written where it fits, cut where it nearly does, left out where it does not', () => {
    const texts = (width: number): (string | undefined)[] => {
      const surface = new Recorder()
      drawTimeline(surface, scene('bbbbbbbbbb', 10, width), theme)
      return surface.calls.filter((call) => call.what === 'text').map((call) => call.text)
    }
    expect(texts(200)).toEqual(['name 1'])
    expect(texts(40)).toEqual(['name…'])
    expect(texts(20)).toEqual([])
  })

  test('what is drawn is what is hit', () => {
    const { tracks } = scene('aaaa..bb', 8, 8)
    const y = tracks[0]!.lanes[0]!.row.y + 5
    expect(hitAt(tracks, 1, y, 1)).toMatchObject({ row: 0, cls: 0, share: 1, box: { from: 0, to: 4 } })
    expect(hitAt(tracks, 7, y, 1)).toMatchObject({ row: 1, cls: 1, box: undefined, count: 0 })
    // Two pixels of grace beside what is narrow, none further off.
    expect(hitAt(tracks, 5, y, 1)).toMatchObject({ row: 1 })
    expect(hitAt(tracks, 1, y + 40, 1)).toBeUndefined()
  })

  test('an SVG of the same drawing is a document with its title, and escapes names', () => {
    const surface = new SvgSurface(300, 60)
    drawTimeline(surface, { ...scene('aaaaaaaaaa', 10, 300), nameOf: () => 'a<b> & "c"\u0007' }, theme)
    const svg = surface.document('x < y')
    expect(svg).toContain('<title>x &lt; y</title>')
    expect(svg).toContain('a&lt;b&gt; &amp; &quot;c&quot;\ufffd')
    expect(svg).toContain(`fill="${gemm}"`)
    expect(svg.match(/<(\w+)/g)!.length).toBeGreaterThan(5)
  })
})
