import { describe, expect, it } from 'vitest'
import { configs } from '../../../../profiler/model/config.ts'
import { sizesOf } from '../../../../profiler/model/context.ts'
import { chunkSides } from '../../../../profiler/model/parts/aggregator.ts'
import { diagonals } from '../../../../profiler/model/parts/key-subset.ts'
import { angles, pairedChannels, positionsOf } from '../../../../profiler/model/parts/rope.ts'
import { mergedCount, tokenKinds } from '../../../../profiler/model/parts/token-merge.ts'
import { centres, waves } from '../../../../profiler/model/parts/uv-embedding.ts'

/** Two frames of 2×3 patches: 5 special tokens and 6 patches each. */
const sizes = sizesOf(configs.tiny, 2, 28, 42)

describe('positions', () => {
  it('count patches from 1 and leave special tokens at 0', () => {
    const { rows, columns } = positionsOf(sizes)
    expect(rows).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2])
    expect(columns).toEqual([0, 0, 0, 0, 0, 1, 2, 3, 1, 2, 3])
  })

  it('turn by position over a power of the base', () => {
    expect([...angles([0, 3], 8, 100)]).toEqual([0, 0, 3, Math.fround(0.3)])
  })

  it('pair a head’s channels as the fused rotation wants them', () => {
    expect([...pairedChannels(8, 2).channels]).toEqual([0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15])
  })
})

describe('fewer keys', () => {
  it('are every R-th diagonal and all special tokens', () => {
    expect(diagonals(sizes, 2).tokens).toEqual([0, 1, 2, 3, 4, 5, 7, 9])
    expect(diagonals(sizes, 3).tokens).toEqual([0, 1, 2, 3, 4, 5, 10])
  })

  it('are one patch in R, near enough', () => {
    const large = sizesOf(configs['1b'], 1, 518, 518)
    for (const factor of [2, 3, 4, 8]) {
      const patches = diagonals(large, factor).tokens.length - large.special
      expect(patches / large.patches).toBeCloseTo(1 / factor, 2)
    }
  })
})

describe('merging', () => {
  it('moves no token of the first frame, no special token and no corner of a 2×2 cell', () => {
    const { anchors, sources } = tokenKinds(sizes)
    // Second frame: 11–15 special, patches 16 17 18 / 19 20 21, corners 16 and 18.
    expect(sources).toEqual([17, 19, 20, 21])
    expect([...anchors, ...sources].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 22 }, (_, index) => index),
    )
  })

  it('takes its share of the later frames’ tokens, as far as there are sources', () => {
    expect(mergedCount(sizes, 0.2)).toBe(2)
    expect(mergedCount(sizes, 0.9)).toBe(4)
    expect(mergedCount(sizesOf(configs.tiny, 1, 28, 42), 0.9)).toBe(0)
  })
})

describe('groups of frames', () => {
  it('are full but for the last', () => {
    expect(chunkSides(7, 3)).toEqual([3, 3, 1])
    expect(chunkSides(3, Infinity)).toEqual([3])
  })
})

describe('the uv embedding', () => {
  it('spans the image from first to last pixel centre', () => {
    expect([...centres(4, 0.8)].map((place) => Math.round(place * 1e9) / 1e9)).toEqual([-0.6, -0.2, 0.2, 0.6])
    expect([...centres(1, 0.8)].map(Math.abs)).toEqual([0])
  })

  it('is sines, then cosines, of slower and slower waves', () => {
    const table = waves(Float64Array.of(0.5), 4)
    const expected = [Math.sin(0.5), Math.sin(0.05), Math.cos(0.5), Math.cos(0.05)].map((value) =>
      Math.fround(0.1 * value),
    )
    expect([...table]).toEqual(expected)
  })
})
