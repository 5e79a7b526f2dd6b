/** A file with known contents, in the layout of a real one: everything that went in comes out. Synthetic. */
import { expect, test } from 'vitest'
import { syntheticCounts, syntheticKineto } from '../../../fixtures/kineto/synthetic.ts'
import { brokenRules } from '../../../trace/integrity.ts'
import { NONE } from '../../../trace/column.ts'
import { balance, launches, readBytes, text } from './files.ts'

// More rows than one segment of 65 536 holds.
const LAUNCHES = 70_000

test('a file of half a million events comes out whole', async () => {
  const shape = { launches: LAUNCHES, worldSize: 4 }
  const trace = await readBytes([...syntheticKineto(shape)].join(''))
  expect(trace.meta.sourceRows).toEqual(syntheticCounts(shape))
  expect(brokenRules(trace)).toEqual([])
  const { source, imported, skipped } = balance(trace)
  expect(source).toBe(imported + skipped)
  expect([
    trace.device_op.length,
    trace.api_call.length,
    trace.range.length,
    trace.memory_event.length,
  ]).toEqual([LAUNCHES, LAUNCHES, 3 * LAUNCHES + 1, LAUNCHES])
  expect(new Set(launches(trace))).toEqual(new Set(['cudaLaunchKernel']))
  // Each kernel began 9 to 9.012 µs after its call, each call stands in aten::addmm three levels deep.
  for (let op = 0; op < LAUNCHES; op++) {
    const call = trace.device_op.launch![op]!
    if (trace.device_op.start[op]! - trace.api_call.start[call]! !== 9000 + (op % 13))
      throw new Error(`op ${op}`)
    const range = trace.api_call.range![call]!
    if (text(trace, trace.range.name![range]) !== 'aten::addmm' || trace.range.depth[range] !== 2)
      throw new Error(`call ${call} of op ${op} does not stand in its operator`)
  }
  expect(trace.range.parent!.filter((row) => row === NONE).length).toBe(LAUNCHES + 1)
  expect(trace.meta.facts).toMatchObject({ rank: 0, worldSize: 4, cudaVersion: '12.4' })
  expect(trace.meta.warnings).toEqual([])
})
