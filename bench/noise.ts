/** How often the diff cries wolf, and how small a difference it finds: the tables of docs/diff.md. */
import { NOISES, noisyPair } from '../fixtures/noise.ts'
import type { Noise } from '../fixtures/noise.ts'
import { intervalOf, Resampler, verdictOf } from '../analysis/diff/noise.ts'

/** Share of pairs with a verdict of `regressed` or `improved`. */
export function alarms(noise: Noise, n: number, pairs: number, shift = 0): number {
  let found = 0
  for (let seed = 1; seed <= pairs; seed++) {
    const [base, candidate] = noisyPair(noise, n, seed * 7919, shift)
    const interval = intervalOf([base], [candidate], [new Resampler([base]), new Resampler([candidate])])
    const verdict = verdictOf(interval, interval?.p ?? 1)
    if (verdict === 'regressed' || verdict === 'improved') found++
  }
  return found / pairs
}

/** Prints both tables as Markdown. */
export async function main(pairs = 2000): Promise<void> {
  const sizes = [5, 10, 20, 50]
  const row = (cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`)
  console.log(`False alarms in ${pairs} pairs without a difference, by warm iterations a side`)
  row(['noise', ...sizes.map(String)])
  row(['---', ...sizes.map(() => '---')])
  for (const noise of Object.keys(NOISES) as Noise[])
    row([noise, ...sizes.map((n) => `${(100 * alarms(noise, n, pairs)).toFixed(1)} %`)])
  console.log(`\nFound, by true difference in standard deviations of an iteration (independent noise)`)
  row(['difference', ...sizes.map(String)])
  row(['---', ...sizes.map(() => '---')])
  for (const shift of [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4])
    row([
      `${shift}`,
      ...sizes.map((n) => `${(100 * alarms('independent', n, pairs / 4, shift)).toFixed(0)} %`),
    ])
}
