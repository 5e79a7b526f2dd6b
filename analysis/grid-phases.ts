/**
 * The parts of VGGT in a capture whose ranges name none of them, by the grids of its attention kernels and, between those, by
 * kernels that every block launches.
 *
 *   ViT   frame block                              global block
 *   flash | norm q-norm k-norm FLASH … norm …      | norm q-norm k-norm FLASH … norm …
 *
 * A block of the aggregator normalises its tokens, then queries and keys, and attends: it begins with the third normalisation
 * before its attention. Each is as long behind its attention as a frame block that a global one follows. What begins with the
 * last convolution before a forward's first attention, and the casts right before it, is its patch embedding; the two ops that
 * scale the images before that are in the part before.
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { attentionWork, blocksOfForward } from './attention-work.ts'
import { headsAmong } from './heads-by-kernels.ts'
import { BUSY_CLASSES, classOfOps } from './kernel-class.ts'
import type { BusyClass } from './kernel-class.ts'
import { rowsWhere } from './rows.ts'
import { vggtInput } from './vggt-input.ts'
import type { VggtShape } from './vggt-work.ts'
import type { AddedRange } from './with-ranges.ts'

/** Normalisations of a block before its attention: of tokens, queries and keys. */
const NORMS_BEFORE = 3

/** What casts and lays out the images and weights of a convolution, right before it. */
const BEFORE_CONVOLUTION: readonly BusyClass[] = ['convolution', 'layout', 'memset']

/** A part as positions in the order of launches, the last one inside. */
interface Part {
  name: string
  first: number
  last: number
}

/** Stretches of the launching thread, in no order; none where grids do not tell whole forwards of a known VGGT. */
export function gridPhases(trace: Trace): AddedRange[] {
  const input = vggtInput(trace)
  const { launch } = trace.device_op
  if ('why' in input || launch === undefined) return []
  const attention = attentionWork(trace)
  const each = blocksOfForward(input.shape)
  if (attention.length === 0 || attention.length % each !== 0) return []
  if (attention.some(({ op }) => launch[op] === NONE)) return []
  const { start, thread } = trace.api_call
  const mine = thread[launch[attention[0]!.op]!]!
  const ops = rowsWhere(launch.length, (op) => launch[op] !== NONE && thread[launch[op]!] === mine)
  ops.sort((a, b) => start[launch[a]!]! - start[launch[b]!]! || a - b)
  const placeOf = new Map(Array.from(ops, (op, place) => [op, place]))
  const blocks = attention.map(({ op, isGlobal }) => ({ place: placeOf.get(op) ?? NONE, isGlobal }))
  // Blocks of several threads, or out of order: not one forward after the other.
  if (blocks.some(({ place }, i) => place === NONE || (i > 0 && place <= blocks[i - 1]!.place))) return []
  return partsOf(trace, ops, blocks, input.shape).map(({ name, first, last }) => ({
    name,
    thread: mine,
    ...stretch(trace, {
      first: launch[ops[first]!]!,
      last: launch[ops[last]!]!,
      previous: first === 0 ? NONE : launch[ops[first - 1]!]!,
      next: last + 1 === ops.length ? NONE : launch[ops[last + 1]!]!,
    }),
  }))
}

/**
 * From the first to the last call, with the operators around these two that hold no other part's call: so that none is cut.
 *
 *   previous  |aten::add |      |aten::layer_norm      |
 *   call          ..                 first ..
 *   stretch                     |→
 */
function stretch(
  { api_call: api, range }: Trace,
  { first, last, previous, next }: { first: number; last: number; previous: number; next: number },
): { start: number; end: number } {
  const endOf = (call: number): number => api.start[call]! + api.duration[call]!
  const after = previous === NONE ? -Infinity : endOf(previous)
  const before = next === NONE ? Infinity : api.start[next]!
  let [start, end] = [api.start[first]!, endOf(last)]
  for (let row = api.range?.[first] ?? NONE; row !== NONE; row = range.parent?.[row] ?? NONE) {
    if (range.start[row]! <= after || range.start[row]! + range.duration[row]! >= before) break
    start = range.start[row]!
  }
  for (let row = api.range?.[last] ?? NONE; row !== NONE; row = range.parent?.[row] ?? NONE) {
    if (range.start[row]! <= after || range.start[row]! + range.duration[row]! >= before) break
    end = Math.max(end, range.start[row]! + range.duration[row]!)
  }
  return { start, end }
}

interface Block {
  place: number
  isGlobal: boolean
}

function partsOf(trace: Trace, ops: Uint32Array, blocks: readonly Block[], shape: VggtShape): Part[] {
  const each = blocksOfForward(shape)
  const classes = classOfOps(trace)
  const is = (place: number, name: BusyClass): boolean => BUSY_CLASSES[classes[ops[place]!]!] === name
  /** The place of the nth op of a class before a place, no earlier than `least`; `least` where there is none. */
  const before = (place: number, name: BusyClass, nth: number, least: number): number => {
    let left = nth
    for (let k = place - 1; k >= least; k--) if (is(k, name) && --left === 0) return k
    return least
  }
  const beginOf = (i: number): number =>
    before(blocks[i]!.place, 'normalisation', NORMS_BEFORE, i === 0 ? 0 : blocks[i - 1]!.place + 1)
  const inAggregator = (i: number): boolean => i % each >= shape.vitDepth
  const tail = mostCommon(
    blocks.flatMap(({ place, isGlobal }, i) =>
      inAggregator(i) && !isGlobal && blocks[i + 1]?.isGlobal === true ? [beginOf(i + 1) - place] : [],
    ),
  )
  if (tail === undefined) return []
  const forwards = blocks.length / each
  const begins = Array.from({ length: forwards }, (_, f) => {
    const least = f === 0 ? 0 : blocks[f * each - 1]!.place + tail
    let begin = before(blocks[f * each]!.place, 'convolution', 1, least)
    while (begin > least && BEFORE_CONVOLUTION.some((name) => is(begin - 1, name))) begin--
    return begin
  })
  return begins.flatMap((begin, f): Part[] => {
    const next = begins[f + 1] ?? ops.length
    const from = f * each + shape.vitDepth
    const to = (f + 1) * each
    const blockEnd = (i: number): number =>
      Math.min(blocks[i]!.place + tail, i + 1 < to ? beginOf(i + 1) : next) - 1
    const rest = blockEnd(to - 1) + 1
    const heads = headsAmong(trace, [...ops.subarray(rest, next)], 1, shape)
    const last = 'why' in heads ? rest - 1 : next - 1
    return [
      { name: '(forward)', first: begin, last },
      { name: '(patch embedding)', first: begin, last: beginOf(from) - 1 },
      ...blocks.slice(from, to).map(({ isGlobal }, i) => ({
        name: isGlobal ? '(global attention)' : '(frame attention)',
        first: beginOf(from + i),
        last: blockEnd(from + i),
      })),
      ...('why' in heads ? [] : [{ name: '(heads)', first: rest, last }]),
    ]
  })
}

/** The earliest among equals; undefined of none. */
function mostCommon(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0]
}
