/** The transpose of a stored matrix. */

/**
 * Side of the square the transpose works in: 32×32 floats read and written, 8 KiB, stay in the first cache.
 */
const tile = 32

/** `[rows, columns]` → `[columns, rows]`. */
export function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length)
  for (let top = 0; top < rows; top += tile) {
    const bottom = Math.min(top + tile, rows)
    for (let left = 0; left < columns; left += tile) {
      const right = Math.min(left + tile, columns)
      for (let column = left; column < right; column++) {
        for (let row = top; row < bottom; row++) {
          result[column * rows + row] = values[row * columns + column]!
        }
      }
    }
  }
  return result
}
