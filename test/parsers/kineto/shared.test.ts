/**
 * Every JSON trace at hand, compared event by event with what JSON.parse finds in it.
 */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect } from 'vitest'
import { headOf } from '../../../parsers/detect.ts'
import { chrome } from '../../../parsers/kineto/chrome.ts'
import { kineto } from '../../../parsers/kineto/kineto.ts'
import { brokenRules } from '../../../trace/integrity.ts'
import { NONE } from '../../../trace/column.ts'
import type { Trace } from '../../../trace/trace.ts'
import { sharedTest, tracesIn } from '../../shared.ts'
import { balance } from './files.ts'

interface FileEvent {
  ph?: string
  cat?: string
  name?: string
  ts?: number
  dur?: number
  args?: Record<string, unknown>
}

const files = (['kineto', 'chrome'] as const).flatMap((folder) =>
  ['.json', '.json.gz'].flatMap((ending) => tracesIn(folder, ending).map((path) => ({ folder, path }))),
)
const seen = new Map<string, { trace: Promise<Trace>; events: FileEvent[]; hasBase: boolean }>()

function read(
  folder: string,
  path: string,
): { trace: Promise<Trace>; events: FileEvent[]; hasBase: boolean } {
  let known = seen.get(path)
  if (known === undefined) {
    const bytes = readFileSync(path)
    const value = JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()) as {
      traceEvents: FileEvent[]
      baseTimeNanoseconds?: number
    }
    known = {
      trace: (folder === 'kineto' ? kineto : chrome).read(path, {}),
      events: Array.isArray(value) ? (value as FileEvent[]) : value.traceEvents,
      hasBase: value.baseTimeNanoseconds !== undefined,
    }
    seen.set(path, known)
  }
  return known
}

/** The counts that the shared index states for a file. */
function stated(root: string, folder: string, path: string): [string, number][] {
  const line = readFileSync(join(root, 'traces/INDEX.md'), 'utf8')
    .split('\n')
    .find((one) => one.includes(`\`${folder}/${basename(path)}\``))
  const cell = line!.split('|')[2]!
  return [...cell.matchAll(/(\S+) ([\d,]+)/g)].map(([, what, count]) => [
    what!,
    Number(count!.replaceAll(',', '')),
  ])
}

const TABLES_WITH_ROWS = [
  'device_op',
  'api_call',
  'range',
  'sync',
  'overhead',
  'memory_event',
  'mark',
] as const

files.forEach(({ folder, path }, number) => {
  const title = (what: string): string => `${folder} file ${number + 1}: ${what}`

  sharedTest(title('its events by category are those of the index'), async (root) => {
    const { meta } = await read(folder, path).trace
    const counts = stated(root, folder, path)
    expect(counts.length).toBeGreaterThan(0)
    for (const [what, count] of counts) expect([what, meta.sourceRows[what]]).toEqual([what, count])
  })

  sharedTest(title('every event is a row or a counted skip'), async () => {
    const { trace, events } = read(folder, path)
    const { source, imported, skipped } = balance(await trace)
    expect(source).toBe(imported + skipped)
    const beside = (await trace).meta.skipped.filter(({ why }) => why.startsWith('stands beside')).length
    expect(source).toBe(events.length + beside)
  })

  sharedTest(title('each row has the time, length and name of its event'), async () => {
    const { trace: reading, events, hasBase } = read(folder, path)
    const trace = await reading
    const origin = BigInt(trace.meta.originNs)
    // A date in microseconds is good to 0.25 µs as a double: JSON.parse, not the reader, sets this tolerance.
    const tolerance = !hasBase && origin > 10n ** 17n ? 250 : 1
    let rows = 0
    for (const table of TABLES_WITH_ROWS) {
      const contents = trace[table]
      const start = 'start' in contents ? contents.start : contents.time
      const duration = 'duration' in contents ? contents.duration : undefined
      for (let row = 0; row < contents.length; row++) {
        const event = events[contents.sourceRow[row]!]!
        const whole = Math.floor(event.ts!)
        const expected = Number(BigInt(whole) * 1000n - origin) + (event.ts! - whole) * 1000
        if (Math.abs(start[row]! - expected) > tolerance)
          throw new Error(`${table}[${row}] starts at ${start[row]}, its event at ${expected}`)
        const isWhole = event.ph === 'X' && event.dur !== undefined
        if (duration !== undefined && isWhole && Math.abs(duration[row]! - event.dur! * 1000) > 1)
          throw new Error(`${table}[${row}] lasts ${duration[row]} ns, its event ${event.dur} µs`)
        const name = 'name' in contents ? (contents.name?.[row] ?? NONE) : NONE
        if (
          name !== NONE &&
          !trace.strings[name]!.startsWith('[CUDA mem') &&
          trace.strings[name] !== event.name
        )
          throw new Error(`${table}[${row}] has another name than its event`)
        rows++
      }
    }
    expect(rows + trace.counter_sample.length).toBe(balance(trace).imported)
  })

  sharedTest(title('an op is launched by the call with its correlation'), async () => {
    const { trace: reading, events } = read(folder, path)
    const trace = await reading
    const correlationOf = (row: number): unknown => events[row]!.args?.['correlation']
    const recorded = new Set(Array.from(trace.api_call.sourceRow, correlationOf))
    for (let op = 0; op < trace.device_op.length; op++) {
      const launch = trace.device_op.launch?.[op] ?? NONE
      const own = correlationOf(trace.device_op.sourceRow[op]!)
      if (own === undefined) continue
      if (launch === NONE) expect(recorded.has(own)).toBe(false)
      else expect(correlationOf(trace.api_call.sourceRow[launch]!)).toBe(own)
    }
  })

  sharedTest(title('the trace is sound, and recognised by its content alone'), async () => {
    expect(brokenRules(await read(folder, path).trace)).toEqual([])
    const head = headOf(path)
    expect([kineto, chrome].filter((format) => format.matches(head, '')).map(({ id }) => id)).toEqual([
      folder,
    ])
  })
})

sharedTest('profiles of ONNX Runtime are left to their own parser', () => {
  const profiles = tracesIn('ort', '.json')
  expect(profiles.length).toBeGreaterThan(0)
  for (const path of profiles)
    expect([kineto, chrome].some((format) => format.matches(headOf(path), basename(path)))).toBe(false)
})

sharedTest('there are JSON traces to read', () => {
  expect(files.length).toBeGreaterThan(0)
})
