/**
 * The header fields of a Kineto file: an allow-list. Host names, file names, environment and whatever else a program adds
 * (`metadata`, `traceName`, …) is walked over and never read.
 */
import type { TraceFacts } from '../../trace/trace.ts'

/** Fields whose values are read. */
export const HEADER: ReadonlySet<string> = new Set([
  'schemaVersion',
  'deviceProperties',
  'distributedInfo',
  'baseTimeNanoseconds',
  'cuda_runtime_version',
  'cuda_driver_version',
  'hip_runtime_version',
  'hip_driver_version',
  'profile_memory',
])
/** Fields that hold records of their own, which are counted as not read. */
export const RECORDS_BESIDE: ReadonlySet<string> = new Set([
  'stackFrames',
  'samples',
  'systemTraceEvents',
  'powerTraceAsString',
  'systraceTraceEvents',
])

export interface Header {
  values: Record<string, unknown>
  /** Nanoseconds since 1970 that every `ts` counts from; exact, so not a number. */
  baseTimeNs: bigint | undefined
}

/** Takes one field's JSON text. What is no valid JSON is left out. */
export function takeField(header: Header, key: string, text: string): void {
  if (key === 'baseTimeNanoseconds') {
    // 1 751 410 836 000 000 000 is past 2^53.
    const digits = text.replaceAll('"', '')
    if (/^\d{1,19}$/.test(digits)) header.baseTimeNs = BigInt(digits)
    return
  }
  try {
    header.values[key] = JSON.parse(text)
  } catch {
    // A field that cannot be read is as good as absent: the events do not depend on it.
  }
}

/** Facts of the capture. `origin`: the axis' zero on the file's own axis. */
export function factsOf(header: Header, origin: bigint, isEpochSized: boolean): Partial<TraceFacts> {
  const { values, baseTimeNs } = header
  const facts: Partial<TraceFacts> = {}
  if (baseTimeNs !== undefined) facts.utcEpochNs = String(baseTimeNs + origin)
  else if (isEpochSized) facts.utcEpochNs = String(origin)
  const schema = values['schemaVersion']
  if (typeof schema === 'number' || typeof schema === 'string')
    facts.schemaVersion = String(schema).slice(0, 40)
  const runtime = cudaVersion(values['cuda_runtime_version']) ?? hipVersion(values['hip_runtime_version'])
  if (runtime !== undefined) facts.cudaVersion = runtime
  // Kineto tells which CUDA the driver supports, not the driver's own number.
  const driver = cudaVersion(values['cuda_driver_version'])
  if (driver !== undefined) facts.driverVersion = `supports CUDA ${driver}`
  const job = values['distributedInfo']
  if (typeof job === 'object' && job !== null) {
    const { rank, world_size: worldSize } = job as Record<string, unknown>
    if (isCount(rank)) facts.rank = rank
    if (isCount(worldSize)) facts.worldSize = worldSize
  }
  return facts
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

/** 12040 → "12.4". */
function cudaVersion(value: unknown): string | undefined {
  if (!isCount(value) || value < 1000) return undefined
  return `${Math.floor(value / 1000)}.${Math.floor((value % 1000) / 10)}`
}

/** 60443483 → "HIP 6.4.43483". */
function hipVersion(value: unknown): string | undefined {
  if (!isCount(value) || value < 10_000_000) return undefined
  return `HIP ${Math.floor(value / 1e7)}.${Math.floor((value % 1e7) / 1e5)}.${value % 1e5}`
}
