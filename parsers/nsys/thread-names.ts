/**
 * Names of threads and processes. A path is kept without its folder: it tells who ran the program and where. A thread's
 * name may hold slashes and be no path (ZMQbg/IO/0): it stays whole.
 */
import { NONE, NONE_I64 } from '../../trace/column.ts'
import { halvesOf } from './identity.ts'
import type { ImportState } from './import-state.ts'

export function nameThreadsAndProcesses(state: ImportState): void {
  const { identities, pool, names } = state
  const threads = state.readPrivate('ThreadNames', { nameId: 'u32?', priority: 'i32?', globalTid: 'i64?' })
  const ids = threads.columns.globalTid
  if (ids !== undefined) {
    const halves = halvesOf(ids)
    for (let i = 0; i < threads.length; i++) {
      if (ids[i] === NONE_I64) continue
      // Only threads that have events: the table may list every thread of the machine.
      const row = identities.knownThread(halves[2 * i]!, halves[2 * i + 1]!)
      // Of several names the first counts.
      if (row === undefined || (identities.threads.value(row, 'name') ?? NONE) !== NONE) continue
      const name = names.nameOf(threads.columns.nameId?.[i] ?? NONE)
      if (name === NONE) continue
      identities.threads.set(row, 'name', pool.intern(threadName(pool.strings[name]!)))
      const priority = threads.columns.priority?.[i]
      if (priority !== undefined) identities.threads.set(row, 'priority', priority)
    }
  }
  const processes = state.readPrivate('PROCESSES', { globalPid: 'i64?', name: 'string?' })
  const pids = processes.columns.globalPid
  if (pids === undefined) return
  const halves = halvesOf(pids)
  for (let i = 0; i < processes.length; i++) {
    if (pids[i] === NONE_I64) continue
    const row = identities.knownProcess(halves[2 * i]!, halves[2 * i + 1]!)
    const text = processes.strings[processes.columns.name?.[i] ?? NONE]
    if (row !== undefined && text !== undefined && text !== '')
      identities.processes.set(row, 'name', pool.intern(baseName(text)))
  }
}

const threadName = (name: string): string =>
  /^(\/|[A-Za-z]:[/\\])/.test(name) ? baseName(name) : name.slice(0, 200)

const baseName = (path: string): string => path.replace(/^.*[/\\]/, '').slice(0, 200)
