import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ArgKind } from '../../../parsers/json/arg-slots.ts'
import { readDocumentFrom } from '../../../parsers/json/document.ts'
import { EventScanner } from '../../../parsers/json/event.ts'
import { eventVisitor } from '../../../parsers/json/events.ts'
import { MORE } from '../../../parsers/json/skip.ts'
import { jsonEvent, jsonList, jsonValue } from './json-arbitrary.ts'
import { memorySource } from './memory-source.ts'

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })

async function eventsIn(text: string, pieces: readonly number[]): Promise<unknown[]> {
  const events: unknown[] = []
  const { visitor } = eventVisitor((event) => void events.push(event))
  await readDocumentFrom(memorySource(text, pieces), visitor, {}, 16)
  return events
}

test('a list of any values is read as JSON.parse reads it, whatever the pieces', async () => {
  await fc.assert(
    fc.asyncProperty(jsonList(fc.oneof(jsonEvent, jsonValue)), sizes, async (text, pieces) => {
      expect(await eventsIn(text, pieces)).toEqual(JSON.parse(text))
    }),
  )
})

test('the same list inside an object, between any other fields, is read the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      jsonList(jsonEvent),
      jsonValue,
      jsonValue,
      sizes,
      async (list, before, after, pieces) => {
        const text = ` {"before" : ${before}, "traceEvents": ${list} ,"after":${after}}\n`
        expect(await eventsIn(text, pieces)).toEqual(JSON.parse(list))
      },
    ),
  )
})

interface Fields {
  ph?: unknown
  cat?: unknown
  name?: unknown
  pid?: unknown
  tid?: unknown
  id?: unknown
  s?: unknown
  args?: unknown
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const number = (value: unknown): number => (typeof value === 'number' ? value : NaN)
const letter = (value: unknown): number =>
  typeof value === 'string' && value.length === 1 ? value.charCodeAt(0) : 0

test('the fields of an event are those that JSON.parse finds', async () => {
  await fc.assert(
    fc.asyncProperty(jsonList(jsonEvent), sizes, async (list, pieces) => {
      const scanner = new EventScanner({ wanted: 0 })
      const expected = JSON.parse(list) as Fields[]
      let row = 0
      const known = (id: number): string | undefined => (id < 0 ? undefined : scanner.texts.text(id))
      const { visitor } = eventVisitor(() => {})
      visitor.element = (bytes, at, end) => {
        const to = scanner.scan(bytes, at, end)
        if (to === MORE) return MORE
        const event = expected[row++]!
        expect(scanner.phase).toBe(letter(event.ph))
        expect(scanner.scope).toBe(letter(event.s))
        expect(known(scanner.name)).toBe(text(event.name))
        expect(known(scanner.category)).toBe(text(event.cat))
        expect(scanner.pid).toBe(number(event.pid))
        expect(known(scanner.pidText)).toBe(text(event.pid))
        expect(scanner.tid).toBe(number(event.tid))
        expect(known(scanner.tidText)).toBe(text(event.tid))
        expect(scanner.id).toBe(typeof event.id === 'string' ? Number(event.id) : number(event.id))
        expect(scanner.allArgs()).toEqual(event.args)
        const isObject = typeof event.args === 'object' && event.args !== null && !Array.isArray(event.args)
        const wanted: unknown = isObject ? (event.args as { wanted?: unknown }).wanted : undefined
        if (typeof wanted === 'string') expect(scanner.args.text(0)).toBe(wanted)
        expect(scanner.args.number(0)).toBe(number(wanted))
        expect(scanner.args.kind[0] === ArgKind.none).toBe(wanted === undefined)
        return to
      }
      await readDocumentFrom(memorySource(list, pieces), visitor, {}, 16)
      expect(row).toBe(expected.length)
    }),
    { numRuns: 300 },
  )
})

test('an event that is cut anywhere asks for more, whatever lies behind the bytes at hand', () => {
  fc.assert(
    fc.property(jsonEvent, (text) => {
      const whole = Buffer.from(text)
      const scanner = new EventScanner({ wanted: 0 })
      for (let end = 1; end < whole.length; end++) {
        const bytes = Buffer.from(whole)
        bytes[end] = 0
        expect(scanner.scan(bytes, 0, end)).toBe(MORE)
      }
      expect(scanner.scan(Buffer.from(`${text}\0`), 0, whole.length)).toBe(whole.length)
    }),
  )
})
