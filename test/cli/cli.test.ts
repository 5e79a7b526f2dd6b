import { copyFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { main } from '../../cli/main.ts'
import { sharedTest } from '../shared.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))
const db = join(folder, 'store.sqlite')

async function cli(...args: string[]) {
  const out: string[] = []
  const err: string[] = []
  const exitCode = await main(args, {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
  })
  return { exitCode, stdout: out.join(''), stderr: err.join('') }
}
const json = async (...args: string[]) => {
  const { stdout, ...rest } = await cli(...args, '--db', db, '--json')
  // Exactly one document: JSON.parse refuses anything around it.
  return { ...rest, document: JSON.parse(stdout) }
}

describe('bad input is one line, exit code 2, and nothing is stored', () => {
  const written = (name: string, content: string | Buffer): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }
  const cases: [string, () => string, RegExp][] = [
    [
      'not a trace',
      () => written('notes.txt', 'hello'),
      /notes\.txt is not a trace this program knows; it reads: /,
    ],
    ['an empty file', () => written('empty.sqlite', ''), /empty\.sqlite is empty/],
    ['a missing file', () => join(folder, 'nowhere.sqlite'), /no such file/],
    ['a folder', () => folder, /is a folder/],
    [
      'a Git LFS pointer',
      () => written('lfs.sqlite', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'),
      /Git LFS pointer/,
    ],
    ['a web page', () => written('page.sqlite', '<!DOCTYPE html><html></html>'), /web page/],
  ]
  test.each(cases)('%s', async (_what, make, message) => {
    const { exitCode, stderr, stdout } = await cli('import', make(), '--db', db)
    expect(stderr).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(exitCode).toBe(2)
    expect(stdout).toBe('')
    const { document } = await json('runs')
    expect(document.runs).toEqual([])
  })

  test('an unknown analysis names those there are', async () => {
    const { exitCode, stderr } = await cli('show', '1', 'nothing', '--db', db)
    expect(stderr).toMatch(/no analysis "nothing"; there are verdict, summary, ledger/)
    expect(exitCode).toBe(2)
  })

  test('--window takes "capture", where there is a window to choose', async () => {
    const { exitCode, stderr } = await cli('show', '1', 'gaps', '--window', 'all', '--db', db)
    expect(stderr).toMatch(/--window takes "capture", not "all"; --iteration, --phase/)
    expect(exitCode).toBe(2)
    expect((await cli('show', '1', 'summary', '--window', 'capture', '--db', db)).stderr).toMatch(
      /summary is always about the whole capture/,
    )
  })

  test('an unknown run says where it looked', async () => {
    const { exitCode, stderr } = await cli('show', '99', 'ledger', '--db', db)
    expect(stderr).toMatch(/"99" is neither a run in .* nor a file/)
    expect(exitCode).toBe(2)
  })

  test('an unknown command is bad usage', async () => {
    expect((await cli('frobnicate')).exitCode).toBe(2)
  })

  test('with --json the error is a document too', async () => {
    const { document, exitCode } = await json('import', join(folder, 'nowhere.sqlite'))
    expect(document.error.kind).toBe('not-found')
    expect(exitCode).toBe(2)
  })

  sharedTest('a truncated export', async (shared) => {
    const cut = join(folder, 'cut.sqlite')
    copyFileSync(join(shared, 'traces', 'vggt-a40', 'vggt_20report_A40.sqlite'), cut)
    truncateSync(cut, 1_000_000)
    const { exitCode, stderr } = await cli('import', cut, '--db', db)
    expect(stderr).toMatch(/cut\.sqlite/)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(exitCode).toBe(2)
    expect((await json('runs')).document.runs).toEqual([])
  })
})

sharedTest('the public A40 pair tells the truth from the command line', async (shared) => {
  const at = (name: string): string => join(shared, 'traces', 'vggt-a40', `${name}.sqlite`)
  const pair = [at('vggt_100report_A40'), at('vggt_optimized100report_A40')]
  const { document, exitCode } = await json('import', ...pair)
  expect(exitCode).toBe(0)
  const [base, candidate] = document.runs
  expect(base).toMatchObject({ label: basename(pair[0]!, '.sqlite'), format: 'nsys-sqlite' })
  expect(base.sourceSha256).toMatch(/^[0-9a-f]{64}$/)
  expect(base.counts).toMatchObject({ api_call: 62_481, range: 196, os_call: 51_219, sync: 2190 })

  const again = await json('import', pair[0]!)
  expect(again.document.runs[0]).toMatchObject({ id: base.id, already: true })

  const summaries = [base, candidate].map(
    async ({ id }) => (await json('show', String(id), 'summary')).document,
  )
  const [baseline, optimised] = await Promise.all(summaries)
  expect(baseline.devices[0].kernels).toBe(47_960)
  expect(optimised.devices[0].kernels).toBe(47_832)
  const warm = (summary: typeof baseline): number[] =>
    summary.iterations.all.slice(1).map((one: { kernels: number }) => one.kernels)
  expect(warm(baseline)).toEqual([11_985, 11_985, 11_985])
  expect(warm(optimised)).toEqual([11_953, 11_953, 11_953])
  expect(baseline.iterations.warmUp.join()).toMatch(/module loading.*memory allocation/)

  // A trace file's path stands for a run, without a store.
  // Without a word it is the median warm iteration.
  const globalOf = async (...window: string[]): Promise<unknown> => {
    const { document } = await json('show', pair[0]!, 'phases', ...window)
    return document.phases.find((one: { path: string }) => one.path === 'VGGT_Aggregator/Global_Attention')
  }
  expect(await globalOf()).toMatchObject({ count: 24, gpuSpanNs: 12_122_000_298, kernels: 1512 })
  const all = { count: 96, gpuSpanNs: 48_163_351_307, kernels: 6048 }
  expect(await globalOf('--window', 'capture')).toMatchObject(all)
  expect(await globalOf('--iterations', 'warm')).toMatchObject({ count: 72 })

  const { document: whole } = await json('show', String(base.id), 'ledger', '--window', 'capture')
  const sum = (owners: { ns: number }[]): number => owners.reduce((total, one) => total + one.ns, 0)
  expect(sum(whole.devices[0].owners)).toBe(whole.devices[0].wallNs)
  const { document: iteration } = await json('show', String(base.id), 'ledger', '--iteration', '2')
  expect(iteration.devices[0].wallNs).toBe(17_336_816_415)
  expect(sum(iteration.devices[0].owners)).toBe(17_336_816_415)
  // Without a word it is the median warm iteration, as on the page: a capture also holds 41 s of loading.
  expect((await json('show', String(base.id), 'ledger')).document).toEqual({
    ...iteration,
    window: 'iteration 2 of 0 to 3',
  })
  const { stdout } = await cli('show', String(base.id), 'launches', '--db', db)
  expect(stdout).toMatch(/^Launches: not launch-bound: .* 0\.0\d % .* \(iteration 2 of 0 to 3\)\n/)
  expect(stdout).toMatch(/all +11,985 +2\.18 s +2\.12 s +10\.6 µs +63\.4 ms/)
  const { document: phase } = await json(
    'show',
    String(base.id),
    'ledger',
    '--phase',
    'VGGT_Aggregator/Global_Attention',
  )
  expect(sum(phase.devices[0].owners)).toBe(phase.devices[0].wallNs)
  const [[from, to]] = whole.devices[0].windowsNs
  const cut = Math.floor((from + to) / 2)
  const halves = await Promise.all([
    json('show', String(base.id), 'ledger', '--to-ns', String(cut)),
    json('show', String(base.id), 'ledger', '--from-ns', String(cut)),
  ])
  expect(halves.reduce((total, half) => total + half.document.devices[0].wallNs, 0)).toBe(
    whole.devices[0].wallNs,
  )
})
