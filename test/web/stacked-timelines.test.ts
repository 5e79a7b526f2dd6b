import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deltaColours } from '../../draw/timeline/delta.ts'
import { plantedPair } from '../../fixtures/generate/pair.ts'
import { startSite, twoRuns } from './browser.ts'
import type { Site } from './browser.ts'

let site: Site
beforeAll(async () => {
  const { base, candidate } = plantedPair('insert a copy', 7)
  site = await startSite([
    ...twoRuns(),
    { label: 'synthetic, planted base', trace: base.trace },
    { label: 'synthetic, planted candidate', trace: candidate.trace },
  ])
})
afterAll(() => site.close())

/** The base's and candidate's range under one place, as the pointer is told. */
async function under(page: Page, part: number): Promise<string[]> {
  const found: string[] = []
  for (const pane of await page.locator('.pane').all()) {
    const head = pane.locator('.head', { has: page.getByText('ranges', { exact: true }) })
    const lanes = (await pane.locator('.drawing').boundingBox())!
    const { y } = (await head.boundingBox())!
    // The innermost of three lanes.
    await page.mouse.move(lanes.x + lanes.width * part, y + 12 + 2 * 18)
    await page.locator('.hover strong').waitFor()
    found.push((await page.locator('.hover strong').textContent()) ?? '')
    await page.mouse.move(0, 0)
    await page.locator('.hover').waitFor({ state: 'detached' })
  }
  return found
}

test('two runs stand on one axis, the second warped onto the first; by one clock they drift apart', async () => {
  const { page, complaints } = await site.open('/compare/1/2')
  await page.getByRole('button', { name: 'Show the two timelines' }).click()
  await page.locator('.drawing').nth(1).waitFor()
  await page.waitForLoadState('networkidle')
  await page.locator('.stacked').scrollIntoViewIfNeeded()
  const places = [0.1, 0.3, 0.5, 0.7, 0.85]
  const same = async (): Promise<boolean[]> => {
    const found: boolean[] = []
    for (const part of places) {
      const [a, b] = await under(page, part)
      found.push(a === b)
    }
    return found
  }
  const checked = page.getByRole('radio', { checked: true })
  expect(await checked.textContent()).toBe('Kernel under kernel')
  expect(await same()).not.toContain(false)
  await page.getByText('warped: matched work').waitFor()
  await page.getByRole('radio', { name: 'Common clock' }).click()
  await page.waitForLoadState('networkidle')
  expect(await page.getByText('warped: matched').count()).toBe(0)
  // The candidate is faster, so that late in the iteration it is phases ahead.
  expect(await same()).toContain(false)
  await page.getByRole('radio', { name: 'Phase under phase' }).click()
  await page.waitForLoadState('networkidle')
  expect(await same()).not.toContain(false)
  // The choice is in the address, and no other question was asked for it.
  expect(new URL(page.url()).searchParams.get('axis')).toBe('phases')
  expect(complaints).toEqual([])
})

test('the two move together, and a span of either can be selected', async () => {
  const { page, complaints } = await site.open('/compare/1/2?stack=1')
  await page.locator('.drawing').nth(1).waitFor()
  await page.locator('.stacked').scrollIntoViewIfNeeded()
  await page.waitForLoadState('networkidle')
  const corner = page.locator('.corner')
  const before = await corner.textContent()
  await page.getByRole('application').focus()
  await page.keyboard.press('w')
  await expect.poll(() => corner.textContent()).not.toBe(before)
  const lower = (await page.locator('.drawing').nth(1).boundingBox())!
  const head = (await page
    .locator('.pane')
    .nth(1)
    .locator('.head', { has: page.getByText('ranges', { exact: true }) })
    .boundingBox())!
  await page.mouse.click(lower.x + lower.width / 2, head.y + 12)
  await page.getByRole('tab', { name: 'Span of run 2' }).waitFor()
  await page.locator('.details h2', { hasText: 'forward' }).waitFor()
  expect(complaints).toEqual([])
})

/** How many pixels of a pane's canvas (its tracks, or what lies over them) have a colour; any at all where none is given. */
const pixels = (page: Page, pane: number, layer: 'tracks' | 'over', colour?: string): Promise<number> =>
  page.evaluate(
    ([at, selector, hex]) => {
      const canvas = document.querySelectorAll<HTMLCanvasElement>(selector)[at]!
      const copy = document.createElement('canvas')
      copy.width = canvas.width
      copy.height = canvas.height
      const context = copy.getContext('2d', { willReadFrequently: true })!
      context.drawImage(canvas, 0, 0)
      const { data } = context.getImageData(0, 0, copy.width, copy.height)
      const wanted = hex && [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16))
      let found = 0
      for (let i = 0; i < data.length; i += 4)
        if (data[i + 3]! > 0 && (!wanted || wanted.every((part, k) => Math.abs(part - data[i + k]!) < 3)))
          found++
      return found
    },
    [pane, layer === 'over' ? '.pane .over' : '.pane .drawing canvas:first-child', colour] as const,
  )

