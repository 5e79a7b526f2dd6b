/** Where things happened: the processes, threads, devices and streams of a profile, each added when first met. */
import { StringPool, TableBuilder } from '../../trace/builder.ts'
import { device, process, stream, thread } from '../../trace/tables.ts'

/** "CPU (ONNX Runtime)" for CPUExecutionProvider, and for a node of an old runtime that tells no provider. */
export const deviceNameOf = (provider: string | undefined): string =>
  `${(provider ?? 'CPU').replace(/ExecutionProvider$/, '')} (ONNX Runtime)`

export class Places {
  readonly processes = new TableBuilder(process)
  readonly threads = new TableBuilder(thread)
  readonly devices = new TableBuilder(device)
  readonly streams = new TableBuilder(stream)
  readonly #pool: StringPool
  readonly #session: { id: number; name: string | undefined }
  readonly #rows = new Map<string, number>()

  constructor(pool: StringPool, session: { id: number; name: string | undefined }) {
    this.#pool = pool
    this.#session = session
  }

  process(pid: number): number {
    return this.#row(`process ${pid}`, () => this.processes.add({ globalPid: BigInt(pid), pid }))
  }

  thread(pid: number, tid: number): number {
    const owner = this.process(pid)
    return this.#row(`thread ${pid} ${tid}`, () =>
      this.threads.add({ process: owner, tid, globalTid: BigInt(tid) }),
    )
  }

  device(provider: string | undefined): number {
    const name = deviceNameOf(provider)
    return this.#row(`device ${name}`, () =>
      this.devices.add({ id: this.devices.length, name: this.#pool.intern(name) }),
    )
  }

  /** The session's stream on its provider's device: one session runs its nodes one after the other. */
  stream(provider: string | undefined, pid: number): number {
    const on = this.device(provider)
    const owner = this.process(pid)
    const { id, name } = this.#session
    return this.#row(`stream ${on} ${owner}`, () =>
      this.streams.add({
        device: on,
        process: owner,
        deviceOrdinal: on,
        context: 0,
        id,
        name: name === undefined ? undefined : this.#pool.intern(name),
      }),
    )
  }

  #row(key: string, add: () => number): number {
    const known = this.#rows.get(key)
    if (known !== undefined) return known
    const row = add()
    this.#rows.set(key, row)
    return row
  }
}
