/** The timeline by mouse, touch pad and touch: where things land, to the pixel. */
import type { CDPSession } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { syntheticRun } from '../../fixtures/synthetic-run.ts'
import type { Trace } from '../../trace/trace.ts'
import { startSite } from './browser.ts'
import type { Site } from './browser.ts'
import { drive } from './timeline-driver.ts'
import type { Driven } from './timeline-driver.ts'

const FROM = 60_000_000
const TO = 100_000_000

let site: Site
let trace: Trace
let at: Driven

beforeAll(async () => {
  trace = syntheticRun({ kernels: 20_000, seed: 5 })
  site = await startSite([{ label: 'synthetic run', trace }])
})
afterAll(() => site.close())
afterEach(async () => {
  expect(at.complaints).toEqual([])
  await at.page.context().close()
})
const open = async (
  query = `from=${FROM}&to=${TO}`,
  options: Parameters<Site['open']>[1] = {},
): Promise<void> => {
  at = await drive(site, `/runs/1/timeline?${query}`, options)
}
/** Time at `part` of the width. */
const timeAt = ({ from, to }: { from: number; to: number }, part: number): number => from + (to - from) * part

/** A kernel that is wide in a view of 400 µs around it, and that view. */
function wideKernel(): { from: number; to: number; start: number; end: number } {
  const { start, duration } = trace.device_op
  const row = [...start.keys()].find((one) => start[one]! > 70_000_000 && duration[one]! > 30_000)!
  const [a, b] = [start[row]!, start[row]! + duration[row]!]
  const from = Math.round((a + b) / 2) - 200_000
  return { from, to: from + 400_000, start: a, end: b }
}

test('a name of a window’s statistics is gone to inside that window', async () => {
  const window = [110_000_000, 130_000_000] as const
  await open(`from=100000000&to=140000000&window=${window[0]}_${window[1]}`)
  const kernels = at.panel.locator('section', { hasText: 'Work on devices' })
  const name = (await kernels.locator('button').first().getAttribute('title'))!
  await kernels.locator('button').first().click()
  await at.page
    .locator('.details h2')
    .or(at.page.getByRole('tab', { name: 'Span' }))
    .first()
    .waitFor()
  const row = Number((await at.query()).get('span')!.split('.')[1])
  expect(trace.strings[trace.device_op.name[row]!]).toBe(name)
  const rows = [...trace.device_op.name.keys()].filter(
    (one) => trace.device_op.name[one] === trace.device_op.name[row],
  )
  expect(row).toBe(rows.find((one) => trace.device_op.start[one]! >= window[0]))
  expect(row).toBeGreaterThan(rows[0]!)
})

test('what is under the pointer stays there as the wheel zooms, with the control key too', async () => {
  for (const key of [undefined, 'Control']) {
    await open()
    const { x, y, width } = await at.box()
    const px = Math.round(width * 0.3)
    await at.page.mouse.move(x + px, y + 60)
    const before = timeAt({ from: FROM, to: TO }, px / width)
    if (key) await at.page.keyboard.down(key)
    for (let i = 0; i < 3; i++) await at.page.mouse.wheel(0, -60)
    if (key) await at.page.keyboard.up(key)
    const view = await at.view()
    // A notch of 60 is a factor of e^(0.002 · 60), as a pinch e^(0.01 · 60).
    expect((TO - FROM) / (view.to - view.from)).toBeCloseTo(Math.exp(3 * 60 * (key ? 0.01 : 0.002)), 1)
    const pixel = (view.to - view.from) / width
    expect(Math.abs(timeAt(view, px / width) - before)).toBeLessThan(pixel)
    if (key === undefined) await at.page.context().close()
  }
})

