/** What tracks stand under, in words: a device, or a thread of a process. */
import { valueAt } from '../../trace/table.ts'
import { tables } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'

const textOf = (trace: Trace, index: number | bigint | undefined): string =>
  index === undefined ? '' : (trace.strings[Number(index)] ?? '')

/** "GPU 0 · NVIDIA A40"; an in-process runtime's device by its own name. */
export function deviceGroup(trace: Trace, device: number): string {
  const name = textOf(trace, valueAt(tables.device, trace.device, 'name', device))
  if (name.startsWith('CPU')) return name
  const id = trace.device.id[device] ?? device
  return name === '' || name === `GPU ${id}` ? `GPU ${id}` : `GPU ${id} · ${name}`
}

/** "python 4321 · thread 4322 main". */
export function threadGroup(trace: Trace, thread: number): string {
  const process = trace.thread.process[thread]!
  const processName = textOf(trace, valueAt(tables.process, trace.process, 'name', process))
    .split('/')
    .at(-1)!
  const threadName = textOf(trace, valueAt(tables.thread, trace.thread, 'name', thread))
  const owner = `${processName || 'process'} ${trace.process.pid[process]!}`
  return `${owner} · thread ${trace.thread.tid[thread]!}${threadName === '' ? '' : ` ${threadName}`}`
}

/** "stream 7", with its name where it has one and its context where the device has several. */
export function streamTitle(trace: Trace, stream: number): string {
  const { device, context, id } = trace.stream
  const contexts = new Set<number>()
  for (let i = 0; i < trace.stream.length; i++) if (device[i] === device[stream]) contexts.add(context[i]!)
  const name = textOf(trace, valueAt(tables.stream, trace.stream, 'name', stream))
  const parts = [`stream ${id[stream]!}`]
  if (contexts.size > 1) parts.push(`context ${context[stream]!}`)
  if (name !== '') parts.push(name)
  return parts.join(' · ')
}
