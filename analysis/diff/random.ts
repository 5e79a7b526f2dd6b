/**
 * Seeded pseudo-random whole numbers for resampling (xorshift128, Marsaglia 2003): the same answer on every machine.
 */

/** Draws from 0 to `below` − 1. The seed is any text; equal texts draw equal numbers. */
export function drawer(seed: string): (below: number) => number {
  const state = new Uint32Array(4)
  for (let i = 0; i < 4; i++) state[i] = hash(`${i} ${seed}`) || 1
  return (below) => {
    const t = state[3]! ^ (state[3]! << 11)
    state[3] = state[2]!
    state[2] = state[1]!
    state[1] = state[0]!
    state[0] = state[0]! ^ (state[0]! >>> 19) ^ t ^ (t >>> 8)
    return Math.floor((state[0]! / 0x1_0000_0000) * below)
  }
}

/** FNV-1a over the text's code units, stirred once more so that near texts give far numbers. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h ^= h >>> 16
  h = Math.imul(h, 0x7feb352d)
  return (h ^ (h >>> 15)) >>> 0
}
