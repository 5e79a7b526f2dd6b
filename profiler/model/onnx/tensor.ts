/** Tensors inside a graph under construction: names with a type and a fully known shape. */
import type { dataTypeCode } from './schema.ts'

export type ElementType = keyof typeof dataTypeCode

export const elementBytes: Record<ElementType, number> = {
  float: 4,
  float16: 2,
  int64: 8,
  int32: 4,
  uint8: 1,
  int8: 1,
  bool: 1,
}

/** A value that flows along an edge. Every dimension is known: a graph serves one frame count and size. */
export interface Tensor {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly number[]
}

/**
 * A tensor that is part of the model file: a weight or a constant.
 *
 * Its bytes are made only when they are written, then let go, so a model of any size passes through memory
 * one tensor at a time. Two initializers of one name hold the same bytes, whichever graph they are in.
 */
export interface Initializer extends Tensor {
  readonly bytes: () => Uint8Array | Promise<Uint8Array>
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1)

export const byteLength = (tensor: Tensor): number => sizeOf(tensor.shape) * elementBytes[tensor.type]

/** The bytes of a typed array, not copied. */
export const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
