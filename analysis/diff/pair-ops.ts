/**
 * Matching inside a pair of phase instances, op with op: one to one, many to one or one to many.
 *
 *   base       a b c a b c a b c  per frame       a longest common subsequence of kernels first, then what is
 *   candidate  a b c              one batch       left over joins the match it was split from (grid or time grew S times)
 */
import { NONE } from '../../trace/column.ts'
import type { Alignment } from './align.ts'
import { commonSubsequence } from './common-subsequence.ts'
import { grew, sizeOf } from './op-size.ts'
import type { Side } from './side.ts'
import type { Tokens } from './tokens.ts'

/** Matching inside pairs of instances. */
export class Pairing {
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
