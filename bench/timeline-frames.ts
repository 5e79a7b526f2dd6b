/**
 * How even the timeline moves: the time from frame to frame while a script zooms and pans, beside two pages of the same
 * browser in the same minute, an empty one and one that fills a canvas of the same size. What they cannot keep up, no page can.
 */
import type { Browser, CDPSession, Page } from 'playwright-core'
import { atPart, ms } from './spread.ts'

export const SIZE = { width: 1440, height: 900 }

/**
 * In the page: a loop that asks for every frame, so that a frame in which the page had nothing to do counts, too; and the
 * time that the page's own scripts take in each. Text, as this file knows no page.
 */
export const COUNT_FRAMES = `
  const counted = { between: [], work: [], last: 0, now: -1 }
  window.counted = counted
  const original = requestAnimationFrame.bind(window)
  const every = (time) => {
    if (counted.last > 0) counted.between.push(time - counted.last)
    counted.last = time
    original(every)
  }
  original(every)
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
  /** Processor time of all of the browser's processes but the server's, ms a frame. */
  processorMs: number
}

/** Moves `page`, on which the timeline is drawn, and both peers in turn; prints a line for each. */
export async function frames(browser: Browser, page: Page): Promise<void> {
  const session = await browser.newBrowserCDPSession()
  say('ours', await moved(page, session))
  for (const [name, html] of [
    ['an empty page', EMPTY_PAGE],
    ['a canvas as large, filled', CANVAS_PAGE],
  ] as const) {
    const peer = await browser.newPage({ viewport: SIZE })
    await peer.addInitScript(COUNT_FRAMES)
    await peer.goto(`data:text/html,${encodeURIComponent(html)}`)
    say(name, await moved(peer, session))
    await peer.close()
  }
}

/** Zooms in, pans, zooms out, pans by held keys, then zooms by the wheel: about eight seconds of steady motion. */
async function moved(page: Page, session: CDPSession): Promise<Counted> {
  await page.bringToFront()
  await page.mouse.move(900, 300)
  await page.waitForTimeout(500)
  await page.evaluate('Object.assign(counted, { between: [], work: [], last: 0 })')
  const before = await processorSeconds(session)
  for (const key of ['w', 'd', 's', 'a']) {
    await page.keyboard.down(key)
    await page.waitForTimeout(1_600)
    await page.keyboard.up(key)
  }
  for (let i = 0; i < 90; i++) {
    await page.mouse.wheel(0, i < 60 ? -60 : 80)
    await page.waitForTimeout(16)
  }
  const after = await processorSeconds(session)
  const counted = await page.evaluate<Omit<Counted, 'processorMs'>>('counted')
  return { ...counted, processorMs: (1000 * (after - before)) / counted.between.length }
}

async function processorSeconds(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
}

function say(name: string, { between, work, processorMs }: Counted): void {
  const usual = atPart(between, 0.5)
  const late = between.filter((one) => one > 1.5 * usual).length / between.length
  const scripts = work.length === 0 ? '' : `; scripts p50 ${ms(work, 0.5)} p95 ${ms(work, 0.95)} ms`
  console.log(
    `frames  ${name.padEnd(26)} ${between.length}: p50 ${ms(between, 0.5)} p95 ${ms(between, 0.95)} p99 ${ms(between, 0.99)} ms (aim p95: one frame), ` +
      `${(100 * late).toFixed(1)} % late; processor ${processorMs.toFixed(1)} ms a frame${scripts}`,
  )
}
