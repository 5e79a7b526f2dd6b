import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { startSite, twoRuns } from './browser.ts'
import type { Site } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await startSite(twoRuns())
})
afterAll(() => site.close())

/** Kernels by the thousand, so that the table draws only what is seen. */
const ROWS = 5000
async function manyRows(path: string): Promise<{ page: Page; complaints: string[] }> {
  const watched = await site.open('/definitions')
  await watched.page.route(/\/analyses\/kernels\b/, (route) =>
    route.fulfill({
      json: {
        analysis: 'kernels',
        run: 1,
        result: {
          totalNs: 1e9,
          kernels: Array.from({ length: ROWS }, (_, i) => ({
            name: `kernel_${i}<a, "b">`,
            class: i % 2 ? 'gemm' : 'layout',
            kind: 'kernel',
            count: i,
            totalNs: 1000 * (ROWS - i),
            minNs: 1,
            medianNs: 2,
            maxNs: 3,
          })),
        },
        tables: [],
      },
    }),
  )
  await watched.page.goto(site.url + path)
  await watched.page.getByRole('region', { name: 'By name' }).waitFor()
  return watched
}
const names = (page: Page): Promise<string[]> => page.locator('tbody td:first-child').allInnerTexts()

test('thousands of rows are drawn where they are seen, and all can be reached by keys', async () => {
  const { page, complaints } = await manyRows('/runs/1/kernels')
  expect(await page.locator('tbody tr').count()).toBeLessThan(120)
  expect(await page.locator('table').getAttribute('aria-rowcount')).toBe(String(ROWS + 1))
  await page.getByRole('region', { name: 'By name' }).focus()
  await page.keyboard.press('End')
  await page.getByRole('cell', { name: `kernel_${ROWS - 1}<` }).waitFor()
  await page.keyboard.press('Home')
  await page.getByRole('cell', { name: 'kernel_0<' }).waitFor()
  expect(complaints).toEqual([])
})

test('order and filter stand in the address and survive a reload', async () => {
  const { page } = await manyRows('/runs/1/kernels')
  await page.getByRole('button', { name: 'Count', exact: true }).click()
  expect((await names(page)).at(0)).toMatch(`kernel_${ROWS - 1}<`)
  expect(await page.getByRole('columnheader', { name: /^Count/ }).getAttribute('aria-sort')).toBe(
    'descending',
  )
  await page.getByRole('searchbox', { name: 'Filter By name' }).fill('gemm kernel_12')
  await page.getByText('55 of 5,000').waitFor()
  await page.reload()
  await page.getByText('55 of 5,000').waitFor()
  const { searchParams } = new URL(page.url())
  expect([searchParams.get('kernels.sort'), searchParams.get('kernels.find')]).toEqual([
    '-count',
    'gemm kernel_12',
  ])
})

test('the copy is CSV with exact values, in the order and of the rows that are shown', async () => {
  const { page } = await manyRows('/runs/1/kernels?kernels.find=kernel_4999')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy CSV' }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    'name,class,count,totalNs,share,minNs,medianNs,maxNs\r\n"kernel_4999<a, ""b"">",gemm,4999,1000,0.0001,1,2,3\r\n',
  )
})

test('a name is drawn as it is copied: no ligature makes 128x64 a 128×64', async () => {
  const { page } = await site.open('/definitions')
  const widths = await page.evaluate(async () => {
    await document.fonts.ready
    const inPage = document.body.appendChild(document.createElement('span'))
    inPage.style.cssText = 'position: absolute; white-space: nowrap'
    const widthOf = (text: string): number => {
      inPage.textContent = text
      return inPage.getBoundingClientRect().width
    }
    const own = widthOf('sgemm_128x64_tn')
    inPage.style.fontVariantLigatures = 'normal'
    return { own, joined: widthOf('sgemm_128x64_tn') }
  })
  expect(widths.own).not.toBe(widths.joined)
})

test('every heading with a definition opens it, Escape closes it and gives the focus back', async () => {
  const { page } = await site.open('/runs/1/phases')
  const what = page.getByRole('button', { name: 'What “GPU busy” means' })
  await what.click()
  const sheet = page.getByRole('dialog', { name: 'GPU busy' })
  await sheet.getByText(/at least one op launched from inside the phase/).waitFor()
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'hidden' })
  expect(await what.evaluate((button) => button === document.activeElement)).toBe(true)
  await what.click()
  await page.getByRole('link', { name: 'All definitions' }).click()
  await page.waitForURL(/definitions#gpuBusyNs$/)
})

test('the page of an analysis is one click away from its view', async () => {
  const { page } = await site.open('/runs/1/kernels')
  await page.getByRole('button', { name: 'What this means' }).click()
  const dialog = page.getByRole('dialog', { name: 'Kernels' })
  for (const name of ['Meaning', 'Definition', 'Causes', 'Remedy'])
    await dialog.getByRole('heading', { name }).waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
})

test('what was opened while the view was computed stays open when its answer comes', async () => {
  const { page } = await site.open('/definitions')
  let answer = (): void => undefined
  const asked = new Promise<void>((resolve) => (answer = resolve))
  await page.route(/\/analyses\/kernels\b/, async (route) => {
    await asked
    await route.continue()
  })
  await page.goto(`${site.url}/runs/1/kernels`)
  await page.getByRole('button', { name: 'What this means' }).click()
  const dialog = page.getByRole('dialog', { name: 'Kernels' })
  await dialog.getByRole('heading', { name: 'Remedy' }).waitFor()
  answer()
  await page.getByRole('region', { name: 'By name', includeHidden: true }).waitFor()
  expect(await dialog.isVisible()).toBe(true)
})
