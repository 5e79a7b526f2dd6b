import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ledger } from '../../analysis/ledger.ts'
import { addNote, deleteNote } from '../../db/notes.ts'
import { syntheticRun } from '../../fixtures/synthetic-run.ts'
import type { Trace } from '../../trace/trace.ts'
import { startSite } from './browser.ts'
import type { Site } from './browser.ts'

let site: Site
let trace: Trace
let page: Page
let complaints: string[]

beforeAll(async () => {
  trace = syntheticRun({ kernels: 20_000, seed: 5 })
  site = await startSite([{ label: 'synthetic run', trace }])
})
afterAll(() => site.close())

const FROM = 60_000_000
const TO = 100_000_000

async function open(
  query = `from=${FROM}&to=${TO}`,
  options: Parameters<Site['open']>[1] = {},
): Promise<void> {
  await page?.context().close()
  const watched = await site.open(`/runs/1/timeline?${query}`, options)
  ;({ page, complaints } = watched)
  await drawing().waitFor()
  await page.waitForLoadState('networkidle')
}
beforeEach(() => open())
afterEach(() => {
  expect(complaints).toEqual([])
})

const drawing = (): Locator => page.locator('.drawing').last()
const box = async () => (await drawing().boundingBox())!

/** From and to as the address says them, once the view rests: a jump takes 180 ms, the address follows 250 ms later. */
async function view(): Promise<{ from: number; to: number }> {
  await page.waitForTimeout(650)
  const query = new URL(page.url()).searchParams
  return { from: Number(query.get('from')), to: Number(query.get('to')) }
}
/** A place on a track: `part` of the width, in the middle of its first lane. */
async function on(track: string, part: number): Promise<{ x: number; y: number }> {
  const { x, width } = await box()
  const head = page.locator('.head', { has: page.getByText(track, { exact: true }) }).last()
  const { y } = (await head.boundingBox())!
  return { x: x + width * part, y: y + 12 }
}
const said = (): Promise<string | null> => page.getByRole('status').last().textContent()
const note = (): Locator => page.locator('.hover')
const panel = (): Locator => page.getByRole('region', { name: 'What is selected' })
const jumped = (): Promise<void> => page.waitForTimeout(400)

