import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSite, twoRuns } from './browser.ts'
import { faintWords } from './contrast.ts'
import type { Site, Watched } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await startSite(twoRuns())
})
afterAll(() => site.close())

const PAGES = [
  ['the list of runs', '/runs', 'Runs'],
  ['an overview', '/runs/1/overview', 'synthetic base'],
  ['phases', '/runs/1/phases', 'Phases'],
  ['kernels', '/runs/1/kernels', 'Kernels'],
  ['launches', '/runs/1/launches', 'Launches'],
  ['gaps', '/runs/1/gaps', 'Gaps'],
  ['a roofline', '/runs/1/roofline', 'Roofline'],
  ['memory and utilisation', '/runs/1/memory', 'Memory & utilisation'],
  ['nsys’ reports', '/runs/1/nsys', 'nsys reports'],
  ['a timeline', '/runs/1/timeline', 'Timeline'],
  [
    'a question in SQL',
    `/runs/1/sql?sql=${encodeURIComponent('SELECT name, start_ns, duration_ns FROM device_op')}`,
    'SQL',
  ],
  ['a comparison', '/compare/1/2', 'Compare'],
  ['definitions', '/definitions', 'Definitions'],
] as const

async function open(
  path: string,
  heading: string,
  options: Parameters<Site['open']>[1] = {},
): Promise<Watched> {
  const watched = await site.open(path, options)
  await watched.page.getByRole('heading', { level: 1, name: heading }).waitFor()
  await watched.page.waitForLoadState('networkidle')
  return watched
}

// One after the other on one page: opening it anew for each would take most of the time.
describe.each(PAGES)('%s', (_, path, heading) => {
  let page: Page
  let complaints: readonly string[]
  beforeAll(async () => {
    ;({ page, complaints } = await open(path, heading, { colorScheme: 'light' }))
  })
  afterAll(() => page.context().close())

  test('is walked by Tab from the skip link on, every stop visible', async () => {
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content')
    for (let i = 0; i < 14; i++) {
      await page.keyboard.press('Tab')
      const stop = await page.evaluate(() => {
        const element = document.activeElement!
        const shown = element.matches('.hidden') ? element.closest('label')! : element
        const style = getComputedStyle(shown)
        return {
          is: element.outerHTML.slice(0, 100),
          outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1,
          body: element === document.body,
        }
      })
      if (stop.body) break
      expect(stop.outlined, stop.is).toBe(true)
    }
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  })

  test('has a title, one main part, one first heading, and a name for all that can be used or seen', async () => {
    const found = await page.evaluate(() => {
      const named = (element: Element): boolean => {
        const label = element.getAttribute('aria-label') ?? element.getAttribute('title') ?? ''
        const by = element.getAttribute('aria-labelledby')
        const text = (by ? document.getElementById(by)?.textContent : element.textContent) ?? ''
        const labels = (element as HTMLInputElement).labels
        return [label, text, labels?.[0]?.textContent ?? ''].some((one) => one.trim() !== '')
      }
      const all = (selector: string): Element[] => [...document.querySelectorAll(selector)]
      return {
        title: document.title,
        language: document.documentElement.lang,
        mains: all('main').length,
        heads: all('h1').length,
        unnamed: all(
          'a, button, input, select, [role=img], [role=region], [role=progressbar], nav, dialog[open]',
        )
          .filter((element) => !named(element))
          .map((element) => element.outerHTML.slice(0, 120)),
        ids: all('[id]').map((element) => element.id),
      }
    })
    expect(found.title).toMatch(/ · Parallax$/)
    expect(found.language).toBe('en')
    expect([found.mains, found.heads]).toEqual([1, 1])
    expect(found.unnamed).toEqual([])
    expect(new Set(found.ids).size).toBe(found.ids.length)
  })

  test('scrolls inside its main part only: below it there is no empty window', async () => {
    const beyond = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)
    expect(beyond).toBe(0)
  })

  test.each(['light', 'dark'] as const)(
    'every word can be read (AA) in the %s theme',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme })
      expect(await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(
        colorScheme === 'dark',
      )
      await page.waitForTimeout(300)
      expect(await faintWords(page)).toEqual([])
    },
  )

  test('fits a phone: nothing but tables and strips scrolls sideways', async () => {
    await page.setViewportSize({ width: 400, height: 800 })
    await page.waitForTimeout(300)
    const wide = await page.evaluate(() => {
      const main = document.querySelector('main')!
      return { page: document.documentElement.scrollWidth, main: main.scrollWidth - main.clientWidth }
    })
    expect(wide.page).toBeLessThanOrEqual(400)
    expect(wide.main).toBe(0)
  })

  test('nothing is complained of in all this, and nothing asked of others', () => {
    expect(complaints).toEqual([])
  })
})

describe('keys', () => {
  test('"?" lists them, "g" and a letter go to a view, "T" turns the theme and the choice is kept', async () => {
    const { page } = await open('/runs/1/overview', 'synthetic base', { colorScheme: 'light' })
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    await page.waitForURL(/\/runs\/1\/phases$/)
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    await page.waitForURL(/\/runs$/)
    const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await ground()
    await page.keyboard.press('T')
    await expect.poll(ground).not.toBe(light)
    const dark = await ground()
    await page.reload()
    expect(await ground()).toBe(dark)
  })

  test('keys that are typed into a field stay there', async () => {
    const { page } = await open('/runs/1/overview', 'synthetic base')
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.keyboard.type('gr?T')
    expect(page.url()).toMatch(/overview$/)
    expect(await page.getByRole('dialog', { name: 'Keys' }).count()).toBe(0)
  })
})

test('motion is left out for those who ask for that', async () => {
  const { page } = await site.open('/runs', { reducedMotion: 'reduce' })
  const quick = (): Promise<number> =>
    page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--quick')))
  expect(await quick()).toBe(0)
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  expect(await quick()).toBeGreaterThan(0)
})
