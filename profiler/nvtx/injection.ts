/**
 * Talking to an NVTX tool (nsys) without NVIDIA's headers or a compiler.
 *
 * A tool names its library in NVTX_INJECTION64_PATH. A program that wants to be annotated loads it and calls
 * `InitializeInjectionNvtx2(getExportTable)`; the library asks back through that callback for two tables,
 *
 *   id 1 CALLBACKS    { size_t size; int (*getModuleFunctionTable)(module, table **out, uint32 *outSize) }
 *   id 3 VERSIONINFO  { size_t size; uint32 version, reserved; void (*setVersion)(uint32) }
 *
 * and through the first for a function table a module: 16 entries, entry i the address of slot i. It writes its own
 * functions into the slots. Module 1 (CORE) and 5 (CORE2) must be given out, or the whole initialisation fails; the others
 * (CUDA, OpenCL, sync) may be refused.
 */
import { createRequire } from 'node:module'
import type Koffi from 'koffi'

/** Addresses of the tool's functions in the CORE module, by slot. */
export type CoreFunctions = readonly (bigint | null)[]

/** Slots of the CORE module. */
export const CORE = { mark: 2, rangeStart: 5, rangeEnd: 7, push: 9, pop: 11, nameThread: 14 } as const

const CALLBACKS = 1
const VERSIONINFO = 3
const GIVEN_OUT = [1, 5]
const SLOTS = 16
const WORD = 8
const NVTX_VERSION = 3

type KoffiModule = typeof Koffi

/** The FFI, loaded only when a tool is there: that costs milliseconds. */
export const loadKoffi = (): KoffiModule => createRequire(import.meta.url)('koffi') as KoffiModule

/**
 * Loads the tool's library and hands it the tables. Throws when the library cannot be loaded or declines.
 * Everything allocated here must outlive the process' last range, so nothing is freed.
 */
export function initialiseInjection(koffi: KoffiModule, libraryPath: string): CoreFunctions {
  const words = (values: (bigint | null)[]): bigint => {
    const at = koffi.alloc('void *', values.length)
    koffi.encode(at, koffi.array('void *', values.length), values)
    return koffi.address(at)
  }
  const slotsOf = new Map(
    GIVEN_OUT.map((module) => [module, words(Array.from({ length: SLOTS }, () => null))]),
  )
  const tableOf = new Map(
    [...slotsOf].map(([module, slots]) => [
      module,
      words(Array.from({ length: SLOTS }, (_, i) => slots + BigInt(i * WORD))),
    ]),
  )

  const getModuleFunctionTable = koffi.register(
    (module: number, outTable: unknown, outSize: unknown): number => {
      const functions = tableOf.get(module)
      if (functions === undefined) return 0
      koffi.encode(outTable, 'void *', functions)
      if (outSize !== null) koffi.encode(outSize, 'uint32_t', SLOTS)
      return 1
    },
    koffi.pointer(koffi.proto('int', ['int', 'void *', 'void *'])),
  )
  const setVersion = koffi.register(() => undefined, koffi.pointer(koffi.proto('void', ['uint32_t'])))
  const exported = new Map([
    [CALLBACKS, words([BigInt(2 * WORD), getModuleFunctionTable])],
    [VERSIONINFO, words([BigInt(3 * WORD), BigInt(NVTX_VERSION), setVersion])],
  ])
  const getExportTable = koffi.register(
    (id: number): bigint | null => exported.get(id) ?? null,
    koffi.pointer(koffi.proto('void *', ['uint32_t'])),
  )

  const initialise = koffi.load(libraryPath).func('InitializeInjectionNvtx2', 'int', ['void *'])
  if (initialise(getExportTable) !== 1) throw new Error('it declined to attach')
  return koffi.decode(slotsOf.get(1)!, koffi.array('void *', SLOTS)) as CoreFunctions
}