describe('moving', () => {
  test('the wheel zooms and leaves what is under the pointer where it is', async () => {
    const { x, y, width } = await box()
    await page.mouse.move(x + width / 4, y + 60)
    await page.mouse.wheel(0, -500)
    const { from, to } = await view()
    expect(to - from).toBeLessThan((TO - FROM) / 2)
    expect(from + (to - from) / 4).toBeCloseTo(FROM + (TO - FROM) / 4, -5)
  })

  test('a pinch on a touch pad zooms, a sideways wheel and shift pan', async () => {
    const { x, y, width } = await box()
    await page.mouse.move(x + width / 2, y + 60)
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, -60)
    await page.keyboard.up('Control')
    const zoomed = await view()
    expect(zoomed.to - zoomed.from).toBeLessThan(0.6 * (TO - FROM))
    await page.mouse.wheel(100, 0)
    const panned = await view()
    expect(panned.from - zoomed.from).toBeCloseTo((100 * (zoomed.to - zoomed.from)) / width, -4)
    await page.keyboard.down('Shift')
    await page.mouse.wheel(0, -100)
    await page.keyboard.up('Shift')
    expect((await view()).from).toBeCloseTo(zoomed.from, -4)
  })

  test('a drag moves time with the pointer', async () => {
    const { x, y, width } = await box()
    await page.mouse.move(x + 600, y + 60)
    await page.mouse.down()
    await page.mouse.move(x + 400, y + 60, { steps: 4 })
    await page.mouse.up()
    const { from, to } = await view()
    expect(from - FROM).toBeCloseTo((200 * (TO - FROM)) / width, -5)
    expect(to - from).toBeCloseTo(TO - FROM, -3)
  })

  test('two fingers zoom between them', async () => {
    await open(undefined, { hasTouch: true })
    const { x, y } = await box()
    const session = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove', a: number, b: number) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: [
          { x: x + a, y: y + 60, id: 0 },
          { x: x + b, y: y + 60, id: 1 },
        ],
      })
    await touch('touchStart', 300, 500)
    await touch('touchMove', 250, 550)
    await touch('touchMove', 200, 600)
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    const { from, to } = await view()
    expect((TO - FROM) / (to - from)).toBeCloseTo(2, 0)
  })

  test('w, s, a, d move for as long as they are held, arrows too while nothing is selected', async () => {
    await page.keyboard.press('w')
    const near = await view()
    expect(near.to - near.from).toBeLessThan(TO - FROM)
    await page.keyboard.down('d')
    await page.waitForTimeout(300)
    await page.keyboard.up('d')
    const right = await view()
    expect(right.from).toBeGreaterThan(near.from + (near.to - near.from) / 4)
    await page.keyboard.press('ArrowLeft')
    expect((await view()).from).toBeLessThan(right.from)
    await page.keyboard.press('s')
    const far = await view()
    expect(far.to - far.from).toBeGreaterThan(right.to - right.from)
  })

  test('a stretch drawn on the minimap is shown, a drag inside moves it', async () => {
    const map = (await page.locator('.minimap').boundingBox())!
    const end = trace.os_call.start.at(-1)!
    await page.mouse.move(map.x + map.width * 0.8, map.y + 14)
    await page.mouse.down()
    await page.mouse.move(map.x + map.width * 0.9, map.y + 14, { steps: 4 })
    await page.mouse.up()
    const { from, to } = await view()
    expect(from / end).toBeCloseTo(0.8, 1)
    expect(to / end).toBeCloseTo(0.9, 1)
    await page.mouse.move(map.x + map.width * 0.85, map.y + 14)
    await page.mouse.down()
    await page.mouse.move(map.x + map.width * 0.35, map.y + 14, { steps: 4 })
    await page.mouse.up()
    const moved = await view()
    expect(moved.from / end).toBeCloseTo(0.3, 1)
    expect(moved.to - moved.from).toBeCloseTo(to - from, -4)
  })

  test('z takes back a change of view, Z does it again, a drag counts once', async () => {
    const { x, y } = await box()
    await page.mouse.move(x + 500, y + 60)
    await page.mouse.down()
    await page.mouse.move(x + 300, y + 60, { steps: 10 })
    await page.mouse.up()
    const moved = await view()
    await page.keyboard.press('0')
    await jumped()
    await page.keyboard.press('z')
    expect((await view()).from).toBeCloseTo(moved.from, -2)
    await page.getByRole('button', { name: 'Back' }).click()
    expect((await view()).from).toBeCloseTo(FROM, -2)
    await page.keyboard.press('Z')
    expect((await view()).from).toBeCloseTo(moved.from, -2)
  })

  test('iterations and phases can be gone to', async () => {
    await page.getByRole('button', { name: 'Go to' }).click()
    await page.getByRole('button', { name: /^2\b/ }).first().click()
    const { from, to } = await view()
    const ranges = [...trace.range.start.keys()].filter((row) => trace.range.depth[row] === 0)
    expect(from).toBeLessThan(trace.range.start[ranges[2]!]! + 1e6)
    expect(to - from).toBeGreaterThan(trace.range.duration[ranges[2]!]! * 0.9)
    await page.getByRole('button', { name: 'Go to' }).click()
    await page.getByRole('button', { name: /^forward\/heads\/depth_head/ }).click()
    await page.getByRole('button', { name: /^1\b/ }).last().click()
    const phase = await view()
    expect(phase.to - phase.from).toBeLessThan((to - from) / 3)
  })

  test('with reduced motion a jump is there at once', async () => {
    await open(undefined, { reducedMotion: 'reduce' })
    await page.keyboard.press('0')
    const shown = await page.evaluate(
      () =>
        new Promise((done) =>
          requestAnimationFrame(() => done(document.querySelector('.corner')?.textContent)),
        ),
    )
    expect(String(shown).trim()).toMatch(/^2\d\d ms on screen/)
  })
})

