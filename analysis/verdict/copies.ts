/** Copies and sets, where they matter. */
import { formatBytes, formatNs, formatShare, formatValue } from '../../trace/number-format.ts'
import { several } from '../several.ts'
import type { Trace } from '../../trace/trace.ts'
import { deviceWork } from '../device-work.ts'
import { transferTotals, transfers } from '../transfers.ts'
import type { TransferRow } from '../transfers.ts'
import { hasKernels } from './held.ts'
import { said, stretchOf } from './stretch.ts'
import type { Sentence } from './stretch.ts'
import { overAll } from './work.ts'

/** Copies are worth a word where they take this share of all ops' time, or nothing else was recorded. */
const COPY_SHARE = 0.05

export function copies(trace: Trace): Sentence[] {
  const rows = transfers.compute(trace, {}).transfers
  const main = rows[0]
  if (main === undefined) return []
  const { all, pageable } = transferTotals(rows)
  const opsNs = deviceWork(trace).totalNs.reduce((sum, ns) => sum + ns, 0)
  if (hasKernels(trace) && all.totalNs < COPY_SHARE * opsNs) return []
  const share = hasKernels(trace) ? `, ${formatShare(all.totalNs, opsNs)} of all ops’ time` : ''
  const took = `took ${formatNs(all.totalNs)}${overAll(trace)}${share}`
  const rate = main.bytesPerSecond === null ? '' : ` at ${formatValue(main.bytesPerSecond, 'bytes/s')}`
  const size = main.bytes === 0 ? '' : formatBytes(main.bytes)
  const text =
    rows.length === 1
      ? `${several(all.count, main.from === '—' ? 'set' : 'copy', main.from === '—' ? 'sets' : 'copies')}, ${main.name}${memoriesOf(main)}, ${took}${size && `: ${size}${rate}`}.`
      : `${several(all.count, 'copy or set', 'copies and sets')} ${took}, the most ${main.name}${memoriesOf(main)}${size && `: ${size} in ${formatNs(main.totalNs)}${rate}`}.`
  const hidden = !main.isPageable && pageable.bytes >= PAGEABLE_SHARE * all.bytes && pageable.bytes > 0
  const paged = hidden ? ` ${formatBytes(pageable.bytes)} went through pageable memory.` : ''
  return [said(`${text}${inIteration(trace)}${paged}`, 'transfers')]
}

/** Of a capture with iterations most copies may be those of loading: then what one iteration has of them. */
function inIteration(trace: Trace): string {
  const stretch = stretchOf(trace)
  if (stretch?.choice.iteration === undefined) return ''
  const ns = stretch.ledger.owners
    .filter(({ owner }) => /^busy\/mem(cpy|set)/.test(owner))
    .reduce((sum, one) => sum + one.ns + (one.hiddenNs ?? 0), 0)
  return ` In ${stretch.where} they take ${formatNs(ns)}.`
}

/** Pageable memory is worth a word where this share of all bytes went through it. */
const PAGEABLE_SHARE = 0.1

function memoriesOf({ from, to }: TransferRow): string {
  if (to === 'not recorded' || from === 'not recorded') return ''
  return from === '—' ? ` of ${to} memory` : ` from ${from} to ${to} memory`
}
