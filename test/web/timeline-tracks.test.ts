/** Every kind of track in a real browser: named, drawn, and said by the pointer; rows that are hidden are still told of. */
import type { Locator, Page } from 'playwright-core'
import { PNG } from 'pngjs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { tracksOf } from '../../analysis/timeline/timeline.ts'
import { sampleValue } from '../../draw/timeline/sample-value.ts'
import { trackTitle } from '../../draw/timeline/track-title.ts'
import { syntheticTracks } from '../../fixtures/synthetic-tracks.ts'
import { firstArrangement } from '../../web/views/timeline/arrangement.ts'
import { startSite } from './browser.ts'
import type { Site } from './browser.ts'

const trace = syntheticTracks()
const tracks = tracksOf(trace).map((one) => one.track)
const { folded } = firstArrangement(tracks)
const unfolded = tracks.filter(({ group }) => !folded.includes(group))
let site: Site
let page: Page
let complaints: string[] = []
beforeAll(async () => {
  site = await startSite([{ label: 'synthetic tracks', trace }])
})
afterAll(() => site.close())
afterEach(() => expect(complaints).toEqual([]))

async function open(query = '', options: Parameters<Site['open']>[1] = {}): Promise<void> {
  await page?.context().close()
  const view = { width: 1440, height: 1700 }
  const watched = await site.open(`/runs/1/timeline${query}`, {
    viewport: view,
    reducedMotion: 'reduce',
    ...options,
  })
  ;({ page, complaints } = watched)
  await settled()
}
async function settled(): Promise<void> {
  await page.locator('.drawing').last().waitFor()
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(500)
  await page.locator('.reading').waitFor({ state: 'detached' })
}

/** The head of a track: its tooltip says group and title. */
const head = (group: string, title: string): Locator => page.locator(`.head [title^="${group}: ${title},"]`)
const drawing = async () => (await page.locator('.drawing').last().boundingBox())!

/** Pixels of a stretch of the drawing that are not its ground. */
async function inked(y: number, height: number): Promise<number> {
  const { x, width } = await drawing()
  const { data } = PNG.sync.read(await page.screenshot({ clip: { x, y, width, height } }))
  let n = 0
  // Ground and rules are light; every mark is darker than they are.
  for (let i = 0; i < data.length; i += 4) if (data[i]! < 200) n++
  return n
}

describe('every kind of track', () => {
  test('is there under its device or thread, with a name that is not cut', async () => {
    await open()
    expect(new Set(unfolded.map(({ kind }) => kind)).size).toBe(10)
    expect(await page.locator('.head.group').allInnerTexts()).toEqual([
      'GPU 0 · Synthetic GPU',
      'GPU 1 · Synthetic GPU',
      'synthetic 4321 · thread 4321 rank 0',
      'synthetic 4321 · thread 4322 rank 1',
      'synthetic 4321 · thread 4323 loader',
      'overhead without a thread',
    ])
    for (const track of unfolded) {
      const name = head(track.group, track.title).locator('.name')
      expect(await name.innerText()).toBe(trackTitle(track))
      const cut = await name.evaluate(
        (node) => node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight + 1,
      )
      expect(cut, `"${track.title}" is cut`).toBe(false)
    }
  })

  test('is drawn with ink, each lane of a stream whose ops overlap, too', async () => {
    for (const track of unfolded) {
      const { y, height } = (await head(track.group, track.title).boundingBox())!
      expect(await inked(y + 3, height - 6), `${track.group}: ${track.title}`).toBeGreaterThan(40)
      if (track.kind !== 'device-stream' || track.lanes === 1) continue
      expect(track.lanes).toBe(2)
      expect(await inked(y + 3 + 18, 16), `second lane of ${track.title}`).toBeGreaterThan(40)
    }
  })

  test('says a counter’s value with its unit under the pointer', async () => {
    const { x, width } = await drawing()
    const note = page.locator('.hover')
    const said: Record<string, string> = {}
    for (const track of tracks.filter(({ kind, group }) => kind === 'counter' && group.includes('GPU 1'))) {
      const { y } = (await head(track.group, track.title).boundingBox())!
      // In the middle of a sample's time: its pixel holds no other one.
      const ns = 1_925_000
      const [from, to] = await capture()
      await page.mouse.move(x + (width * (ns - from)) / (to - from), y + 20)
      await note.getByText(track.title, { exact: true }).waitFor()
      const row = Number(track.id.split('-')[1])
      const { counter, time, value } = trace.counter_sample
      const at = counter.findLastIndex((one, i) => one === row && time[i]! <= ns)
      expect(await note.locator('span').first().innerText()).toBe(sampleValue(value[at]!, track.unit))
      said[trackTitle(track)] = await note.locator('b').innerText()
    }
    expect(said).toEqual({
      'SMs Active': expect.stringMatching(/^[\d.]+ %$/),
      'DRAM Read Bandwidth': expect.stringMatching(/^[\d.]+ %$/),
      'power draw': expect.stringMatching(/^\d+ W$/),
      'GPC Clock Frequency': expect.stringMatching(/^1\.\d\d GHz$/),
    })
  })

  test('says how much memory stood allocated, and what overhead was', async () => {
    const { x, width } = await drawing()
    const memory = (await head('GPU 0 · Synthetic GPU', 'memory allocated').boundingBox())!
    await page.mouse.move(x + width - 20, memory.y + 20)
    await page.locator('.hover').getByText('5.00 GiB', { exact: true }).waitFor()
    const [from, to] = await capture()
    const { start, duration, thread } = trace.overhead
    const at = thread!.indexOf(1)
    const { y } = (await head('synthetic 4321 · thread 4322 rank 1', 'overhead').boundingBox())!
    await page.mouse.move(x + (width * (start[at]! + duration[at]! / 2 - from)) / (to - from), y + 12)
    await page.locator('.hover').getByText('Runtime Triggered Module Loading').waitFor()
    await page.locator('.hover').getByText('CUDA overhead').waitFor()
  })

  test('has nothing to select where it has samples', async () => {
    await page.mouse.click(
      (await drawing()).x + 400,
      (await head('GPU 0 · Synthetic GPU', 'power draw').boundingBox())!.y + 20,
    )
    await page.waitForTimeout(400)
    expect(await page.getByRole('region', { name: 'What is selected' }).count()).toBe(0)
  })
})

