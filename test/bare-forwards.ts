import { VGGT_SHAPES } from '../analysis/vggt-work.ts'
import { tableBuilders } from '../trace/builders.ts'
import type { Trace } from '../trace/trace.ts'
import { drawn } from './drawn-trace.ts'

const shape = VGGT_SHAPES['1b']!

/** Forwards of VGGT as kernels alone: one launch, one kernel, each a microsecond; no range. Synthetic. */
export function bareForwards(count: number): Trace {
  const plan: { name: string; grid?: readonly number[] }[] = []
  const norm = { name: 'vectorized_layer_norm_kernel' }
  const product = { name: 'ampere_bf16_s16816gemm' }
  const flash = (isGlobal: boolean) => ({
    name: 'flash_fwd_kernel<bfloat16>',
    grid: isGlobal ? [22, 1, 16] : [8, 3, 16],
  })
  for (let f = 0; f < count; f++) {
    plan.push(
      { name: 'elementwise_kernel' },
      { name: 'nchwToNhwc' },
      { name: 'implicit_convolve_sgemm<bf16>' },
    )
    for (let i = 0; i < shape.vitDepth; i++) plan.push(norm, product, flash(false), product, norm, product)
    plan.push(norm)
    for (let i = 0; i < 2 * shape.depth; i++)
      plan.push(norm, product, norm, norm, flash(i % 2 === 1), product, norm, product)
    for (let i = 0; i < 5; i++)
      plan.push({ name: 'upsample_bilinear2d_out_frame' }, { name: 'xmma_fprop_tf32' })
  }
  const empty = drawn('gpu0 ')
  const build = tableBuilders()
  const strings = [...empty.strings, 'GPU', 'cudaLaunchKernel', ...new Set(plan.map(({ name }) => name))]
  build.device.add({ id: 0, name: strings.indexOf('GPU') })
  build.process.add({ globalPid: 1n << 24n, pid: 1 })
  build.thread.add({ process: 0, tid: 1, globalTid: 1n })
  build.stream.add({ device: 0, process: 0, deviceOrdinal: 0, context: 1, id: 7 })
  for (const [i, { name, grid }] of plan.entries()) {
    build.api_call.add({ start: 1000 * i, duration: 500, thread: 0, name: strings.indexOf('cudaLaunchKernel'), eventClass: 0, correlation: i, result: 0, sourceRow: i }) // prettier-ignore
    build.device_op.add({ start: 1000 * i + 600, duration: 1000, kind: 0, device: 0, stream: 0, name: strings.indexOf(name), launch: i, correlation: i, gridX: grid?.[0] ?? 1, gridY: grid?.[1] ?? 1, gridZ: grid?.[2] ?? 1, sourceRow: i }) // prettier-ignore
  }
  const tables = {
    device: build.device.finish(),
    process: build.process.finish(),
    thread: build.thread.finish(),
    stream: build.stream.finish(),
    device_op: build.device_op.finish(),
    api_call: build.api_call.finish(),
  }
  return { ...empty, ...tables, strings }
}
