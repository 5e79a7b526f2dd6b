/**
 * A ledger as one bar: each owner from where the one before it ends.
 *
 *   |attention|gemm|…|host-work|
 *   0                          wall      widths are the owners' ns, so the bar is as long as the window, exactly
 */
import { ownerLook, ownerOrder } from './palette.ts'

export interface OwnedTime {
  readonly owner: string
  readonly ns: number
}
export interface Stretch extends OwnedTime {
  readonly fromNs: number
  readonly toNs: number
}

/** The owners that have time, busy first, end to end from `fromNs`. */
export function stack(owners: readonly OwnedTime[], fromNs = 0): Stretch[] {
  let at = fromNs
  return owners
    .filter((one) => one.ns > 0)
    .toSorted((a, b) => ownerOrder(a.owner) - ownerOrder(b.owner) || a.owner.localeCompare(b.owner))
    .map(({ owner, ns }) => ({ owner, ns, fromNs: at, toNs: (at += ns) }))
}

export const isIdle = (owner: string): boolean => ownerLook(owner).kind === 'idle'

/** The two halves of every ledger, in ns. They add up to the wall time. */
export function busyAndIdle(owners: readonly OwnedTime[]): { busyNs: number; idleNs: number } {
  let [busyNs, idleNs] = [0, 0]
  for (const { owner, ns } of owners) {
    if (isIdle(owner)) idleNs += ns
    else busyNs += ns
  }
  return { busyNs, idleNs }
}
