/** Opens ranges as a model run does; started under nsys by the test. argv: iterations, phases an iteration. */
import { openNvtx } from '../../../profiler/nvtx/nvtx.ts'

const [iterations = 0, phases = 0] = process.argv.slice(2).map(Number)
const nvtx = openNvtx()
if (!nvtx.active)
  throw new Error(`no tool is listening: ${nvtx.failure ?? 'NVTX_INJECTION64_PATH is not set'}`)
nvtx.nameThread('model')
nvtx.push('before')
nvtx.pop()
const close = await nvtx.openAside('Measured')
for (let i = 0; i < iterations; i++) {
  nvtx.push('VGGT')
  for (let k = 0; k < phases; k++) {
    nvtx.push(`phase ${k} é`)
    nvtx.mark('halfway')
    nvtx.pop()
  }
  nvtx.pop()
}
await close()
nvtx.push('after')
nvtx.pop()
