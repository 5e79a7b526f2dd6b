/** What can be said of a run from its own record, without an analysis. */
import type { RunInfo } from '../../trace/api.ts'

/** The device that works most: the one headlines are about. */
export function busiest(run: RunInfo): RunInfo['devices'][number] | undefined {
  return run.devices.toSorted((a, b) => b.busyNs - a.busyNs)[0]
}

/** From the first to the last event, in ns; undefined for a capture without events. */
export const captureLength = (run: RunInfo): number | undefined =>
  run.captureNs ? run.captureNs[1] - run.captureNs[0] : undefined

/** "GPU", or "Device" where an in-process runtime computed, on whatever it computed. */
export function deviceWord(run: RunInfo): string {
  const names = run.devices.map((device) => device.name)
  return names.length > 0 && names.every((name) => name.endsWith('(ONNX Runtime)')) ? 'Device' : 'GPU'
}

/** "NVIDIA A40", "4 × Tesla V100-SXM2-16GB", "2 devices". */
export function deviceNames(run: RunInfo): string {
  const names = [...new Set(run.devices.map((device) => device.name))]
  if (names.length === 0) return ''
  if (names.length > 1) return `${run.devices.length} devices`
  return run.devices.length > 1 ? `${run.devices.length} × ${names[0]}` : names[0]
}

/** "2026-03-01 14:07", in the reader's own time. */
export function dateText(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`
}

const two = (n: number): string => String(n).padStart(2, '0')

/** Nested facts as one list: "gpu.driver version" → "570.1". Absent values are left out. */
export function flatFacts(facts: Readonly<Record<string, unknown>>, prefix = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [name, value] of Object.entries(facts)) {
    if (value === null || value === undefined || value === '') continue
    const words = prefix + name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase()
    if (typeof value !== 'object') found.set(words, String(value))
    else if (Array.isArray(value)) found.set(words, value.map(plain).join(', '))
    else
      for (const [key, text] of flatFacts(value as Record<string, unknown>, `${words}.`)) found.set(key, text)
  }
  return found
}

const plain = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))
