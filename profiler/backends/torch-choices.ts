/** Where a torch capture runs and what records it, from what was asked for and what is there. */
import { UserError } from '../../trace/errors.ts'
import type { CaptureRequest } from '../capture-request.ts'
import type { ProfileOptions } from '../nsys/command.ts'
import type { Tool } from '../tools.ts'
import type { TorchFacts } from './torch-process.ts'

export type TorchDevice = 'cpu' | 'cuda'

/** nsys, or why PyTorch's own profiler (Kineto) is used in its place. */
export type TorchProfiler = { readonly nsys: Tool } | { readonly without: string }

/** auto takes the GPU where PyTorch sees one. */
export function deviceFor(device: CaptureRequest['device'], { version, gpu }: TorchFacts): TorchDevice {
  if (device === 'webgpu')
    throw new UserError(
      'bad-request',
      '--device webgpu: PyTorch has none; choose cpu or cuda, or --backend onnx',
    )
  if (device === 'cuda' && gpu === null)
    throw new UserError(
      'tool-missing',
      `--device cuda: PyTorch ${version} sees no GPU; --device cpu works without`,
    )
  if (device === 'auto') return gpu === null ? 'cpu' : 'cuda'
  return device
}

/** On a CPU nsys sees ranges but no operators, and Kineto both: there nsys is used only where it is asked for. */
export function profilerFor(
  wanted: CaptureRequest['nsys'],
  device: TorchDevice,
  nsys: Tool | undefined,
): TorchProfiler {
  if (wanted === 'off') return { without: 'turned off' }
  if (wanted === 'on' && nsys === undefined)
    throw new UserError(
      'tool-missing',
      'nsys was asked for and is not on PATH; leave it out: --nsys auto profiles with Kineto where nsys is missing',
    )
  if (nsys === undefined) return { without: 'none on PATH; Kineto in its place' }
  if (wanted === 'auto' && device === 'cpu')
    return { without: 'on a CPU Kineto sees the operators, which nsys does not' }
  return { nsys }
}

/** On a CPU, where no cudaProfilerStart exists, the program opens nsys' capture with this range. */
export const CPU_CAPTURE_RANGE = 'Parallax_Capture'

/** What nsys records, and what opens it. */
export const nsysOptions = (device: TorchDevice): Pick<ProfileOptions, 'trace' | 'captureRange'> =>
  device === 'cuda'
    ? { trace: ['cuda', 'nvtx'], captureRange: 'cudaProfilerApi' }
    : { trace: ['nvtx', 'osrt'], captureRange: { range: CPU_CAPTURE_RANGE } }
