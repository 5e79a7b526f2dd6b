import { describe, expect, test } from 'vitest'
import { iterationsOf, warmOf } from '../../analysis/iterations.ts'
import { drawn } from '../drawn-trace.ts'

const found = (text: string) => {
  const { name, all, warmUp, representative } = iterationsOf(drawn(text))
  return { name, walls: all.map(({ wall }) => wall / 1000), warmUp, representative }
}

describe('iterations', () => {
  test('are instances of the range at the top that launches most; their wall is the device span', () => {
    expect(
      found(`
      nvtx  [step...][step...][step...][after]
      api   .a.b......c.d......e.f......g.....
      gpu0  ..AABB.....CC.DDD....EE.FF...GG...`),
    ).toMatchObject({ name: 'step', walls: [4, 6, 5], representative: 2, warmUp: [] })
  })

  test('are looked for inside a range that alone stands at the top', () => {
    expect(
      found(`
      nvtx  [main....................]
      nvtx  .[load][step..][step..]...
      api   ..x.....a.......b.........
      gpu0  ...X.....AA......BB.......`),
    ).toMatchObject({ name: 'step', walls: [2, 2] })
  })

  test('are none where nothing repeats or most work is elsewhere', () => {
    const none = { name: undefined, walls: [], representative: undefined }
    expect(found('nvtx [a..][b..]\napi  .a....b\ngpu0 ..AA...BB')).toMatchObject(none)
    expect(found('nvtx ......[a][a]\napi  x.y.z..a..b\ngpu0 .X.Y.Z..A..B')).toMatchObject(none)
  })
})

describe('the first iteration is warm-up', () => {
  const STEPS = `
    nvtx  [step.........][step...][step...]
    api   .a...MMMMM..b...c.d......e.f.....
    gpu0  ..AA.........BB..CCDD.....EEFF...`

  test('for module loading, memory allocation, and its length: each says so', () => {
    const { warmUp } = found(`${STEPS}\n    over  ..LLL`)
    expect(warmUp.map((reason) => reason.split(':')[0])).toEqual([
      'module loading',
      'memory allocation',
      'device span',
      'CPU range',
    ])
    expect(warmUp[0]).toBe('module loading: 3.00 µs in its range, 0 ns in the median of the others')
  })

  test('not where the others load, allocate and last as long', () => {
    const alike = `
      nvtx  [step....][step....][step....]
      api   .a..MM.b...c..MM.d...e..MM.f..
      gpu0  ..A.....B...C.....D...E.....F.`
    expect(found(alike).warmUp).toEqual([])
    expect(warmOf(iterationsOf(drawn(alike)))).toHaveLength(3)
    expect(warmOf(iterationsOf(drawn(STEPS))).map(({ index }) => index)).toEqual([1, 2])
  })

  test('not where nothing repeats', () => {
    expect(found('nvtx [step..]\napi  MMMa...\ngpu0 ....AAA')).toMatchObject({ warmUp: [], walls: [] })
  })
})
