import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { main } from '../../cli/main.ts'
import { Store } from '../../db/store.ts'
import { plantedPair } from '../../fixtures/generate/pair.ts'
import type { Trace } from '../../trace/trace.ts'
import { sharedTest } from '../shared.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-diff-'))
const db = join(folder, 'store.sqlite')
afterAll(() => rmSync(folder, { recursive: true }))

beforeAll(() => {
  const store = new Store(db)
  const add = (label: string, trace: Trace): void =>
    void store.addRun(trace, [{ name: label, sha256: label, bytes: 1, format: 'synthetic' }], label, {
      captureNs: null,
      devices: [],
    })
  const slow = plantedPair('slow a kernel', 118, { iterations: 9 })
  add('before', slow.base.trace)
  add('slower', slow.candidate.trace)
  const more = plantedPair('slow a kernel', 118, { iterations: 7 }, 0.0021)
  add('before-2', more.base.trace)
  add('slower-2', more.candidate.trace)
  const few = plantedPair('slow a kernel', 118, { iterations: 4 })
  add('few', few.base.trace)
  const { meta, ...tables } = slow.base.trace
  add('frames 900', { ...tables, meta: { ...meta, facts: { ...meta.facts, run: { frames: 900 } } } })
  add('frames 3', { ...tables, meta: { ...meta, facts: { ...meta.facts, run: { frames: 3 } } } })
  store.close()
})

async function cli(...args: string[]) {
  const out: string[] = []
  const err: string[] = []
  const exitCode = await main([...args, '--db', db], {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
  })
  return { exitCode, stdout: out.join(''), stderr: err.join('') }
}
const json = async (...args: string[]) => {
  const { stdout, exitCode } = await cli('diff', ...args, '--json')
  return { exitCode, document: JSON.parse(stdout) }
}

