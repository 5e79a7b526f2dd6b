/**
 * How long it takes to align and explain two runs of a million kernels each, held against the plainest way to compare them:
 * one pass over both runs that sums durations by kernel name, which is what tools without an alignment do.
 *
 * Both runs are SYNTHETIC. The candidate is another seed of the same program: no duration is equal, every kernel is there.
 */
import { diff } from '../analysis/diff/diff.ts'
import { syntheticRun } from '../fixtures/synthetic-run.ts'
import type { Trace } from '../trace/trace.ts'

/** Prints wall and processor time of both, and their ratio. */
export async function main(kernels = 1_000_000): Promise<void> {
  const runs = (): [Trace, Trace] => [syntheticRun({ kernels, seed: 1 }), syntheticRun({ kernels, seed: 2 })]
  // What an analysis derives from a trace is kept with it: fresh traces each time, so that nothing is measured warm.
  const [a, b] = runs()
  const plain = timed(`durations summed by name`, () => byName(a, b).length)
  let delta = 0
  const ours = timed(`diff of two runs of ${kernels.toLocaleString('en')} kernels`, () => {
    const found = diff([a], [b])
    delta = found.deltaNs
    const sum = found.terms.reduce((total, term) => total + term.ns, 0)
    if (sum !== found.deltaNs) throw new Error('the terms do not sum to the difference')
    return found.terms.length
  })
  const again = timed('the same again, facts about the traces at hand', () => diff([a], [b]).terms.length)
  console.log(`difference of the median iterations: ${delta} ns`)
  console.log(
    `explaining costs ${(ours / plain).toFixed(1)} × summing by name; ${(again / plain).toFixed(1)} × when asked again`,
  )
}

function byName(base: Trace, candidate: Trace): [string, number][] {
  const sums = new Map<string, number>()
  for (const [trace, sign] of [
    [base, -1],
    [candidate, 1],
  ] as const)
    for (let op = 0; op < trace.device_op.length; op++) {
      const name = trace.strings[trace.device_op.name[op]!]!
      sums.set(name, (sums.get(name) ?? 0) + sign * trace.device_op.duration[op]!)
    }
  return [...sums].sort((x, y) => Math.abs(y[1]) - Math.abs(x[1]))
}

/** Processor time in milliseconds: on a busy machine wall time says little. */
function timed(what: string, run: () => number): number {
  const start = performance.now()
  const before = process.cpuUsage()
  const rows = run()
  const wall = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  const cpu = (user + system) / 1000
  console.log(`${what}: ${rows} rows, ${(wall / 1000).toFixed(2)} s (processor ${(cpu / 1000).toFixed(2)} s)`)
  return cpu
}
