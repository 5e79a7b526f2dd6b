/**
 * What a capture shows of CUDA graphs, by what it holds. A setting of the tool says what would have been shown: a capture
 * "with whole graphs" of a program without graphs shows none, and one without the setting may show nodes.
 */
import { NONE, NONE_I64 } from '../trace/column.ts'
import { DeviceOpKind } from '../trace/tables.ts'
import { derived } from './derived.ts'

/** In words; undefined for a capture without device ops, which cannot tell. */
export const graphModeOf = derived((trace): string | undefined => {
  const { device_op: ops, api_call: api, strings } = trace
  if (ops.length === 0) return undefined
  if (ops.kind.includes(DeviceOpKind.graph)) return 'whole graphs, contents hidden'
  if (ops.graphNode?.some((node) => node !== NONE_I64) === true) return 'graph nodes'
  // Kineto may not number the nodes: what a launch of a graph caused is nodes all the same.
  const isGraphLaunch = strings.map((text) => /GraphLaunch/.test(text))
  const isOfGraph = (call: number): boolean => call !== NONE && isGraphLaunch[api.name[call]!]!
  if (ops.launch?.some(isOfGraph) === true) return 'graph nodes'
  return api.name.some((name) => isGraphLaunch[name]!)
    ? 'graphs launched, their work not recorded'
    : 'no graphs'
})
