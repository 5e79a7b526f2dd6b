import { expect, test } from 'vitest'
import { Jobs } from '../../db/jobs.ts'
import { Store } from '../../db/store.ts'
import { syntheticRun } from '../../fixtures/synthetic-run.ts'

test('after a restart a job under way has failed, and one whose run is stored is done', () => {
  const store = new Store(':memory:')
  const jobs = new Jobs(store.database)
  const run = store.addRun(syntheticRun({ kernels: 10, seed: 1 }), [], 'a run', {
    captureNs: null,
    devices: [],
  })
  const ids = (['uploading', 'waiting', 'importing', 'summarising', 'done'] as const).map((state) => {
    const { id } = jobs.add(`${state}.sqlite`, state, 10)
    if (state === 'summarising') jobs.change(id, { run })
    return id
  })
  jobs.endInterrupted()
  expect(ids.map((id) => jobs.get(id).state)).toEqual(['failed', 'failed', 'failed', 'done', 'done'])
  expect(jobs.get(ids[2]!).message).toMatch(/^importing\.sqlite was not imported: .* upload it again$/)
  expect(jobs.get(ids[3]!)).toMatchObject({ run, message: null })
})
