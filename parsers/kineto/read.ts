/**
 * A Kineto or plain Chrome trace, read as a stream into a Trace.
 */
import type { Trace } from '../../trace/trace.ts'
import type { ReadEffects } from '../format.ts'
import { readDocument } from '../json/document.ts'
import { MORE, ValueSkipper } from '../json/skip.ts'
import { Clock, Rebase } from './clock.ts'
import { Collector } from './collect.ts'
import { HEADER, RECORDS_BESIDE, takeField } from './facts.ts'
import type { Header } from './facts.ts'
import { buildTrace } from './build.ts'
import type { Collected } from './build.ts'

const OPEN_OBJECT = 0x7b

/** Reads the file. `format`: the id that goes into the Trace. Throws UserError('bad-input'). */
export async function readEvents(path: string, format: string, effects: ReadEffects): Promise<Trace> {
  return buildTrace(await collected(path, effects), format)
}

/**
 * All events, from a zero that fits most of them. Records with time 0 among dates are common, so the later time is tried first;
 * where it was a single garbled one, most events do not fit it, and the earlier is the true one.
 */
async function collected(path: string, effects: ReadEffects): Promise<Collected> {
  try {
    return await collect(path, new Clock(), effects)
  } catch (error) {
    if (!(error instanceof Rebase)) throw error
    const [later, earlier] = error.zeros
    const clock = new Clock(later)
    const first = await collect(path, clock, effects)
    return clock.far <= clock.near ? first : await collect(path, new Clock(earlier), effects)
  }
}

async function collect(path: string, clock: Clock, effects: ReadEffects): Promise<Collected> {
  const collector = new Collector(clock)
  const { scanner } = collector
  const skipper = new ValueSkipper()
  const header: Header = { values: {}, baseTimeNs: undefined }
  const warnings: string[] = []
  const visitor = {
    rows: 0,
    header: HEADER,
    field: (key: string, text: string) => takeField(header, key, text),
    unwanted(key: string) {
      if (RECORDS_BESIDE.has(key)) collector.tally.beside(key)
    },
    warn: (message: string) => void warnings.push(message),
    element(bytes: Buffer, at: number, end: number): number {
      const isObject = bytes[at] === OPEN_OBJECT
      if (!isObject) skipper.reset()
      const to = isObject ? scanner.scan(bytes, at, end) : skipper.skip(bytes, at, end)
      if (to === MORE) return MORE
      if (isObject) collector.take(visitor.rows)
      else collector.takeOther()
      visitor.rows++
      return to
    },
  }
  await readDocument(path, visitor, effects)
  if (visitor.rows === 0) warnings.push('the file holds no events')
  return { collector, header, warnings }
}
