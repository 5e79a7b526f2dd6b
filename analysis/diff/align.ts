/**
 * Aligning two iterations: phase instance with instance, and inside a pair op with op, one to one, many to one or one to many.
 *
 *   base       F G F G … F G      instances (a range each) are matched along a longest common subsequence of their paths
 *   candidate  F F F F … F G
 *
 *   base       a b c a b c a b c  per frame       inside: a longest common subsequence of kernels first, then what is
 *   candidate  a b c              one batch       left over joins the match it was split from (grid or time grew S times)
 */
import { NONE } from '../../trace/column.ts'
import { commonSubsequence } from './common-subsequence.ts'
import type { Side } from './side.ts'
import { tokensOf } from './tokens.ts'
import type { Tokens } from './tokens.ts'

export interface Alignment {
  /** Group of every op of the base and of the candidate, beside `ops`; NONE for an op without a match. */
  base: Uint32Array
  candidate: Uint32Array
  groups: number
  renamed: Tokens['renamed']
}

/** Consecutive ops of one phase instance, as positions in `ops`. */
interface Instance {
  path: string
  ops: number[]
}

/**
 * Aligns two sides. Every op is in at most one group; a group holds ops of both sides. Which of several equally good
 * alignments is taken does not depend on which side is called the base, so that swapping the sides swaps the answer.
 */
export function align(base: Side, candidate: Side): Alignment {
  if (order(base, candidate) <= 0) return alignInOrder(base, candidate)
  const { base: theirs, candidate: mine, groups, renamed } = alignInOrder(candidate, base)
  return {
    base: mine,
    candidate: theirs,
    groups,
    renamed: renamed.map((one) => ({ base: one.candidate, candidate: one.base, ops: one.ops })),
  }
}

/** Any order of sides by what they hold; 0 for two that hold the same. */
function order(a: Side, b: Side): number {
  if (a.ops.length !== b.ops.length || a.wall !== b.wall)
    return b.ops.length - a.ops.length || b.wall - a.wall
  const [x, y] = [a.trace, b.trace]
  for (let i = 0; i < a.ops.length; i++) {
    const [p, q] = [a.ops[i]!, b.ops[i]!]
    const byTime = x.device_op.duration[p]! - y.device_op.duration[q]! || a.owned[i]! - b.owned[i]!
    if (byTime !== 0) return byTime
    const [m, n] = [x.strings[x.device_op.name[p]!]!, y.strings[y.device_op.name[q]!]!]
    if (m !== n) return m < n ? -1 : 1
    const [v, w] = [a.paths[a.phase[i]!]!, b.paths[b.phase[i]!]!]
    if (v !== w) return v < w ? -1 : 1
  }
  return 0
}

function alignInOrder(base: Side, candidate: Side): Alignment {
  const tokens = tokensOf(base, candidate)
  const alignment: Alignment = {
    base: new Uint32Array(base.ops.length).fill(NONE),
    candidate: new Uint32Array(candidate.ops.length).fill(NONE),
    groups: 0,
    renamed: tokens.renamed,
  }
  const pairing = new Pairing(base, candidate, tokens, alignment)
  for (const [mine, theirs] of matchedInstances(base, candidate)) pairing.pair(mine, theirs)
  return alignment
}

