/**
 * Which phase is which part of VGGT: by its name, or, for what runs before the first and after the last attention block inside
 * a range that has no ranges for it, by its place.
 *
 *   VGGT_Aggregator  [ patch embedding |Frame|Global|Frame| … |Global| heads ]
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { derived } from './derived.ts'
import { phaseTree } from './phase-tree.ts'
import type { VggtPart } from './vggt-work.ts'
import type { AddedRange } from './with-ranges.ts'

const NAMES: readonly (readonly [VggtPart, RegExp])[] = [
  ['Patch embedding', /patch[ _.-]?embed/i],
  ['Frame attention', /frame[ _.-]?(attention|attn|block)/i],
  ['Global attention', /global[ _.-]?(attention|attn|block)/i],
  ['Camera head', /camera[ _.-]?head/i],
  ['Depth head', /depth[ _.-]?head/i],
  ['Point head', /point[ _.-]?head/i],
]
export const HEADS: readonly VggtPart[] = ['Camera head', 'Depth head', 'Point head']
/** What heads without a range of their own are called. */
export const HEADS_TOGETHER = '(heads)'

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

/** What was launched before the first and after the last attention block of each instance around such, where no range names it. */
export function unnamedParts(trace: Trace): AddedRange[] {
  const { range, api_call: api, device_op: ops } = trace
  const { isInstance, phaseOfRange } = phaseTree(trace)
  const parts = partOfPhases(trace)
  /** By instance of a phase around attention blocks: from the first block's start to the last one's end. */
  const blocks = new Map<number, { from: number; to: number }>()
  const named = new Map<number, Set<VggtPart>>()
  for (let row = 0; row < range.length; row++) {
    const part = isInstance[row] === 1 ? parts[phaseOfRange[row]!] : undefined
    const around = instanceAround(trace, range.parent?.[row] ?? NONE)
    if (part === undefined || around === NONE) continue
    const phase = phaseOfRange[around]!
    named.set(phase, (named.get(phase) ?? new Set()).add(part))
    if (part !== 'Frame attention' && part !== 'Global attention') continue
    const end = range.start[row]! + range.duration[row]!
    const known = blocks.get(around)
    if (known === undefined) blocks.set(around, { from: range.start[row]!, to: end })
    else known.to = Math.max(known.to, end)
  }
  if (blocks.size === 0) return []
  const found = new Map<string, AddedRange>()
  for (let op = 0; op < ops.length; op++) {
    const launch = ops.launch?.[op] ?? NONE
    const around = launch === NONE ? NONE : instanceAround(trace, api.range?.[launch] ?? NONE)
    const inside = blocks.get(around)
    if (inside === undefined) continue
    const present = named.get(phaseOfRange[around]!)!
    const isBefore = api.start[launch]! < inside.from
    if (!isBefore && api.start[launch]! < inside.to) continue
    if (isBefore ? present.has('Patch embedding') : HEADS.some((head) => present.has(head))) continue
    const name = isBefore ? '(patch embedding)' : HEADS_TOGETHER
    const { start, end } = callWithOperator(trace, launch, isInstance)
    const known = found.get(`${around} ${name}`)
    if (known === undefined)
      found.set(`${around} ${name}`, { name, thread: range.thread[around]!, start, end })
    else {
      known.start = Math.min(known.start, start)
      known.end = Math.max(known.end, end)
    }
  }
  return [...found.values()]
}

/** The call with the operators and functions around it that are no phases: a stretch that cuts none of them. */
function callWithOperator({ api_call: api, range }: Trace, call: number, isInstance: Uint8Array) {
  let [start, end] = [api.start[call]!, api.start[call]! + api.duration[call]!]
  for (
    let row = api.range?.[call] ?? NONE;
    row !== NONE && isInstance[row] === 0;
    row = range.parent?.[row] ?? NONE
  ) {
    start = range.start[row]!
    end = start + range.duration[row]!
  }
  return { start, end }
}

/** The range itself or the nearest one around it that is a phase's; NONE where there is none. */
function instanceAround(trace: Trace, range: number): number {
  const { isInstance } = phaseTree(trace)
  let row = range
  while (row !== NONE && isInstance[row] === 0) row = trace.range.parent?.[row] ?? NONE
  return row
}
