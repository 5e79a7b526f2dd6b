import { expect, test } from 'vitest'
import { diff } from '../../../analysis/diff/diff.ts'
import { graphModeOf } from '../../../analysis/graph-mode.ts'
import { NONE_I64 } from '../../../trace/column.ts'
import type { Trace } from '../../../trace/trace.ts'
import { drawn } from '../../drawn-trace.ts'
import { withFacts, withNodes } from '../../changed-trace.ts'

/** The one call of the trace is one that launches a graph. */
function launchingGraph(trace: Trace): Trace {
  const strings = [...trace.strings, 'cudaGraphLaunch_v10000']
  const name = new Uint32Array(trace.api_call.length).fill(strings.length - 1)
  return { ...trace, strings, api_call: { ...trace.api_call, name } }
}

test('the graph mode is what the capture holds, whatever the tool was set to', () => {
  const plain = drawn('api a\ngpu0 .AA')
  expect(graphModeOf(withFacts(plain, { graphMode: 'graph' }))).toBe('no graphs')
  expect(graphModeOf(withNodes(plain, NONE_I64))).toBe('no graphs')
  expect(graphModeOf(withNodes(plain, 7n))).toBe('graph nodes')
  expect(graphModeOf(launchingGraph(plain))).toBe('graph nodes')
  expect(graphModeOf(drawn('graph0 .AA'))).toBe('whole graphs, contents hidden')
  expect(graphModeOf(launchingGraph(drawn('api O\ngpu0 .AA')))).toBe(
    'graphs launched, their work not recorded',
  )
  expect(graphModeOf(drawn('api O'))).toBeUndefined()
})

test('driver versions in two notations stand as they are, and are said to be not compared', () => {
  const plain = drawn('gpu0 .AA')
  const [a, b, c] = ['570.172.08', '53510405', '58160'].map((driverVersion) =>
    withFacts(plain, { driverVersion }),
  ) as [Trace, Trace, Trace]
  const mixed = diff([a], [b]).comparable
  expect(mixed.differences).toMatchObject([
    { base: '570.172.08', candidate: '53510405 (in another notation: digits without dots, not compared)' },
  ])
  const alike = diff([b], [c]).comparable
  expect(alike.differences).toMatchObject([{ base: '53510405', candidate: '58160' }])
  expect(mixed.differences[0]!.weight).toBeLessThan(alike.differences[0]!.weight)
})