describe('what is drawn', () => {
  test('a parent tile is shown until its child arrives: zooming never empties a track', async () => {
    await page.route('**/tiles/**', async (route) => {
      await new Promise((done) => setTimeout(done, 1_500))
      await route.continue().catch(() => undefined)
    })
    const { x, width } = await box()
    const at = await on('stream 7', 0.5)
    await page.mouse.move(x + width / 2, at.y)
    for (let i = 0; i < 5; i++) {
      await page.mouse.wheel(0, -200)
      await page.waitForTimeout(60)
      const shot = await page.screenshot({ clip: { x, y: at.y - 6, width, height: 12 } })
      const { PNG } = await import('pngjs')
      const { data } = PNG.sync.read(shot)
      let coloured = 0
      for (let p = 0; p < data.length; p += 4) if (Math.abs(data[p]! - data[p + 2]!) > 24) coloured++
      expect(coloured / (data.length / 4)).toBeGreaterThan(0.5)
    }
    await page.unroute('**/tiles/**')
  })

  test('a tile comes once, and not again on the way back', async () => {
    // What the view leaves before it came is given up, and asked for again later: only what had come must not be, and each
    // step waits for its tiles.
    const under = new Set<unknown>()
    const came = new Set<string>()
    const again: string[] = []
    const isTile = (url: string): boolean => url.includes('/tiles/')
    page.on('request', (request) => {
      if (came.has(request.url())) again.push(request.url())
      if (isTile(request.url())) under.add(request)
    })
    page.on('requestfinished', (request) => {
      if (isTile(request.url())) came.add(request.url())
      under.delete(request)
    })
    page.on('requestfailed', (request) => void under.delete(request))
    const { x, y, width } = await box()
    await page.mouse.move(x + width / 2, y + 60)
    for (const direction of [-1, 1, -1, 1])
      for (let i = 0; i < 6; i++) {
        await page.mouse.wheel(0, direction * 150)
        do await page.waitForTimeout(120)
        while (under.size > 0)
      }
    expect(came.size).toBeGreaterThan(5)
    expect(again).toEqual([])
  })

  test('the pointer names what it is on: a span with its duration, or the share of a pixel', async () => {
    const { x, y } = await on('ranges', 0.5)
    await page.mouse.move(x, y)
    await note().getByText('forward').waitFor()
    expect(await note().textContent()).toMatch(/ms\s+range/)
    const stream = await on('stream 7', 0.5)
    await page.mouse.move(stream.x, stream.y)
    await note()
      .getByText(/of this pixel|spans start here/)
      .first()
      .waitFor()
    await page.mouse.move(10, 10)
    await note().waitFor({ state: 'detached' })
  })
})