/** Pairs of instance op lists, the same phase on both sides. */
function matchedInstances(base: Side, candidate: Side): [number[], number[]][] {
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

/** Whether the other side's ops are single larger ones: more blocks (or, without grids, time) for an op, on average. */
function grew(side: Side, mine: readonly number[], other: Side, theirs: readonly number[]): boolean {
  return meanSize(other, theirs) > 1.5 * meanSize(side, mine)
}

function meanSize(side: Side, positions: readonly number[]): number {
  if (positions.length === 0) return 0
  return positions.reduce((sum, i) => sum + sizeOf(side, i), 0) / positions.length
}

/** Blocks of a launch; the time of an op that has no grid. */
export function sizeOf(side: Side, i: number): number {
  const { device_op: ops } = side.trace
  const op = side.ops[i]!
  const x = ops.gridX?.[op] ?? NONE
  return x === NONE ? ops.duration[op]! : x * (ops.gridY?.[op] ?? 1) * (ops.gridZ?.[op] ?? 1)
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

/** Matching inside pairs of instances. */
class Pairing {
  readonly #base: Side
  readonly #candidate: Side
  readonly #tokens: Tokens
  readonly #out: Alignment

  constructor(base: Side, candidate: Side, tokens: Tokens, out: Alignment) {
    this.#base = base
    this.#candidate = candidate
    this.#tokens = tokens
    this.#out = out
  }

  pair(mine: readonly number[], theirs: readonly number[]): void {
    const a = Uint32Array.from(mine, (i) => this.#tokens.base[i]!)
    const b = Uint32Array.from(theirs, (i) => this.#tokens.candidate[i]!)
    if (mine.length !== theirs.length && this.#manyToOne(mine, theirs, a, b)) return
    const pairs = commonSubsequence(a, b)
    for (let k = 0; k < pairs.a.length; k++) this.#group([mine[pairs.a[k]!]!], [theirs[pairs.b[k]!]!])
    this.#joinLeftOver(mine, theirs, a, b)
    this.#joinReplaced(mine, theirs)
  }

  /** A loop over S frames against one batch: each token occurs S times as often on one side, in ops that are smaller. */
  #manyToOne(mine: readonly number[], theirs: readonly number[], a: Uint32Array, b: Uint32Array): boolean {
    const isMany = mine.length > theirs.length
    const [many, few] = isMany ? [a, b] : [b, a]
    if (few.length === 0 || many.length % few.length !== 0) return false
    const times = many.length / few.length
    const isLoop = many.every((token, i) => token === few[i % few.length])
    const isRun = !isLoop && many.every((token, i) => token === few[Math.floor(i / times)])
    if (!isLoop && !isRun) return false
    const [manyAt, fewAt] = isMany ? [mine, theirs] : [theirs, mine]
    const [manySide, fewSide] = isMany ? [this.#base, this.#candidate] : [this.#candidate, this.#base]
    if (!grew(manySide, manyAt, fewSide, fewAt)) return false
    const groups = Array.from(few, (): number[] => [])
    for (const [i, at] of manyAt.entries()) groups[isLoop ? i % few.length : Math.floor(i / times)]!.push(at)
    for (const [j, group] of groups.entries()) {
      if (isMany) this.#group(group, [fewAt[j]!])
      else this.#group([fewAt[j]!], group)
    }
    return true
  }

  #group(mine: readonly number[], theirs: readonly number[]): void {
    const group = this.#out.groups++
    for (const i of mine) this.#out.base[i] = group
    for (const j of theirs) this.#out.candidate[j] = group
  }

  /** Left-over ops of a token join its matches where the other side's ops grew as many times: a fused or split launch. */
  #joinLeftOver(mine: readonly number[], theirs: readonly number[], a: Uint32Array, b: Uint32Array): void {
    const placesA = placesOf(a)
    const placesB = placesOf(b)
    for (const [token, at] of placesA) {
      const other = placesB.get(token)
      if (other === undefined || at.length === other.length) continue
      const isMany = at.length > other.length
      const [manyAt, fewAt] = isMany
        ? [at.map((i) => mine[i]!), other.map((j) => theirs[j]!)]
        : [other.map((j) => theirs[j]!), at.map((i) => mine[i]!)]
      const [manySide, fewSide] = isMany ? [this.#base, this.#candidate] : [this.#candidate, this.#base]
      const [manyGroup, fewGroup] = isMany
        ? [this.#out.base, this.#out.candidate]
        : [this.#out.candidate, this.#out.base]
      if (manyAt.every((i) => manyGroup[i] !== NONE)) continue
      // Each left-over op goes to the nearest match of its token that grew: nearest by how far along each side is.
      const usual = median(manyAt.map((i) => sizeOf(manySide, i)))
      const grown: number[] = []
      for (const [k, j] of fewAt.entries())
        if (fewGroup[j] !== NONE && sizeOf(fewSide, j) > 1.5 * usual) grown.push(k)
      if (grown.length === 0) continue
      for (const [k, i] of manyAt.entries())
        if (manyGroup[i] === NONE)
          manyGroup[i] = fewGroup[fewAt[nearest(grown, (k / manyAt.length) * fewAt.length)]!]!
    }
  }

  /** What stands between the same matches on both sides, of one class: replaced one for one, fused or split. */
  #joinReplaced(mine: readonly number[], theirs: readonly number[]): void {
    const { base, candidate } = this.#out
    const lastOf = new Map<number, number>()
    for (const [k, j] of theirs.entries()) if (candidate[j] !== NONE) lastOf.set(candidate[j]!, k)
    let j = 0
    for (let i = 0; i < mine.length;) {
      if (base[mine[i]!] !== NONE) {
        i++
        continue
      }
      const from = i
      while (i < mine.length && base[mine[i]!] === NONE) i++
      const before = from === 0 ? NONE : base[mine[from - 1]!]!
      const after = i === mine.length ? NONE : base[mine[i]!]!
      j = before === NONE ? 0 : (lastOf.get(before) ?? -1) + 1
      const until = j
      let k = until
      while (k < theirs.length && candidate[theirs[k]!] === NONE) k++
      if (k === until || (k < theirs.length ? candidate[theirs[k]!] : NONE) !== after) continue
      this.#replace(mine.slice(from, i), theirs.slice(until, k))
    }
  }

  #replace(mine: readonly number[], theirs: readonly number[]): void {
    for (const kind of new Set(mine.map((i) => this.#base.class[i]!))) {
      const old = mine.filter((i) => this.#base.class[i] === kind)
      const now = theirs.filter((j) => this.#candidate.class[j] === kind)
      if (now.length === 0) continue
      if (old.length === now.length) for (const [k, i] of old.entries()) this.#group([i], [now[k]!])
      else if (old.length === 1 || now.length === 1) this.#group(old, now)
    }
  }
}

function placesOf(tokens: Uint32Array): Map<number, number[]> {
  const places = new Map<number, number[]>()
  for (const [i, token] of tokens.entries()) {
    const known = places.get(token)
    if (known === undefined) places.set(token, [i])
    else known.push(i)
  }
  return places
}

/** The value of an ascending list that is nearest to x; the lower of two equally near ones. */
function nearest(values: readonly number[], x: number): number {
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle]! < x) low = middle + 1
    else high = middle
  }
  const before = values[low - 1]
  return before !== undefined && x - before <= Math.abs(values[low]! - x) ? before : values[low]!
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}
