/**
 * Every nsys report and rule that is recomputed here, in nsys' order of topics. Adding one is a file, a line here, and a
 * heading in docs/nsys-parity.md.
 */
import { UserError } from '../../trace/errors.ts'
import { cudaApiSum } from './cuda-api-sum.ts'
import { cudaApiSync } from './cuda-api-sync.ts'
import { cudaApiTrace } from './cuda-api-trace.ts'
import { cudaGpuKernGbSum } from './cuda-gpu-kern-gb-sum.ts'
import { cudaGpuKernSum } from './cuda-gpu-kern-sum.ts'
import { cudaApiGpuSum, cudaGpuSum } from './cuda-gpu-sums.ts'
import { cudaGpuTrace } from './cuda-gpu-trace.ts'
import { cudaKernExecSum } from './cuda-kern-exec-sum.ts'
import { cudaKernExecTrace } from './cuda-kern-exec-trace.ts'
import { cudaMemcpyAsync, cudaMemcpySync } from './cuda-memcpy-rules.ts'
import { cudaMemsetSync } from './cuda-memset-sync.ts'
import { gpuGaps } from './gpu-gaps.ts'
import { gpuTimeUtil } from './gpu-time-util.ts'
import { cudaGpuMemSizeSum, cudaGpuMemTimeSum } from './memory-sums.ts'
import { nvtxGpuProjSum } from './nvtx-gpu-proj-sum.ts'
import { nvtxGpuProjTrace } from './nvtx-gpu-proj-trace.ts'
import { nvtxKernSum } from './nvtx-kern-sum.ts'
import { nvtxPushpopTrace } from './nvtx-pushpop-trace.ts'
import { nvtxPushpopSum, nvtxStartendSum, nvtxSum } from './nvtx-sums.ts'
import { osrtSum } from './osrt-sum.ts'
import type { Report } from './report.ts'

const all = [
  cudaGpuKernSum,
  cudaGpuKernGbSum,
  cudaApiSum,
  cudaGpuSum,
  cudaApiGpuSum,
  cudaGpuMemTimeSum,
  cudaGpuMemSizeSum,
  cudaKernExecSum,
  cudaKernExecTrace,
  cudaGpuTrace,
  cudaApiTrace,
  nvtxSum,
  nvtxPushpopSum,
  nvtxPushpopTrace,
  nvtxStartendSum,
  nvtxGpuProjSum,
  nvtxGpuProjTrace,
  nvtxKernSum,
  osrtSum,
  gpuGaps,
  gpuTimeUtil,
  cudaApiSync,
  cudaMemcpyAsync,
  cudaMemcpySync,
  cudaMemsetSync,
] as const

export const nsysReports = all as unknown as readonly Report[]

/** A report or rule by nsys' name of it. Throws UserError('bad-request') that lists those there are. */
export function nsysReportOf(id: string): Report {
  const found = nsysReports.find((one) => one.id === id)
  if (found === undefined)
    throw new UserError(
      'bad-request',
      `no nsys report "${id}"; there are ${nsysReports.map((one) => one.id).join(', ')}`,
    )
  return found
}

export { csvPieces, toCsv } from './csv.ts'
export { runReport, whySkipped } from './report.ts'
export type { Cell, Report, ReportColumn, ReportRows } from './report.ts'
