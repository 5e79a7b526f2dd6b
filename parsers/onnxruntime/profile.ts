/**
 * One ONNX Runtime profile, read but not yet a Trace: its node and session records, and what was left out.
 *
 * ONNX Runtime writes an array of complete events, one a record, times in integer microseconds since the profiler began:
 *
 *   {"cat":"Session","pid":9,"tid":9,"dur":63,"ts":12,"ph":"X","name":"model_run","args":{}}
 *   {"cat":"Node","pid":9,"tid":9,"dur":7,"ts":30,"ph":"X","name":"conv1_kernel_time","args":{"op_name":"Conv",…}}
 *
 * From 2019 to 2026 only `args` grew: `provider`, shapes and sizes, then the arena's state.
 */
import type { Skipped } from '../../trace/trace.ts'

/** One execution of a node. Times in nanoseconds since the profile's zero; sizes in bytes. */
export interface NodeRecord {
  /** Index of the event in the file. */
  index: number
  startNs: number
  durationNs: number
  pid: number
  tid: number
  /** Without the `_kernel_time` suffix. */
  name: string
  operator: string | undefined
  provider: string | undefined
  /** Input shapes as JSON, as the runtime wrote them. */
  shapes: string | undefined
  /** Inputs, constants and outputs together: the least that the node has to move. */
  bytes: number | undefined
  /** Bytes of the arena in use, and held, when the node had ended. */
  arenaInUse: number | undefined
  arenaHeld: number | undefined
}

/** Loading, initialisation, a run: what the runtime says of a session as a whole. */
export interface SessionRecord {
  index: number
  startNs: number
  durationNs: number
  pid: number
  tid: number
  name: string
}

export interface OrtProfile {
  nodes: NodeRecord[]
  sessions: SessionRecord[]
  /** The zero, in whole microseconds of the file: 0 as the runtime writes it, a date where a tool has moved the times to one. */
  zeroUs: number
  /** Events by category, as they stand in the file. */
  sourceRows: Record<string, number>
  skipped: Skipped[]
  warnings: string[]
}

const KERNEL_TIME = '_kernel_time'
/** ONNX Runtime stops recording there without a word in the file (`global_max_num_events_` of its profiler). */
const MOST_EVENTS = 1_000_000

/** Providers that only enqueue work: what is recorded is not the device's time. */
const ENQUEUE_ONLY = /^(CUDA|Tensorrt|NvTensorRTRTX|ROCM|MIGraphX|WebGpu|JS|Dml)ExecutionProvider$/i

const REASONS: Record<string, string> = {
  fence: 'a fence takes part in no computation; the node has its own record',
  Api: 'calls into the GPU runtime are not read from this format',
  Kernel: 'GPU kernels are not read from this format',
  category: 'a category this reader does not know',
  shape: 'no complete event: it has no name, or no time or duration of less than 52 days',
  node: 'a node record of a kind this reader does not know',
}

/** Collects records one by one; `finish` gives the profile. Never throws: what it cannot use is counted. */
export class ProfileReader {
  readonly #nodes: NodeRecord[] = []
  readonly #sessions: SessionRecord[] = []
  /** By category, which may be called "constructor": no plain object. */
  readonly #rows = new Map<string, number>()
  readonly #skipped = new Map<string, Skipped>()
  readonly #shapes = new Map<string, string>()
  #index = 0
  #zeroUs: number | undefined

  add(value: unknown): void {
    const index = this.#index++
    const event = this.#onAxis(asEvent(value))
    const category = categoryOf(value)
    this.#rows.set(category, (this.#rows.get(category) ?? 0) + 1)
    if (event === undefined) this.#skip(`${category} record`, 'shape')
    else if (category === 'Session') this.#sessions.push({ ...timesOf(event), index, name: event.name })
    else if (category === 'Node') this.#node(index, event)
    else this.#skip(category, Object.hasOwn(REASONS, category) ? category : 'category')
  }

