/**
 * Every format, in the order in which they are tried. Adding one is a file and a line here.
 */
import { captureFormat } from './capture.ts'
import type { Format } from './format.ts'
import { chrome } from './kineto/chrome.ts'
import { kineto } from './kineto/kineto.ts'
import { nsysSqlite } from './nsys/index.ts'
import { nsysReport } from './nsys/report.ts'
import { onnxruntime } from './onnxruntime.ts'

export const formats: readonly Format[] = [
  nsysSqlite,
  nsysReport,
  captureFormat({ 'nsys-sqlite': nsysSqlite, 'kineto-trace': kineto }),
  onnxruntime,
  kineto,
  chrome,
]
