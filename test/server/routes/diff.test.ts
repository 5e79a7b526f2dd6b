import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plantedPair } from '../../../fixtures/generate/pair.ts'
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

  test.each([
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
