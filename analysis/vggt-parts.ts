/**
 * Which phase is which part of VGGT: by its name, or, for what runs before the first and after the last attention block inside
 * a range that has no ranges for it, by its place.
 *
 *   VGGT_Aggregator  [ patch embedding |Frame|Global|Frame| … |Global| heads ]
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { derived } from './derived.ts'
import { phaseOfOps, phaseTree } from './phase-tree.ts'
import type { VggtPart } from './vggt-work.ts'

const NAMES: readonly (readonly [VggtPart, RegExp])[] = [
  ['Patch embedding', /patch[ _.-]?embed/i],
  ['Frame attention', /frame[ _.-]?(attention|attn|block)/i],
  ['Global attention', /global[ _.-]?(attention|attn|block)/i],
  ['Camera head', /camera[ _.-]?head/i],
  ['Depth head', /depth[ _.-]?head/i],
  ['Point head', /point[ _.-]?head/i],
]
const HEADS: readonly VggtPart[] = ['Camera head', 'Depth head', 'Point head']

/** The part that a range's name says it is. */
export const partNamed = (name: string): VggtPart | undefined =>
  NAMES.find(([, pattern]) => pattern.test(name))?.[0]

/** The part of each phase; undefined where it is none, or lies inside a phase that is one. */
export const partOfPhases = derived((trace): readonly (VggtPart | undefined)[] => {
  const { paths, parentOf } = phaseTree(trace)
  const named = paths.map((path) => partNamed(path.slice(path.lastIndexOf('/') + 1)))
  return named.map((part, phase) => {
    for (let around = parentOf[phase]!; around !== 0; around = parentOf[around]!)
      if (named[around] !== undefined) return undefined
    return part
  })
})

/** Work without a range of its own, of one phase around attention blocks. */
export interface Unnamed {
  phase: number
  what: 'patch embedding' | 'heads'
  /** Rows of device_op, ascending. */
  ops: number[]
}

/** What was launched before the first and after the last attention block of each instance, where no range names it. */
export function unnamedParts(trace: Trace, wanted: (range: number) => boolean): Unnamed[] {
  const { range, api_call: api, device_op: ops } = trace
  const { isInstance, phaseOfRange } = phaseTree(trace)
  const parts = partOfPhases(trace)
  /** By instance of a phase around attention blocks: from the first block's start to the last one's end. */
  const blocks = new Map<number, { from: number; to: number }>()
  const named = new Map<number, Set<VggtPart>>()
  for (let row = 0; row < range.length; row++) {
    const part = isInstance[row] === 1 ? parts[phaseOfRange[row]!] : undefined
    const around = instanceAround(trace, range.parent?.[row] ?? NONE)
    if (part === undefined || around === NONE || !wanted(around)) continue
    const phase = phaseOfRange[around]!
    named.set(phase, (named.get(phase) ?? new Set()).add(part))
    if (part !== 'Frame attention' && part !== 'Global attention') continue
    const end = range.start[row]! + range.duration[row]!
    const known = blocks.get(around)
    if (known === undefined) blocks.set(around, { from: range.start[row]!, to: end })
    else known.to = Math.max(known.to, end)
  }
  if (blocks.size === 0) return []
  const found = new Map<string, Unnamed>()
  const phases = phaseOfOps(trace)
  for (let op = 0; op < ops.length; op++) {
    const phase = phases[op]!
    const present = named.get(phase)
    const launch = ops.launch?.[op] ?? NONE
    if (present === undefined || launch === NONE) continue
    const inside = blocks.get(instanceAround(trace, api.range?.[launch] ?? NONE))
    if (inside === undefined) continue
    const isBefore = api.start[launch]! < inside.from
    if (!isBefore && api.start[launch]! < inside.to) continue
    if (isBefore ? present.has('Patch embedding') : HEADS.some((head) => present.has(head))) continue
    const what = isBefore ? 'patch embedding' : 'heads'
    const known = found.get(`${phase} ${what}`)
    if (known === undefined) found.set(`${phase} ${what}`, { phase, what, ops: [op] })
    else known.ops.push(op)
  }
  return [...found.values()]
}

/** The range itself or the nearest one around it that is a phase's; NONE where there is none. */
function instanceAround(trace: Trace, range: number): number {
  const { isInstance } = phaseTree(trace)
  let row = range
  while (row !== NONE && isInstance[row] === 0) row = trace.range.parent?.[row] ?? NONE
  return row
}
