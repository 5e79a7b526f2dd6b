/** Times push and pop of a range in a process of its own, started with and without nsys. Prints its answer as JSON. */
import { openNvtx } from '../profiler/nvtx/nvtx.ts'

const ROUNDS = 41
const PAIRS = 2000
const nvtx = openNvtx()
const perPairNs: number[] = []
for (let round = 0; round < ROUNDS; round++) {
  const start = process.hrtime.bigint()
  for (let i = 0; i < PAIRS; i++) {
    nvtx.push('Frame_Attention')
    nvtx.pop()
  }
  perPairNs.push(Number(process.hrtime.bigint() - start) / PAIRS)
}
console.log(JSON.stringify({ active: nvtx.active, perPairNs }))
