import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { sharedTest } from '../shared.ts'
import { startSite, syntheticProfile, twoRuns } from './browser.ts'
import type { Site } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await startSite(twoRuns())
})
afterAll(() => site.close())

const choose = (page: Page, name: string, content: string): Promise<void> =>
  page
    .locator('#choose-files')
    .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) })
const heading = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('heading', { name }).first().waitFor()

describe('a file becomes a run', () => {
  test('chosen, uploaded, read, opened; the same content again is recognised', async () => {
    const { page, complaints } = await site.open('/')
    await choose(page, 'tiny.json', syntheticProfile())
    const imports = page.getByRole('region', { name: 'Imports' })
    await imports.getByText(/rows imported/).waitFor()
    await page.getByRole('link', { name: 'tiny', exact: true }).waitFor()
    await choose(page, 'tiny again.json', syntheticProfile())
    await imports.getByText('had been imported before').waitFor()
    await imports.getByRole('link', { name: 'Open' }).first().click()
    await heading(page, 'tiny')
    expect(page.url()).toMatch(/\/runs\/3\/overview$/)
    expect(complaints).toEqual([])
  })

  test('dropped on any page; what is no trace is refused in the server’s own words', async () => {
    const { page, complaints } = await site.open('/definitions')
    const files = await page.evaluateHandle(() => {
      const data = new DataTransfer()
      data.items.add(new File(['hello'], 'notes.txt'))
      return data
    })
    await page.dispatchEvent('body', 'dragenter', { dataTransfer: files })
    await page.getByText('Drop to import').waitFor()
    await page.dispatchEvent('body', 'drop', { dataTransfer: files })
    await page.getByText(/notes\.txt.*is not a trace this program knows/).waitFor()
    expect(await page.getByText('Drop to import').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test('an empty file is refused before it travels', async () => {
    const { page } = await site.open('/')
    await choose(page, 'empty.json', '')
    await page.getByText('empty.json is empty').waitFor()
  })

  test('an upload under way is cancelled, and says that nothing was kept', async () => {
    const { page } = await site.open('/')
    await page.route('**/api/uploads/*', async (route) => {
      if (route.request().method() === 'PATCH') await new Promise((resume) => setTimeout(resume, 20_000))
      await route.continue().catch(() => {})
    })
    await choose(page, 'slow.json', syntheticProfile(9))
    await page.getByRole('button', { name: 'Cancel slow.json' }).click()
    await page.getByRole('region', { name: 'Imports' }).getByText('cancelled; nothing was kept').waitFor()
    expect(site.store.runs().some((run) => run.label === 'slow')).toBe(false)
    await page.unrouteAll({ behavior: 'ignoreErrors' })
  })

  sharedTest('a real capture goes from the disk to a comparison', async (folder) => {
    const { page, complaints } = await site.open('/')
    await page
      .locator('#choose-files')
      .setInputFiles([
        join(folder, 'traces/vggt-a40/vggt_report_A40.sqlite'),
        join(folder, 'traces/vggt-a40/vggt_100report_A40.sqlite'),
      ])
    await page.getByRole('link', { name: 'vggt_100report_A40' }).waitFor({ timeout: 60_000 })
    await page.getByRole('link', { name: 'vggt_report_A40' }).click()
    await page.getByText(/of NVIDIA A40 went/).waitFor()
    await page.getByRole('link', { name: 'Phases', exact: true }).click()
    await page.getByRole('cell', { name: 'Global_Attention' }).first().waitFor()
    expect(complaints).toEqual([])
  })
})

describe('a run', () => {
  test('opens on its ledger, whose parts are proven to be the whole', async () => {
    const { page, complaints } = await site.open('/runs/1?window=capture')
    await heading(page, /^Where the .* of Synthetic GPU went$/)
    const proof = await page.locator('p', { hasText: 'the whole window' }).innerText()
    const [busy, idle, wall] = [...proof.matchAll(/([\d,]+) ns/g)].map((match) =>
      Number(match[1].replaceAll(',', '')),
    )
    expect(busy + idle).toBe(wall)
    const [from, to] = site.store.run(1).captureNs!
    expect(wall).toBe(to - from)
    expect(complaints).toEqual([])
  })

  test('takes another label in place', async () => {
    const { page } = await site.open('/runs/1/overview')
    await page.getByRole('button', { name: 'Rename' }).click()
    const input = page.getByRole('textbox', { name: 'Label of the run' })
    await input.fill('renamed')
    await input.press('Enter')
    await heading(page, 'renamed')
    await expect.poll(() => site.store.run(1).label).toBe('renamed')
  })

  test('shows a phase’s own ledger when it is chosen, and keeps the choice in the address', async () => {
    const { page, complaints } = await site.open('/runs/2/phases')
    const table = page.getByRole('region', { name: 'Phases' })
    await table.getByRole('row').nth(3).click()
    await page.getByText(/instance’s first op to its last/).waitFor()
    expect(new URL(page.url()).searchParams.get('phase')).toBeTruthy()
    await page.reload()
    await page.getByText(/instance’s first op to its last/).waitFor()
    await page.goBack()
    expect(new URL(page.url()).searchParams.get('phase')).toBeNull()
    expect(complaints).toEqual([])
  })

  test('phases are of the median iteration, and of all on request; kernels go by what is chosen', async () => {
    const { page, complaints } = await site.open('/runs/1/phases')
    const busy = async (): Promise<string> => page.getByRole('region', { name: 'Phases' }).innerText()
    const ofOne = await busy()
    await page.getByRole('combobox').first().selectOption('the whole capture')
    await page.waitForURL(/window=capture/)
    await expect.poll(busy).not.toBe(ofOne)
    await page.goto(`${site.url}/runs/1/kernels`)
    await page.getByRole('region', { name: 'By name' }).waitFor()
    for (const by of ['Shape', 'Class', 'Phase']) {
      await page.getByRole('group', { name: 'By' }).getByRole('button', { name: by }).click()
      await page.getByRole('region', { name: `By ${by.toLowerCase()}` }).waitFor()
      expect(new URL(page.url()).searchParams.get('by')).toBe(by.toLowerCase())
    }
    expect(complaints).toEqual([])
  })

  test('opens on its median iteration where it has iterations, with the capture one choice away', async () => {
    const { page } = await site.open('/runs')
    await page.getByRole('link', { name: 'tiny', exact: true }).click()
    const window = page.getByRole('combobox')
    await window.waitFor()
    expect(await window.inputValue()).toMatch(/^i\d$/)
    await window.selectOption('the capture')
    await page.waitForURL(/window=capture/)
    await page.getByRole('term').filter({ hasText: 'Capture' }).waitFor()
  })

  test('says of what its shares are', async () => {
    const { page } = await site.open('/runs/1/overview')
    const busy = page.locator('dl div').filter({ has: page.getByText('GPU busy', { exact: true }) })
    await busy.getByText(/^of iteration \d+: /).waitFor()
    await page.goto(`${site.url}/runs/1/overview?window=capture`)
    await busy.getByText(/^of the [\d.]+ m?s captured: /).waitFor()
  })

  test('is deleted only after a question', async () => {
    const { page } = await site.open('/runs')
    await page.getByRole('button', { name: 'Delete tiny' }).click()
    await page.getByRole('button', { name: 'Keep it' }).click()
    expect(site.store.runs().length).toBeGreaterThan(2)
    await page.getByRole('button', { name: 'Delete tiny' }).click()
    await page.getByRole('button', { name: 'Delete run' }).click()
    await page.getByRole('link', { name: 'tiny', exact: true }).waitFor({ state: 'detached' })
    expect(site.store.runs().some((run) => run.label === 'tiny')).toBe(false)
  })
})

describe('two runs', () => {
  test('are chosen from the list and held against each other, terms adding up to the difference', async () => {
    const { page, complaints } = await site.open('/runs')
    await page.getByRole('checkbox', { name: /synthetic candidate/ }).check()
    await page.getByRole('checkbox', { name: /synthetic candidate/ }).uncheck()
    await page.getByRole('checkbox', { name: /Compare renamed|Compare synthetic base/ }).check()
    await page.getByRole('checkbox', { name: /synthetic candidate/ }).check()
    await page.getByRole('main').getByRole('link', { name: 'Compare' }).click()
    await heading(page, /^What the .* are made of$/)
    expect(page.url()).toMatch(/\/compare\/1\/2$/)
    await page.getByRole('checkbox', { name: 'Whole captures' }).check()
    await page.waitForURL(/window=capture/)
    await page.getByRole('button', { name: 'Table' }).click()
    const cells = await page.locator('#terms-title').locator('xpath=../..').locator('td[title$=" ns"]').all()
    const values = await Promise.all(
      cells.map(async (cell) =>
        Number((await cell.getAttribute('title'))!.replace(' ns', '').replaceAll(',', '').replace('−', '-')),
      ),
    )
    const delta = values.pop()
    expect(values.length).toBeGreaterThan(5)
    expect(values.reduce((sum, value) => sum + value, 0)).toBe(delta)
    const [a, b] = [1, 2].map((id) => site.store.run(id).captureNs!).map(([from, to]) => to - from)
    expect(delta).toBe(b - a)
    expect(complaints).toEqual([])
  })

  test('change places', async () => {
    const { page } = await site.open('/compare/1/2')
    await page.getByRole('button', { name: 'Swap' }).click()
    await page.waitForURL(/\/compare\/2\/1$/)
  })
})

describe('why a device was idle', () => {
  test('a gap is split to the nanosecond, shows its evidence, and leads to the timeline', async () => {
    const { page, complaints } = await site.open('/runs/2/gaps')
    const table = page.getByRole('region', { name: /gaps/ })
    await table.getByRole('row').nth(1).click()
    await heading(page, /^The gap of/)
    const [length, ...parts] = await page.evaluate(() => {
      const picked = document.querySelector('tr.picked td:nth-child(2)')!
      const causes = [...document.querySelectorAll('section ol .num')]
      return [picked, ...causes].map((one) => Number(one.getAttribute('title')!.replace(/[^\d]/g, '')))
    })
    expect(parts.length).toBeGreaterThan(0)
    expect(parts.reduce((sum, ns) => sum + ns, 0)).toBe(length)
    await page.getByRole('link', { name: 'On the timeline' }).click()
    await page.waitForURL(/\/runs\/2\/timeline\?from=\d+&to=\d+&span=device_op\.\d+/)
    expect(complaints).toEqual([])
  })

  test('launches say whether the run is bound by them, on one scale with what the device lost', async () => {
    const { page, complaints } = await site.open('/runs/2/launches')
    await heading(page, /launch-bound: .* idled [\d.]+ % of .* for the host/i)
    for (const name of ['By API call', 'By phase', 'By kernel'])
      await page.getByRole('region', { name }).waitFor()
    expect(complaints).toEqual([])
  })

  test('what launches cost is split only where rows tell of full queues', async () => {
    const { page, complaints } = await site.open('/runs/2/launches')
    await heading(page, /launch-bound/i)
    await page.getByText(/launches took the host [\d.]+ [mµ]?s\. .*cannot be told apart/).waitFor()
    const head = page.getByRole('columnheader', { name: /Own cost/ })
    const bar = page.locator('svg text').filter({ hasText: /^own cost/ })
    expect([await head.count(), await bar.count()]).toEqual([0, 0])
    await page.route(/\/analyses\/launches\b/, async (route) => {
      const answer = (await (await route.fetch()).json()) as { result: { isCorrected: boolean } }
      expect(answer.result.isCorrected).toBe(false)
      answer.result.isCorrected = true
      await route.fulfill({ json: answer })
    })
    await page.reload()
    await head.first().waitFor()
    expect([await head.count(), await bar.count()]).toEqual([3, 1])
    expect(complaints).toEqual([])
  })
})

describe('the verdict', () => {
  test('quotes numbers that stand on the page it leads to', async () => {
    const { page, complaints } = await site.open('/runs/1/overview')
    const items = page.getByRole('region', { name: 'Verdict' }).getByRole('listitem')
    await items.first().waitFor()
    const sentences = await items.all()
    const led = await Promise.all(
      sentences.map(async (item) => ({
        text: (await item.textContent())!,
        href: (await item.getByRole('link').getAttribute('href'))!,
      })),
    )
    const work = led.find(({ text }) => /The work is mostly/.test(text))!
    expect(work.href).toMatch(/ledger\?iteration=\d+$/)
    const [time] = /[\d.]+ [µm]?s(?=\))/.exec(work.text)!
    await page.goto(site.url + work.href)
    await page.getByRole('cell', { name: time, exact: true }).first().waitFor()
    // The capture's would be another number.
    await page.getByRole('combobox', { name: /^Of/ }).selectOption({ label: 'the whole capture' })
    await page.getByRole('cell', { name: time, exact: true }).first().waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  test('stands first, and every sentence leads to a view that answers', async () => {
    const { page, complaints } = await site.open('/runs/1/overview')
    const verdict = page.getByRole('region', { name: 'Verdict' })
    await verdict.waitFor()
    const links = await verdict.getByRole('link').all()
    expect(links.length).toBe(await verdict.getByRole('listitem').count())
    const hrefs = await Promise.all(links.map((link) => link.getAttribute('href')))
    for (const href of hrefs) {
      await page.goto(site.url + href!)
      await page.getByRole('table').first().waitFor()
      expect(await page.getByRole('alert').count(), href!).toBe(0)
    }
    expect(complaints).toEqual([])
  })
})
