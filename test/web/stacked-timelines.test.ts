import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSite, twoRuns } from './browser.ts'
import type { Site } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await startSite(twoRuns())
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

test('two runs stand on one axis; phase under phase, the same phase is at the same place in both', async () => {
  const { page, complaints } = await site.open('/compare/1/2')
  await page.getByRole('button', { name: 'Show the two timelines' }).click()
  await page.locator('.drawing').nth(1).waitFor()
  await page.waitForLoadState('networkidle')
  await page.locator('.stacked').scrollIntoViewIfNeeded()
  const places = [0.1, 0.3, 0.5, 0.7, 0.85]
  const apart: boolean[] = []
  for (const part of places) {
    const [a, b] = await under(page, part)
    apart.push(a !== b)
  }
  // The candidate is faster, so that late in the iteration it is phases ahead.
  expect(apart).toContain(true)
  await page.getByRole('radio', { name: 'Kernel under kernel' }).click()
  await page.getByRole('radio', { name: 'Phase under phase' }).click()
  await page.waitForLoadState('networkidle')
  for (const part of places) {
    const [a, b] = await under(page, part)
    expect(a).toBe(b)
  }
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
