/**
 * Global attention over fewer tokens: alike ones are averaged before it and share its result after it.
 *
 * Tokens are of three kinds. Special tokens always stay. Destinations stay, too: all patches of the first frame and
 * the top left one of every 2×2 cell in the others. The rest are sources; the given share of them, those most
 * alike to some destination (cosine of the block's normalised input), join it. The counts are fixed, so shapes are.
 * The idea is that of ToMe and FastVGGT; which tokens may merge differs from both.
 */
import type { Context, Sizes } from '../context.ts'
import type { Scope } from '../onnx/graph.ts'
import { add, binary, cast, concat, gather, matmul, reshape, slice, split, transpose } from '../onnx/ops.ts'
import type { Tensor } from '../onnx/tensor.ts'
import type { Triple } from './attention.ts'

/** Indices among all frames' tokens, each list ascending. */
export interface TokenKinds {
  readonly special: readonly number[]
  readonly sources: readonly number[]
  readonly destinations: readonly number[]
}

export function tokenKinds(sizes: Sizes): TokenKinds {
  const kinds = { special: [] as number[], sources: [] as number[], destinations: [] as number[] }
  for (let index = 0; index < sizes.frames * sizes.tokens; index++) {
    const patch = (index % sizes.tokens) - sizes.special
    const corner = Math.floor(patch / sizes.columns) % 2 === 0 && (patch % sizes.columns) % 2 === 0
    if (patch < 0) kinds.special.push(index)
    else if (index < sizes.tokens || corner) kinds.destinations.push(index)
    else kinds.sources.push(index)
  }
  return kinds
}

/** How many of `sources` tokens a share merges. */
export const mergedCount = (sources: number, share: number): number => Math.floor(sources * share)

/** x, q, k, v `[1, N, C]`; `attend` runs on the merged triple; the result has N tokens again. */
export function mergeTokens(
  outer: Scope,
  context: Context,
  x: Tensor,
  { q, k, v }: Triple,
  share: number,
  attend: (triple: Triple) => Tensor,
): Tensor {
  const kinds = tokenKinds(context.sizes)
  const merged = mergedCount(kinds.sources.length, share)
  if (merged === 0) return attend({ q, k, v })
  const s = outer.at('merge')
  const [, length, channels] = x.shape as [number, number, number]
  const pick = picker(s, context.sizes, kinds)
  const match = matchTokens(s, pick, reshape(s, 'flat_input', x, [length, channels]), merged)
  const all = concat(s, 'qkv', [q, k, cast(s, 'v_float', v, 'float')], -1)
  const averaged = average(s, pick, reshape(s, 'flat_qkv', all, [length, 3 * channels]), match)
  const fewer = averaged.shape[0]!
  const parts = split(s, 'split', reshape(s, 'batch', averaged, [1, fewer, 3 * channels]), -1, [
    channels,
    channels,
    channels,
  ])
  const result = attend({ q: parts[0]!, k: parts[1]!, v: parts[2]! })
  return gather(s, 'unmerge', result, placesOf(s, kinds, context.sizes, match), 1)
}

type Pick = (name: string, x: Tensor, kind: keyof TokenKinds) => Tensor

const picker = (s: Scope, sizes: Sizes, kinds: TokenKinds): Pick => {
  const size = `${sizes.frames}x${sizes.rows}x${sizes.columns}`
  return (name, x, kind) => gather(s, name, x, s.indices(`merge/${kind}:${size}`, kinds[kind]), 0)
}

/** Which sources merge and into which destination; indices within their kind. */
interface Match {
  readonly kept: Tensor
  readonly merged: Tensor
  readonly targets: Tensor
}