/** Pixels with ink on the layer that lies over the tracks, between two heights of it. */
const overlaid = (from = 0, to = Infinity): Promise<number> =>
  page.evaluate(
    ([y0, y1]) => {
      const canvas = [...document.querySelectorAll<HTMLCanvasElement>('canvas.over')].at(-1)!
      const density = canvas.width / canvas.getBoundingClientRect().width
      const end = Math.min(canvas.height, Math.round(y1! * density))
      const start = Math.round(y0! * density)
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!
      copy.drawImage(canvas, 0, 0)
      const { data } = copy.getImageData(0, start, canvas.width, end - start)
      let count = 0
      for (let i = 3; i < data.length; i += 4) if (data[i]! > 100) count++
      return count
    },
    [from, Math.min(to, 1e6)],
  )

describe('an arrow from a launch to its work', () => {
  /** A kernel of GPU 0 in the middle of the first pass, and the time around it. */
  const { start, device } = trace.device_op
  const op = device.findIndex((one, row) => one === 0 && start[row]! > 400_000)
  const around = `from=${start[op]! - 500_000}&to=${start[op]! + 200_000}&span=device_op.${op}`

  test.each([
    [620, 'goes to the edge that the launch is scrolled behind'],
    [460, 'goes along the edge that both are behind'],
  ])('in %d px %s', async (windowHeight) => {
    await open(`?${around}`, { viewport: { width: 1440, height: windowHeight } })
    await page.locator('.details h2').waitFor()
    await page.waitForTimeout(500)
    const { y, height } = (await page.locator('canvas.over').last().boundingBox())!
    const [launch, work] = [
      (await head('synthetic 4321 · thread 4321 rank 0', 'CUDA API').boundingBox())!,
      (await head('GPU 0 · Synthetic GPU', 'stream 7').boundingBox())!,
    ]
    expect(launch.y).toBeGreaterThan(y + height)
    expect(work.y < y + height).toBe(windowHeight === 620)
    // The last lines before the edge: the arrow's own, and the name beside it.
    expect(await overlaid(height - 16)).toBeGreaterThan(100)
    await page.keyboard.press('Escape')
    await page.waitForTimeout(300)
    expect(await page.locator('canvas.over').last().isVisible()).toBe(false)
  })

  test('goes to the row of the group that the launch is folded into', async () => {
    await open(`?${around}&fold=${encodeURIComponent('synthetic 4321 · thread 4321 rank 0')}`)
    await page.locator('.details h2').waitFor()
    await page.waitForTimeout(500)
    const group = page.locator('.head.group', { hasText: 'rank 0' })
    const { y, height } = (await group.boundingBox())!
    const top = y - (await drawing()).y
    expect(await overlaid(top, top + height)).toBeGreaterThan(40)
    expect(await overlaid(top + height)).toBe(0)
  })
})

