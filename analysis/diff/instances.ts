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
  /** The range row; NONE outside all ranges. */
  range: number
  ops: number[]
}

/** Instances of one phase on both sides, as range rows; NONE stands for what is outside all ranges. */
export interface InstancePair {
  base: readonly number[]
  candidate: readonly number[]
}

interface Group {
  a: number[]
  b: number[]
}

/**
 * Lists of ops (positions in `ops`) of instances that belong together, and those instances. Phases `byHand` are matched in
 * order among themselves, wherever they stand; all others along one longest common subsequence.
 */
export function matchedInstances(
  base: Side,
  candidate: Side,
  byHand: ReadonlySet<string>,
): { lists: [number[], number[]][]; pairs: InstancePair[] } {
  const a = instancesOf(base)
  const b = instancesOf(candidate)
  const groups: Group[] = []
  const usedA = new Map<number, Group>()
  const usedB = new Map<number, Group>()
  const together = (i: number, j: number): void => {
    const group = { a: [i], b: [j] }
    usedA.set(i, group)
    usedB.set(j, group)
    groups.push(group)
  }
  const isOf = (paths: ReadonlySet<string>, { path }: Instance): boolean => {
    for (const one of paths) if (path === one || path.startsWith(`${one}/`)) return true
    return false
  }
  const places = (list: readonly Instance[], wanted: (one: Instance) => boolean): number[] =>
    list.flatMap((one, i) => (wanted(one) ? [i] : []))
  const found = [...byHand].map((path) => new Set([path]))
  for (const wanted of [
    ...found.map((paths) => (one: Instance) => isOf(paths, one)),
    (one: Instance) => !isOf(byHand, one),
  ]) {
    const [x, y] = [places(a, wanted), places(b, wanted)]
    const ids = new Map<string, number>()
    const token = ({ path }: Instance): number => {
      let id = ids.get(path)
      if (id === undefined) ids.set(path, (id = ids.size))
      return id
    }
    const both = commonSubsequence(
      x.map((i) => token(a[i]!)),
      y.map((j) => token(b[j]!)),
    )
    for (let k = 0; k < both.a.length; k++) {
      const [i, j] = [x[both.a[k]!]!, y[both.b[k]!]!]
      // Nested phases by hand (a/b inside a): the first that names an instance has it.
      if (!usedA.has(i) && !usedB.has(j)) together(i, j)
    }
  }
  const opsOf = (list: readonly Instance[], of: readonly number[]): number[] =>
    of.flatMap((i) => list[i]!.ops)
  // Left-over instances next to a matched one of their phase may be parts of it: one range a frame against one a batch.
  joinSplit(a, usedA, base, candidate, (group) => opsOf(b, group.b), 'a')
  joinSplit(b, usedB, candidate, base, (group) => opsOf(a, group.a), 'b')
  return {
    lists: groups.map((group) => [opsOf(a, group.a), opsOf(b, group.b)]),
    pairs: groups.map((group) => ({
      base: group.a.map((i) => a[i]!.range),
      candidate: group.b.map((j) => b[j]!.range),
    })),
  }
}

/**
 * Joins left-over instances to the matched neighbour of their phase if the other side's instance is as large as all of them:
 * its time is nearer to the sum of all than to one alone, and its op count says one batch.
 */
function joinSplit(
  instances: readonly Instance[],
  used: ReadonlyMap<number, Group>,
  side: Side,
  other: Side,
  theirs: (group: Group) => readonly number[],
  mine: 'a' | 'b',
): void {
  for (let i = 0; i < instances.length;) {
    let j = i
    while (j < instances.length && instances[j]!.path === instances[i]!.path) j++
    const run = Array.from({ length: j - i }, (_, k) => i + k)
    const matched = run.filter((k) => used.has(k))
    if (run.length > 1 && matched.length === 1) {
      const group = used.get(matched[0]!)!
      if (grew(side, instances[matched[0]!]!.ops, other, theirs(group))) group[mine] = run
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
      instance = { path: side.paths[side.phase[i]!]!, range, ops: [] }
      byRange.set(range, instance)
      instances.push(instance)
    }
    instance.ops.push(i)
  }
  return instances
}
