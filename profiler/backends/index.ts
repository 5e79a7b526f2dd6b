/** All backends, in the order they are offered. */
import type { Backend } from '../capture-request.ts'
import { onnx } from './onnx.ts'
import { torch } from './torch.ts'

export const backends: readonly Backend[] = [onnx, torch]
