import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyTable } from '../../trace/builder.ts'
import { tables } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { startSite, syntheticProfile, twoRuns } from './browser.ts'
import type { Site } from './browser.ts'

/** The same capture, taken without NVTX. */
const withoutRanges = ({ meta, api_call, ...trace }: Trace): Trace => ({
  ...trace,
  range: emptyTable(tables.range),
  api_call: { ...api_call, range: undefined },
  meta: { ...meta, recorded: meta.recorded.filter((table) => table !== 'range') },
})

let site: Site
let empty: Site
beforeAll(async () => {
  const runs = twoRuns()
  site = await startSite([...runs, { label: 'without ranges', trace: withoutRanges(runs[0].trace) }])
  empty = await startSite([])
})
afterAll(async () => {
  await site.close()
  await empty.close()
})

describe('what is not there', () => {
  test('no runs yet: the page says how one comes in, and what can', async () => {
    const { page, complaints } = await empty.open('/')
    await page.getByRole('heading', { name: 'No runs yet' }).waitFor()
    await page.getByText('nsys export --type sqlite').waitFor()
    expect(complaints).toEqual([])
  })

  test('nothing to compare with', async () => {
    const { page } = await empty.open('/compare')
    await page.getByRole('heading', { name: 'It takes two runs to compare' }).waitFor()
  })

  test('an address that is none, a run that is none, a view that is none', async () => {
    const { page } = await site.open('/nowhere')
    await page.getByRole('heading', { name: 'Nothing is at this address' }).waitFor()
    await page.goto(`${site.url}/runs/99/overview`)
    await page.getByRole('alert').getByText('no run "99" in this store').waitFor()
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
    await page.getByRole('alert').getByRole('link', { name: 'All runs' }).click()
    await page.getByRole('heading', { name: 'Runs', exact: true, level: 1 }).waitFor()
    await page.goto(`${site.url}/runs/1/nothing`)
    await page.getByRole('heading', { name: 'No view is called “nothing”' }).waitFor()
  })

  test('an analysis whose tables the capture lacks: said without asking, with what records them', async () => {
    const { page } = await site.open('/runs/1/overview')
    await page.route('**/api/analyses', async (route) => {
      const list = (await (await route.fetch()).json()) as { id: string; needs: string[] }[]
      for (const one of list) if (one.id === 'kernels') one.needs = ['counter_sample']
      await route.fulfill({ json: list })
    })
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.goto(`${site.url}/runs/1/kernels`)
    await page.getByRole('heading', { name: 'Kernels: not recorded' }).waitFor()
    await page.getByText('--gpu-metrics-device=all').waitFor()
    expect(asked).not.toContain('/api/runs/1/analyses/kernels')
  })
})

test('what a capture of another tool lacks is said in words, without advice for nsys', async () => {
  const { page } = await site.open('/runs/3/overview')
  await page.route('**/api/runs/3', async (route) => {
    const run = (await (await route.fetch()).json()) as { format: string }
    await route.fulfill({ json: { ...run, format: 'onnxruntime' } })
  })
  await page.goto(`${site.url}/runs/3/phases`)
  await page.getByText('This capture has no ranges. Nothing is estimated in its place.').waitFor()
  // How formats are captured is known by then.
  await page.waitForLoadState('networkidle')
  expect(await page.getByText('nsys profile').count()).toBe(0)
})

describe('a capture without ranges', () => {
  test.each(['Phases', 'Roofline'])(
    '%s: said quietly, without asking in vain, and struck through',
    async (title) => {
      const { page, complaints } = await site.open('/runs/3/overview')
      const entry = page.getByRole('link', { name: new RegExp(`^${title} ?, not recorded`) })
      await entry.click()
      await page.getByRole('heading', { name: `${title}: not recorded` }).waitFor()
      await page.getByText('nsys profile -t cuda,nvtx').waitFor()
      expect(await page.title()).toContain(title)
      expect(await page.getByRole('alert').count()).toBe(0)
      await page.reload()
      await page.getByRole('heading', { name: `${title}: not recorded` }).waitFor()
      expect(complaints).toEqual([])
    },
  )
})

describe('what goes wrong', () => {
  test('what is not there is not asked for again: the head of the view stays, with the reason', async () => {
    const { page } = await site.open('/runs/1/phases?iteration=999')
    await page.getByRole('alert').getByText('no iteration 999').waitFor()
    await page.getByRole('heading', { name: 'Phases', exact: true, level: 1 }).waitFor()
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  })

  test('the server’s own sentence is shown, and trying again is one click', async () => {
    const { page } = await site.open('/definitions')
    const path = '**/api/runs/1/analyses/ledger*'
    await page.route(path, (route) =>
      route.fulfill({
        status: 422,
        json: { error: { kind: 'bad-input', message: 'the store is cut short; import again' } },
      }),
    )
    await page.goto(`${site.url}/runs/1/overview`)
    const alert = page.getByRole('alert')
    await alert.getByText('the store is cut short; import again').waitFor()
    await page.unroute(path)
    await alert.getByRole('button', { name: 'Try again' }).click()
    await page.getByText(/of Synthetic GPU went/).waitFor()
  })

  test('no server: the page says so and how to start it', async () => {
    const { page } = await site.open('/definitions')
    await page.route('**/api/**', (route) => route.abort())
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    await page.getByText('profile-vggt serve').waitFor()
  })

  test('an answer of another version is told from a wrong number', async () => {
    const { page } = await site.open('/definitions')
    await page.route('**/api/runs', (route) => route.fulfill({ json: { runs: [{ id: 'one' }] } }))
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    await page.getByText(/of different versions: reload the page/).waitFor()
  })

  test('a failed edit keeps what was typed and says why', async () => {
    const { page } = await site.open('/runs/1/overview')
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.route('**/api/runs/1', (route) =>
      route.fulfill({
        status: 400,
        json: { error: { kind: 'bad-request', message: 'that label is taken' } },
      }),
    )
    const input = page.getByRole('textbox', { name: 'Label of the run' })
    await input.fill('taken')
    await input.press('Enter')
    await page.getByRole('alert').getByText('that label is taken').waitFor()
    expect(await input.inputValue()).toBe('taken')
  })
})

describe('a run of a CPU', () => {
  test('speaks of its device, not of a GPU', async () => {
    const { page } = await empty.open('/')
    await page.locator('#choose-files').setInputFiles({
      name: 'cpu.json',
      mimeType: 'application/json',
      buffer: Buffer.from(syntheticProfile()),
    })
    await page.getByRole('link', { name: 'cpu', exact: true }).click()
    await page.getByRole('term').filter({ hasText: 'Device busy' }).waitFor()
    await page.getByRole('link', { name: 'Phases', exact: true }).click()
    await page.getByRole('columnheader', { name: /Device busy/ }).waitFor()
    expect(await page.getByText('GPU busy').count()).toBe(0)
  })
})
