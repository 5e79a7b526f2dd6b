/**
 * Many tests at once: of 200 terms, ten look significant at 5 % by chance alone.
 */

/**
 * Benjamini and Hochberg (1995): the share of false ones among those taken for real is at most `rate`. Returns for every
 * p, in the given order, the smallest rate at which it would still be taken for real (its adjusted p).
 */
export function adjusted(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => p[b]! - p[a]! || b - a)
  const result = p.map(() => 1)
  let least = 1
  for (const [k, i] of order.entries()) {
    least = Math.min(least, (p[i]! * p.length) / (p.length - k))
    result[i] = least
  }
  return result
}
