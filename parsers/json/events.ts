/**
 * The events of a trace in JSON as plain values, one after the other: for readers that want whole records. Bounded memory,
 * JSON.parse's speed. (`readDocument` with an `EventScanner` is the fast way, for readers that want a few fields.)
 */
import type { ReadEffects } from '../format.ts'
import { JsonFault } from './fault.ts'
import { readDocument } from './document.ts'
import type { DocumentVisitor } from './document.ts'
import { MORE, ValueSkipper } from './skip.ts'

/** Calls `visit` with each element of the list of events, in order. Throws UserError('bad-input') as `readDocument` does. */
export async function forEachEvent(
  path: string,
  visit: (event: unknown, index: number) => void,
  effects: ReadEffects = {},
): Promise<{ warnings: string[] }> {
  const { visitor, warnings } = eventVisitor(visit)
  await readDocument(path, visitor, effects)
  return { warnings }
}

/** A visitor of `readDocument` that hands over whole events. */
export function eventVisitor(visit: (event: unknown, index: number) => void): {
  visitor: DocumentVisitor
  warnings: string[]
} {
  const skipper = new ValueSkipper()
  const warnings: string[] = []
  const visitor = {
    rows: 0,
    header: new Set<string>(),
    field: () => {},
    unwanted: () => {},
    warn: (message: string) => void warnings.push(message),
    element(bytes: Buffer, at: number, end: number): number {
      skipper.reset()
      const to = skipper.skip(bytes, at, end)
      if (to !== MORE) visit(valueOf(bytes, at, to), visitor.rows++)
      return to
    },
  }
  return { visitor, warnings }
}

function valueOf(bytes: Buffer, from: number, to: number): unknown {
  try {
    return JSON.parse(bytes.toString('utf8', from, to)) as unknown
  } catch {
    throw new JsonFault('has an event that is no valid JSON', from)
  }
}