describe('selecting', () => {
  /** Zooms until single kernels are wide, and clicks one. */
  async function pickKernel(): Promise<void> {
    await open('from=70000000&to=70400000')
    const { x, y } = await on('stream 7', 0.5)
    for (let part = 0.5; part < 0.9; part += 0.02) {
      await page.mouse.click(x + (part - 0.5) * 900, y)
      await page.waitForTimeout(250)
      if (await panel().isVisible()) return
    }
    throw new Error('no kernel was hit')
  }

  test('a click shows every column of a kernel, and the way to its launch and range', async () => {
    await pickKernel()
    const text = await panel().textContent()
    for (const word of [
      'kernel',
      'stream 7',
      'launched by',
      'cudaLaunchKernel',
      'in range',
      'next of this name',
    ])
      expect(text).toContain(word)
    expect(
      new URL(page.url()).searchParams.get('span') ??
        (await view(), new URL(page.url()).searchParams.get('span')),
    ).toMatch(/^device_op\.\d+$/)
  })

  test('c goes from a kernel to its launch and back, and an arrow is drawn between them', async () => {
    await pickKernel()
    const kernel = await page.locator('.details h2').textContent()
    await page.keyboard.press('c')
    await page.locator('.details h2', { hasText: 'cudaLaunchKernel' }).waitFor()
    expect(await said()).toMatch(/^cudaLaunchKernel.* on CUDA API$/)
    await page.keyboard.press('c')
    await page.locator('.details h2', { hasText: kernel! }).waitFor()
  })

  test('n and N step through spans of one name', async () => {
    await pickKernel()
    const kernel = await page.locator('.details h2').textContent()
    const first = await said()
    await page.keyboard.press('n')
    await expect.poll(said).not.toBe(first)
    expect(await page.locator('.details h2').textContent()).toBe(kernel)
    await page.keyboard.press('N')
    await expect.poll(said).toBe(first)
  })

  test('a double click shows a span whole', async () => {
    const { x, y } = await on('ranges', 0.5)
    await page.mouse.dblclick(x, y)
    const { from, to } = await view()
    expect(to - from).toBeGreaterThan(TO - FROM)
  })

  test('a gap says its causes, and c follows it to what the thread did', async () => {
    await open('from=0&to=60000000')
    const { y } = await on('idle, by cause', 0)
    const { x, width } = await box()
    // The longest gap of the capture's first part is between two forwards, at the host's work.
    for (let part = 0.1; part < 1; part += 0.002) {
      await page.mouse.move(x + part * width, y)
      const text = (await note().isVisible()) ? await note().textContent() : ''
      if (text?.startsWith('host work') && /[µm]s/.test(text)) {
        await page.mouse.click(x + part * width, y)
        break
      }
    }
    await panel().getByText('host work').waitFor()
    expect(await said()).toMatch(/^gap of .*, .*host-work/)
    await page.keyboard.press('c')
    await page.locator('.details h2').waitFor()
    expect(await page.locator('.details h2').textContent()).toMatch(/^cuda/)
  })

  test('a window drawn with shift tells its ledger, kernels and ranges while it is drawn', async () => {
    const { x, y, width } = await box()
    await page.keyboard.down('Shift')
    await page.mouse.move(x + width * 0.25, y + 60)
    await page.mouse.down()
    await page.mouse.move(x + width * 0.5, y + 60, { steps: 5 })
    await panel().getByText('Work on devices').waitFor()
    await page.mouse.move(x + width * 0.75, y + 60, { steps: 5 })
    await page.mouse.up()
    await page.keyboard.up('Shift')
    await page.waitForLoadState('networkidle')
    const [from, to] = new URL((await view(), page.url())).searchParams.get('window')!.split('_').map(Number)
    expect(from! / FROM).toBeCloseTo((FROM + (TO - FROM) / 4) / FROM, 2)
    const [device] = ledger.compute(trace, { from: from!, to: to! }).devices
    const largest = [...device!.owners].sort((a, b) => b.ns - a.ns)[0]!
    await panel()
      .locator(`[data-exact="${largest.ns.toLocaleString('en-US')} ns"]`)
      .first()
      .waitFor()
    expect(await panel().textContent()).toContain('Ranges')
    await page.keyboard.press('Escape')
    await panel().waitFor({ state: 'detached' })
  })

  test('cursors A and B stand where the ruler is clicked with alt, and snap to the span under the pointer', async () => {
    const ruler = (await page.locator('.ruler').boundingBox())!
    await page.keyboard.down('Alt')
    await page.mouse.click(ruler.x + ruler.width * 0.25, ruler.y + 20)
    await page.keyboard.down('Shift')
    await page.mouse.click(ruler.x + ruler.width * 0.75, ruler.y + 20)
    await page.keyboard.up('Shift')
    await page.keyboard.up('Alt')
    await view()
    const query = new URL(page.url()).searchParams
    expect(Number(query.get('b')) - Number(query.get('a'))).toBeCloseTo((TO - FROM) / 2, -5)
    // The range's end is a few pixels right of the pointer.
    const range = [...trace.range.start.keys()].find(
      (row) => trace.range.depth[row] === 0 && trace.range.start[row]! + trace.range.duration[row]! > FROM,
    )!
    const end = trace.range.start[range]! + trace.range.duration[range]!
    const { x, width } = await box()
    const { y } = await on('ranges', 0)
    await page.mouse.move(x + ((end - FROM) / (TO - FROM)) * width - 6, y)
    await page.keyboard.press('[')
    await view()
    expect(Number(new URL(page.url()).searchParams.get('a'))).toBe(end)
  })
})

describe('search', () => {
  test('/ finds names with their counts; Enter goes there', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type('flash', { delay: 10 })
    const option = page.getByRole('option').first()
    await option.getByText('flash_fwd_kernel').waitFor()
    const count = trace.strings.findIndex((name) => name.includes('flash_fwd_kernel<'))
    const rows = trace.device_op.name.reduce((sum, name) => sum + (name === count ? 1 : 0), 0)
    expect(await option.textContent()).toContain(`${rows.toLocaleString('en-US')}×`)
    await page.keyboard.press('Enter')
    await page.locator('.details h2', { hasText: 'flash_fwd_kernel' }).waitFor()
  })

  test('a word that no name has is said so', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type('nosuchname', { delay: 5 })
    await page.getByText('No name has “nosuchname” in it.').waitFor()
  })
})