/** Opens both timelines, and gives the place of a row's drawing in a pane. */
async function stacked(path: string) {
  const { page, complaints } = await site.open(path)
  await page.locator('.drawing').nth(1).waitFor()
  await page.locator('.stacked').scrollIntoViewIfNeeded()
  await page.waitForLoadState('networkidle')
  const rowOf = async (pane: number, title: string): Promise<{ x: number; y: number; width: number }> => {
    const one = page.locator('.pane').nth(pane)
    const head = one.locator('.head', { has: page.getByText(title, { exact: true }) }).first()
    const lanes = (await one.locator('.drawing').boundingBox())!
    return { x: lanes.x, y: (await head.boundingBox())!.y + 12, width: lanes.width }
  }
  return { page, complaints, rowOf }
}

test('pointing at a kernel frames its match in the other run, and says by how much they differ', async () => {
  const { page, complaints, rowOf } = await stacked('/compare/1/2?stack=1')
  const before = await pixels(page, 1, 'over')
  const { x, y, width } = await rowOf(0, 'all work')
  await page.mouse.move(x + width * 0.4, y)
  await page.locator('.hover .match', { hasText: /^matched: .* → .*, −/ }).waitFor()
  await expect.poll(() => pixels(page, 1, 'over')).toBeGreaterThan(before)
  await page.mouse.move(0, 0)
  await expect.poll(() => pixels(page, 1, 'over')).toBe(before)
  expect(complaints).toEqual([])
})

test('matched work is coloured by its difference on request, with a legend', async () => {
  const { page, complaints } = await stacked('/compare/1/2?stack=1')
  const { light } = deltaColours['delta/faster-1']
  expect(await pixels(page, 1, 'tracks', light)).toBe(0)
  await page.getByRole('checkbox', { name: 'Colour by difference' }).check()
  // The candidate's kernels are a ninth shorter.
  await expect.poll(() => pixels(page, 1, 'tracks', light)).toBeGreaterThan(200)
  await expect.poll(() => pixels(page, 0, 'tracks', light)).toBeGreaterThan(200)
  await page.getByText('5 to 20 % faster').waitFor()
  expect(new URL(page.url()).searchParams.get('colour')).toBe('delta')
  expect(complaints).toEqual([])
})

test('work without a match is marked, with and without the colours', async () => {
  const { page, complaints } = await stacked('/compare/3/4?stack=1')
  // One copy was inserted into the candidate; the base has nothing that the candidate lacks.
  await expect.poll(() => pixels(page, 1, 'over')).toBeGreaterThan(0)
  expect(await pixels(page, 0, 'over')).toBe(0)
  // Warped onto the base, it has hardly any room; by one clock it has its own length.
  await page.getByRole('radio', { name: 'Common clock' }).click()
  const { light } = deltaColours['delta/unmatched']
  const plain = await pixels(page, 1, 'tracks', light)
  await page.getByRole('checkbox', { name: 'Colour by difference' }).check()
  await expect.poll(() => pixels(page, 1, 'tracks', light)).toBeGreaterThan(plain)
  expect(complaints).toEqual([])
})

/** The query once the view rests: a jump takes 180 ms, the address follows 250 ms later. */
async function query(page: Page): Promise<URLSearchParams> {
  await page.waitForTimeout(650)
  return new URL(page.url()).searchParams
}
const said = async (page: Page): Promise<string> =>
  (await page.locator('.stacked [role=status]').last().textContent()) ?? ''

test('view, window, cursors and selection of stacked runs are kept by the address', async () => {
  const { page, complaints, rowOf } = await stacked('/compare/1/2?stack=1&phase=forward')
  expect((await query(page)).has('stack_from')).toBe(false)
  await page.getByRole('application').focus()
  await page.keyboard.press('w')
  await page.keyboard.press('w')
  await page.keyboard.press('[')
  const { x, y, width } = await rowOf(1, 'ranges')
  await page.mouse.click(x + width * 0.5, y)
  await page.getByRole('tab', { name: 'Span of run 2' }).waitFor()
  const ruler = (await page.locator('.ruler').boundingBox())!
  await page.mouse.move(ruler.x + ruler.width * 0.3, ruler.y + 20)
  await page.mouse.down()
  await page.mouse.move(ruler.x + ruler.width * 0.6, ruler.y + 20, { steps: 3 })
  await page.mouse.up()
  const kept = await query(page)
  for (const name of ['from', 'to', 'a', 'window', 'span', 'run'])
    expect(kept.has(`stack_${name}`), name).toBe(true)
  expect(kept.get('stack_run')).toBe('2')
  // The page's own window and phase are what they were.
  expect([kept.get('window'), kept.get('phase')]).toEqual([null, 'forward'])
  const corner = await page.locator('.corner').textContent()
  await page.reload()
  await page.getByRole('tab', { name: 'Span of run 2' }).waitFor()
  await page.getByRole('tab', { name: 'Window' }).waitFor()
  expect((await query(page)).toString()).toBe(kept.toString())
  expect(await page.locator('.corner').textContent()).toBe(corner)
  expect(complaints).toEqual([])
})

