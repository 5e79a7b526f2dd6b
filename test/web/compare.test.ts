import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plantedPair } from '../../fixtures/generate/pair.ts'
import { startSite } from './browser.ts'
import type { Site } from './browser.ts'

let site: Site
beforeAll(async () => {
  const { base, candidate } = plantedPair('slow a kernel', 118, { iterations: 8 })
  site = await startSite([
    { label: 'synthetic before', trace: base.trace },
    { label: 'synthetic after', trace: candidate.trace },
  ])
})
afterAll(() => site.close())

const total = (page: Page): Promise<string | null> =>
  page.locator('.figures .value').nth(2).getAttribute('title')

test('the alignment is shown, corrected by hand, kept in the address, said on top, and taken back', async () => {
  const { page, complaints } = await site.open('/compare/1/2')
  const row = page.locator('[role=row], tr', { hasText: 'forward/global_block_1' }).first()
  await page.getByRole('heading', { name: 'How the two runs were aligned' }).waitFor()
  await row.waitFor()
  const before = await total(page)
  const form = page.getByRole('form', { name: 'Correct the alignment' })
  await form.getByLabel('Phase of the base').selectOption('forward/global_block_1')
  await form.getByLabel('Phase of the candidate').selectOption('forward/frame_block_1')
  await form.getByRole('button', { name: 'Pair by hand' }).click()
  const said = page.getByRole('region', { name: 'Corrections by hand' })
  await said
    .getByText('forward/frame_block_1 of the candidate is forward/global_block_1 of the base')
    .waitFor()
  expect(new URL(page.url()).searchParams.getAll('pair')).toEqual([
    'forward/global_block_1=forward/frame_block_1',
  ])
  // Another alignment explains the same difference.
  expect(await total(page)).toBe(before)
  await page.getByText('forward/global_block_1 (unpaired)').locator('visible=true').first().waitFor()
  await page.reload()
  await said.getByRole('button', { name: 'Undo' }).click()
  await said.waitFor({ state: 'detached' })
  expect(new URL(page.url()).searchParams.getAll('pair')).toEqual([])
  expect(complaints).toEqual([])
})

test('claims are added from a form, loaded from a file, and judged with their evidence', async () => {
  const { page, complaints } = await site.open('/compare/1/2')
  const form = page.getByRole('form', { name: 'Add a claim' })
  await form.getByLabel('Claimed').fill('3')
  await form.getByRole('button', { name: 'Add' }).click()
  await form.getByRole('combobox').first().selectOption('kernels.count')
  await form.getByRole('combobox').nth(1).selectOption('base')
  await form.getByLabel('Claimed').fill('>= 1')
  await form.getByRole('button', { name: 'Add' }).click()
  await page.getByRole('button', { name: 'Check the claims' }).click()
  const verdicts = page.getByRole('region', { name: 'Verdicts' })
  await verdicts.getByText('1 supported, 1 contradicted').waitFor()
  await verdicts.getByText('Definition and evidence').first().click()
  await verdicts.getByText('device span of an iteration').waitFor()
  const file = join(site.folder, 'claims.yaml')
  writeFileSync(
    file,
    'claims:\n  - { id: m, text: Memory is halved, metric: memory.peak.reduction, claimed: 50% }\n',
  )
  await page.locator('#claims-file').setInputFiles(file)
  await verdicts.getByText('1 not answerable').waitFor()
  await verdicts.getByText(/Missing: /).waitFor()
  expect(complaints).toEqual([])
  await page.getByLabel('Claims, as YAML').fill('claims: [')
  await page.getByRole('button', { name: 'Check the claims' }).click()
  await page.getByText('the text is no YAML').waitFor()
})