test('what is between two fingers stays there as they spread', async () => {
  await open(undefined, { hasTouch: true })
  const { x, y, width } = await at.box()
  const session: CDPSession = await at.page.context().newCDPSession(at.page)
  const touch = (type: 'touchStart' | 'touchMove', a: number, b: number) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: [
        { x: x + a, y: y + 60, id: 0 },
        { x: x + b, y: y + 60, id: 1 },
      ],
    })
  const before = timeAt({ from: FROM, to: TO }, 300 / width)
  await touch('touchStart', 250, 350)
  await touch('touchMove', 225, 375)
  await touch('touchMove', 200, 400)
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  const view = await at.view()
  expect((TO - FROM) / (view.to - view.from)).toBeCloseTo(2, 1)
  expect(Math.abs(timeAt(view, 300 / width) - before)).toBeLessThan((2 * (view.to - view.from)) / width)
})

test('the minimap’s part is drawn longer or shorter at its edges, and the other edge stays', async () => {
  await open()
  const map = (await at.page.locator('.minimap').boundingBox())!
  const tracks = (await (await fetch(`${site.url}/api/runs/1/tracks`)).json()) as {
    captureNs: [number, number]
  }
  const [first, last] = tracks.captureNs
  const xOf = (ns: number): number => map.x + ((ns - first) / (last - first)) * map.width
  const pixel = (last - first) / map.width
  const drag = async (from: number, to: number): Promise<{ from: number; to: number }> => {
    await at.page.mouse.move(xOf(from), map.y + 14)
    await at.page.mouse.down()
    await at.page.mouse.move(xOf(to), map.y + 14, { steps: 4 })
    await at.page.mouse.up()
    return at.view()
  }
  const longer = await drag(TO, 150_000_000)
  expect(longer.from).toBe(FROM)
  expect(Math.abs(longer.to - 150_000_000)).toBeLessThan(2 * pixel)
  const shorter = await drag(FROM, 90_000_000)
  expect(shorter.to).toBe(longer.to)
  expect(Math.abs(shorter.from - 90_000_000)).toBeLessThan(2 * pixel)
  // Each drag is one step back.
  await at.page.keyboard.press('z')
  expect(await at.view()).toEqual(longer)
})

test('] sets cursor B at the edge of the span under the pointer', async () => {
  const { from, to, start, end } = wideKernel()
  await open(`from=${from}&to=${to}`)
  const inside = await at.on('stream 7', (end - from) / (to - from))
  await at.page.mouse.move(inside.x - 8, inside.y)
  await at.page.keyboard.press(']')
  expect((await at.query()).get('b')).toBe(String(end))
  const outside = await at.on('stream 7', (start - from) / (to - from))
  await at.page.mouse.move(outside.x + 8, outside.y)
  await at.page.keyboard.press('[')
  expect((await at.query()).get('a')).toBe(String(start))
})

test('a click on the ruler snaps to a span’s edge within reach, with alt it stays where it was', async () => {
  const { from, to, start, end } = wideKernel()
  await open(`from=${from}&to=${to}`)
  const ruler = (await at.page.locator('.ruler').boundingBox())!
  const xOf = (ns: number): number => ruler.x + (ruler.width * (ns - from)) / (to - from)
  const click = async (ns: number, off: number, ...modifiers: ('Shift' | 'Alt')[]): Promise<void> => {
    for (const key of modifiers) await at.page.keyboard.down(key)
    await at.page.mouse.click(xOf(ns) + off, ruler.y + 20)
    for (const key of modifiers) await at.page.keyboard.up(key)
  }
  await click(start, 3)
  await click(end, -3, 'Shift')
  const snapped = await at.query()
  expect([snapped.get('a'), snapped.get('b')]).toEqual([String(start), String(end)])
  await click(start, 3, 'Alt')
  const a = Number((await at.query()).get('a'))
  expect(a).not.toBe(start)
  expect(Math.abs(a - start)).toBeLessThan((5 * (to - from)) / ruler.width)
})

