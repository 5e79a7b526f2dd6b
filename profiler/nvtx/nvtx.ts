/**
 * NVTX ranges from Node: `push` and `pop` a named range on the calling thread, `mark` an instant, name the thread.
 *
 * Under a tool such as nsys they stand in its capture; without one every call is an empty function.
 * Names are encoded once and kept, so that a push costs a table look-up and one native call.
 */
import type Koffi from 'koffi'
import { CORE, initialiseInjection, loadKoffi } from './injection.ts'

export interface Nvtx {
  /** Whether a tool is listening. */
  readonly active: boolean
  /** Why not, where one was named but could not be attached. */
  readonly failure?: string
  push(name: string): void
  pop(): void
  mark(name: string): void
  /** Names the calling thread. */
  nameThread(name: string): void
  /**
   * Opens a range on a thread of its own and answers with what closes it. It is for the range that opens and closes a
   * tool's capture: the tool holds the call up (80 ms to start, a second to stop), and on the calling thread that range
   * would stand around all others, so that none of them were at the top any more.
   */
  openAside(name: string): Promise<() => Promise<void>>
}

/** Names kept in encoded form; later ones are encoded at each call, so that changing names cannot fill the memory. */
const NAMES_KEPT = 4096

const nothing = (): void => undefined
const closeNothing = (): Promise<void> => Promise.resolve()
const INACTIVE: Nvtx = {
  active: false,
  push: nothing,
  pop: nothing,
  mark: nothing,
  nameThread: nothing,
  openAside: () => Promise.resolve(closeNothing),
}

/** Attaches to the tool that NVTX_INJECTION64_PATH names. Never throws: annotation must not stop what it annotates. */
export function openNvtx(environment: Readonly<Record<string, string | undefined>> = process.env): Nvtx {
  const library = environment['NVTX_INJECTION64_PATH']
  if (library === undefined || library === '') return INACTIVE
  try {
    return attach(loadKoffi(), library)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ...INACTIVE, failure: `${library}: ${reason}` }
  }
}

function attach(koffi: typeof Koffi, library: string): Nvtx {
  const functions = initialiseInjection(koffi, library)
  const bind = (slot: number, result: string, parameters: string[]): NativeFunction => {
    const address = functions[slot]
    return address === null || address === undefined
      ? MISSING
      : (koffi.decode(address, koffi.proto(result, parameters)) as NativeFunction)
  }
  const push = bind(CORE.push, 'int', ['void *'])
  const pop = bind(CORE.pop, 'int', [])
  const mark = bind(CORE.mark, 'void', ['void *'])
  const nameThread = bind(CORE.nameThread, 'void', ['uint32_t', 'void *'])
  const rangeStart = bind(CORE.rangeStart, 'uint64_t', ['void *'])
  const rangeEnd = bind(CORE.rangeEnd, 'void', ['uint64_t'])

  const kept = new Map<string, { address: bigint; bytes: Buffer }>()
  const encoded = (name: string): bigint | Buffer => {
    const known = kept.get(name)
    if (known !== undefined) return known.address
    const bytes = Buffer.from(`${name}\0`)
    if (kept.size >= NAMES_KEPT) return bytes
    const address = koffi.address(bytes)
    kept.set(name, { address, bytes })
    return address
  }
  return {
    active: true,
    push: (name) => void push(encoded(name)),
    pop: () => void pop(),
    mark: (name) => void mark(encoded(name)),
    nameThread: (name) => void nameThread(threadId(koffi), encoded(name)),
    openAside: async (name) => {
      const id = await onAnotherThread(rangeStart, encoded(name))
      return async () => void (await onAnotherThread(rangeEnd, id))
    },
  }
}

type Callback = (error: unknown, result: unknown) => void
interface NativeFunction {
  (...args: unknown[]): unknown
  async(...args: [...unknown[], Callback]): void
}
/** In place of a function the tool did not provide. */
const MISSING: NativeFunction = Object.assign(nothing, {
  async: (...args: [...unknown[], Callback]) => (args.at(-1) as Callback)(null, undefined),
})

const onAnotherThread = (native: NativeFunction, argument: unknown): Promise<unknown> =>
  new Promise((resolve, reject) =>
    native.async(argument, (error, result) => {
      if (error) reject(error instanceof Error ? error : new Error(String(error)))
      else resolve(result)
    }),
  )

/** The calling thread's id in the kernel; of the main thread that is the process id. */
function threadId(koffi: typeof Koffi): number {
  try {
    return koffi.load('libc.so.6').func('gettid', 'int', [])() as number
  } catch {
    return process.pid
  }
}
