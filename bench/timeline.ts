/**
 * The timeline at ten million kernels (a SYNTHETIC run): what a tile costs the server, how soon the page shows the whole
 * run, and how evenly it moves (timeline-frames.ts).
 *
 *   npm run bench -- timeline            10,000,000 kernels
 *   npm run bench -- timeline 1000000    fewer
 *
 * Cold: the first time that tile is asked for, its track's index made. Warm: asked for again. Both over HTTP on this
 * machine, answers read to the end. The peer is the same tile by one pass over the spans of its time, which is what a
 * viewer without an index has to do; the ratio is of the server's own work on both.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { captureWindow } from '../analysis/capture-window.ts'
import { overviewOf } from '../analysis/timeline/overview.ts'
import { tileOf } from '../analysis/timeline/timeline.ts'
import { encodeTile } from '../analysis/timeline/tile-code.ts'
import { addOverview } from '../db/overview.ts'
import { Store } from '../db/store.ts'
import { random } from '../fixtures/random.ts'
import { syntheticRun } from '../fixtures/synthetic-run.ts'
import { startServer } from '../server/start.ts'
import { TILE_BUCKETS, tileNs } from '../trace/timeline.ts'
import type { Trace } from '../trace/trace.ts'
import { CHROMIUM, CHROMIUM_FLAGS } from '../test/web/chromium.ts'
import { kb, ms } from './spread.ts'
import { COUNT_FRAMES, SIZE, frames, rendererOf } from './timeline-frames.ts'

const TILES = 400
const WEB = fileURLToPath(new URL('../dist/web', import.meta.url))

/** Prints the numbers. Needs the built page (npm run build) for the part in the browser. */
export async function main(kernels: string | number = 10_000_000): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parallax-bench-'))
  try {
    const count = Number(kernels)
    console.log(
      `timeline, SYNTHETIC run of ${count.toLocaleString('en-US')} kernels; ${cpus().length} × ${cpus()[0]!.model}, load ${loadavg()[0]!.toFixed(1)}`,
    )
    const path = join(folder, 'store.db')
    const endNs = store(path, count)
    await serverPart(path, endNs)
    await browserPart(path, endNs)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function store(path: string, kernels: number): number {
  const trace = syntheticRun({ kernels })
  const kept = new Store(path)
  const window = captureWindow(trace)!
  const start = performance.now()
  const source = { name: 'synthetic', sha256: 'f'.repeat(64), bytes: 1, format: 'synthetic' }
  kept.addRun(trace, [source], 'synthetic run', { captureNs: [window[0], window[1]], devices: [] })
  const stored = seconds(start)
  const begun = performance.now()
  addOverview(kept.database, 1, overviewOf(kept.loadTrace(1)))
  const overview = seconds(begun)
  kept.close()
  const spans = trace.device_op.length + trace.api_call.length + trace.range.length + trace.os_call.length
  console.log(
    `store   ${spans.toLocaleString('en-US')} spans written in ${stored}, what is shown first in ${overview}; ${(statSync(path).size / 1e6).toFixed(0)} MB`,
  )
  return window[1]
}

async function serverPart(path: string, endNs: number): Promise<void> {
  const kept = new Store(path)
  const server = await startServer({ store: kept, host: '127.0.0.1', port: 0, web: WEB, nsys: undefined })
  try {
    const start = performance.now()
    const { version } = (await (await fetch(`${server.url}/api/runs/1/tracks`)).json()) as { version: string }
    console.log(`tracks  of a run that was not loaded: ${seconds(start)} (kept since its import)`)
    const closer = performance.now()
    await (await fetch(`${server.url}/api/runs/1/tiles/stream-0/10/5?v=${version}`)).arrayBuffer()
    console.log(
      `closer  the first finer tile: ${seconds(closer)} (columns read, lanes and the partition made, once)`,
    )
    for (const [what, track] of [
      ['kernels', 'stream-0'],
      ['ranges', 'range-0'],
      ['all work', 'device-0'],
      ['API', 'api-0'],
    ] as const)
      await tiles(server.url, version, what, track, endNs)
    peer(kept.loadTrace(1), endNs)
  } finally {
    await server.close()
    kept.close()
  }
}

/** Any tile of any level, with the levels spread evenly: as a person zooming in at random would ask. */
function someTiles(endNs: number): { level: number; index: number }[] {
  const next = random(7)
  const top = Math.ceil(Math.log2(endNs / TILE_BUCKETS))
  return Array.from({ length: TILES }, (_, i) => {
    const level = 6 + (i % (top - 5))
    return { level, index: Math.floor((next() * endNs) / tileNs(level)) }
  })
}

async function tiles(
  url: string,
  version: string,
  what: string,
  track: string,
  endNs: number,
): Promise<void> {
  const ask = async ({ level, index }: { level: number; index: number }): Promise<[number, number]> => {
    const start = performance.now()
    const response = await fetch(`${url}/api/runs/1/tiles/${track}/${level}/${index}?v=${version}`)
    const { byteLength } = await response.arrayBuffer()
    return [performance.now() - start, byteLength]
  }
  const first = await ask({ level: 30, index: 0 })
  const cold: number[] = []
  const warm: number[] = []
  const bytes: number[] = []
  for (const tile of someTiles(endNs)) {
    const [ms, size] = await ask(tile)
    cold.push(ms)
    bytes.push(size)
  }
  for (const tile of someTiles(endNs)) warm.push((await ask(tile))[0])
  console.log(
    `tiles   ${what.padEnd(8)} cold p50 ${ms(cold, 0.5)} p95 ${ms(cold, 0.95)}, warm p50 ${ms(warm, 0.5)} p95 ${ms(warm, 0.95)} ms (aim p95 ≤ 5); ` +
      `p50 ${kb(bytes, 0.5)} p95 ${kb(bytes, 0.95)} KB; first one, with its index: ${first[0].toFixed(0)} ms`,
  )
}

/**
 * The same tiles in this process, in processor time, which another program's work does not lengthen; and by one pass over
 * the spans of the tile's time, as without an index.
 */
function peer(trace: Trace, endNs: number): void {
  const { start, duration } = trace.device_op
  for (const track of ['stream-0', 'range-0']) {
    // Its index is made once and not part of a tile.
    tileOf(trace, track, 30, 0)
    const costs = someTiles(endNs).map(({ level, index }) =>
      processorMs(() => encodeTile(tileOf(trace, track, level, index))),
    )
    console.log(`work    ${track} processor time of a tile p50 ${ms(costs, 0.5)} p95 ${ms(costs, 0.95)} ms`)
  }
  const tree = processorMs(() => {
    for (const { level, index } of someTiles(endNs)) encodeTile(tileOf(trace, 'stream-0', level, index))
  })
  const pass = processorMs(() => {
    for (const { level, index } of someTiles(endNs)) onePass(start, duration, index * tileNs(level), level)
  })
  console.log(
    `peer    one pass over the spans takes ${(pass / tree).toFixed(1)} × the processor time of the tree (${(tree / TILES).toFixed(2)} ms a tile)`,
  )
}

function processorMs(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e3
}

function onePass(start: Float64Array, duration: Float64Array, from: number, level: number): Float64Array {
  const busy = new Float64Array(TILE_BUCKETS)
  const to = from + tileNs(level)
  let low = 0
  let high = start.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (start[middle]! < from) low = middle + 1
    else high = middle
  }
  for (let i = Math.max(0, low - 1); i < start.length && start[i]! < to; i++) {
    const end = Math.min(to, start[i]! + duration[i]!)
    for (let at = Math.max(from, start[i]!); at < end;) {
      const bucket = Math.floor((at - from) / 2 ** level)
      const edge = Math.min(end, from + (bucket + 1) * 2 ** level)
      busy[bucket]! += edge - at
      at = edge
    }
  }
  return busy
}

