/** DPT's fusion: from the smallest map to the largest, refine, add the next, enlarge. */
import type { Context } from '../context.ts'
import { resizeBilinear } from '../onnx/image-ops.ts'
import type { Scope } from '../onnx/graph.ts'
import { add, unary } from '../onnx/ops.ts'
import type { Tensor } from '../onnx/tensor.ts'
import { convLayer } from './conv-layer.ts'

/** Four maps of one channel count, largest first → one map, twice as large as the largest. */
export function fuse(s: Scope, context: Context, head: string, maps: readonly Tensor[]): Tensor {
  const channels = context.config.dptFeatures
  let fused: Tensor | undefined
  for (let index = maps.length - 1; index >= 0; index--) {
    const at = s.at(`fusion.${index + 1}`)
    const weights = `${head}.scratch.refinenet${index + 1}`
    const map = maps[index]!
    const joined = fused ? add(at, 'join', fused, refine(at, context, map, `${weights}.resConfUnit1`)) : map
    const refined = refine(at, context, joined, `${weights}.resConfUnit2`)
    const next = maps[index - 1]
    const [height, width] = next ? [next.shape[2]!, next.shape[3]!] : [2 * map.shape[2]!, 2 * map.shape[3]!]
    const enlarged = resizeBilinear(at, 'enlarge', refined, height, width)
    fused = convLayer(at, context, 'out_conv', enlarged, {
      weights: `${weights}.out_conv`,
      outputs: channels,
      kernel: 1,
    })
  }
  return fused!
}

/**
 * Two convolutions around a skip. The published model's first ReLU works in place, so what it skips is
 * relu(x) and not x; trained weights expect that.
 */
function refine(outer: Scope, context: Context, x: Tensor, weights: string): Tensor {
  const s = outer.at(weights.endsWith('1') ? 'refine1' : 'refine2')
  const layer = (name: string) => ({ weights: `${weights}.${name}`, outputs: x.shape[1]!, kernel: 3 })
  const skipped = unary(s, 'relu1', 'Relu', x)
  const once = unary(s, 'relu2', 'Relu', convLayer(s, context, 'conv1', skipped, layer('conv1')))
  return add(s, 'skip', convLayer(s, context, 'conv2', once, layer('conv2')), skipped)
}
