/**
 * Which ops of two runs count as the same kernel: equal names; else equal names without template arguments; else, where one
 * name vanished and another appeared in its place everywhere, a renamed kernel.
 */
import { NONE } from '../../trace/column.ts'
import { normalName } from './normal-name.ts'
import type { Side } from './side.ts'

export interface Tokens {
  base: Uint32Array
  candidate: Uint32Array
  /** Names of the candidate that were taken for another name of the base. */
  renamed: { base: string; candidate: string; ops: number }[]
}

interface Kind {
  name: string
  path: string
  class: number
  count: number
  /** Grids and how often, in order; tells apart kernels that merely have one class. */
  grids: string
  ns: number
  first: number
  token: number
}

/** One number an op: equal numbers are taken for the same kernel. */
export function tokensOf(base: Side, candidate: Side): Tokens {
  const baseNames = opNames(base)
  const candidateNames = opNames(candidate)
  const inCandidate = new Set(candidateNames)
  const shared = new Set(baseNames.filter((name) => inCandidate.has(name)))
  const ids = new Map<string, number>()
  const idOf = (text: string): number => {
    let id = ids.get(text)
    if (id === undefined) ids.set(text, (id = ids.size))
    return id
  }
  const keyOf = new Map<string, string>()
  const key = (name: string): string => {
    let known = keyOf.get(name)
    if (known === undefined) keyOf.set(name, (known = shared.has(name) ? name : `~${normalName(name)}`))
    return known
  }
  const a = Uint32Array.from(baseNames, (name) => idOf(key(name)))
  const b = Uint32Array.from(candidateNames, (name) => idOf(key(name)))
  return { base: a, candidate: b, renamed: rename(base, candidate, a, b, baseNames, candidateNames) }
}

const opNames = (side: Side): string[] => {
  const { device_op: ops, strings } = side.trace
  return Array.from(side.ops, (op) => {
    const shortName = ops.kind[op] === 4 ? (ops.shortName?.[op] ?? NONE) : NONE
    return shortName === NONE
      ? strings[ops.name[op]!]!
      : `${strings[shortName]} ${nodePlace(strings[ops.name[op]!]!)}`
  })
}

/**
 * A node's place inside the innermost thing that is counted, so that it is the same in every block and in every frame of a loop:
 *
 *   Frame_Attention/frame_blocks.3/attn/qkv            one batch   → attn/qkv
 *   Frame_Attention/frame_blocks.3/frames.0/attn/qkv   per frame   → attn/qkv
 */
export const nodePlace = (name: string): string => name.replace(/^.*\.\d+\//, '').replaceAll(/\d+/g, '#')

/** Gives names of the candidate that only it has the token of the base's name whose place they took. */
function rename(
  base: Side,
  candidate: Side,
  a: Uint32Array,
  b: Uint32Array,
  baseNames: readonly string[],
  candidateNames: readonly string[],
): Tokens['renamed'] {
  const onlyBase = kindsOf(base, a, baseNames, new Set(b))
  const onlyCandidate = kindsOf(candidate, b, candidateNames, new Set(a))
  const renamed: Tokens['renamed'] = []
  const taken = new Map<number, number>()
  for (const old of onlyBase) {
    const next = onlyCandidate
      .filter(
        (one) =>
          !taken.has(one.token) &&
          one.path === old.path &&
          one.class === old.class &&
          one.count === old.count &&
          one.grids === old.grids &&
          one.ns < 4 * old.ns &&
          old.ns < 4 * one.ns,
      )
      .sort((x, y) => Math.abs(x.first - old.first) - Math.abs(y.first - old.first))[0]
    if (next === undefined) continue
    taken.set(next.token, old.token)
    renamed.push({ base: old.name, candidate: next.name, ops: next.count })
  }
  for (let i = 0; i < b.length; i++) b[i] = taken.get(b[i]!) ?? b[i]!
  return renamed
}

/** Tokens that the other side lacks, with what identifies their kernels. A token on several paths is left alone. */
function kindsOf(
  side: Side,
  tokens: Uint32Array,
  names: readonly string[],
  other: ReadonlySet<number>,
): Kind[] {
  const kinds = new Map<number, Kind & { gridCounts: Map<string, number>; isSpread: boolean }>()
  const { device_op: ops } = side.trace
  const placeInPath = new Map<string, number>()
  for (let i = 0; i < tokens.length; i++) {
    const path = side.paths[side.phase[i]!]!
    const place = placeInPath.get(path) ?? 0
    placeInPath.set(path, place + 1)
    if (other.has(tokens[i]!)) continue
    const op = side.ops[i]!
    const grid = `${ops.gridX?.[op]}x${ops.gridY?.[op]}x${ops.gridZ?.[op]}`
    let kind = kinds.get(tokens[i]!)
    if (kind === undefined) {
      kind = {
        name: names[i]!,
        path,
        class: side.class[i]!,
        count: 0,
        grids: '',
        ns: 0,
        first: place,
        token: tokens[i]!,
        gridCounts: new Map(),
        isSpread: false,
      }
      kinds.set(tokens[i]!, kind)
    }
    kind.count++
    kind.ns += ops.duration[op]!
    kind.isSpread ||= kind.path !== path
    kind.gridCounts.set(grid, (kind.gridCounts.get(grid) ?? 0) + 1)
  }
  return [...kinds.values()].map((kind) => ({
    ...kind,
    path: kind.isSpread ? '*' : kind.path,
    grids: [...kind.gridCounts]
      .map(([grid, count]) => `${grid}:${count}`)
      .sort()
      .join(' '),
  }))
}