function matchTokens(s: Scope, pick: Pick, x: Tensor, merged: number): Match {
  const norm = s.node('length', 'ReduceL2', [x, s.int64(-1)], { shape: [x.shape[0]!, 1] })
  const unit = binary(s, 'unit', 'Div', x, norm)
  const sources = pick('sources', unit, 'sources')
  const destinations = transpose(s, 'destinations_turned', pick('destinations', unit, 'destinations'), [1, 0])
  const count = sources.shape[0]!
  const cosines = matmul(s, 'cosines', sources, destinations)
  const list = { shape: [count], type: 'int64' as const }
  const best = s.node('best', 'ArgMax', [cosines], list, { attributes: { axis: 1, keepdims: 0 } })
  const cosine = s.node(
    'best_cosine',
    'ReduceMax',
    [cosines, s.int64(1)],
    { shape: [count] },
    { attributes: { keepdims: 0 } },
  )
  const order = s.graph.add(s.name('order'), 'TopK', [cosine, s.int64(count)], [{ shape: [count] }, list], {
    attributes: { axis: 0 },
  })[1]!
  const joining = slice(s, 'merged', order, 0, 0, merged)
  const kept = slice(s, 'kept', order, 0, merged, count)
  return { kept, merged: joining, targets: gather(s, 'targets', best, joining, 0) }
}

/** `[N, D]` → special, kept, then averaged destination tokens. */
function average(s: Scope, pick: Pick, all: Tensor, match: Match): Tensor {
  const sources = pick('source_values', all, 'sources')
  const destinations = pick('destination_values', all, 'destinations')
  const merged = match.merged.shape[0]!
  const at = reshape(s, 'target_rows', match.targets, [merged, 1])
  const scatter = (name: string, into: Tensor, values: Tensor): Tensor =>
    s.node(name, 'ScatterND', [into, at, values], { shape: into.shape }, { attributes: { reduction: 'add' } })
  const ones = (count: number): Tensor =>
    s.constant(`ones:${count}x1`, [count, 1], () => new Float32Array(count).fill(1))
  const sums = scatter('sums', destinations, gather(s, 'merged_values', sources, match.merged, 0))
  const counts = scatter('counts', ones(destinations.shape[0]!), ones(merged))
  const means = binary(s, 'means', 'Div', sums, counts)
  const kept = gather(s, 'kept_values', sources, match.kept, 0)
  return concat(s, 'tokens', [pick('special_values', all, 'special'), kept, means], 0)
}

/** For each of the N tokens, where among the merged ones its result is. */
function placesOf(s: Scope, kinds: TokenKinds, sizes: Sizes, match: Match): Tensor {
  const size = `${sizes.frames}x${sizes.rows}x${sizes.columns}`
  const range = (name: string, first: number, count: number): Tensor =>
    s.indices(
      `merge/${name}:${first}+${count}`,
      Array.from({ length: count }, (_, index) => first + index),
    )
  const keptAt = kinds.special.length
  const kept = match.kept.shape[0]!
  const meansAt = keptAt + kept
  const count = kinds.sources.length
  const mergedPlaces = add(s, 'merged_places', match.targets, s.int64(meansAt))
  const keptPlaces = range('range', keptAt, kept)
  const zeros = s.indices(
    `merge/zeros:${count}`,
    Array.from({ length: count }, () => 0),
  )
  const order = concat(s, 'source_order', [match.kept, match.merged], 0)
  const updates = concat(s, 'source_updates', [keptPlaces, mergedPlaces], 0)
  const inputs = [zeros, order, updates]
  const sources = s.node(
    'source_places',
    'ScatterElements',
    inputs,
    { shape: [count], type: 'int64' },
    { attributes: { axis: 0 } },
  )
  const parts = [range('range', 0, keptAt), sources, range('range', meansAt, kinds.destinations.length)]
  // The parts list tokens kind by kind; the last step brings them into the order they came in.
  const byKind = [...kinds.special, ...kinds.sources, ...kinds.destinations]
  const back = byKind.map(() => 0)
  byKind.forEach((token, index) => (back[token] = index))
  return gather(s, 'places', concat(s, 'places_by_kind', parts, 0), s.indices(`merge/back:${size}`, back), 0)
}
