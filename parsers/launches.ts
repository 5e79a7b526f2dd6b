/**
 * Joining device work to the API call that caused it, on (process, correlation).
 *
 * Correlation ids count up per process, so a plain array indexed by (id − smallest) serves; where they are scattered, a Map.
 */
import { NONE } from '../trace/column.ts'

/** Backtrace twins repeat a call's correlation id and are never a launch. */
const BACKTRACE = 67
const LAUNCHES = /Launch|Memcpy|Memset|Graph/

export interface Calls {
  length: number
  process: (call: number) => number
  correlation: Uint32Array | undefined
  eventClass: Uint8Array | undefined
  name: Uint32Array
  duration: Float64Array
}

/** Finds the launching call of (process, correlation); NONE where none was recorded or the id is 0 or absent. */
export type LaunchIndex = (process: number, correlation: number) => number

/** Builds the index. Of several calls with one id the one whose name launches wins, else the longest. */
export function launchIndex(calls: Calls, strings: readonly string[], processes: number): LaunchIndex {
  const { correlation } = calls
  if (correlation === undefined) return () => NONE
  const tables = correlationRanges(calls, correlation, processes)
  for (let call = 0; call < calls.length; call++) {
    const id = correlation[call]!
    if (id === 0 || id === NONE || calls.eventClass?.[call] === BACKTRACE) continue
    const table = tables[calls.process(call)]!
    const known = table.get(id)
    if (known === NONE || isBetter(calls, strings, call, known)) table.set(id, call)
  }
  return (process, id) => (id === 0 || id === NONE ? NONE : (tables[process]?.get(id) ?? NONE))
}

function isBetter(calls: Calls, strings: readonly string[], call: number, known: number): boolean {
  const launches = LAUNCHES.test(strings[calls.name[call]!]!)
  const knownLaunches = LAUNCHES.test(strings[calls.name[known]!]!)
  return launches === knownLaunches ? calls.duration[call]! > calls.duration[known]! : launches
}

interface IdTable {
  get(id: number): number
  set(id: number, call: number): void
}

function correlationRanges(calls: Calls, correlation: Uint32Array, processes: number): IdTable[] {
  const min = new Float64Array(processes).fill(Infinity)
  const max = new Float64Array(processes).fill(-Infinity)
  const count = new Float64Array(processes)
  for (let call = 0; call < calls.length; call++) {
    const id = correlation[call]!
    if (id === 0 || id === NONE) continue
    const process = calls.process(call)
    if (id < min[process]!) min[process] = id
    if (id > max[process]!) max[process] = id
    count[process]!++
  }
  return Array.from(min, (low, process) => {
    const span = max[process]! - low + 1
    return span <= 16 * count[process]! + 65_536 ? denseTable(low, span) : sparseTable()
  })
}

function denseTable(low: number, span: number): IdTable {
  const calls = new Uint32Array(Math.max(span, 0)).fill(NONE)
  return {
    get: (id) => calls[id - low] ?? NONE,
    set: (id, call) => {
      calls[id - low] = call
    },
  }
}

function sparseTable(): IdTable {
  const calls = new Map<number, number>()
  return { get: (id) => calls.get(id) ?? NONE, set: (id, call) => void calls.set(id, call) }
}
