/**
 * The timeline's look, held against pictures that people looked at. Compared at an eighth of the size, so that a font
 * hinted otherwise or an edge smoothed otherwise is no difference, and a missing track, a lost colour or a moved panel is.
 *
 *   PARALLAX_UPDATE_PICTURES=1 npx vitest run test/web/timeline-pictures.test.ts      takes new ones: look at them
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { syntheticRun } from '../../fixtures/synthetic-run.ts'
import { syntheticTracks } from '../../fixtures/synthetic-tracks.ts'
import { startSite } from './browser.ts'
import type { Site } from './browser.ts'

const FOLDER = fileURLToPath(new URL('pictures/', import.meta.url))
const SCALE = 8
/** A cell differs when a channel's mean is off by more than this, of 255. */
const TOLERANCE = 20
/** Part of the cells that may differ. */
const ALLOWED = 0.01

let site: Site
beforeAll(async () => {
  site = await startSite([
    { label: 'synthetic run', trace: syntheticRun({ kernels: 20_000, seed: 5 }) },
    { label: 'synthetic candidate', trace: syntheticRun({ kernels: 20_000, seed: 5, kernelNs: 7_000 }) },
    { label: 'synthetic tracks', trace: syntheticTracks() },
  ])
})
afterAll(() => site.close())

const PICTURES = [
  ['light', '/runs/1/timeline?from=60000000&to=100000000', { width: 1440, height: 860 }, 'light'],
  ['dark', '/runs/1/timeline?from=93000000&to=99000000', { width: 1440, height: 860 }, 'dark'],
  ['narrow', '/runs/1/timeline?from=60000000&to=100000000', { width: 400, height: 800 }, 'light'],
  ['wide', '/runs/1/timeline', { width: 2400, height: 1100 }, 'dark'],
  [
    'kernel',
    '/runs/1/timeline?from=71500000&to=71660000&span=device_op.5790',
    { width: 1440, height: 860 },
    'light',
  ],
  [
    'window',
    '/runs/1/timeline?from=60000000&to=100000000&window=70000000_84000000&a=66000000&b=92000000',
    { width: 1440, height: 860 },
    'dark',
  ],
  ['tracks', '/runs/3/timeline', { width: 1440, height: 1360 }, 'light'],
  ['tracks-dark', '/runs/3/timeline?from=1200000&to=2600000', { width: 1440, height: 1360 }, 'dark'],
  ['stacked', '/compare/1/2?stack=1', { width: 1440, height: 1000 }, 'light'],
] as const

describe.each(PICTURES)('%s', (name, path, viewport, colorScheme) => {
  test('looks as it did', async () => {
    const { page, complaints } = await site.open(path, { viewport, colorScheme, reducedMotion: 'reduce' })
    await still(page, name === 'stacked')
    // Only what is the timeline's own: a new view in the list beside it is no difference.
    const now = await page.locator(name === 'stacked' ? '.stacked' : 'main').screenshot()
    const file = `${FOLDER}${name}.png`
    if (process.env.PARALLAX_UPDATE_PICTURES === '1') {
      mkdirSync(FOLDER, { recursive: true })
      writeFileSync(file, now)
    }
    expect(existsSync(file), `${file} is missing: take it with PARALLAX_UPDATE_PICTURES=1`).toBe(true)
    const [a, b] = [cells(PNG.sync.read(readFileSync(file))), cells(PNG.sync.read(now))]
    expect(b.length).toBe(a.length)
    let different = 0
    for (let i = 0; i < a.length; i += 3)
      if ([0, 1, 2].some((c) => Math.abs(a[i + c]! - b[i + c]!) > TOLERANCE)) different++
    expect(different / (a.length / 3)).toBeLessThan(ALLOWED)
    expect(complaints).toEqual([])
  })
})

async function still(page: Page, isStacked: boolean): Promise<void> {
  await page.locator('.drawing').last().waitFor()
  if (isStacked) await page.locator('.stacked').scrollIntoViewIfNeeded()
  await page.evaluate(() => document.fonts.ready)
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(500)
  await page.locator('.reading').waitFor({ state: 'detached' })
}

/** Mean colour of each square of SCALE pixels: r, g, b, r, … */
function cells({ width, height, data }: PNG): Float64Array {
  const [columns, rows] = [Math.floor(width / SCALE), Math.floor(height / SCALE)]
  const means = new Float64Array(columns * rows * 3)
  for (let y = 0; y < rows * SCALE; y++)
    for (let x = 0; x < columns * SCALE; x++) {
      const cell = (Math.floor(y / SCALE) * columns + Math.floor(x / SCALE)) * 3
      for (let c = 0; c < 3; c++) means[cell + c]! += data[(y * width + x) * 4 + c]! / SCALE ** 2
    }
  return means
}
