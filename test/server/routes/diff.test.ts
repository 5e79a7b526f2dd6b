import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plantedPair } from '../../../fixtures/generate/pair.ts'
import { judgeClaims } from '../../../analysis/claims/judge-claims.ts'
import { pooled } from '../../../analysis/diff/diff.ts'
import { claimsIn } from '../../../parsers/claims-yaml.ts'
import { ClaimsAnswer } from '../../../trace/claims-api.ts'
import { DiffAnswer } from '../../../trace/diff-api.ts'
import { startTimelineServer } from '../../web/timeline-server.ts'
import type { TimelineServer } from '../../web/timeline-server.ts'

let server: TimelineServer
let ids: [number, number, number]
beforeAll(async () => {
  server = await startTimelineServer()
  const { base, candidate } = plantedPair('insert a copy', 7, { iterations: 8 })
  const again = plantedPair('insert a copy', 7, { iterations: 6 })
  ids = [
    server.add(base.trace, 'base'),
    server.add(candidate.trace, 'candidate'),
    server.add(again.base.trace, 'base again'),
  ]
})
afterAll(() => server.close())
const get = (query: string): Promise<Response> => fetch(`${server.url}/api/diff?${query}`)

describe('GET /api/diff', () => {
  test('explains two runs, in the shape the page expects, to the nanosecond', async () => {
    const answer = DiffAnswer.parse(await (await get(`base=${ids[0]}&candidate=${ids[1]}`)).json())
    expect(answer.terms.reduce((sum, term) => sum + term.ns, 0)).toBe(answer.deltaNs)
    expect(answer.terms[0]).toMatchObject({ owner: 'busy/memcpy-d2d', kind: 'added', verdict: 'regressed' })
    expect(answer.unmatched.candidate.ops).toBe(1)
  })

  test('takes several captures a side', async () => {
    const answer = DiffAnswer.parse(await (await get(`base=${ids[0]},${ids[2]}&candidate=${ids[1]}`)).json())
    expect(answer.base).toMatchObject({ captures: 2, warm: 14 })
  })

  test('takes corrections of the alignment, and says them back', async () => {
    const query = `base=${ids[0]}&candidate=${ids[1]}`
    const before = DiffAnswer.parse(await (await get(query)).json())
    const { phase } = before.alignment.phases.find((one) => one.matchedBaseOps > 0 && one.sure === 1)!
    const answer = DiffAnswer.parse(
      await (await get(`${query}&pair=${encodeURIComponent(`${phase}=`)}`)).json(),
    )
    expect(answer.alignment.byHand).toEqual([{ base: phase, candidate: null }])
    expect(answer.unmatched.base.ops).toBeGreaterThan(before.unmatched.base.ops)
    expect(answer.terms.reduce((sum, term) => sum + term.ns, 0)).toBe(before.deltaNs)
  })

  test.each([
    ['base=1&candidate=2&pair=nothing%3Dnowhere', 400],
    ['base=1&candidate=2&device=7', 400],
    ['base=1', 400],
    ['base=1&candidate=', 400],
    ['base=1&candidate=x', 404],
    ['base=1&candidate=99', 404],
  ])('what names no runs is answered in one line: %s', async (query, status) => {
    const response = await get(query)
    expect(response.status).toBe(status)
    expect(((await response.json()) as { error: { message: string } }).error.message).not.toMatch(/\n/)
  })
})

describe('POST /api/claims', () => {
  const post = (body: unknown): Promise<Response> =>
    fetch(`${server.url}/api/claims`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  test('judges claims as the command line does', async () => {
    const text = 'claims:\n  - latency.speedup: 3\n  - kernels.candidate: ">= 1"'
    const answer = ClaimsAnswer.parse(
      await (await post({ text, base: [ids[0]], candidate: [ids[1]] })).json(),
    )
    expect(answer.claims.map(({ verdict }) => verdict)).toEqual(['contradicted', 'supported'])
    const trace = (id: number) => server.store.loadTrace(id)
    const same = judgeClaims(claimsIn(text, ''), pooled([trace(ids[0])]), pooled([trace(ids[1])]))
    expect(answer).toEqual(same)
  })

  test.each([
    ['no text', { text: '', base: [1], candidate: [2] }, 400],
    ['no YAML', { text: 'claims: [', base: [1], candidate: [2] }, 422],
    ['no claims', { text: 'title: nothing', base: [1], candidate: [2] }, 422],
    ['a metric that is none', { text: 'claims:\n  - beauty.speedup: 3', base: [1], candidate: [2] }, 422],
    ['a run that is not there', { text: 'claims: []', base: [99], candidate: [2] }, 404],
    ['a run that is no number', { text: 'claims: []', base: ['x'], candidate: [2] }, 400],
  ])('answers %s in one line', async (_what, body, status) => {
    const response = await post(body)
    expect(((await response.json()) as { error: { message: string } }).error.message).not.toMatch(/\n/)
    expect(response.status).toBe(status)
  })
})
