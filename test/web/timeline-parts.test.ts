import { describe, expect, test } from 'vitest'
import type { Tile } from '../../analysis/timeline/tile.ts'
import { encodeTile } from '../../analysis/timeline/tile-code.ts'
import { tileNs } from '../../trace/timeline.ts'
import type { Track } from '../../trace/timeline.ts'
import { readAddress, writeAddress } from '../../web/views/timeline/address.ts'
import {
  arrange,
  firstArrangement,
  moved,
  movedGroup,
  plain,
  toggled,
} from '../../web/views/timeline/arrangement.ts'
import { ViewHistory } from '../../web/views/timeline/history.ts'
import { coverOf } from '../../web/views/timeline/tile-cover.ts'
import { TileStore } from '../../web/views/timeline/tile-store.ts'

const buckets = (level: number, index: number): Tile => ({
  level,
  index,
  sections: [
    {
      kind: 'buckets',
      lane: 0,
      bucket: Uint16Array.of(0),
      busy: Float64Array.of(1),
      count: Uint32Array.of(1),
      row: Uint32Array.of(0),
      label: Uint32Array.of(0),
      cls: Uint8Array.of(0),
    },
  ],
})
const exact = (level: number, index: number): Tile => ({ level, index, sections: [] })

/** Covers [2, 4) tiles of level 3 from the tiles given, as "level/index from–to" in lengths of such a tile. */
function cover(tiles: readonly Tile[], from = 2, to = 4): { drawn: string[]; wanted: string[] } {
  const unit = tileNs(3)
  const found = coverOf(
    (key) => tiles.find(({ level, index }) => level === key.level && index === key.index),
    3,
    from * unit,
    to * unit,
  )
  return {
    drawn: found.pieces.map(
      ({ tile, from: a, to: b }) => `${tile.level}/${tile.index} ${a / unit}–${b / unit}`,
    ),
    wanted: found.wanted.map(({ level, index }) => `${level}/${index}`),
  }
}

describe('which tiles tell a stretch', () => {
  test('those of its own level where they are here', () => {
    expect(cover([buckets(3, 2), buckets(3, 3)])).toEqual({ drawn: ['3/2 2–3', '3/3 3–4'], wanted: [] })
  })

  test('a coarser one as a whole until then, and one that is further up if need be', () => {
    expect(cover([buckets(4, 1)])).toEqual({ drawn: ['4/1 2–4'], wanted: ['3/2', '3/3'] })
    expect(cover([buckets(3, 2), buckets(7, 0)])).toEqual({ drawn: ['3/2 2–3', '7/0 3–4'], wanted: ['3/3'] })
  })

  test('finer ones that fill the place, when zooming out', () => {
    const finer = [buckets(2, 4), buckets(2, 5), buckets(1, 12), buckets(1, 13), buckets(2, 7)]
    expect(cover([...finer, buckets(9, 0)])).toEqual({
      drawn: ['2/4 2–2.5', '2/5 2.5–3', '1/12 3–3.25', '1/13 3.25–3.5', '2/7 3.5–4'],
      wanted: ['3/2', '3/3'],
    })
  })

  test('nothing where nothing is here, and everything is wanted', () => {
    expect(cover([])).toEqual({ drawn: [], wanted: ['3/2', '3/3'] })
  })

  test('a coarser one that holds every span as it is needs no finer one', () => {
    expect(cover([exact(9, 0)])).toEqual({ drawn: ['9/0 2–4'], wanted: [] })
  })
})