test('a window tells its statistics of both runs, each in its own time', async () => {
  const { page, complaints, rowOf } = await stacked('/compare/1/2?stack=1')
  const { x, y, width } = await rowOf(0, 'all work')
  await page.keyboard.down('Shift')
  await page.mouse.move(x + width * 0.3, y)
  await page.mouse.down()
  await page.mouse.move(x + width * 0.6, y, { steps: 3 })
  const panels = [1, 2].map((run) => page.getByRole('region', { name: `Window of run ${run}` }))
  for (const panel of panels) await panel.getByText('Work on devices').waitFor()
  await page.mouse.up()
  await page.keyboard.up('Shift')
  await page.waitForLoadState('networkidle')
  // Matched work stands under each other, so that the two hold as many ops, and the candidate's take less time.
  const counts = await Promise.all(
    panels.map((panel) => panel.locator('h3', { hasText: 'Work on devices' }).locator('.num').textContent()),
  )
  expect(Math.abs(Number(counts[0]!.replace(',', '')) - Number(counts[1]!.replace(',', '')))).toBeLessThan(4)
  const walls = await Promise.all(
    panels.map(async (panel) =>
      Number((await panel.locator('h3 [data-exact]').nth(1).getAttribute('data-exact'))!.replace(/\D/g, '')),
    ),
  )
  expect(walls[1]).toBeLessThan(walls[0]!)
  // A name of the candidate's goes to the candidate.
  await panels[1]!.getByRole('button').first().click()
  await page.getByRole('tab', { name: 'Span of run 2' }).waitFor()
  expect((await query(page)).get('stack_run')).toBe('2')
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: 'Span of run 2' }).waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})

test('t shows both runs as tables, m says where notes are pinned, a gap of the candidate is kept', async () => {
  const { page, complaints } = await stacked('/compare/1/2?stack=1')
  await page.getByRole('application').focus()
  await page.keyboard.press('m')
  await expect.poll(() => said(page)).toBe('notes are pinned on the timeline of one run')
  await page.keyboard.press('t')
  const tables = page.getByRole('region', { name: 'On screen: synthetic candidate' })
  await page.getByRole('region', { name: 'On screen: synthetic base' }).waitFor()
  const gap = tables
    .getByRole('row', { name: /idle, by cause/ })
    .getByRole('button')
    .first()
  await gap.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('tab', { name: 'Gap of run 2' }).waitFor()
  const kept = await query(page)
  expect(kept.get('stack_gap')).toMatch(/^0\.\d+$/)
  expect(kept.get('stack_run')).toBe('2')
  await page.reload()
  await page.getByRole('tab', { name: 'Gap of run 2' }).waitFor()
  await page.getByRole('application').focus()
  await page.keyboard.press('c')
  await page.getByRole('tab', { name: 'Span of run 2' }).waitFor()
  expect(complaints).toEqual([])
})

test('either run is searched, and n goes on from there', async () => {
  const { page, complaints } = await stacked('/compare/1/2?stack=1')
  const spanAfter = async (before?: string | null): Promise<string | null> => {
    await expect.poll(async () => (await query(page)).get('stack_span')).not.toBe(before ?? null)
    return (await query(page)).get('stack_span')
  }
  await page.getByRole('application').focus()
  await page.keyboard.press('/')
  await page.keyboard.type('flash', { delay: 10 })
  await page.locator('.stacked [role=option]').first().waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('tab', { name: 'Span of run 1' }).waitFor()
  const first = await spanAfter()
  await page.keyboard.press('n')
  await spanAfter(first)
  const box = page.getByRole('combobox', { name: /^Search .* of the candidate$/ })
  await box.fill('cudaLaunch')
  await page.locator('.stacked [role=option]').first().waitFor()
  await box.press('Enter')
  await page.getByRole('tab', { name: 'Span of run 2' }).waitFor()
  await page.locator('.details h2', { hasText: 'cudaLaunchKernel' }).waitFor()
  expect(complaints).toEqual([])
})
