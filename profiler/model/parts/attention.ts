/** Scaled dot-product attention of several heads, in one of three forms. */
import type { AttentionForm } from '../built.ts'
import type { Scope } from '../onnx/graph.ts'
import { matmul, multiply, reshape, softmax, transpose } from '../onnx/ops.ts'
import type { Tensor } from '../onnx/tensor.ts'

/** Queries, keys and values, heads side by side in the last axis. */
export interface Triple {
  readonly q: Tensor
  readonly k: Tensor
  readonly v: Tensor
}

/**
 * q `[B, N, C]`, k and v `[B, M, C]` with heads side by side in C → `[B, N, C]`; every query sees every key.
 *
 * `mha` is ONNX Runtime's `com.microsoft.MultiHeadAttention`, `onnx23` the standard `Attention` of opset 23;
 * neither holds the B·heads·N·M scores at once. `decomposed` does: 16·4122²·4 B = 1.09 GB for three frames of
 * 518×518.
 */
export function attend(s: Scope, form: AttentionForm, heads: number, { q, k, v }: Triple): Tensor {
  const [batch, length, channels] = q.shape as [number, number, number]
  const keys = k.shape[1]!
  if (form === 'decomposed') return decomposed(s, heads, q, k, v)
  // Scores and their product with v: 2·N·M·C each.
  const flops = 4 * batch * length * keys * channels
  const result = { shape: q.shape, type: q.type }
  if (form === 'onnx23') {
    const attributes = { q_num_heads: heads, kv_num_heads: heads }
    return s.node('attention', 'Attention', [q, k, v], result, { attributes, flops })
  }
  const options = { domain: 'com.microsoft', attributes: { num_heads: heads }, flops }
  return s.node('attention', 'MultiHeadAttention', [q, k, v], result, options)
}

function decomposed(s: Scope, heads: number, q: Tensor, k: Tensor, v: Tensor): Tensor {
  const width = q.shape[2]! / heads
  const byHead = (name: string, x: Tensor, perm: readonly number[]): Tensor =>
    transpose(
      s,
      `${name}_heads`,
      reshape(s, `${name}_split`, x, [x.shape[0]!, x.shape[1]!, heads, width]),
      perm,
    )
  const scale = s.constant(`scale:${q.type}:${width}`, [], () => Float32Array.of(width ** -0.5))
  const scaled = multiply(s, 'scale', byHead('q', q, [0, 2, 1, 3]), sameType(s, scale, q))
  const scores = matmul(s, 'scores', scaled, byHead('k', k, [0, 2, 3, 1]))
  const mixed = matmul(s, 'mix', softmax(s, 'softmax', scores), byHead('v', v, [0, 2, 1, 3]))
  return reshape(s, 'join', transpose(s, 'join_heads', mixed, [0, 2, 1, 3]), q.shape)
}

function sameType(s: Scope, scale: Tensor, like: Tensor): Tensor {
  return like.type === 'float16'
    ? s.node('scale_half', 'Cast', [scale], { shape: [], type: 'float16' }, { attributes: { to: 10 } })
    : scale
}