  /** The event with its time from the zero, which the first event tells; undefined where it lies too far from that. */
  #onAxis(event: Event | undefined): Event | undefined {
    if (event === undefined) return undefined
    this.#zeroUs ??= isTime(event.ts) ? 0 : Math.floor(event.ts)
    const ts = event.ts - this.#zeroUs
    return isTime(ts) ? { ...event, ts } : undefined
  }

  finish(): OrtProfile {
    const warnings = []
    for (const provider of new Set(this.#nodes.map((node) => node.provider ?? '')))
      if (ENQUEUE_ONLY.test(provider))
        warnings.push(
          `${provider}: ONNX Runtime records the host's time of a node, which ends when its work is enqueued, not when the GPU has done it`,
        )
    if (this.#index >= MOST_EVENTS)
      warnings.push(
        `the profile holds ${this.#index} events: ONNX Runtime stops recording at ${MOST_EVENTS}, later nodes are missing`,
      )
    if (this.#nodes.some((node) => node.provider === undefined))
      warnings.push(
        'some nodes do not tell their execution provider (an old ONNX Runtime); they stand on the CPU',
      )
    return {
      zeroUs: this.#zeroUs ?? 0,
      nodes: this.#nodes.sort(byStart),
      sessions: this.#sessions.sort(byStart),
      sourceRows: Object.fromEntries(this.#rows),
      skipped: [...this.#skipped.values()],
      warnings,
    }
  }

  #node(index: number, event: Event): void {
    if (!event.name.endsWith(KERNEL_TIME)) {
      const fence = /_fence_(before|after)$/.exec(event.name)
      this.#skip(fence ? `Node ${fence[0].slice(1)}` : 'Node record', fence ? 'fence' : 'node')
      return
    }
    const { args } = event
    const sizes = [args['activation_size'], args['parameter_size'], args['output_size']].map(numberOf)
    const told = sizes.filter((size) => size !== undefined)
    this.#nodes.push({
      ...timesOf(event),
      index,
      name: event.name.slice(0, -KERNEL_TIME.length),
      operator: textOf(args['op_name']),
      provider: textOf(args['provider']),
      shapes: this.#shapesOf(args['input_type_shape']),
      bytes: told.length > 0 ? told.reduce((sum, size) => sum + size, 0) : undefined,
      arenaInUse: numberOf(args['mem_bytes_in_use']),
      arenaHeld: numberOf(args['mem_arena_held']),
    })
  }

  /** Shapes repeat with every run: each text is kept once. */
  #shapesOf(value: unknown): string | undefined {
    if (value === undefined) return undefined
    const text = JSON.stringify(value)
    const known = this.#shapes.get(text)
    if (known === undefined) this.#shapes.set(text, text)
    return known ?? text
  }

  #skip(what: string, reason: string): void {
    const known = this.#skipped.get(what)
    if (known === undefined) this.#skipped.set(what, { what, count: 1, why: REASONS[reason]! })
    else known.count++
  }
}

interface Event {
  name: string
  ts: number
  dur: number
  pid: number
  tid: number
  args: Record<string, unknown>
}

function asEvent(value: unknown): Event | undefined {
  if (!isRecord(value)) return undefined
  const { name, ph, pid, tid, args } = value
  const ts = numberOf(value['ts'])
  const dur = numberOf(value['dur'])
  if (typeof name !== 'string' || ph !== 'X') return undefined
  if (ts === undefined || Math.abs(ts) >= 2 ** 53 || !isTime(dur) || dur < 0) return undefined
  return { name, ts, dur, pid: idOf(pid), tid: idOf(tid), args: isRecord(args) ? args : {} }
}

/** Microseconds of which the nanoseconds, and sums of two, are exact. */
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Math.abs(value) < 2 ** 52 / 1000

const categoryOf = (value: unknown): string => {
  const category = isRecord(value) ? value['cat'] : undefined
  return typeof category === 'string' && category !== '' ? category : 'no category'
}

const timesOf = (event: Event): { startNs: number; durationNs: number; pid: number; tid: number } => ({
  startNs: Math.round(event.ts * 1000),
  durationNs: Math.round(event.dur * 1000),
  pid: event.pid,
  tid: event.tid,
})

/** A thread id can be a 64-bit hash; its low 32 bits are kept. */
function idOf(value: unknown): number {
  const id = numberOf(value)
  return id !== undefined && Number.isSafeInteger(id) && id >= 0 ? id % 2 ** 32 : 0
}

/** The runtime writes its sizes as text: "3211264"; tools that rewrite a profile do so with all numbers. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Earlier first; where two start together the longer one, then the order of the file. */
const byStart = (
  a: { startNs: number; durationNs: number; index: number },
  b: { startNs: number; durationNs: number; index: number },
): number => a.startNs - b.startNs || b.durationNs - a.durationNs || a.index - b.index
