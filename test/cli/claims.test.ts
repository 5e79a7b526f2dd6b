import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { claimedValue } from '../../analysis/claims/claimed-value.ts'
import { expressionOf } from '../../analysis/claims/expression.ts'
import { readClaims } from '../../cli/commands/claims.ts'
import { main } from '../../cli/main.ts'
import { sharedTest } from '../shared.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-claims-'))
afterAll(() => rmSync(folder, { recursive: true }))
const examples = join(import.meta.dirname, '..', '..', 'fixtures', 'claims')

async function cli(...args: string[]) {
  const out: string[] = []
  const err: string[] = []
  const exitCode = await main([...args, '--db', join(folder, 'store.sqlite')], {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
  })
  return { exitCode, stdout: out.join(''), stderr: err.join('') }
}

describe('example claims files', () => {
  test.each(readdirSync(examples).filter((name) => name.endsWith('.yaml')))(
    '%s is read, says what it can be checked against, and every metric and number in it is one',
    (name) => {
      const file = readClaims(join(examples, name))
      expect(file.check).toMatch(/captures?/i)
      for (const claim of file.claims) {
        if (claim.metric === undefined) expect(claim.needs).toBeTruthy()
        else expect([expressionOf(claim.metric).definition, claimedValue(claim.claimed).value]).toBeTruthy()
      }
    },
  )
})

describe('profile-vggt claims', () => {
  test.each([
    ['claims: [', /is no YAML/],
    ['claims: []', /claims/],
    ['claims: [{ id: x }]', /"id" is no metric/],
    ['claims: [{ latency.speedup: 420ms }]', /measured as a ratio/],
    ['title: nothing', /claims/],
  ])('a file that is none is one line and exit code 2: %s', async (content, message) => {
    const path = join(folder, 'bad.yaml')
    writeFileSync(path, content)
    const { exitCode, stderr } = await cli('claims', path, 'a', 'b')
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  sharedTest('a README’s numbers against a real pair', async (shared) => {
    const file = (name: string): string => join(shared, 'traces', 'vggt-a40', name)
    const { exitCode, stdout } = await cli(
      'claims',
      join(examples, 'batched-frames-a40.yaml'),
      file('vggt_100report_A40.sqlite'),
      file('vggt_optimized100report_A40.sqlite'),
      '--json',
    )
    expect(exitCode).toBe(1)
    const { claims } = JSON.parse(stdout) as {
      claims: {
        id: string
        verdict: string
        measured: number | null
        missing: string | null
        workload: { what: string }[]
        plausibility: { ofPeak: number; impossible: boolean } | null
      }[]
    }
    const of = (id: string) => claims.find((claim) => claim.id === id)!
    expect(of('latency')).toMatchObject({ verdict: 'contradicted', measured: expect.closeTo(1.109, 3) })
    expect(of('frame-attention')).toMatchObject({
      verdict: 'contradicted',
      measured: expect.closeTo(0.859, 2),
    })
    expect(of('launches')).toMatchObject({ verdict: 'contradicted', measured: expect.closeTo(0.267, 2) })
    expect(of('memory')).toMatchObject({
      verdict: 'not-answerable',
      missing: expect.stringMatching(/memory events/),
    })
    expect(of('latency-after').plausibility).toMatchObject({
      impossible: true,
      ofPeak: expect.closeTo(34.07, 1),
    })
    expect(of('latency').workload.map((one) => one.what)).toEqual(['frames', 'resolution'])
  })
})
