/** The timeline without a pointer: everything here is done with keys alone. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { gapAt } from '../../analysis/timeline/gap.ts'
import { formatNs } from '../../trace/number-format.ts'
import { syntheticRun } from '../../fixtures/synthetic-run.ts'
import type { Trace } from '../../trace/trace.ts'
import { startSite } from './browser.ts'
import type { Site } from './browser.ts'
import { drive } from './timeline-driver.ts'
import type { Driven } from './timeline-driver.ts'

let site: Site
let trace: Trace
let at: Driven

beforeAll(async () => {
  trace = syntheticRun({ kernels: 20_000, seed: 5 })
  site = await startSite([{ label: 'synthetic run', trace }])
})
afterAll(() => site.close())
afterEach(async () => {
  expect(at.complaints).toEqual([])
  await at.page.context().close()
})

const open = async (query: string): Promise<void> => {
  at = await drive(site, `/runs/1/timeline?${query}`)
}
const press = (...keys: string[]) =>
  keys.reduce((last, key) => last.then(() => at.page.keyboard.press(key)), Promise.resolve())
/** In the host's pause before the second forward: the device is idle then. */
function pauseNs(): number {
  const { start, depth } = trace.range
  const second = [...start.keys()].filter((row) => depth[row] === 0)[1]!
  return start[second]! - 100_000
}

test('a gap is selected in the table of what is on screen, followed to its cause, and kept by the address', async () => {
  const pause = pauseNs()
  const gap = gapAt(trace, 0, pause)
  await open(`from=${gap.startNs - 30_000}&to=${gap.endNs + 30_000}`)
  await at.page.getByRole('application').focus()
  await press('t')
  await at.page.getByRole('region', { name: 'On screen: synthetic run' }).waitFor()
  const focused = () => at.page.evaluate(() => document.activeElement?.closest('tr')?.textContent ?? '')
  for (let i = 0; i < 300 && !(await focused()).includes('idle, by cause'); i++) await press('Tab')
  expect(await focused()).toContain(formatNs(gap.endNs - gap.startNs))
  await press('Enter')
  await expect.poll(at.said).toMatch(/^gap of .*host-work/)
  expect(await at.page.getByRole('tab', { selected: true }).textContent()).toBe('Gap')
  const query = await at.query()
  expect(query.get('span')).toBeNull()
  expect(query.get('gap')).toBe(`0.${gap.startNs}`)

  await at.page.reload()
  await expect.poll(at.said).toMatch(/^gap of .*host-work/)
  expect(await at.page.getByRole('tab').allTextContents()).toEqual(['Gap'])
  await press('c')
  const cause = (gap.during ?? gap.launch)!
  await at.page.locator('.details h2', { hasText: cause.name }).waitFor()
  expect((await at.query()).get('span')).toBe(`${cause.table}.${cause.row}`)
  expect((await at.query()).get('gap')).toBeNull()
})

test('arrows walk from a gap to the work beside it and to the launch that ended it', async () => {
  const gap = gapAt(trace, 0, pauseNs())
  await open(`gap=0.${gap.startNs}&from=${gap.startNs - 50_000}&to=${gap.endNs + 50_000}`)
  const rowAfter = async (key: string): Promise<string | null> => {
    await press(key)
    return (await at.query()).get('span')
  }
  await expect.poll(at.said).toMatch(/^gap of/)
  expect(await rowAfter('ArrowRight')).toBe(`device_op.${gap.next!.row}`)
  await at.page.goto(`${site.url}/runs/1/timeline?gap=0.${gap.startNs}`)
  await expect.poll(at.said).toMatch(/^gap of/)
  expect(await rowAfter('ArrowUp')).toBe(`api_call.${gap.launch!.row}`)
})

test('the time after the last op is a gap that the address can say', async () => {
  const { start, duration } = trace.device_op
  const last = start.length - 1
  const endNs = start[last]! + duration[last]!
  await open(`gap=0.${endNs}&from=${endNs - 20_000}&to=${endNs + 20_000}`)
  await expect.poll(at.said).toMatch(/^gap of .*after-last/)
  expect((await at.query()).get('gap')).toBe(`0.${endNs}`)
  await at.page.reload()
  await expect.poll(at.said).toMatch(/^gap of .*after-last/)
})

