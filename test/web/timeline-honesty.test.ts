/** What a timeline must never do: hide what is there, shade more than was busy, say what is no longer so. */
import type { Locator, Page } from 'playwright-core'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lookOf } from '../../draw/timeline/look.ts'
import { syntheticRun } from '../../fixtures/synthetic-run.ts'
import type { Trace } from '../../trace/trace.ts'
import { drawn } from '../drawn-trace.ts'
import { startSite } from './browser.ts'
import type { Site } from './browser.ts'
import { faintWords } from './contrast.ts'

const HOUR = 3_600e9
/** Three kernels of 1 µs in an hour: at its beginning, a quarter in, at its end. */
function hour(): Trace {
  const trace = drawn(`
    api  a.b.c
    gpu0 .A.B.C
  `)
  trace.device_op.start.set([5_000, HOUR / 4, HOUR - 1_000])
  return trace
}
/** 2 µs of work in every 5 µs, for 60 ms. */
const fortyPercent = (): Trace => drawn(`gpu0 ${'AA...'.repeat(12_000)}`)

/** One kernel of 20 ms, then 8,000 of 2 µs. */
const longThenShort = (): Trace => drawn(`gpu0 ${'B'.repeat(20_000)}${'AA...'.repeat(8_000)}`)

let site: Site
let page: Page
beforeAll(async () => {
  site = await startSite([
    { label: 'synthetic hour', trace: hour() },
    { label: 'synthetic share', trace: fortyPercent() },
    { label: 'synthetic run', trace: syntheticRun({ kernels: 20_000, seed: 5 }) },
    { label: 'synthetic long and short', trace: longThenShort() },
  ])
})
afterAll(() => site.close())

async function open(path: string, options: Parameters<Site['open']>[1] = {}): Promise<void> {
  await page?.context().close()
  ;({ page } = await site.open(path, options))
  await page.locator('.drawing').last().waitFor()
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(400)
}
const head = (track: string): Locator =>
  page.locator('.head', { has: page.getByText(track, { exact: true }) }).last()

interface Lane {
  width: number
  height: number
  /** Colour of a pixel, 0 to 255 each. */
  at(x: number, y: number): [number, number, number]
}
/** The pixels of a track's first lane. */
async function lane(track: string): Promise<Lane> {
  const { x, width } = (await page.locator('.drawing').last().boundingBox())!
  const { y } = (await head(track).boundingBox())!
  const { data, ...size } = PNG.sync.read(await page.screenshot({ clip: { x, y: y + 3, width, height: 17 } }))
  return {
    ...size,
    at: (px, py) => [...data.subarray((py * size.width + px) * 4).subarray(0, 3)] as [number, number, number],
  }
}
const rgb = (hex: string): number[] => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16))
const near = (a: readonly number[], b: readonly number[], most: number): boolean =>
  a.every((value, i) => Math.abs(value - b[i]!) <= most)

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  const ink = rgb(lookOf('busy/other', 0, colorScheme).colour)

  test('a kernel of 1 µs in an hour leaves a mark where it ran, full in colour, and none where nothing ran', async () => {
    await open('/runs/1/timeline', { colorScheme })
    for (const track of ['all work', 'stream 7']) {
      const { width, height, at } = await lane(track)
      const marked = Array.from({ length: width }, (_, x) => x).filter((x) => near(at(x, height - 2), ink, 3))
      expect(marked).toHaveLength(3)
      for (const [i, part] of [0, 0.25, 1].entries())
        expect(Math.abs(marked[i]! - part * width)).toBeLessThanOrEqual(2)
    }
  })

  test('a stream that is busy 40 % of the time has 40 % of its colour', async () => {
    await open('/runs/2/timeline', { colorScheme })
    const { width, at } = await lane('stream 7')
    const ground = rgb(colorScheme === 'light' ? '#ffffff' : '#14171b')
    const wanted = ink.map((value, i) => 0.4 * value + 0.6 * ground[i]!)
    const mean = [0, 0, 0]
    for (let x = 20; x < width - 20; x++) for (const i of [0, 1, 2]) mean[i]! += at(x, 6)[i]! / (width - 40)
    // A shade is one of 24: 4 % of the way from ground to ink.
    expect(near(mean, wanted, 6), `${mean.map(Math.round)} for ${wanted.map(Math.round)}`).toBe(true)
    const busiest = Math.min(
      ...Array.from({ length: width - 40 }, (_, x) => Math.abs(at(x + 20, 6)[0]! - ink[0]!)),
    )
    expect(busiest).toBeGreaterThan(40)
  })

  test('every word of an open timeline can be read (AA)', async () => {
    await open('/runs/3/timeline?from=70000000&to=70400000&span=device_op.5000', { colorScheme })
    await page.locator('.details h2').waitFor()
    await page.keyboard.press('t')
    await page.getByRole('button', { name: 'Legend' }).click()
    expect(await faintWords(page)).toEqual([])
  })
})

