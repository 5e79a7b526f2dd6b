/**
 * Which phase instances each op was launched in, for all ops at once: one sweep over the calls, not a question a range.
 *
 *   step    |-------------------------------|
 *   layer      |--------|     |--------|            sets, by call:   a {step}   b, c {step, layer 0}   d {step, layer 1}
 *   call     a   b    c          d
 *
 * Calls one after the other mostly have the same set, so there are few. What belongs to a range is defined in
 * projection.ts; ranges of a thread may cross.
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { derived } from './derived.ts'
import { phaseTree } from './phase-tree.ts'
import { RowList } from './row-list.ts'

export interface InstanceSets {
  /** The set of each op; 0 is the empty one. */
  of: Uint32Array
  /** Set s holds the range rows member[first[s]] … member[first[s + 1] − 1]; there are first.length − 1 sets. */
  first: Uint32Array
  member: Uint32Array
}

export const instanceSets = derived((trace): InstanceSets => {
  const { launch: launches, range: ranges, length } = trace.device_op
  const sets = new SetList()
  const ofCall = setsOfCalls(trace, sets)
  const ofRange = setsOfRanges(trace, sets)
  const of = new Uint32Array(length)
  for (let op = 0; op < length; op++) {
    const launch = launches === undefined ? NONE : launches[op]!
    if (launch !== NONE) of[op] = ofCall[launch]!
    else if (ranges !== undefined && ranges[op] !== NONE) of[op] = ofRange(ranges[op]!)
  }
  return { of, ...sets.finish() }
})

/** 1 for each set that an instance is in. */
export function setsWith(trace: Trace, instance: number): Uint8Array {
  const { first, member } = instanceSets(trace)
  const isInside = new Uint8Array(first.length - 1)
  for (let set = 0; set < isInside.length; set++)
    for (let i = first[set]!; i < first[set + 1]!; i++) if (member[i] === instance) isInside[set] = 1
  return isInside
}

/** Sets as they are found. */
class SetList {
  readonly #first = new RowList()
  readonly #member = new RowList()

  constructor() {
    this.#first.add(0)
    this.#first.add(0)
  }

  /** Adds a set; the empty one is there already. */
  add(members: readonly number[]): number {
    if (members.length === 0) return 0
    for (const row of members) this.#member.add(row)
    this.#first.add(this.#member.length)
    return this.#first.length - 2
  }

  finish(): { first: Uint32Array; member: Uint32Array } {
    return { first: this.#first.finish(), member: this.#member.finish() }
  }
}

/** The set of each API call. */
function setsOfCalls(trace: Trace, sets: SetList): Uint32Array {
  const { start: starts, duration: durations, thread: threads, length } = trace.api_call
  const { start: opens, duration, thread, endThread } = trace.range
  const { isInstance } = phaseTree(trace)
  const byThread = Array.from({ length: trace.thread.length }, () => new OpenInstances(sets))
  const of = new Uint32Array(length)
  let next = 0
  for (let call = 0; call < length; call++) {
    const start = starts[call]!
    for (; next < opens.length && opens[next]! <= start; next++)
      // A range that another thread ended owns no call.
      if (isInstance[next] === 1 && (endThread === undefined || endThread[next] === NONE))
        byThread[thread[next]!]!.open(next, opens[next]! + duration[next]!)
    const open = byThread[threads[call]!]
    if (open !== undefined) of[call] = open.setAround(start, start + durations[call]!)
  }
  return of
}

/** The instances of one thread that have begun, and the set of its last call. */
class OpenInstances {
  readonly #sets: SetList
  readonly #rows: number[] = []
  readonly #ends: number[] = []
  #set = 0
  /** The set is that of any later call that ends after the first, and not after the second, of these times. */
  #after = -Infinity
  #until = Infinity

  constructor(sets: SetList) {
    this.#sets = sets
  }

  open(row: number, end: number): void {
    this.#rows.push(row)
    this.#ends.push(end)
    this.#until = -Infinity
  }

  /** The set of open instances that contain [start, end]; starts must come in ascending order. */
  setAround(start: number, end: number): number {
    if (end > this.#after && end <= this.#until) return this.#set
    const members: number[] = []
    let open = 0
    this.#after = -Infinity
    this.#until = Infinity
    for (let i = 0; i < this.#rows.length; i++) {
      const row = this.#rows[i]!
      const until = this.#ends[i]!
      if (until < start) continue
      this.#rows[open] = row
      this.#ends[open++] = until
      if (until >= end) {
        members.push(row)
        if (until < this.#until) this.#until = until
      } else if (until > this.#after) this.#after = until
    }
    this.#rows.length = this.#ends.length = open
    return (this.#set = this.#sets.add(members))
  }
}

/** The set of an op without a launch, by its range: that and all around it. */
function setsOfRanges(trace: Trace, sets: SetList): (range: number) => number {
  const { isInstance } = phaseTree(trace)
  const { parent } = trace.range
  const known = new Map<number, number>()
  return (range) => {
    let set = known.get(range)
    if (set !== undefined) return set
    const members: number[] = []
    for (let row = range; row !== NONE; row = parent?.[row] ?? NONE)
      if (isInstance[row] === 1) members.push(row)
    known.set(range, (set = sets.add(members)))
    return set
  }
}
