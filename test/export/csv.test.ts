import { expect, test } from 'vitest'
import { csvOf } from '../../export/csv.ts'
import { syntheticRun } from '../../fixtures/synthetic-run.ts'
import { drawn } from '../drawn-trace.ts'

test('a window as CSV has a line for each span that touches it', () => {
  const trace = drawn(
    `
    api    a..SSSS
    gpu0   ..AAA.........BB`,
    { names: { A: 'sgemm<1, "x">', B: '=HYPERLINK()' } },
  )
  const text = [...csvOf(trace, { from: 3_000, to: 15_000, tracks: ['stream-0', 'api-0'] })].join('')
  expect(text.split('\r\n')).toEqual([
    'track,group,table,row,lane,class,name,start_ns,dur_ns,value',
    'stream 7,GPU 0,device_op,0,0,busy/gemm,"sgemm<1, ""x"">",2000,3000,',
    "stream 7,GPU 0,device_op,1,0,busy/other,'=HYPERLINK(),14000,2000,",
    'CUDA API,drawn 1 · thread 1,api_call,1,0,api/sync,cudaStreamSynchronize_v3020,3000,4000,',
    '',
  ])
})

test('every span of a run is on a line, in chunks', () => {
  const run = syntheticRun({ kernels: 3_000 })
  const chunks = [...csvOf(run, { from: 0, to: 1e15, tracks: ['stream-0', 'range-0'] })]
  expect(chunks.length).toBeGreaterThan(1)
  expect(chunks.join('').trimEnd().split('\r\n')).toHaveLength(1 + run.device_op.length + run.range.length)
})