describe('tracks', () => {
  const heads = (): Promise<string[]> => page.locator('.head .name').allTextContents()
  const tool = (track: string, name: string): Locator =>
    page.getByRole('button', { name: `${name} ${track}`, exact: true })

  test('a track collapses to one line, is pinned, moved, hidden and shown again; the address keeps it', async () => {
    const tall = (await page.locator('.head', { hasText: 'ranges' }).last().boundingBox())!.height
    await tool('ranges', 'Show')
      .or(page.getByRole('button', { name: 'Show ranges on one line' }))
      .first()
      .click({ force: true })
    await expect
      .poll(
        async () =>
          (await page
            .locator('.head', { hasText: /^\s*ranges/ })
            .last()
            .boundingBox())!.height,
      )
      .toBeLessThan(tall)
    await tool('stream 7', 'Pin').click({ force: true })
    expect((await heads())[0]).toBe('Pinned')
    await tool('OS calls', 'Move')
      .or(page.getByRole('button', { name: 'Move OS calls up' }))
      .first()
      .click({ force: true })
    const order = await heads()
    expect(order.indexOf('OS calls')).toBeLessThan(order.indexOf('CUDA API'))
    await tool('CUDA API', 'Hide').click({ force: true })
    expect(await heads()).not.toContain('CUDA API')
    await view()
    await page.reload()
    await drawing().waitFor()
    expect((await heads())[0]).toBe('Pinned')
    expect(await heads()).not.toContain('CUDA API')
    await page.getByRole('button', { name: 'Tracks (1 hidden)' }).click()
    await page.getByRole('button', { name: /CUDA API.*show/ }).click()
    expect(await heads()).toContain('CUDA API')
  })

  test('a filter leaves only tracks of that name, a group folds its own away', async () => {
    await page.getByRole('button', { name: 'Tracks', exact: true }).click()
    await page.getByLabel('Filter tracks by name').fill('stream')
    expect(await heads()).toEqual(['GPU 0 · Synthetic GPU', 'stream 7'])
    await page.getByLabel('Filter tracks by name').fill('')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'GPU 0 · Synthetic GPU', exact: true }).click()
    expect(await heads()).not.toContain('stream 7')
  })
})

describe('keeping and sharing', () => {
  test('an address opens the same view, window, cursors and span again', async () => {
    await open('from=70000000&to=71000000&window=70200000_70400000&a=70100000&b=70900000&span=device_op.5000')
    await page.locator('.details h2').or(panel().getByText('Work on devices')).first().waitFor()
    expect(await page.getByRole('tab').allTextContents()).toEqual(['Span', 'Window'])
    const { from, to } = await view()
    expect([from, to]).toEqual([70_000_000, 71_000_000])
    expect(new URL(page.url()).searchParams.get('span')).toBe('device_op.5000')
  })

  test('a note is pinned, kept in the store, and taken away again', async () => {
    const { x, y } = await on('ranges', 0.5)
    await page.mouse.move(x, y)
    await page.keyboard.press('m')
    await page.getByLabel(/^Note at/).fill('why so late?')
    await page.keyboard.press('Enter')
    await panel().getByText('why so late?').waitFor()
    await page.reload()
    await drawing().waitFor()
    await page.keyboard.press('m')
    await panel().getByText('why so late?').click()
    const { from, to } = await view()
    expect(to - from).toBeLessThan(TO - FROM)
    await page.getByRole('button', { name: 'Delete the note “why so late?”' }).click()
    await panel().getByText('why so late?').waitFor({ state: 'detached' })
  })

  async function saved(name: string | RegExp): Promise<Buffer> {
    await page.getByRole('button', { name: 'Export' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByText(name).first().click(),
    ])
    return readFileSync(await download.path())
  }

  test('the picture is saved as SVG and PNG, the window as CSV and Perfetto', async () => {
    const svg = (await saved('SVG drawing')).toString()
    expect(svg).toContain('<title>synthetic run: 40.0 ms from 0.060 000 000 s</title>')
    expect(svg).toContain('>stream 7</text>')
    expect(svg.match(/<path/g)!.length).toBeGreaterThan(20)
    const png = await saved('PNG image')
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect(png.length).toBeGreaterThan(20_000)
    const csv = (await saved('Spans as CSV')).toString()
    expect(csv.split('\r\n')[0]).toBe('track,group,table,row,lane,class,name,start_ns,dur_ns,value')
    const perfetto = await saved('Perfetto trace')
    expect(perfetto[0]).toBe(0x0a)
  })

  test('a saved picture has what lies over the tracks: cursors, notes, the selected window, span and its arrow', async () => {
    const count = (svg: string, mark: string): number => svg.split(mark).length - 1
    const op = trace.device_op
    const [from, to] = [op.start[5_000]! - 100_000, op.start[5_000]! + 100_000]
    await open(`from=${from}&to=${to}`)
    const bare = (await saved('SVG drawing')).toString()
    const note = { text: 'why so late?', startNs: from + 50_000, endNs: null, table: null, row: null }
    const { id } = addNote(site.store.database, 1, note)
    await open(
      `from=${from}&to=${to}&a=${from + 20_000}&b=${to - 20_000}&window=${from + 10_000}_${to - 10_000}&span=device_op.5000`,
    )
    await panel().getByText('cudaLaunchKernel').first().waitFor()
    const svg = (await saved('SVG drawing')).toString()
    deleteNote(site.store.database, 1, id)
    expect(svg).toContain('>why so late?</text>')
    expect(svg).toMatch(/>A<\/text>[^]*>B<\/text>/)
    expect(count(svg, 'stroke-dasharray="5 3"')).toBe(count(bare, 'stroke-dasharray="5 3"') + 2)
    expect(count(svg, 'stroke-dasharray="2 3"')).toBe(count(bare, 'stroke-dasharray="2 3"') + 1)
    expect(count(svg, 'stroke-width="2"')).toBeGreaterThan(count(bare, 'stroke-width="2"'))
    expect(count(svg, '<polygon')).toBe(count(bare, '<polygon') + 1)
    expect(count(svg, 'fill-opacity="0.6"')).toBeGreaterThan(count(bare, 'fill-opacity="0.6"'))
  })

  test('a saved picture waits for names that are on their way', async () => {
    await page.route('**/names/**', async (route) => {
      await new Promise((done) => setTimeout(done, 1_500))
      await route.continue()
    })
    await page.reload()
    await drawing().waitFor()
    expect((await saved('SVG drawing')).toString()).toMatch(/>forward<\/text>/)
  })

  test('a picture that lacks something says so in its title and on the page; one that cannot be made is not passed over', async () => {
    await page.route('**/names/**', () => {})
    await page.reload()
    await drawing().waitFor()
    const svg = (await saved('SVG drawing')).toString()
    expect(svg).toMatch(/<title>.*some names had not come yet\)<\/title>/)
    await page
      .getByRole('alert')
      .getByText('The picture was saved, but some names had not come yet.')
      .waitFor()
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await page.reload()
    await drawing().waitFor()
    await page.evaluate('HTMLCanvasElement.prototype.toBlob = (done) => done(null)')
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByText('PNG image').click()
    await page.getByRole('alert').getByText('not saved: it is too large for this browser').waitFor()
  })
})