describe('profile-vggt diff', () => {
  test('answers with one document whose terms sum to the difference', async () => {
    const { document, exitCode } = await json('before', 'slower')
    expect(exitCode).toBe(0)
    expect(document.candidateNs - document.baseNs).toBe(document.deltaNs)
    expect(document.terms.reduce((sum: number, term: { ns: number }) => sum + term.ns, 0)).toBe(
      document.deltaNs,
    )
    const [first] = document.terms
    expect(first).toMatchObject({ owner: 'busy/attention', kind: 'faster-slower', verdict: 'regressed' })
    expect(first.ciNs[0]).toBeLessThanOrEqual(first.ns)
    expect(first.ciNs[1]).toBeGreaterThanOrEqual(first.ns)
    expect(document.comparable).toMatchObject({ score: 1, comparable: true, differences: [] })
    expect(document.unmatched.base.ops).toBe(0)
  })

  test('joins several captures of a side', async () => {
    const { document } = await json('before,before-2', 'slower, slower-2')
    expect([document.base.captures, document.base.warm]).toEqual([2, 16])
    expect(document.candidateNs - document.baseNs).toBe(document.deltaNs)
    const sum = document.terms.reduce((total: number, term: { ns: number }) => total + term.ns, 0)
    expect(sum).toBe(document.deltaNs)
    for (const { ciNs } of document.terms) expect(ciNs).toHaveLength(2)
    expect((await cli('diff', 'before,,', 'slower')).exitCode).toBe(2)
  })

  test('takes phases paired by hand, and says so in every form', async () => {
    const page = join(folder, 'paired.html')
    const pair = ['--pair', 'global_block_1=frame_block_1', '--pair', 'global_block_0=']
    const { document } = await json('before', 'slower', ...pair)
    expect(document.alignment.byHand).toEqual([
      { base: 'forward/global_block_1', candidate: 'forward/frame_block_1' },
      { base: 'forward/global_block_0', candidate: null },
    ])
    expect(document.terms.reduce((sum: number, term: { ns: number }) => sum + term.ns, 0)).toBe(
      document.deltaNs,
    )
    const { stdout } = await cli('diff', 'before', 'slower', ...pair, '--html', page)
    expect(stdout).toContain('corrected by hand')
    expect(readFileSync(page, 'utf8')).toContain('corrected by hand')
    const wrong = await cli('diff', 'before', 'slower', '--pair', 'nothing=nowhere')
    expect([wrong.exitCode, wrong.stderr.trim().split('\n').length]).toEqual([2, 1])
  })

  test('explains the device that is asked for, and refuses one that did not work', async () => {
    expect((await json('before', 'slower', '--device', '0')).document.base.deviceId).toBe(0)
    expect((await cli('diff', 'before', 'slower', '--device', '3')).exitCode).toBe(2)
    expect((await cli('diff', 'before', 'slower', '--device', 'x')).exitCode).toBe(2)
  })

  test('a gate fails on a detectable change past its limit, and only then', async () => {
    const phase = 'phase[global_block_0].busy'
    const found = (await json('before', 'slower')).document.terms[0].phase.split('/').at(-1)
    const gate = (limit: string) => json('before', 'slower', '--gate', `phase[${found}].busy${limit}`)
    expect((await gate('<=+1%')).exitCode).toBe(1)
    expect((await gate('<=+1%')).document.gates[0]).toMatchObject({ result: 'failed', verdict: 'regressed' })
    expect((await gate('<=+50%')).exitCode).toBe(0)
    const two = await json('before', 'slower', '--gate', `${phase}<=+90%`, '--gate', 'kernels<=+0')
    expect([two.exitCode, two.document.gates.map((one: { result: string }) => one.result)]).toEqual([
      0,
      ['passed', 'passed'],
    ])
    expect((await json('slower', 'before', '--gate', 'latency<=+0%')).exitCode).toBe(0)
  })

  test('what cannot be told is inconclusive: exit 0, and 1 with --strict', async () => {
    const few = await json('few', 'slower', '--gate', 'latency<=+0%')
    expect([few.exitCode, few.document.gates[0].result]).toEqual([0, 'inconclusive'])
    expect(
      few.document.terms.every(
        (term: { verdict: string; ciNs: unknown }) =>
          term.verdict === 'too-few-iterations' && term.ciNs === null,
      ),
    ).toBe(true)
    expect((await json('few', 'slower', '--gate', 'latency<=+0%', '--strict')).exitCode).toBe(1)
    const memory = await json('before', 'slower', '--gate', 'memory.peak<=+1%')
    expect(memory.document.gates[0]).toMatchObject({
      result: 'inconclusive',
      why: expect.stringMatching(/memory events/),
    })
  })

  test('a gate between runs that are not comparable says why it is not judged: exit 0, and 1 with --strict', async () => {
    const gate = ['frames 900', 'frames 3', '--gate', 'latency<=+3%', '--gate', 'memory.peak<=+1%'] as const
    const { stdout, exitCode } = await cli('diff', ...gate)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/Gate latency<=\+3%: not judged, as the runs are not comparable \(.* ms → .* ms\)/)
    expect(stdout).toMatch(
      /Gate memory\.peak<=\+1%: not judged, as the runs are not comparable and the base did not record memory events/,
    )
    expect(stdout).toContain('2 of 2 gates not judged: no failure, but with --strict they are one.')
    expect(stdout).not.toContain('— → —')
    expect((await cli('diff', ...gate, '--strict')).exitCode).toBe(1)
    const { document } = await json(...gate)
    expect(document.gates.map((one: { result: string }) => one.result)).toEqual([
      'inconclusive',
      'inconclusive',
    ])
  })

  test('speaks in words where JSON has identifiers', async () => {
    const page = join(folder, 'words.html')
    const text = join(folder, 'words.md')
    for (const base of ['before', 'few']) {
      const { stdout } = await cli('diff', base, 'slower', '--html', page, '--markdown', text)
      const written = [stdout, readFileSync(page, 'utf8'), readFileSync(text, 'utf8')]
      for (const one of written) {
        expect(one).toContain('slower')
        expect(one).toContain(base === 'few' ? 'too few iterations' : 'more time, beyond noise')
        expect(one).not.toMatch(/too-few-iterations|faster-slower|not-detectable|regressed|busy\/attention/)
      }
    }
    const { document } = await json('few', 'slower')
    expect(document.terms[0]).toMatchObject({ kind: 'faster-slower', verdict: 'too-few-iterations' })
  })

  test.each([
    ['latency', /is no gate/],
    ['latency<=3%', /has a sign/],
    ['latency<=+3GB', /is no unit/],
    ['speed<=+3%', /is no metric/],
    ['phase[nothing]<=+3%', /no phase "nothing"/],
  ])('a gate that makes no sense is bad usage: %s', async (gate, message) => {
    const { exitCode, stderr } = await cli('diff', 'before', 'slower', '--gate', gate)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  test('writes Markdown, JUnit and one HTML file that fetches nothing', async () => {
    const path = (name: string): string => join(folder, name)
    const { exitCode, stdout } = await cli(
      'diff',
      'before',
      'slower',
      '--gate',
      'latency<=+90%',
      '--components',
      'embedding,per_frame',
      '--markdown',
      path('a.md'),
      '--junit',
      path('a.xml'),
      '--html',
      path('a.html'),
    )
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/Terms of the difference/)
    expect(readFileSync(path('a.md'), 'utf8')).toMatch(
      /\| embedding \| 1 \| \d+ \| .* ms \| .* ms \| 1\.00× \|/,
    )
    expect(readFileSync(path('a.xml'), 'utf8')).toMatch(/<testsuite .*tests="1" failures="0" skipped="0">/)
    const html = readFileSync(path('a.html'), 'utf8')
    expect(html).toMatch(/<svg xmlns/)
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|<script|<link|src=|@import/,
    )
  })

  sharedTest(
    'two captures of different frame counts are not comparable, and the headline is withheld',
    async (shared) => {
      const file = (name: string): string => join(shared, 'traces', 'vggt-a40', name)
      const { document, exitCode } = await json(
        file('vggt_100report_A40.sqlite'),
        file('vggt_report_A40.sqlite'),
        '--gate',
        'latency<=+3%',
      )
      expect([document.comparable.comparable, document.speedup, exitCode]).toEqual([false, null, 0])
      expect(document.comparable.differences[0]).toMatchObject({
        what: 'frames',
        base: '101',
        candidate: '3',
      })
      expect(document.gates[0].result).toBe('inconclusive')
      expect(document.terms.length).toBeGreaterThan(0)
    },
  )

  test('an A/A measurement is kept for its device and counted in from then on', async () => {
    const before = (await json('before', 'slower')).document
    expect(before.base.noiseFloor).toBeNull()
    const { stdout, exitCode } = await cli('noise', 'before,before-2', '--json')
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { device: 'Synthetic GPU', captures: 2 }])
    const after = (await json('before', 'slower')).document
    expect(after.base.noiseFloor).toMatchObject({ captures: 2 })
    expect(after.ciNs[1] - after.ciNs[0]).toBeGreaterThanOrEqual(before.ciNs[1] - before.ciNs[0])
    expect((await cli('noise', 'before')).stderr).toMatch(/two or more captures/)
  })
})
