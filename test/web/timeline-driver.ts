/** One timeline in a browser, and the places on it that tests point at. */
import type { Locator, Page } from 'playwright-core'
import type { Site } from './browser.ts'

export interface Driven {
  page: Page
  complaints: string[]
  /** The tracks of the (last) run. */
  drawing: Locator
  panel: Locator
  /** The tracks' drawing, CSS pixels of the window. */
  box(): Promise<{ x: number; y: number; width: number; height: number }>
  /** A place on a track: `part` of the width, in the middle of its first lane. */
  on(track: string, part: number): Promise<{ x: number; y: number }>
  /** What a screen reader was told last. */
  said(): Promise<string>
  /** The query of the address, once the view rests: a jump takes 180 ms, the address follows 250 ms later. */
  query(): Promise<URLSearchParams>
  /** From and to, as the address says them. */
  view(): Promise<{ from: number; to: number }>
}

export async function drive(
  site: Site,
  path: string,
  options: Parameters<Site['open']>[1] = {},
): Promise<Driven> {
  const { page, complaints } = await site.open(path, options)
  const drawing = page.locator('.drawing').last()
  await drawing.waitFor()
  await page.waitForLoadState('networkidle')
  const box: Driven['box'] = async () => (await drawing.boundingBox())!
  const query = async (): Promise<URLSearchParams> => {
    await page.waitForTimeout(650)
    return new URL(page.url()).searchParams
  }
  return {
    page,
    complaints,
    drawing,
    panel: page.getByRole('region', { name: 'What is selected' }),
    box,
    async on(track, part) {
      const { x, width } = await box()
      const head = page.locator('.head', { has: page.getByText(track, { exact: true }) }).last()
      const { y } = (await head.boundingBox())!
      return { x: x + width * part, y: y + 12 }
    },
    said: async () => (await page.getByRole('status').last().textContent()) ?? '',
    query,
    async view() {
      const said = await query()
      return { from: Number(said.get('from')), to: Number(said.get('to')) }
    },
  }
}
