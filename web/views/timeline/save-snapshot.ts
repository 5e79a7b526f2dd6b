/** The picture on screen as a file: all tracks that are unfolded, also those scrolled out of sight. */
import { formatNs } from '../../../draw/format.ts'
import { CanvasSurface } from '../../../draw/timeline/canvas-surface.ts'
import { edgesOf } from '../../../draw/timeline/lane.ts'
import { timelineTheme } from '../../../draw/timeline/look.ts'
import { rowsOf } from '../../../draw/timeline/rows.ts'
import { seconds } from '../../../draw/timeline/ruler.ts'
import { layOutTrack } from '../../../draw/timeline/scene.ts'
import { drawSnapshot, snapshotSize } from '../../../draw/timeline/snapshot.ts'
import type { Snapshot } from '../../../draw/timeline/snapshot.ts'
import { SvgSurface } from '../../../draw/timeline/svg-surface.ts'
import { nsPerPx } from '../../../draw/timeline/viewport.ts'
import { theme } from '../../lib/theme.svelte.ts'
import { patternMaker } from './canvas.ts'
import type { RunTimeline } from './run-timeline.svelte.ts'
import type { TimelineView } from './timeline-view.svelte.ts'

/** Pixels of a PNG per CSS pixel. */
const DENSITY = 2
/** Waits this long for tiles that are not here yet. */
const PATIENCE_MS = 10_000
/** Browsers refuse larger canvases. */
const MAX_PX = 16_000

export async function saveSnapshot(run: RunTimeline, view: TimelineView, kind: 'png' | 'svg'): Promise<void> {
  const blob = await snapshotBlob(run, view, kind)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = `${run.label.replaceAll(/[^\w.-]+/g, '_')}.${kind}`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

export async function snapshotBlob(run: RunTimeline, view: TimelineView, kind: 'png' | 'svg'): Promise<Blob> {
  const look = timelineTheme(theme.current)
  const snapshot = await settled(run, view, kind === 'png' ? DENSITY : 1)
  const size = snapshotSize(snapshot.view.width, snapshot.bottom)
  if (kind === 'svg') {
    const surface = new SvgSurface(size.width, size.height)
    drawSnapshot(surface, snapshot, look)
    return new Blob([surface.document(snapshot.title)], { type: 'image/svg+xml' })
  }
  const canvas = document.createElement('canvas')
  const density = Math.min(DENSITY, MAX_PX / size.width, MAX_PX / size.height)
  canvas.width = Math.round(size.width * density)
  canvas.height = Math.round(size.height * density)
  const context = canvas.getContext('2d', { alpha: false })!
  context.scale(density, density)
  drawSnapshot(new CanvasSurface(context, density, patternMaker(context)), snapshot, look)
  return new Promise((done, fail) =>
    canvas.toBlob(
      (blob) => (blob ? done(blob) : fail(new Error('The picture is too large for this browser.'))),
      'image/png',
    ),
  )
}

/** The drawing once every tile that it needs is here, or patience has run out. */
async function settled(run: RunTimeline, view: TimelineView, density: number): Promise<Snapshot> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const snapshot = layOut(run, view, density)
    if (run.tiles.settled || performance.now() > until) {
      run.tiles.begin('snapshot')
      run.tiles.end()
      return snapshot
    }
    await new Promise((done) => setTimeout(done, 50))
  }
}

function layOut(run: RunTimeline, { now, window }: TimelineView, density: number): Snapshot {
  const { rows, height } = rowsOf([...run.arranged.pinned, ...run.arranged.groups])
  const edges = edgesOf(now, run.axis, density)
  run.tiles.begin('snapshot')
  const tracks = rows.flatMap((row) => {
    if (row.kind === 'group') return []
    const { pieces } = run.cover(row.track, nsPerPx(now) / density, edges[0], edges[edges.length - 1])
    return layOutTrack(row, pieces, now, run.axis, edges)
  })
  run.tiles.end()
  return {
    view: now,
    rows,
    tracks,
    density,
    nameOf: run.names.nameOf,
    top: 0,
    bottom: height,
    window,
    title: `${run.label}: ${formatNs(Math.round(now.to - now.from))} from ${seconds(now.from)}`,
  }
}
