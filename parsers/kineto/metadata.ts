/**
 * Metadata events: names of processes and threads. Labels and sorting hints only serve a viewer.
 */
import type { Collector } from './collect.ts'

export function takeName(collector: Collector): void {
  const { scanner, places } = collector
  collector.skip('metadata')
  const what = scanner.name < 0 ? '' : scanner.texts.text(scanner.name)
  if (what !== 'process_name' && what !== 'thread_name') return
  const args = scanner.allArgs()
  const name =
    typeof args === 'object' && args !== null ? (args as Record<string, unknown>)['name'] : undefined
  if (typeof name !== 'string' || name.trim() === '') return
  const place = places.of(scanner)
  if (what === 'process_name') places.nameProcess(places.pid(place), name.trim())
  else places.nameThread(place, name.trim())
}
