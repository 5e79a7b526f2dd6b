/**
 * Resizes the grid of learned positions to the image's grid of patches: bicubic (a = −0.5) with antialiasing,
 * as PyTorch's `interpolate(mode='bicubic', antialias=True)` does. Done once, when the model is written.
 */

/** Keys' cubic kernel with a = −0.5; zero from 2 on. */
function cubic(distance: number): number {
  const t = Math.abs(distance)
  if (t < 1) return 1.5 * t ** 3 - 2.5 * t ** 2 + 1
  if (t < 2) return -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2
  return 0
}

/**
 * For each of `to` places along one axis, the weights of the `from` places it is made of. Shrinking widens
 * the kernel by the same factor (that is the antialiasing); at the edges the weights that remain are scaled
 * to sum to 1.
 */
export function resizeWeights(
  from: number,
  to: number,
): readonly { readonly first: number; readonly weights: readonly number[] }[] {
  const step = from / to
  const stretch = Math.max(step, 1)
  return Array.from({ length: to }, (_, index) => {
    const centre = step * (index + 0.5)
    const first = Math.max(Math.trunc(centre - 2 * stretch + 0.5), 0)
    const end = Math.min(Math.trunc(centre + 2 * stretch + 0.5), from)
    const raw = Array.from({ length: end - first }, (_, at) => cubic((first + at + 0.5 - centre) / stretch))
    const sum = raw.reduce((total, value) => total + value, 0)
    return { first, weights: raw.map((value) => value / sum) }
  })
}

/** `[side·side, channels]` → `[rows·columns, channels]`; sums in double precision. */
export function resizePositions(
  grid: Float32Array,
  side: number,
  rows: number,
  columns: number,
  channels: number,
): Float32Array {
  // First the columns of every stored row, then the rows.
  const wide = new Float64Array(side * columns * channels)
  resizeWeights(side, columns).forEach(({ first, weights }, column) => {
    weights.forEach((factor, at) => {
      for (let row = 0; row < side; row++) {
        const source = (row * side + first + at) * channels
        const target = (row * columns + column) * channels
        for (let c = 0; c < channels; c++) wide[target + c]! += factor * grid[source + c]!
      }
    })
  })
  const result = new Float64Array(rows * columns * channels)
  resizeWeights(side, rows).forEach(({ first, weights }, row) => {
    weights.forEach((factor, at) => {
      const source = (first + at) * columns * channels
      const target = row * columns * channels
      for (let c = 0; c < columns * channels; c++) result[target + c]! += factor * wide[source + c]!
    })
  })
  return Float32Array.from(result)
}
