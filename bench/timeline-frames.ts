/**
 * How even the timeline moves: the time from frame to frame while a script zooms and pans (timeline-legs.ts), each leg beside
 * an empty page of the same browser right after it, and all beside a page that fills a canvas of the same size. What they
 * cannot keep up, no page can.
 */
import type { Browser, CDPSession, Page } from 'playwright-core'
import { atPart, ms } from './spread.ts'
import { LEGS } from './timeline-legs.ts'
import type { Leg } from './timeline-legs.ts'

export const SIZE = { width: 1440, height: 900 }

/**
 * In the page: a loop that asks for every frame, so that a frame in which the page had nothing to do counts, too; the time
 * that the page's own scripts take in each; and how many names they put on canvases. Text, as this file knows no page.
 */
export const COUNT_FRAMES = `
  const counted = { between: [], work: [], names: 0, last: 0, now: -1 }
  window.counted = counted
  const original = requestAnimationFrame.bind(window)
  const every = (time) => {
    if (counted.last > 0) counted.between.push(time - counted.last)
    counted.last = time
    original(every)
  }
  original(every)
  const { prototype } = CanvasRenderingContext2D
  const write = prototype.fillText
  prototype.fillText = function (...words) {
    // Names of spans are in the sans face, times in the mono one.
    if (this.font.includes('Inter')) counted.names++
    return write.apply(this, words)
  }
  window.requestAnimationFrame = (callback) =>
    original((time) => {
      const start = performance.now()
      callback(time)
      const took = performance.now() - start
      if (time === counted.now) counted.work[counted.work.length - 1] += took
      else {
        counted.now = time
        counted.work.push(took)
      }
    })`

const EMPTY_PAGE = '<!doctype html>'
const CANVAS_PAGE = `<!doctype html><canvas id="canvas" width="1180" height="760"></canvas><script>
  const context = canvas.getContext('2d', { alpha: false })
  const draw = () => {
    context.fillStyle = context.fillStyle === '#ffffff' ? '#eeeeee' : '#ffffff'
    context.fillRect(0, 0, 1180, 760)
    requestAnimationFrame(draw)
  }
  draw()
</script>`

interface Counted {
  between: number[]
  work: number[]
  names: number
  /** Processor time of all of the browser's processes, ms a frame. */
  processorMs: number
}

/** 60 a second. */
const AIM_MS = 16.7

/**
 * Moves the timeline of `run`, whose times end at `endNs`, leg by leg, and the peers; prints a line for each. `opened` waits
 * until an address is drawn.
 */
export async function frames(
  browser: Browser,
  page: Page,
  endNs: number,
  opened: (page: Page, query: string) => Promise<unknown>,
): Promise<void> {
  const session = await browser.newBrowserCDPSession()
  const empty = await peerPage(browser, EMPTY_PAGE)
  const { width } = (await page.locator('.drawing').last().boundingBox())!
  console.log(`frames  aim p95 ≤ ${AIM_MS} ms; the drawing is ${width} px wide`)
  for (const leg of LEGS) {
    const from = Math.round(0.4 * endNs)
    const to = leg.nsPerPx === undefined ? endNs : Math.min(endNs, Math.round(from + leg.nsPerPx * width))
    // A page behind another one may be given no frames, and would never be drawn.
    await page.bringToFront()
    await opened(page, leg.nsPerPx === undefined ? '' : `?from=${from}&to=${to}`)
    say(leg.name, await moved(page, session, leg))
    say('  an empty page', await moved(empty, session, leg))
  }
  await empty.close()
  const filled = await peerPage(browser, CANVAS_PAGE)
  say('a canvas as large, filled', await moved(filled, session, LEGS[0]!))
  await filled.close()
}

async function peerPage(browser: Browser, html: string): Promise<Page> {
  const page = await browser.newPage({ viewport: SIZE })
  await page.addInitScript(COUNT_FRAMES)
  await page.goto(`data:text/html,${encodeURIComponent(html)}`)
  return page
}

async function moved(page: Page, session: CDPSession, leg: Leg): Promise<Counted> {
  await page.bringToFront()
  await page.mouse.move(900, 300)
  await page.waitForTimeout(500)
  await page.evaluate('Object.assign(counted, { between: [], work: [], names: 0, last: 0 })')
  const before = await processorSeconds(session)
  await leg.move(page)
  const after = await processorSeconds(session)
  const counted = await page.evaluate<Omit<Counted, 'processorMs'>>('counted')
  return { ...counted, processorMs: (1000 * (after - before)) / counted.between.length }
}

async function processorSeconds(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
}

/** What draws the page, as the browser itself says. */
export async function rendererOf(browser: Browser): Promise<string> {
  const session = await browser.newBrowserCDPSession()
  const { gpu } = await session.send('SystemInfo.getInfo')
  const told = (of: unknown, key: string): string =>
    String((of as Record<string, unknown> | undefined)?.[key] ?? 'not said').replaceAll('_', ' ')
  return [
    `GL renderer ${told(gpu.auxAttributes, 'glRenderer') || 'none'}`,
    ...['2d_canvas', 'gpu_compositing', 'rasterization'].map(
      (feature) => `${feature.replaceAll('_', ' ')} ${told(gpu.featureStatus, feature)}`,
    ),
  ].join(', ')
}

function say(name: string, { between, work, names, processorMs }: Counted): void {
  const usual = atPart(between, 0.5)
  const late = between.filter((one) => one > 1.5 * usual).length / between.length
  const scripts =
    work.length === 0
      ? ''
      : `; scripts p50 ${ms(work, 0.5)} p95 ${ms(work, 0.95)} ms, ${(names / work.length).toFixed(0)} names a frame`
  console.log(
    `frames  ${name.padEnd(31)} ${String(between.length).padStart(4)}: p50 ${ms(between, 0.5)} p95 ${ms(between, 0.95)} p99 ${ms(between, 0.99)} ms, ` +
      `${(100 * late).toFixed(1)} % late; processor ${processorMs.toFixed(1)} ms a frame${scripts}`,
  )
}
