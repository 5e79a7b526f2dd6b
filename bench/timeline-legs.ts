/**
 * How the timeline is moved, leg by leg: from the whole run, where a pixel holds thousands of kernels, to where each has a box
 * with its name in it (a box needs 3 px, a name 24, and a kernel of the SYNTHETIC run is about 9 µs long).
 */
import type { Page } from 'playwright-core'

export interface Leg {
  name: string
  /** Where it begins; the whole run where not given. */
  nsPerPx?: number
  move(page: Page): Promise<void>
}

/** Holds each key in turn: w and s zoom in and out (8 × a second), d and a pan (1.6 screens a second). */
async function held(page: Page, keys: string, forMs: number): Promise<void> {
  for (const key of keys) {
    await page.keyboard.down(key)
    await page.waitForTimeout(forMs)
    await page.keyboard.up(key)
  }
}

async function wheeled(page: Page, turns: number, by: number): Promise<void> {
  for (let i = 0; i < turns; i++) {
    await page.mouse.wheel(0, by)
    await page.waitForTimeout(16)
  }
}

export const LEGS: readonly Leg[] = [
  {
    name: 'the whole run, zoomed',
    async move(page) {
      await held(page, 'wdsa', 1_200)
      await wheeled(page, 60, -60)
      await wheeled(page, 60, 60)
    },
  },
  { name: '100 µs a px, zoomed and panned', nsPerPx: 100_000, move: (page) => held(page, 'wdsa', 1_000) },
  { name: '5 µs a px, panned', nsPerPx: 5_000, move: (page) => held(page, 'dada', 1_000) },
  // 8 × a second for 1.1 s is a factor of ten.
  { name: '5 to 0.5 µs a px, zoomed', nsPerPx: 5_000, move: (page) => held(page, 'wsws', 1_100) },
  { name: '0.5 µs a px, panned', nsPerPx: 500, move: (page) => held(page, 'dada', 1_000) },
]