test('the edges of a window drawn on a track or the ruler snap to spans', async () => {
  const { from, to, start, end } = wideKernel()
  for (const where of ['track', 'ruler']) {
    await open(`from=${from}&to=${to}`)
    const left = await at.on('stream 7', (start - from) / (to - from))
    const right = await at.on('stream 7', (end - from) / (to - from))
    const ruler = (await at.page.locator('.ruler').boundingBox())!
    const y = where === 'track' ? left.y : ruler.y + 20
    if (where === 'track') await at.page.keyboard.down('Shift')
    await at.page.mouse.move(right.x - 3, y)
    await at.page.mouse.down()
    await at.page.mouse.move(left.x + 3, y, { steps: 4 })
    await at.page.mouse.up()
    if (where === 'track') await at.page.keyboard.up('Shift')
    expect((await at.query()).get('window'), where).toBe(`${start}_${end}`)
    if (where === 'track') await at.page.context().close()
  }
})

test('a note is pinned to a span and to a window; each has its flag, and goes back to where it stands', async () => {
  const { from, to, start, end } = wideKernel()
  const row = trace.device_op.start.indexOf(start)
  const pin = async (text: string): Promise<void> => {
    await at.page.keyboard.press('m')
    await at.page.getByLabel(/^Note /).fill(text)
    await at.page.keyboard.press('Enter')
    await at.panel.getByText(text).waitFor()
  }
  const kept = async (): Promise<object[]> =>
    ((await (await fetch(`${site.url}/api/runs/1/notes`)).json()) as { notes: object[] }).notes
  /** Pixels of the layer over the tracks that are not empty, in 12 px around a time, at its top. */
  const flagAt = (ns: number): Promise<number> =>
    at.page.evaluate(
      (part) => {
        const canvas = [...document.querySelectorAll<HTMLCanvasElement>('.pane .over')].at(-1)!
        const x = Math.round(part * canvas.width)
        const copy = document.createElement('canvas')
        copy.width = canvas.width
        copy.height = canvas.height
        const context = copy.getContext('2d', { willReadFrequently: true })!
        context.drawImage(canvas, 0, 0)
        return context.getImageData(x - 6, 0, 12, canvas.height).data.filter((v, i) => i % 4 === 3 && v > 0)
          .length
      },
      (ns - from) / (to - from),
    )

  await open(`from=${from}&to=${to}&span=device_op.${row}`)
  await at.page.locator('.details h2').waitFor()
  await pin('this kernel')
  expect(await kept()).toMatchObject([
    { text: 'this kernel', startNs: start, endNs: end, table: 'device_op', row },
  ])
  const window = [from + 20_000, from + 60_000] as const
  await at.page.context().close()
  await open(`from=${from}&to=${to}&window=${window[0]}_${window[1]}`)
  await at.panel.getByText('Work on devices').waitFor()
  await pin('this window')
  expect(await kept()).toContainEqual(
    expect.objectContaining({
      text: 'this window',
      startNs: window[0],
      endNs: window[1],
      table: null,
      row: null,
    }),
  )
  await at.page.context().close()

  // Without a selection the layer over the tracks holds the flags alone.
  await open(`from=${from}&to=${to}`)
  await expect.poll(() => flagAt(start)).toBeGreaterThan(10)
  await expect.poll(() => flagAt(window[0])).toBeGreaterThan(10)
  expect(await flagAt(to - 20_000)).toBe(0)
  await at.page.keyboard.press('m')
  await at.page.keyboard.press('Escape')
  await at.panel.getByText('this kernel').click()
  expect((await at.query()).get('span')).toBe(`device_op.${row}`)
  await at.page.getByRole('tab', { name: /^Notes/ }).click()
  await at.panel.getByText('this window').click()
  const view = await at.view()
  expect((view.from + view.to) / 2).toBeCloseTo((window[0] + window[1]) / 2, -3)
  for (const text of ['this kernel', 'this window'])
    await at.page.getByRole('button', { name: `Delete the note “${text}”` }).click()
  await at.panel.getByText('this window').waitFor({ state: 'detached' })
  expect(await kept()).toEqual([])
})
