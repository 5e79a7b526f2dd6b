/**
 * Which phase instances of two sides belong together: along a longest common subsequence of their paths; what is left over
 * beside a match may be a part of it.
 *
 *   base       F G F G … F G
 *   candidate  F F F F … F G
 */
import { commonSubsequence } from './common-subsequence.ts'
import { grew } from './op-size.ts'
import type { Side } from './side.ts'

/** Consecutive ops of one phase instance, as positions in `ops`. */
interface Instance {
  path: string
  ops: number[]
}

/** Pairs of instance op lists, the same phase on both sides. */
export function matchedInstances(base: Side, candidate: Side): [number[], number[]][] {
  const a = instancesOf(base)
  const b = instancesOf(candidate)
  const ids = new Map<string, number>()
  const token = ({ path }: Instance): number => {
    let id = ids.get(path)
    if (id === undefined) ids.set(path, (id = ids.size))
    return id
  }
  const pairs = commonSubsequence(a.map(token), b.map(token))
  const usedA = new Map<number, number>()
  const usedB = new Map<number, number>()
  const groups: [number[], number[]][] = []
  for (let k = 0; k < pairs.a.length; k++) {
    usedA.set(pairs.a[k]!, k)
    usedB.set(pairs.b[k]!, k)
    groups.push([[...a[pairs.a[k]!]!.ops], [...b[pairs.b[k]!]!.ops]])
  }
  // Left-over instances next to a matched one of their phase may be parts of it: one range a frame against one a batch.
  joinSplit(a, usedA, base, candidate, groups, 0)
  joinSplit(b, usedB, candidate, base, groups, 1)
  return groups
}

/**
 * Joins left-over instances to the matched neighbour of their phase if the other side's instance is as large as all of them:
 * its time is nearer to the sum of all than to one alone, and its op count says one batch.
 */
function joinSplit(
  instances: readonly Instance[],
  used: ReadonlyMap<number, number>,
  side: Side,
  other: Side,
  groups: [number[], number[]][],
  mine: 0 | 1,
): void {
  for (let i = 0; i < instances.length;) {
    let j = i
    while (j < instances.length && instances[j]!.path === instances[i]!.path) j++
    const run = Array.from({ length: j - i }, (_, k) => i + k)
    const matched = run.filter((k) => used.has(k))
    if (run.length > 1 && matched.length === 1) {
      const group = groups[used.get(matched[0]!)!]!
      const theirs = group[1 - mine]!
      const all = run.flatMap((k) => instances[k]!.ops)
      if (grew(side, group[mine]!, other, theirs)) group[mine] = all
    }
    i = j
  }
}

/** Ops by innermost instance, in order of each one's first op; outside all instances they are one. */
function instancesOf(side: Side): Instance[] {
  const byRange = new Map<number, Instance>()
  const instances: Instance[] = []
  for (let i = 0; i < side.ops.length; i++) {
    const range = side.instance[i]!
    let instance = byRange.get(range)
    if (instance === undefined) {
      instance = { path: side.paths[side.phase[i]!]!, ops: [] }
      byRange.set(range, instance)
      instances.push(instance)
    }
    instance.ops.push(i)
  }
  return instances
}
