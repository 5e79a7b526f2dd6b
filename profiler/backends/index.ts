/** All backends, in the order they are offered. */
import type { Backend } from '../capture-request.ts'
import { onnx } from './onnx.ts'

export const backends: readonly Backend[] = [onnx]