test('what was under the pointer is not said any more when the view moves, and anew when it rests', async () => {
  await open('/runs/3/timeline?from=60000000&to=100000000')
  const { x, width } = (await page.locator('.drawing').last().boundingBox())!
  const { y } = (await head('ranges').boundingBox())!
  await page.mouse.move(x + width / 2, y + 12)
  const note = page.locator('.hover')
  await note.getByText('forward').waitFor()
  await page.keyboard.down('d')
  await note.waitFor({ state: 'detached' })
  await page.keyboard.up('d')
  await note.getByText('forward').waitFor()
})

test('a length that only buckets tell is said to be about that; of a span itself it is exact', async () => {
  const lengthIn = async (window: string): Promise<string> => {
    await open(`/runs/4/timeline${window}`)
    const { x, width } = (await page.locator('.drawing').last().boundingBox())!
    const { y } = (await head('stream 7').boundingBox())!
    await page.mouse.move(x + 0.1 * width, y + 12)
    await page.locator('.hover').getByText('kernel B').waitFor()
    return (await page.locator('.hover span').first().textContent()) ?? ''
  }
  expect(await lengthIn('')).toMatch(/^about 20\.\d ms/)
  expect(await lengthIn('?from=0&to=16000000')).toMatch(/^20\.0 ms/)
})

test('an arrow leads from a launch to the work that it caused', async () => {
  await open('/runs/3/timeline?from=62300000&to=62500000&span=device_op.5000')
  await page.locator('.details h2').waitFor()
  await page.waitForTimeout(500)
  /** Pixels with anything on them between the two tracks, on the layer that lies over them. */
  const inked = (): Promise<number> =>
    page.evaluate(() => {
      const canvas = [...document.querySelectorAll<HTMLCanvasElement>('canvas.over')].at(-1)!
      const heads = [...document.querySelectorAll('.head')]
      const top = (name: string): DOMRect =>
        heads.findLast((one) => one.querySelector('.name')?.textContent === name)!.getBoundingClientRect()
      const { y, width } = canvas.getBoundingClientRect()
      // Not shown while there is nothing to draw on it.
      if (width === 0) return 0
      const density = canvas.width / width
      const [from, to] = [top('stream 7').bottom + 4 - y, top('CUDA API').top - 4 - y].map((px) =>
        Math.round(px * density),
      )
      const { data } = canvas.getContext('2d')!.getImageData(0, from!, canvas.width, to! - from!)
      let count = 0
      for (let i = 3; i < data.length; i += 4) if (data[i]! > 100) count++
      return count / density
    })
  expect(await inked()).toBeGreaterThan(60)
  await page.keyboard.press('Escape')
  await page.waitForTimeout(300)
  expect(await inked()).toBe(0)
})

test('while finer tiles are slow to come, the timeline says so', async () => {
  await open('/runs/3/timeline')
  let release = (): void => undefined
  const held = new Promise<void>((done) => (release = done))
  await page.route('**/tiles/**', async (route) => {
    await held
    await route.continue().catch(() => undefined)
  })
  const { x, y, width } = (await page.locator('.drawing').last().boundingBox())!
  await page.mouse.move(x + width / 2, y + 30)
  for (let i = 0; i < 4; i++) await page.mouse.wheel(0, -500)
  await page.getByText('reading finer detail…').waitFor()
  release()
  await page.getByText('reading finer detail…').waitFor({ state: 'detached' })
})

test('names of devices and threads are whole, on a phone, too', async () => {
  await open('/runs/3/timeline', { viewport: { width: 420, height: 860 } })
  const cut = await page
    .locator('.pane .head .name')
    .evaluateAll((all) =>
      all
        .filter((one) => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight + 1)
        .map((one) => one.textContent),
    )
  expect(cut).toEqual([])
})
