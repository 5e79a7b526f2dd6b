/** Weights from a `.safetensors` file with the official tensor names. */
import { UserError } from '../../../trace/errors.ts'
import { SafetensorsFile } from './safetensors.ts'
import type { WeightRequest, Weights } from './weights.ts'

const floating = new Set(['F32', 'F16', 'BF16'])

/**
 * Opens the file. Tensors the graph does not ask for (the tracking head, say) are left alone.
 * `check` names the first few tensors that do not fit and counts the rest.
 */
export async function fileWeights(path: string): Promise<Weights> {
  const file = await SafetensorsFile.open(path)
  return {
    check: (requests) => Promise.resolve(checkAll(file, requests)),
    read: (request) => file.read(request.name),
    close: () => file.close(),
  }
}

function checkAll(file: SafetensorsFile, requests: readonly WeightRequest[]): void {
  const faults = requests.flatMap((request) => faultOf(file, request) ?? [])
  if (faults.length === 0) return
  const shown = faults.slice(0, 3).join('; ')
  const more = faults.length > 3 ? `; and ${faults.length - 3} more` : ''
  const hint = 'do the weights belong to this config?'
  throw new UserError(
    'bad-input',
    `${file.path}: ${faults.length} of ${requests.length} tensors do not fit: ${shown}${more}; ${hint}`,
  )
}

function faultOf(file: SafetensorsFile, request: WeightRequest): string | undefined {
  const stored = file.tensors.get(request.name)
  if (!stored) return `${request.name} is missing`
  if (!floating.has(stored.dtype)) return `${request.name} is ${stored.dtype}, not F32, F16 or BF16`
  const same =
    stored.shape.length === request.shape.length && stored.shape.every((n, i) => n === request.shape[i])
  return same ? undefined : `${request.name} is ${stored.shape.join('x')}, not ${request.shape.join('x')}`
}