describe('the store of tiles', () => {
  const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 5))
  function store() {
    const asked: string[] = []
    const waiting = new Map<string, { give: () => void; fail: () => void; signal: AbortSignal }>()
    const errors: unknown[] = []
    let changes = 0
    const tiles = new TileStore(
      (track, level, index, signal) => {
        const key = `${track}/${level}/${index}`
        asked.push(key)
        return new Promise((done, fail) => {
          waiting.set(key, {
            give: () => done(encodeTile(buckets(level, index)).buffer),
            fail: () => fail(new Error('gone')),
            signal,
          })
          signal.addEventListener('abort', () => fail(new Error('aborted')))
        })
      },
      100 * tileNs(3),
      () => changes++,
      (error) => errors.push(error),
    )
    const draw = (track: string, from: number, to: number) => {
      tiles.begin('main')
      const found = tiles.cover(track, 8, from * tileNs(3), to * tileNs(3))
      tiles.end()
      return found
    }
    return { tiles, asked, waiting, errors, draw, changes: () => changes }
  }

  test('before zero, the whole is two tiles', () => {
    const { draw, asked } = store()
    draw('a', -4, -3)
    expect(asked).toEqual(['a/10/-1', 'a/10/0', 'a/3/-4'])
  })

  test('asks for the whole first, then for what is drawn, each once', async () => {
    const { draw, asked, waiting, changes, tiles } = store()
    draw('a', 2, 4)
    draw('a', 2, 4)
    expect(asked).toEqual(['a/10/0', 'a/3/2', 'a/3/3'])
    expect(tiles.settled).toBe(false)
    for (const one of waiting.values()) one.give()
    await settle()
    expect(changes()).toBe(3)
    expect(draw('a', 2, 4).wanted).toEqual([])
    expect(asked).toHaveLength(3)
    expect(tiles.settled).toBe(true)
  })

  test('gives up what the next drawing does not want any more', async () => {
    const { draw, asked, waiting, errors } = store()
    draw('a', 2, 4)
    draw('a', 50, 51)
    expect(waiting.get('a/3/2')!.signal.aborted).toBe(true)
    expect(waiting.get('a/10/0')!.signal.aborted).toBe(false)
    await settle()
    expect(asked).toContain('a/3/50')
    expect(errors).toEqual([])
  })

  test('has settled as soon as all that is wanted is here, whatever was given up a moment ago', async () => {
    const { draw, waiting, tiles } = store()
    draw('a', 2, 4)
    waiting.get('a/10/0')!.give()
    waiting.get('a/3/2')!.give()
    await settle()
    draw('a', 2, 3)
    expect(waiting.get('a/3/3')!.signal.aborted).toBe(true)
    expect(tiles.settled).toBe(true)
  })

  test('asks for three a frame, and no more than eight at once', () => {
    const { draw, asked } = store()
    draw('a', 0, 40)
    expect(asked).toHaveLength(3)
    draw('a', 0, 40)
    draw('a', 0, 40)
    draw('a', 0, 40)
    expect(asked).toHaveLength(8)
  })

  test('what takes long is asked for after all else', () => {
    const { tiles, asked } = store()
    tiles.begin('main')
    tiles.cover('slow', 8, 0, tileNs(3), true)
    tiles.cover('quick', 8, 0, tileNs(3))
    tiles.end()
    expect(asked).toEqual(['quick/10/0', 'quick/3/0', 'slow/10/0'])
  })

  test('a failure is told once and not asked for again until it is to be', async () => {
    const { draw, asked, waiting, errors, tiles } = store()
    draw('a', 2, 3)
    waiting.get('a/3/2')!.fail()
    await settle()
    expect(errors).toHaveLength(1)
    draw('a', 2, 3)
    expect(asked.filter((key) => key === 'a/3/2')).toHaveLength(1)
    tiles.retry()
    draw('a', 2, 3)
    expect(asked.filter((key) => key === 'a/3/2')).toHaveLength(2)
  })

  test('two drawings of one run do not take each other’s tiles away', () => {
    const { tiles, waiting } = store()
    tiles.begin('main')
    tiles.cover('a', 8, 0, tileNs(3))
    tiles.end()
    tiles.begin('pinned')
    tiles.cover('b', 8, 0, tileNs(3))
    tiles.end()
    expect(waiting.get('a/3/0')!.signal.aborted).toBe(false)
  })
})

