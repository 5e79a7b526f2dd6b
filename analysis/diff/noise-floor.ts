/**
 * An A/A measurement: several captures of the same program on one machine, and how much their means differ beyond what the
 * iterations inside them explain. That part no number of iterations in one capture can show.
 *
 *   capture 1   x x x x x        mean of the variances inside / n       explains so much
 *   capture 2      x x x x x     variance of the means                  is so much
 *   capture 3   x x x x x        floor² = what is left, not below 0
 */
import type { Trace } from '../../trace/trace.ts'
import { UserError } from '../../trace/errors.ts'
import { nameOf, pooled } from './diff.ts'
import { meanOf } from './resampler.ts'
import type { Floor } from './noise.ts'
import { comparable } from './comparable.ts'

export interface MeasuredFloor extends Floor {
  device: string
  /** Mean wall of each capture's warm iterations. */
  meansNs: number[]
  /** Standard deviation of an iteration inside a capture, as a share of the mean. */
  iterationShare: number
}

/** Throws UserError('bad-request') for fewer than two captures, or captures that are not of one thing. */
export function measureFloor(traces: readonly Trace[]): MeasuredFloor {
  if (traces.length < 2)
    throw new UserError(
      'bad-request',
      'an A/A measurement takes two or more captures of one program: RUN,RUN,…',
    )
  const [one, ...rest] = traces as readonly [Trace, ...Trace[]]
  const first = pooled([one])
  const like = one.device.id[first.side.device]
  const others = rest.map((other) => pooled([other], undefined, { like }))
  for (const [i, other] of others.entries()) {
    const { comparable: isSame, differences } = comparable(first.side, other.side)
    if (!isSame)
      throw new UserError(
        'bad-request',
        `captures 1 and ${i + 2} are not of one program: ${differences.map((one) => one.what).join(', ')} differ`,
      )
  }
  const walls = [first, ...others].map(({ all }) => all.flat().map((side) => side.wall as number))
  const few = walls.findIndex((mine) => mine.length < 2)
  if (few >= 0)
    throw new UserError(
      'bad-request',
      `capture ${few + 1} has fewer than two warm iterations; capture more of them`,
    )
  return { device: nameOf(first.side), ...floorOf(walls) }
}

/** The floor of walls by capture. */
export function floorOf(walls: readonly (readonly number[])[]): Omit<MeasuredFloor, 'device'> {
  const means = walls.map((mine) => meanOf([mine]))
  const mean = meanOf([means])
  const squares = (values: readonly number[], middle: number): number =>
    values.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  const within = walls.map((mine, i) => squares(mine, means[i]!) / (mine.length - 1))
  const explained = meanOf([within.map((variance, i) => variance / walls[i]!.length)])
  const between = squares(means, mean) / (means.length - 1)
  return {
    share: Math.sqrt(Math.max(0, between - explained)) / mean,
    captures: walls.length,
    meansNs: means,
    iterationShare: Math.sqrt(meanOf([within])) / mean,
  }
}
