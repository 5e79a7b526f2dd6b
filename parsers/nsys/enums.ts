/**
 * CUPTI's enumerations, built in: exports before 2022.4 carry no ENUM tables, some have them empty, newer ones drop them.
 */
import { NONE_U8 } from '../../trace/column.ts'

/** Labels of copy kinds, by number. */
export const COPY_KINDS = [
  'Unknown',
  'Host-to-Device',
  'Device-to-Host',
  'Host-to-Array',
  'Array-to-Host',
  'Array-to-Array',
  'Array-to-Device',
  'Device-to-Array',
  'Device-to-Device',
  'Host-to-Host',
  'Peer-to-Peer',
  'Unified Host-to-Device',
  'Unified Device-to-Host',
  'Unified Device-to-Device',
] as const

/** The name of a copy; an absent kind (255) is unknown. */
export const copyName = (kind: number): string =>
  `[CUDA memcpy ${COPY_KINDS[kind === NONE_U8 ? 0 : kind] ?? `kind ${kind}`}]`

/** NVTX event types of an export. */
export const NVTX = {
  category: 33,
  mark: 34,
  threadName: 39,
  pushPop: 59,
  startEnd: 60,
  textPushPop: 70,
  textStartEnd: 71,
  domainCreate: 75,
  domainDestroy: 76,
} as const
