/**
 * Global attention over fewer tokens: alike ones are averaged before it and share its result after it.
 *
 *   a later frame's patches   A s A s      A  anchor: always stays. So do the first frame's tokens and all
 *                             s s s s         special ones
 *                             A s A s      s  source: may join the anchor most like it, by the cosine of
 *                             s s s s         their keys, all heads side by side
 *
 * The number that join is fixed when the graph is built, so shapes are; which ones do is found in each run.
 * The idea is ToMe's and FastVGGT's; which tokens are anchors differs from both.
 */
import type { Context, Sizes } from '../context.ts'
import type { Scope } from '../onnx/graph.ts'
import { binary, cast, concat, gather, matmul, reshape, slice, split, transpose } from '../onnx/ops.ts'
import type { Tensor } from '../onnx/tensor.ts'
import type { Triple } from './attention.ts'

/** Indices among all frames' tokens, each list ascending. */
export interface TokenKinds {
  readonly anchors: readonly number[]
  readonly sources: readonly number[]
}

export function tokenKinds(sizes: Sizes): TokenKinds {
  const kinds = { anchors: [] as number[], sources: [] as number[] }
  for (let index = 0; index < sizes.frames * sizes.tokens; index++) {
    const patch = (index % sizes.tokens) - sizes.special
    const corner = Math.floor(patch / sizes.columns) % 2 === 0 && (patch % sizes.columns) % 2 === 0
    const anchor = patch < 0 || index < sizes.tokens || corner
    ;(anchor ? kinds.anchors : kinds.sources).push(index)
  }
  return kinds
}

/** The share is of all tokens after the first frame; there may be fewer sources than that. */
export function mergedCount(sizes: Sizes, share: number): number {
  const wanted = Math.round(share * (sizes.frames - 1) * sizes.tokens)
  return Math.min(wanted, tokenKinds(sizes).sources.length)
}

/** q, k, v `[1, N, C]`; `attend` runs on the merged triple; the result has N tokens again. */
export function mergeTokens(
  outer: Scope,
  { sizes }: Context,
  { q, k, v }: Triple,
  share: number,
  attend: (triple: Triple) => Tensor,
): Tensor {
  const merged = mergedCount(sizes, share)
  if (merged === 0) return attend({ q, k, v })
  const s = outer.at('merge')
  const [, length, channels] = q.shape as [number, number, number]
  const kinds = tokenKinds(sizes)
  const place: Place = { s, kinds, size: `${sizes.frames}x${sizes.rows}x${sizes.columns}` }
  const match = matchTokens(place, reshape(s, 'keys', k, [length, channels]), merged)
  const all = concat(s, 'qkv', [q, k, cast(s, 'v_float', v, 'float')], -1)
  const fewer = average(place, reshape(s, 'flat_qkv', all, [length, 3 * channels]), match)
  const batch = reshape(s, 'batch', fewer, [1, fewer.shape[0]!, 3 * channels])
  const parts = split(s, 'split', batch, -1, [channels, channels, channels])
  const result = attend({ q: parts[0]!, k: parts[1]!, v: parts[2]! })
  return gather(s, 'unmerge', result, slots(place, match), 1)
}

interface Place {
  readonly s: Scope
  readonly kinds: TokenKinds
  /** Frames, rows and columns: names the index lists made of them. */
  readonly size: string
}

/** Which sources join, and which anchor each joins; indices within their kind. */
interface Match {
  readonly alone: Tensor
  readonly joining: Tensor
  readonly targets: Tensor
}

const pick = ({ s, kinds, size }: Place, name: string, x: Tensor, kind: keyof TokenKinds): Tensor =>
  gather(s, name, x, s.indices(`merge/${kind}:${size}`, kinds[kind]), 0)

function matchTokens(place: Place, keys: Tensor, merged: number): Match {
  const { s } = place
  const length = s.node('length', 'ReduceL2', [keys, s.int64(-1)], { shape: [keys.shape[0]!, 1] })
  const unit = binary(s, 'unit', 'Div', keys, length)
  const sources = pick(place, 'sources', unit, 'sources')
  const anchors = transpose(s, 'anchors_turned', pick(place, 'anchors', unit, 'anchors'), [1, 0])
  const cosines = matmul(s, 'cosines', sources, anchors)
  const count = sources.shape[0]!
  const list = { shape: [count], type: 'int64' as const }
  const best = s.node('best', 'ArgMax', [cosines], list, { attributes: { axis: 1, keepdims: 0 } })
  const reduce = { attributes: { keepdims: 0 } }
  const cosine = s.node('best_cosine', 'ReduceMax', [cosines, s.int64(1)], { shape: [count] }, reduce)
  const results = [{ shape: [count] }, list]
  const order = s.graph.add(s.name('order'), 'TopK', [cosine, s.int64(count)], results, {
    attributes: { axis: 0 },
  })[1]!
  const joining = slice(s, 'joining', order, 0, 0, merged)
  const alone = slice(s, 'alone', order, 0, merged, count)
  return { alone, joining, targets: gather(s, 'targets', best, joining, 0) }
}

/**
 * `[N, D]` → the anchors, each the mean of itself and those that joined it, then the sources that stay alone.
 */
function average(place: Place, all: Tensor, match: Match): Tensor {
  const { s } = place
  const sources = pick(place, 'source_values', all, 'sources')
  const anchors = pick(place, 'anchor_values', all, 'anchors')
  const merged = match.joining.shape[0]!
  const rows = reshape(s, 'target_rows', match.targets, [merged, 1])
  const scatter = (name: string, into: Tensor, values: Tensor): Tensor =>
    s.node(
      name,
      'ScatterND',
      [into, rows, values],
      { shape: into.shape },
      { attributes: { reduction: 'add' } },
    )
  const ones = (count: number): Tensor =>
    s.constant(`ones:${count}x1`, [count, 1], () => new Float32Array(count).fill(1))
  const sums = scatter('sums', anchors, gather(s, 'joining_values', sources, match.joining, 0))
  const counts = scatter('counts', ones(anchors.shape[0]!), ones(merged))
  const alone = gather(s, 'alone_values', sources, match.alone, 0)
  return concat(s, 'tokens', [binary(s, 'means', 'Div', sums, counts), alone], 0)
}

/** For each of the N tokens, which of the fewer ones has its result. */
function slots({ s, kinds, size }: Place, match: Match): Tensor {
  const anchors = kinds.anchors.length
  const sources = kinds.sources.length
  const range = (first: number, count: number): Tensor =>
    s.indices(
      `range:${first}+${count}`,
      Array.from({ length: count }, (_, index) => first + index),
    )
  const order = concat(s, 'source_order', [match.joining, match.alone], 0)
  const updates = concat(s, 'source_updates', [match.targets, range(anchors, match.alone.shape[0]!)], 0)
  const zeros = s.indices(
    `zeros:${sources}`,
    Array.from({ length: sources }, () => 0),
  )
  const sourceSlots = s.node(
    'source_slots',
    'ScatterElements',
    [zeros, order, updates],
    { shape: [sources], type: 'int64' },
    { attributes: { axis: 0 } },
  )
  const byKind = concat(s, 'slots_by_kind', [range(0, anchors), sourceSlots], 0)
  // The list goes kind by kind; the last step brings it into the order the tokens came in.
  const back = new Map([...kinds.anchors, ...kinds.sources].map((token, index) => [token, index]))
  const inOrder = Array.from({ length: anchors + sources }, (_, token) => back.get(token)!)
  return gather(s, 'slots', byKind, s.indices(`merge/back:${size}`, inOrder), 0)
}
