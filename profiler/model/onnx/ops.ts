/**
 * ONNX operators as functions that know the shape they give out (standard domain, opset 20 and up).
 *
 * Each takes the scope its node is named in and the node's own last segment.
 */
import type { Scope } from './graph.ts'
import type { ElementType, Tensor } from './tensor.ts'
import { sizeOf } from './tensor.ts'

const axisOf = (x: Tensor, axis: number): number => (axis < 0 ? axis + x.shape.length : axis)

const withSide = (shape: readonly number[], axis: number, side: number): number[] =>
  shape.map((old, index) => (index === axis ? side : old))

/** Numpy's rule: right-aligned, equal or 1. */
export function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, index) => {
    const left = a[index - rank + a.length] ?? 1
    const right = b[index - rank + b.length] ?? 1
    if (left !== right && left !== 1 && right !== 1) {
      throw new Error(`shapes ${a.join('x')} and ${b.join('x')} do not broadcast`)
    }
    return Math.max(left, right)
  })
}

type Binary = 'Add' | 'Sub' | 'Mul' | 'Div'

export function binary(s: Scope, name: string, op: Binary, a: Tensor, b: Tensor): Tensor {
  return s.node(name, op, [a, b], { shape: broadcast(a.shape, b.shape), type: a.type })
}

export const add = (s: Scope, name: string, a: Tensor, b: Tensor): Tensor => binary(s, name, 'Add', a, b)
export const multiply = (s: Scope, name: string, a: Tensor, b: Tensor): Tensor => binary(s, name, 'Mul', a, b)

type Unary = 'Relu' | 'Exp' | 'Abs' | 'Sign' | 'Sigmoid' | 'Neg' | 'Identity'

export const unary = (s: Scope, name: string, op: Unary, x: Tensor): Tensor =>
  s.node(name, op, [x], { shape: x.shape, type: x.type })

/** Exact (erf) GELU: the operator's default since opset 20. */
export const gelu = (s: Scope, name: string, x: Tensor): Tensor =>
  s.node(name, 'Gelu', [x], { shape: x.shape, type: x.type })

const castCode: Partial<Record<ElementType, number>> = { float: 1, int32: 6, int64: 7, float16: 10 }

/** Nothing where the tensor has the type already. */
export function cast(s: Scope, name: string, x: Tensor, type: 'float' | 'float16' | 'int64'): Tensor {
  if (x.type === type) return x
  return s.node(name, 'Cast', [x], { shape: x.shape, type }, { attributes: { to: castCode[type]! } })
}

export function reshape(s: Scope, name: string, x: Tensor, shape: readonly number[]): Tensor {
  if (sizeOf(x.shape) !== sizeOf(shape)) {
    throw new Error(`${s.name(name)}: ${x.shape.join('x')} cannot become ${shape.join('x')}`)
  }
  if (shape.length === x.shape.length && shape.every((side, index) => side === x.shape[index])) return x
  return s.node(name, 'Reshape', [x, s.int64(...shape)], { shape, type: x.type })
}

export function transpose(s: Scope, name: string, x: Tensor, perm: readonly number[]): Tensor {
  const shape = perm.map((axis) => x.shape[axis]!)
  return s.node(name, 'Transpose', [x], { shape, type: x.type }, { attributes: { perm } })
}

export function slice(s: Scope, name: string, x: Tensor, axis: number, start: number, end: number): Tensor {
  const at = axisOf(x, axis)
  const shape = withSide(x.shape, at, end - start)
  return s.node(name, 'Slice', [x, s.int64(start), s.int64(end), s.int64(at)], { shape, type: x.type })
}

/** Cuts an axis into parts of the given sides. */
export function split(s: Scope, name: string, x: Tensor, axis: number, sides: readonly number[]): Tensor[] {
  const at = axisOf(x, axis)
  const results = sides.map((side) => ({ shape: withSide(x.shape, at, side), type: x.type }))
  return s.graph.add(s.name(name), 'Split', [x, s.int64(...sides)], results, { attributes: { axis: at } })
}

export function concat(s: Scope, name: string, parts: readonly Tensor[], axis: number): Tensor {
  const first = parts[0]!
  if (parts.length === 1) return first
  const at = axisOf(first, axis)
  const side = parts.reduce((sum, part) => sum + part.shape[at]!, 0)
  const shape = withSide(first.shape, at, side)
  return s.node(name, 'Concat', parts, { shape, type: first.type }, { attributes: { axis: at } })
}

/** Picks positions along an axis; `indices` is a list, or (for one dimension less) a scalar. */
export function gather(s: Scope, name: string, x: Tensor, indices: Tensor, axis: number): Tensor {
  const at = axisOf(x, axis)
  const shape = [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)]
  return s.node(name, 'Gather', [x, indices], { shape, type: x.type }, { attributes: { axis: at } })
}

export function expand(s: Scope, name: string, x: Tensor, shape: readonly number[]): Tensor {
  return s.node(name, 'Expand', [x, s.int64(...shape)], { shape, type: x.type })
}

export function softmax(s: Scope, name: string, x: Tensor): Tensor {
  return s.node(name, 'Softmax', [x], { shape: x.shape, type: x.type }, { attributes: { axis: -1 } })
}

export function matmul(s: Scope, name: string, a: Tensor, b: Tensor): Tensor {
  const inner = a.shape.at(-1)!
  if (b.shape.at(-2) !== inner) throw cannotMultiply(s.name(name), a, b)
  const shape = [...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), a.shape.at(-2)!, b.shape.at(-1)!]
  return s.node(name, 'MatMul', [a, b], { shape, type: a.type }, { flops: 2 * sizeOf(shape) * inner })
}

/** `a·bᵀ + c` of two matrices and a row. */
export function gemm(s: Scope, name: string, a: Tensor, b: Tensor, c: Tensor): Tensor {
  const [rows, inner] = a.shape as [number, number]
  const columns = b.shape[0]!
  if (a.shape.length !== 2 || b.shape[1] !== inner) throw cannotMultiply(s.name(name), a, b)
  const options = { attributes: { transB: 1 }, flops: 2 * rows * columns * inner }
  return s.node(name, 'Gemm', [a, b, c], { shape: [rows, columns], type: a.type }, options)
}

const cannotMultiply = (name: string, a: Tensor, b: Tensor): Error =>
  new Error(`${name}: cannot multiply ${a.shape.join('x')} by ${b.shape.join('x')}`)

/** Over the last axis. */
export function layerNorm(
  s: Scope,
  name: string,
  x: Tensor,
  affine: { readonly weight: Tensor; readonly bias: Tensor },
  epsilon: number,
): Tensor {
  return s.node(
    name,
    'LayerNormalization',
    [x, affine.weight, affine.bias],
    { shape: x.shape },
    { attributes: { axis: -1, epsilon: { float: epsilon } } },
  )
}