describe('the arrangement of tracks', () => {
  const track = (id: string, group: string, kind: Track['kind'] = 'thread-os'): Track => ({
    id,
    kind,
    title: id,
    group,
    lanes: 1,
    spans: 1,
    firstNs: 0,
    lastNs: 1,
    table: 'os_call',
    classes: [],
  })
  const tracks = [
    track('s', 'gpu', 'device-stream'),
    track('a', 't1', 'thread-api'),
    track('o', 't1'),
    track('x', 't2'),
  ]
  const shown = (arrangement = plain): string[] => {
    const { pinned, groups } = arrange(tracks, arrangement)
    return [...pinned, ...groups].map(
      ({ group, folded, tracks: list }) =>
        `${group}${folded ? ' (folded)' : ''}: ${list.map((one) => one.track.id).join(' ')}`,
    )
  }

  test('starts with threads folded away that neither call the device nor have ranges', () => {
    expect(shown(firstArrangement(tracks))).toEqual(['gpu: s', 't1: a o', 't2 (folded): x'])
    expect(firstArrangement([track('x', 't2')]).folded).toEqual([])
  })

  test('pins, hides and moves; what is pinned leaves its group', () => {
    expect(shown({ ...plain, pinned: ['o'] })).toEqual(['Pinned: o', 'gpu: s', 't1: a', 't2: x'])
    expect(shown({ ...plain, hidden: ['s'] })).toEqual(['t1: a o', 't2: x'])
    const order = moved(tracks, plain, 'o', -1)
    expect(shown({ ...plain, order })).toEqual(['gpu: s', 't1: o a', 't2: x'])
    expect(moved(tracks, plain, 'a', -1)).toEqual([])
    expect(toggled(toggled(['a'], 'b'), 'a')).toEqual(['b'])
  })

  test('moves groups past those that are shown, and hides them whole, pinned tracks and all', () => {
    const groupOrder = movedGroup(tracks, plain, 't1', -1)
    expect(shown({ ...plain, groupOrder })).toEqual(['t1: a o', 'gpu: s', 't2: x'])
    expect(shown({ ...plain, hiddenGroups: ['t1'], pinned: ['o', 'x'] })).toEqual(['Pinned: x', 'gpu: s'])
    expect(movedGroup(tracks, plain, 'gpu', -1)).toEqual([])
    expect(movedGroup(tracks, plain, 't2', 1)).toEqual([])
    // What is hidden has its old place when it is shown again.
    const past = { ...plain, hiddenGroups: ['t1'] }
    expect(movedGroup(tracks, past, 't2', -1)).toEqual(['t2', 'gpu', 't1'])
    expect(movedGroup(tracks, past, 'gpu', 1)).toEqual(['t1', 't2', 'gpu'])
    expect(movedGroup(tracks, past, 't1', 1)).toEqual([])
  })

  test('a filter by words of group and title opens what is folded', () => {
    expect(shown({ ...plain, folded: ['t2'], filter: 'T2 x' })).toEqual(['t2: x'])
  })
})

describe('the address', () => {
  test('says the view and reads it back', () => {
    const address = {
      from: -12,
      to: 9_000,
      a: 5,
      window: [3, 8] as const,
      span: { table: 'range', row: 7 },
      gap: { device: 1, ns: -40 },
      arrangement: {
        ...plain,
        pinned: ['stream-0'],
        folded: ['GPU 0 · A40'],
        groupOrder: ['t2', 't1'],
        filter: 'x y',
      },
    }
    const query = writeAddress(address, plain)
    expect(readAddress((name) => query[name])).toEqual(address)
  })

  test('says nothing of what is as usual, and an emptied list when anything is not', () => {
    expect(writeAddress({ arrangement: plain }, plain)).toMatchObject({ fold: undefined, find: '' })
    const usual = { ...plain, folded: ['t2'] }
    const query = writeAddress({ arrangement: plain }, usual)
    expect(query['fold']).toBe('-')
    expect(readAddress((name) => query[name]).arrangement!.folded).toEqual([])
  })

  test('what makes no sense is left out', () => {
    const query: Record<string, string> = { from: 'x', window: '9_3', span: 'a b', gap: '0.', to: '1e9' }
    expect(readAddress((name) => query[name])).toEqual({})
  })
})

test('all changes while a pointer is held down are one step back, however slow', () => {
  const at = (from: number) => ({ from, to: from + 1, width: 1 })
  const history = new ViewHistory()
  history.leave(at(0), 1_000)
  history.hold()
  history.leave(at(1), 1_100)
  history.leave(at(2), 9_000)
  history.release()
  history.leave(at(3), 9_500)
  expect(history.undo(at(4))!.from).toBe(3)
  expect(history.undo(at(3))!.from).toBe(1)
  expect(history.undo(at(1))!.from).toBe(0)
})

test('changes of view that follow on each other within 400 ms are one step back', () => {
  const at = (from: number) => ({ from, to: from + 1, width: 1 })
  const history = new ViewHistory()
  history.leave(at(0), 1_000)
  history.leave(at(1), 1_100)
  history.leave(at(2), 1_450)
  history.leave(at(3), 2_000)
  expect(history.undo(at(4))!.from).toBe(3)
  expect(history.undo(at(3))!.from).toBe(0)
  expect(history.undo(at(0))).toBeUndefined()
  expect(history.redo(at(0))!.from).toBe(3)
  expect(history.canUndo).toBe(true)
})
