import { expect, test } from 'vitest'
import { utilisation } from '../../analysis/utilisation.ts'
import { drawn } from '../drawn-trace.ts'

test('a counter’s curve is the mean of the samples in each piece of the capture; pieces without one are null', () => {
  const trace = drawn(`
    api   a.........
    gpu0  ..AAAAAAAA`)
  const { fromNs, bucketNs, wallNs } = utilisation.compute(trace, { buckets: 5 })
  expect(wallNs).toBe(5 * bucketNs)
  const at = (piece: number): number => fromNs + piece * bucketNs
  const sampled = {
    ...trace,
    strings: [...trace.strings, 'SM Active'],
    counter: { length: 1, name: Uint32Array.of(trace.strings.length), unit: undefined, device: undefined },
    counter_sample: {
      length: 5,
      // The first is taken before the capture's first event: in the summary, not on the curve.
      time: Float64Array.of(fromNs - 1, at(0), at(0) + 1, at(2), at(4)),
      counter: new Uint32Array(5),
      value: Float64Array.of(50, 10, 20, 30, 40),
    },
  }
  const [counter] = utilisation.compute(sampled, { buckets: 5 }).counters
  expect(counter).toMatchObject({ samples: 5, min: 10, mean: 30, max: 50, means: [15, null, 30, null, 40] })
})