describe('without a pointer', () => {
  test('Enter selects a span, arrows walk out, in and along, and each step is spoken', async () => {
    await page.getByRole('application').focus()
    await page.keyboard.press('Enter')
    await expect.poll(said).toMatch(/ [µm]s, at .* on /)
    const heard = async (key: string): Promise<string> => {
      const before = await said()
      await page.keyboard.press(key)
      await expect.poll(said).not.toBe(before)
      return (await said())!
    }
    await open('from=70000000&to=70400000&span=device_op.5000')
    await expect.poll(said).toMatch(/on stream 7$/)
    expect(await heard('ArrowUp')).toMatch(/^cudaLaunchKernel_v7000, .* on CUDA API$/)
    expect(await heard('ArrowUp')).toMatch(/^\w+_\w+.* on ranges$/)
    expect(await heard('ArrowDown')).toMatch(/on CUDA API$/)
    expect(await heard('ArrowDown')).toMatch(/on stream 7$/)
    expect(await heard('ArrowRight')).toMatch(/on stream 7$/)
  })

  test('what is on screen is there as a table', async () => {
    await page.keyboard.press('t')
    const tracks = page.getByRole('table').first()
    await tracks.getByRole('row', { name: /stream 7/ }).waitFor()
    expect(await tracks.getByRole('row').count()).toBe(8)
    await page.getByRole('table').nth(1).getByRole('button', { name: 'aggregator' }).first().click()
    await page.locator('.details h2', { hasText: 'aggregator' }).waitFor()
  })

  test('the keys are listed', async () => {
    await page.keyboard.press('?')
    await page.getByText('To the cause: from work to its launch').waitFor()
  })
})

test('a tile that cannot be had is said, and asked for again', async () => {
  await open()
  let isBroken = true
  await page.route('**/tiles/**', (route) =>
    isBroken
      ? route.fulfill({ status: 500, json: { error: { kind: 'internal', message: 'the disk is gone' } } })
      : route.continue(),
  )
  await page.keyboard.press('w')
  await page.keyboard.press('w')
  await page.getByText('the disk is gone').waitFor()
  isBroken = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('the disk is gone').waitFor({ state: 'detached' })
  complaints.length = 0
})
