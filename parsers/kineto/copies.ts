/**
 * Copies and sets by their names, which is where Kineto says what kind they are.
 *
 *   Memcpy HtoD (Pageable -> Device)     kind 1, from pageable (0), to device (2) memory
 *   Memset (Device)                      of device memory (2)
 *   CopyDeviceToHost                     the first ROCm releases
 *   Memcpy M2D (MEMORY(Unknown) -> DEVICE)   Intel: M is memory that the driver does not know, H its own of the host
 */
import { NONE_U8 } from '../../trace/column.ts'

export interface CopyFacts {
  /** CUPTI's number; NONE_U8 where the name does not tell. */
  kind: number
  from: number
  to: number
  /** As this project writes it: "[CUDA memcpy Host-to-Device]". */
  name: string
}

const KINDS: Readonly<Record<string, { kind: number; label: string }>> = {
  HtoD: { kind: 1, label: 'Host-to-Device' },
  DtoH: { kind: 2, label: 'Device-to-Host' },
  HtoA: { kind: 3, label: 'Host-to-Array' },
  AtoH: { kind: 4, label: 'Array-to-Host' },
  AtoA: { kind: 5, label: 'Array-to-Array' },
  AtoD: { kind: 6, label: 'Array-to-Device' },
  DtoA: { kind: 7, label: 'Device-to-Array' },
  DtoD: { kind: 8, label: 'Device-to-Device' },
  HtoH: { kind: 9, label: 'Host-to-Host' },
  PtoP: { kind: 10, label: 'Peer-to-Peer' },
}

/** Intel's letters. Shared memory (S) may be on either side: what it takes part in stays without a kind. */
const INTEL: Readonly<Record<string, string>> = {
  M2D: 'HtoD',
  H2D: 'HtoD',
  D2M: 'DtoH',
  D2H: 'DtoH',
  D2D: 'DtoD',
  M2M: 'HtoH',
  M2H: 'HtoH',
  H2M: 'HtoH',
  H2H: 'HtoH',
}

const MEMORY: Readonly<Record<string, number>> = {
  Pageable: 0,
  Pagable: 0,
  Pinned: 1,
  Device: 2,
  Array: 3,
  Managed: 4,
  'Device Static': 5,
  'Managed Static': 6,
  Unknown: 7,
  HOST: 1,
  DEVICE: 2,
  SHARED: 4,
}

const ROCM: Readonly<Record<string, string>> = {
  CopyHostToDevice: 'HtoD',
  CopyDeviceToHost: 'DtoH',
  CopyDeviceToDevice: 'DtoD',
}

/** What a copy's name tells. A kind it does not tell leaves the name as it is. */
export function copyFacts(name: string): CopyFacts {
  const parts = /^Memcpy (\w+)(?: \((.*) -> (.*)\))?$/.exec(name)
  const word = parts?.[1] ?? ROCM[name] ?? ''
  const known = KINDS[INTEL[word] ?? word]
  return {
    kind: known?.kind ?? NONE_U8,
    from: memoryKind(parts?.[2]),
    to: memoryKind(parts?.[3]),
    name: known === undefined ? name : `[CUDA memcpy ${known.label}]`,
  }
}

/** The memory that a set writes: "Memset (Device)"; NONE_U8 where the name does not tell. */
export const setMemoryKind = (name: string): number => memoryKind(/^Memset \(([^()]*)\)$/.exec(name)?.[1])

export const SET_NAME = '[CUDA memset]'

const memoryKind = (word: string | undefined): number =>
  word === undefined ? NONE_U8 : (MEMORY[word] ?? NONE_U8)