describe('a group', () => {
  const groups = (): Promise<string[]> => page.locator('.head.group').allInnerTexts()
  const [gpu0, gpu1, rank0] = [
    'GPU 0 · Synthetic GPU',
    'GPU 1 · Synthetic GPU',
    'synthetic 4321 · thread 4321 rank 0',
  ]
  const tool = (name: string): Locator => page.getByRole('button', { name, exact: true })

  test('moves up and down, and is hidden, with tools that show under pointer or keyboard; the address keeps it', async () => {
    await open()
    const tools = page.locator('.head.group', { hasText: 'GPU 1' }).locator('.tools')
    expect(await tools.evaluate((node) => getComputedStyle(node).opacity)).toBe('0')
    await tool(`Move ${gpu1} up`).focus()
    expect(await tools.evaluate((node) => getComputedStyle(node).opacity)).toBe('1')
    await page.keyboard.press('Enter')
    expect((await groups()).slice(0, 3)).toEqual([gpu1, gpu0, rank0])
    // Where it was pressed it can be pressed again.
    expect(await tool(`Move ${gpu1} up`).evaluate((node) => node === document.activeElement)).toBe(true)
    await page.locator('.head.group', { hasText: 'GPU 0' }).hover()
    await tool(`Move ${gpu0} down`).click()
    expect((await groups()).slice(0, 3)).toEqual([gpu1, rank0, gpu0])
    await page.locator('.head.group', { hasText: 'rank 0' }).hover()
    await tool(`Hide ${rank0}`).click()
    expect((await groups()).slice(0, 2)).toEqual([gpu1, gpu0])
    expect(await head(rank0!, 'CUDA API').count()).toBe(0)
    await page.waitForFunction(
      (group) => new URL(location.href).searchParams.get('hide-groups') === group,
      rank0,
    )
    await page.reload()
    await settled()
    expect((await groups()).slice(0, 2)).toEqual([gpu1, gpu0])
    await page.getByRole('button', { name: 'Tracks (1 hidden)' }).click()
    await tool(`${rank0} show`).click()
    expect((await groups()).slice(0, 3)).toEqual([gpu1, rank0, gpu0])
    await page.keyboard.press('Escape')
  })
})

test('the table tells every unfolded track, also those scrolled off: busy over all lanes, values with units', async () => {
  await open('', { viewport: { width: 1440, height: 700 } })
  await page.keyboard.press('t')
  const row = (name: string): Locator => page.getByRole('row', { name, exact: false })
  const stream = tracks.find(({ kind, lanes }) => kind === 'device-stream' && lanes > 1)!
  await row(`${stream.group}: ${stream.title} `).waitFor()
  const names = page.locator('table').first().locator('tbody th')
  await expect.poll(() => names.count()).toBe(unfolded.length)
  expect(await names.allInnerTexts()).toEqual(unfolded.map(({ group, title }) => `${group}: ${title}`))
  // By hand: where any op of the stream runs.
  const [from, to] = await capture()
  const { start, duration, stream: on } = trace.device_op
  let busyNs = 0
  let until = 0
  for (let op = 0; op < start.length; op++) {
    if (`stream-${on[op]}` !== stream.id) continue
    busyNs += Math.max(0, start[op]! + duration[op]! - Math.max(until, start[op]!))
    until = Math.max(until, start[op]! + duration[op]!)
  }
  const busy = row(`${stream.group}: ${stream.title} `).locator('td').first()
  await expect
    .poll(async () => Number.parseFloat(await busy.innerText()))
    .toBeCloseTo((100 * busyNs) / (to - from), 1)
  const last = (name: string) => (): Promise<string> => row(name).locator('td').last().innerText()
  await expect
    .poll(last('GPU 1 · Synthetic GPU: GPC Clock'))
    .toMatch(/^1\.3\d GHz to 1\.41 GHz, at last 1\.41 GHz$/)
  await expect.poll(last('GPU 1 · Synthetic GPU: memory')).toMatch(/at last 5\.00 GiB$/)
})

async function capture(): Promise<readonly [number, number]> {
  const { captureNs } = (await (await fetch(`${site.url}/api/runs/1/tracks`)).json()) as {
    captureNs: [number, number]
  }
  return captureNs
}