test('a name that is searched for is gone to where one looks, and n goes on from there', async () => {
  const from = 100_000_000
  await open(`from=${from}&to=140000000`)
  await press('/')
  await at.page.keyboard.type('flash', { delay: 10 })
  await at.page.getByRole('option').first().waitFor()
  await press('Enter')
  const { name, start } = trace.device_op
  const string = trace.strings.findIndex((text) => text.includes('flash_fwd_kernel<'))
  const rows = [...name.keys()].filter((row) => name[row] === string && start[row]! >= from)
  const spanIs = (row: number) =>
    expect.poll(async () => (await at.query()).get('span')).toBe(`device_op.${row}`)
  await at.page.locator('.details h2', { hasText: 'flash_fwd_kernel' }).waitFor()
  await spanIs(rows[0]!)
  const { from: left, to: right } = await at.view()
  expect(left).toBeLessThan(start[rows[0]!]!)
  expect(right).toBeGreaterThan(start[rows[0]!]!)
  await press('n')
  await spanIs(rows[1]!)
  await press('N')
  await spanIs(rows[0]!)
  expect(await at.page.getByRole('searchbox').or(at.page.getByRole('combobox')).inputValue()).toBe('flash')
})

test('f shows what is selected whole, Ctrl-Z takes that back', async () => {
  const row = 5_000
  const [from, to] = [
    trace.device_op.start[row]!,
    trace.device_op.start[row]! + trace.device_op.duration[row]!,
  ]
  await open(`from=${from - 400_000}&to=${to + 400_000}&span=device_op.${row}`)
  await expect.poll(at.said).toMatch(/on stream 7$/)
  await press('f')
  const fitted = await at.view()
  expect(fitted.to - fitted.from).toBeCloseTo(1.2 * (to - from), -1)
  expect((fitted.from + fitted.to) / 2).toBeCloseTo((from + to) / 2, -1)
  await press('Control+z')
  expect((await at.view()).from).toBe(from - 400_000)
  await press('Control+Shift+Z')
  expect(await at.view()).toEqual(fitted)
})

test('without a pointer [ and ] take the ends of what is selected, b makes them a window; all are spoken', async () => {
  const row = 5_000
  const [from, to] = [
    trace.device_op.start[row]!,
    trace.device_op.start[row]! + trace.device_op.duration[row]!,
  ]
  await open(`from=${from - 40_000}&to=${to + 40_000}&span=device_op.${row}`)
  await expect.poll(at.said).toMatch(/on stream 7$/)
  await press('[')
  await expect.poll(at.said).toMatch(/^cursor A at [\d.]+ ms$/)
  await press(']')
  await expect.poll(at.said).toBe(`cursor B at ${formatNs(to)}, ${formatNs(to - from)} from A to B`)
  const cursors = await at.query()
  expect([cursors.get('a'), cursors.get('b')]).toEqual([String(from), String(to)])
  await press('b')
  await expect.poll(at.said).toBe(`window of ${formatNs(to - from)} from ${formatNs(from)}`)
  await at.panel.getByText('Work on devices').waitFor()
  expect((await at.query()).get('window')).toBe(`${from}_${to}`)
  expect(await at.page.getByRole('tab', { selected: true }).textContent()).toBe('Window')
})

test('with nothing selected [ and ] take the middle of the view; b says what it needs', async () => {
  await open('from=70000000&to=70400000')
  await press('b')
  await expect.poll(at.said).toBe('no window: set the cursors A and B with [ and ], or select a span')
  await at.page.locator('.refused', { hasText: 'no window:' }).waitFor()
  await press('n')
  await at.page.locator('.refused', { hasText: 'select a span to go on from' }).waitFor()
  await press('[')
  expect((await at.query()).get('a')).toBe('70200000')
  await press('d', 'd', ']', 'b')
  const query = await at.query()
  const b = Number(query.get('b'))
  expect(b).toBeGreaterThan(70_200_000)
  expect(query.get('window')).toBe(`70200000_${b}`)
})

test('b takes a selected gap whole; the list of keys says b', async () => {
  const gap = gapAt(trace, 0, pauseNs())
  await open(`gap=0.${gap.startNs}`)
  await expect.poll(at.said).toMatch(/^gap of/)
  await press('b')
  expect((await at.query()).get('window')).toBe(`${gap.startNs}_${gap.endNs}`)
  await press('?')
  await at.page.getByText('Select the window from A to B, else of the selected span').waitFor()
})
