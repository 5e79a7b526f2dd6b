/**
 * Any other Chrome trace in JSON (chrome://tracing, viztracer, perf scripts …): its events load as ranges, marks and counters.
 */
import type { Format } from '../format.ts'
import { readEvents } from './read.ts'
import { kindOfJson } from './recognise.ts'

export const chrome: Format = {
  id: 'chrome',
  title: 'Chrome trace in JSON',
  capture: 'any tool that writes the Trace Event Format: {"traceEvents": […]}',
  matches: (head, name) => kindOfJson(head, name) === 'chrome',
  read: (path, effects) => readEvents(path, 'chrome', effects),
}