async function browserPart(path: string, endNs: number): Promise<void> {
  const kept = new Store(path)
  const server = await startServer({ store: kept, host: '127.0.0.1', port: 0, web: WEB, nsys: undefined })
  const browser = await chromium
    .launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS })
    .catch(() => undefined)
  try {
    if (browser === undefined) {
      console.log(`browser skipped: there is no Chromium at ${CHROMIUM}`)
      return
    }
    console.log(
      `browser Chromium ${browser.version()}, headless, ${SIZE.width} × ${SIZE.height}; ${await rendererOf(browser)}`,
    )
    for (const when of ['server cold', 'server warm']) {
      const page = await browser.newPage({ viewport: SIZE })
      await page.addInitScript(COUNT_FRAMES)
      const complete = await opened(page, server.url)
      console.log(
        `open    ${when}: the whole run is drawn ${complete.toFixed(0)} ms after the address was given (aim ≤ 1000)`,
      )
      if (when === 'server warm') {
        // The indexes of all tracks are made by whoever looks closer first: seconds, in a thread beside. Not counted here.
        for (const track of ['device-0', 'idle-0', 'phase-0', 'stream-0', 'range-0', 'api-0', 'os-0'])
          await (await fetch(`${server.url}/api/runs/1/tiles/${track}/10/5`)).arrayBuffer()
        await frames(browser, page, endNs, (of, query) => opened(of, server.url, query))
      }
      await page.close()
    }
  } finally {
    await browser?.close()
    await server.close()
    kept.close()
  }
}

async function opened(page: Page, url: string, query = ''): Promise<number> {
  await page.goto(`${url}/runs/1/timeline${query}`)
  const entry = `performance.getEntriesByName('timeline-complete')`
  const until = performance.now() + 120_000
  // Asked for again and again: the page's own policy allows no waiting by evaluated text.
  while (performance.now() < until) {
    const at = await page.evaluate<number | null>(`${entry}[0]?.startTime ?? null`)
    if (at !== null) return at
    await page.waitForTimeout(50)
  }
  throw new Error('the timeline was not complete after two minutes')
}

const seconds = (start: number): string => `${((performance.now() - start) / 1000).toFixed(2)} s`
