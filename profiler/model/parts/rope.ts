/**
 * Rotary embedding in two dimensions: a head's first half turns by the token's row, its second half by its
 * column.
 *
 *   channels of a head, d = 16:   |  y a  |  y b  |  x a  |  x b  |     each pair (a[k], b[k]) turns by
 *                                  0     3 4     7 8    11 12   15     position · base^(−2k / (d/2))
 *
 * Patch (row, column) has position (row + 1, column + 1), the special tokens (0, 0): they do not turn.
 */
import type { ChannelOrder } from './linear.ts'
import type { Sizes } from '../context.ts'
import type { Scope } from '../onnx/graph.ts'
import { add, concat, multiply, reshape, split } from '../onnx/ops.ts'
import type { Tensor } from '../onnx/tensor.ts'

/** The positions of one frame's tokens, in their order. */
export interface Positions {
  /** Names the tables made of them. */
  readonly name: string
  readonly rows: readonly number[]
  readonly columns: readonly number[]
}

/** Positions of a frame's tokens, or of those at `kept` only. */
export function positionsOf(
  sizes: Sizes,
  kept?: { readonly name: string; readonly tokens: readonly number[] },
): Positions {
  const tokens = kept?.tokens ?? Array.from({ length: sizes.tokens }, (_, token) => token)
  const patch = (token: number): number => token - sizes.special
  return {
    name: `${sizes.rows}x${sizes.columns}${kept ? `.${kept.name}` : ''}`,
    rows: tokens.map((token) => (patch(token) < 0 ? 0 : Math.floor(patch(token) / sizes.columns) + 1)),
    columns: tokens.map((token) => (patch(token) < 0 ? 0 : (patch(token) % sizes.columns) + 1)),
  }
}

/** `[positions, d/4]`: position times frequency, in float32 as the model has it. */
export function angles(positions: readonly number[], width: number, base: number): Float32Array {
  const quarter = width / 4
  const table = new Float32Array(positions.length * quarter)
  for (let k = 0; k < quarter; k++) {
    const frequency = Math.fround(1 / Math.fround(base ** Math.fround(k / quarter)))
    positions.forEach((position, index) => {
      table[index * quarter + k] = position * frequency
    })
  }
  return table
}

/**
 * The formula in five operators, both halves at once. x is `[F, P, heads, d]`.
 *
 *   x       |  y a  |  y b  |  x a  |  x b  |   times cos
 *   across  |  y b  |  y a  |  x b  |  x a  |   times (−sin, sin, −sin, sin); their sum is x turned
 *
 * The sign of the formula's (−b, a)·sin stands in the table: (−b)·sin and b·(−sin) are the same float to the last bit.
 */
export function rotateInParts(s: Scope, x: Tensor, positions: Positions, base: number): Tensor {
  const width = x.shape.at(-1)!
  const quarter = width / 4
  const count = positions.rows.length
  const table = (name: 'cos' | 'sin'): Tensor =>
    s.constant(`rope/${positions.name}/${name}4`, [1, count, 1, width], () => {
      const parts = [positions.rows, positions.columns].flatMap((places) => {
        const plus = angles(places, width, base).map(Math[name])
        return [name === 'sin' ? plus.map((value) => -value) : plus, plus]
      })
      return sideBySide(parts, count)
    })
  const [ya, yb, xa, xb] = split(s, 'quarters', x, -1, [quarter, quarter, quarter, quarter]) as Quarters
  const across = concat(s, 'across', [yb, ya, xb, xa], -1)
  return add(s, 'sum', multiply(s, 'cos', x, table('cos')), multiply(s, 'sin', across, table('sin')))
}

type Quarters = [Tensor, Tensor, Tensor, Tensor]

/**
 * The same as one `com.microsoft.RotaryEmbedding`, which turns pairs (j, j + d/2). It needs a head's channels
 * in the order (y a, x a, y b, x b): see `pairedChannels`. x is `[F, P, heads, d]`, given back as `[F, P,
 * heads·d]`.
 */
export function rotateFused(s: Scope, x: Tensor, positions: Positions, base: number): Tensor {
  const [frames, tokens, heads, width] = x.shape as [number, number, number, number]
  const table = (name: 'cos' | 'sin'): Tensor =>
    s.constant(`rope/${positions.name}/${name}`, [tokens, width / 2], () =>
      sideBySide(
        [positions.rows, positions.columns].map((places) => angles(places, width, base).map(Math[name])),
        tokens,
      ),
    )
  const flat = reshape(s, 'flat', x, [frames, tokens, heads * width])
  const inputs = [flat, s.int64(0), table('cos'), table('sin')]
  return s.node('rotate', 'RotaryEmbedding', inputs, { shape: flat.shape }, { domain: 'com.microsoft' })
}

/**
 * A head's channels with the middle quarters exchanged, for `heads` heads. Queries and keys are permuted
 * alike, so every dot product between them has the same terms.
 */
export function pairedChannels(width: number, heads: number): ChannelOrder {
  const quarter = width / 4
  const channels = Int32Array.from({ length: width * heads }, (_, index) => {
    const within = index % width
    const swapped = [0, 2, 1, 3][Math.floor(within / quarter)]! * quarter + (within % quarter)
    return index - within + swapped
  })
  return { form: `paired${heads}`, channels }
}

/** Row-wise concatenation of tables with equally many rows. */
function sideBySide(tables: readonly Float32Array[], rows: number): Float32Array {
  const widths = tables.map((table) => table.length / rows)
  const total = widths.reduce((sum, width) => sum + width, 0)
  const result = new Float32Array(rows * total)
  let left = 0
  tables.forEach((table, index) => {
    const width = widths[index]!
    for (let row = 0; row < rows; row++) {
      result.set(table.subarray(row * width, (row + 1) * width), row * total + left)
    }
    left += width
  })
  return result
}
