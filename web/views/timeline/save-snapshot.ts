/** The picture on screen as a file: all tracks that are unfolded, also those scrolled out of sight. */
import { formatNs } from '../../../trace/number-format.ts'
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
import { overlayOf } from './overlay-of.ts'
import type { RunTimeline } from './run-timeline.svelte.ts'
import type { TimelineView } from './timeline-view.svelte.ts'

/** Pixels of a PNG per CSS pixel. */
const DENSITY = 2
/** Waits this long for tiles and names that are not here yet. */
const PATIENCE_MS = 10_000
const LOOK_AGAIN_MS = 50
/** Browsers refuse larger canvases. */
const MAX_PX = 16_000

/**
 * Downloads the picture; answers what it lacks, which stands in its title as well: '' for nothing. Throws where the browser
 * makes no picture of that size.
 */
export async function saveSnapshot(
  run: RunTimeline,
  view: TimelineView,
  kind: 'png' | 'svg',
): Promise<string> {
  const { snapshot, lacks } = await settled(run, view, kind === 'png' ? DENSITY : 1)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await (kind === 'svg' ? svgOf(snapshot) : pngOf(snapshot)))
  link.download = `${run.label.replaceAll(/[^\w.-]+/g, '_')}.${kind}`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  return lacks
}

function svgOf(snapshot: Snapshot): Blob {
  const surface = drawnAsSvg(snapshot)
  return new Blob([surface.document(snapshot.title)], { type: 'image/svg+xml' })
}

function drawnAsSvg(snapshot: Snapshot): SvgSurface {
  const size = snapshotSize(snapshot.view.width, snapshot.bottom)
  const surface = new SvgSurface(size.width, size.height)
  drawSnapshot(surface, snapshot, timelineTheme(theme.current))
  return surface
}

function pngOf(snapshot: Snapshot): Promise<Blob> {
  const size = snapshotSize(snapshot.view.width, snapshot.bottom)
  const canvas = document.createElement('canvas')
  const density = Math.min(DENSITY, MAX_PX / size.width, MAX_PX / size.height)
  canvas.width = Math.round(size.width * density)
  canvas.height = Math.round(size.height * density)
  const context = canvas.getContext('2d', { alpha: false })!
  context.scale(density, density)
  const surface = new CanvasSurface(context, density, patternMaker(context))
  drawSnapshot(surface, snapshot, timelineTheme(theme.current))
  return new Promise((done, fail) =>
    canvas.toBlob(
      (blob) => (blob ? done(blob) : fail(new Error('it is too large for this browser'))),
      'image/png',
    ),
  )
}

/** The drawing once every tile and name that it needs is here, or patience has run out; then it says what it lacks. */
async function settled(
  run: RunTimeline,
  view: TimelineView,
  density: number,
): Promise<{ snapshot: Snapshot; lacks: string }> {
  const until = performance.now() + PATIENCE_MS
  try {
    for (;;) {
      const snapshot = layOut(run, view, density)
      const isOver = performance.now() > until
      const isWhole = run.tiles.settled
      const isNamed = (isWhole || isOver) && hasNames(snapshot)
      if ((isWhole && isNamed) || isOver) {
        const lacks = [
          ...(isWhole ? [] : ['finer detail had not come yet']),
          ...(isNamed ? [] : ['some names had not come yet']),
          ...(run.error === undefined ? [] : ['some of it could not be read']),
        ].join(', ')
        return {
          snapshot: lacks === '' ? snapshot : { ...snapshot, title: `${snapshot.title} (${lacks})` },
          lacks,
        }
      }
      await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS))
    }
  } finally {
    run.tiles.begin('snapshot')
    run.tiles.end()
  }
}

/** Which names a picture needs shows when it is drawn; those that are missing are asked for by that. */
function hasNames(snapshot: Snapshot): boolean {
  let missing = 0
  const nameOf = (label: number): string | undefined => {
    const name = snapshot.nameOf(label)
    if (name === undefined) missing++
    return name
  }
  drawnAsSvg({ ...snapshot, nameOf })
  return missing === 0
}

function layOut(run: RunTimeline, view: TimelineView, density: number): Snapshot {
  const { now } = view
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
    overlay: overlayOf(run, view, {
      view: now,
      tracks,
      rows,
      elsewhere: () => undefined,
      top: 0,
      bottom: height,
    }),
    title: `${run.label}: ${formatNs(Math.round(now.to - now.from))} from ${seconds(now.from)}`,
  }
}
