/**
 * Events → rows, one at a time, in the file's order. Each event becomes one row, half of one, a name, or a counted skip.
 */
import { EventScanner } from '../json/event.ts'
import { WANTED_ARGS } from './args.ts'
import { ANNOTATION_LANE, LAUNCH_FLOWS, roleOf } from './categories.ts'
import type { Role } from './categories.ts'
import type { Clock } from './clock.ts'
import { Counters } from './counters.ts'
import {
  addCall,
  addEdge,
  addFlow,
  addMark,
  addMemory,
  addOverhead,
  addRange,
  addSamples,
} from './host-events.ts'
import { addOp, addSync } from './device-events.ts'
import { Lanes } from './lanes.ts'
import { takeName } from './metadata.ts'
import { isBegin, isEnd } from './pairs.ts'
import { Places } from './places.ts'
import { Rows } from './rows.ts'
import { Tally } from './tally.ts'
import type { Reason } from './tally.ts'

const codes = (letters: string): ReadonlySet<number> =>
  new Set([...letters].map((letter) => letter.charCodeAt(0)))
const [COMPLETE] = codes('X')
const [METADATA] = codes('M')
const [COUNTER] = codes('C')
const [SAMPLE] = codes('P')
const INSTANTS = codes('iIRnTp')
const FLOWS = codes('stf')
const OBJECTS = codes('NODvV')

export class Collector {
  readonly scanner = new EventScanner(WANTED_ARGS)
  readonly rows = new Rows()
  readonly tally = new Tally(this.scanner.texts)
  readonly places = new Places(this.scanner.texts)
  readonly lanes = new Lanes()
  readonly counters = new Counters()
  readonly clock: Clock
  /** Devices that any event names. */
  readonly devices = new Set<number>()
  /** Index of the event at hand in the file's list. */
  row = 0
  readonly #roles: Role[] = []
  readonly #isLaunchFlow: boolean[] = []

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Takes the event that the scanner holds, event `row` of the file. Throws Rebase. */
  take(row: number): void {
    const { phase, category, name, texts } = this.scanner
    this.row = row
    this.tally.event(category, phase)
    if (phase === COMPLETE) this.#complete()
    else if (FLOWS.has(phase)) addFlow(this)
    else if (phase === METADATA) takeName(this)
    else if (INSTANTS.has(phase)) {
      if (name >= 0 && texts.text(name) === '[memory]') addMemory(this)
      else addMark(this)
    } else if (isBegin(phase) || isEnd(phase)) addEdge(this)
    else if (phase === COUNTER) addSamples(this)
    else if (phase === SAMPLE) this.skip('sample')
    else if (OBJECTS.has(phase)) this.skip('object')
    else this.skip(phase === 0 ? 'noObject' : 'phase')
  }

  /** Counts an element of the list that is no object. */
  takeOther(): void {
    this.tally.event(-1, 0)
    this.tally.skip(-1, 0, 'noObject')
  }

  /** Counts the event as one that becomes no row. */
  skip(reason: keyof typeof Reason): void {
    this.tally.skip(this.scanner.category, this.scanner.phase, reason)
  }

  /** Start of the event from the provisional zero; undefined after it was counted as a skip. */
  start(): number | undefined {
    const start = this.clock.startOf(this.scanner)
    if (Number.isFinite(start)) return start
    this.skip(Number.isNaN(start) ? 'noTime' : 'far')
    return undefined
  }

  /** Start of an event without a duration, which widens the capture. */
  instant(): number | undefined {
    const start = this.start()
    if (start !== undefined) this.clock.cover(start, start)
    return start
  }

  #complete(): void {
    const role = this.#roleOf()
    if (role === 'derived') return this.skip('derived')
    if (role === 'cuda-event') return this.skip('cudaEvent')
    if (role === 'hardware-counter') return this.skip('counters')
    const start = this.start()
    if (start === undefined) return
    // A range without a duration is one that had not ended; anything else without one is broken.
    const isOpen = role === 'range' && Number.isNaN(this.scanner.duration)
    const duration = isOpen ? 0 : this.scanner.duration
    if (!(duration >= 0)) return this.skip('noDuration')
    if (duration >= 2 ** 52) return this.skip('tooLong')
    this.clock.cover(start, start + duration)
    if (role === 'range') addRange(this, start, duration, isOpen)
    else if (role === 'runtime' || role === 'driver') addCall(this, start, duration, role)
    else if (role === 'sync') addSync(this, start, duration)
    else if (role === 'overhead') addOverhead(this, start, duration)
    else addOp(this, start, duration, role)
  }

  /** Whether arrows of this category lead from a launching call to its work. */
  isLaunchFlow(category: number): boolean {
    return (this.#isLaunchFlow[category] ??= LAUNCH_FLOWS.has(this.scanner.texts.text(category)))
  }

  #roleOf(): Exclude<Role, 'user'> {
    const { category, tidText, texts } = this.scanner
    if (category < 0) return 'range'
    const role = (this.#roles[category] ??= roleOf(texts.text(category)))
    if (role !== 'user') return role
    return tidText >= 0 && ANNOTATION_LANE.test(texts.text(tidText)) ? 'derived' : 'range'
  }
}
