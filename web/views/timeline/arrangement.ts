/** How a person arranged the tracks: folded, collapsed, pinned, hidden, moved, filtered. Plain data, kept in the address. */
import type { RowGroup } from '../../../draw/timeline/rows.ts'
import type { Track } from '../../../trace/timeline.ts'

export interface Arrangement {
  /** Groups whose tracks are not shown. */
  readonly folded: readonly string[]
  /** Ids of tracks shown on one line. */
  readonly collapsed: readonly string[]
  /** Ids of tracks that stay at the top. */
  readonly pinned: readonly string[]
  readonly hidden: readonly string[]
  /** Ids in the order they were given; tracks that are not named keep their place after them, within their group. */
  readonly order: readonly string[]
  /** Groups in the order they were given; those that are not named keep their place after them. */
  readonly groupOrder: readonly string[]
  /** Groups that are not shown at all, not even their names. */
  readonly hiddenGroups: readonly string[]
  /** Only tracks whose title or group contains it. */
  readonly filter: string
}

export const plain: Arrangement = {
  folded: [],
  collapsed: [],
  pinned: [],
  hidden: [],
  order: [],
  groupOrder: [],
  hiddenGroups: [],
  filter: '',
}

/** Groups beyond these start folded. */
const OPEN_GROUPS = 12
const MAIN_KINDS = new Set(['device-owner', 'device-stream', 'device-phase', 'thread-api', 'thread-range'])

/** What a run's timeline starts with: threads that neither call the device nor have ranges are folded away. */
export function firstArrangement(tracks: readonly Track[]): Arrangement {
  const groups = [...new Set(tracks.map((track) => track.group))]
  const main = new Set(tracks.filter((track) => MAIN_KINDS.has(track.kind)).map((track) => track.group))
  const folded = main.size === 0 ? [] : groups.filter((group) => !main.has(group))
  return { ...plain, folded: [...new Set([...folded, ...groups.slice(OPEN_GROUPS)])] }
}

export interface Arranged {
  pinned: RowGroup[]
  groups: RowGroup[]
}

export function arrange(tracks: readonly Track[], arrangement: Arrangement): Arranged {
  const { folded, collapsed, pinned, hidden, order, groupOrder, hiddenGroups, filter } = arrangement
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const seen = tracks.filter((track) => {
    const text = `${track.group} ${track.title}`.toLowerCase()
    const isHidden = hidden.includes(track.id) || hiddenGroups.includes(track.group)
    return !isHidden && words.every((word) => text.includes(word))
  })
  const place = (track: Track): number => {
    const at = order.indexOf(track.id)
    return at < 0 ? order.length + tracks.indexOf(track) : at
  }
  const shown = (track: Track) => ({ track, collapsed: collapsed.includes(track.id) })
  const groups = new Map<string, Track[]>()
  for (const track of seen) {
    if (pinned.includes(track.id)) continue
    const known = groups.get(track.group)
    if (known === undefined) groups.set(track.group, [track])
    else known.push(track)
  }
  const top = pinned.flatMap((id) => seen.find((track) => track.id === id) ?? [])
  return {
    pinned: top.length === 0 ? [] : [{ group: 'Pinned', folded: false, tracks: top.map(shown) }],
    groups: inOrder([...groups], groupOrder).map(([group, members]) => ({
      group,
      // What was searched for must not hide in a fold.
      folded: words.length === 0 && folded.includes(group),
      tracks: members.sort((a, b) => place(a) - place(b)).map(shown),
    })),
  }
}

/** Sorts by name as given; a sort keeps the order of equals, here of those that are not named. */
function inOrder<T>(groups: [string, T][], order: readonly string[]): [string, T][] {
  const place = (group: string): number => (order.includes(group) ? order.indexOf(group) : order.length)
  return groups.sort(([a], [b]) => place(a) - place(b))
}

/** The list with the value in it, or without it if it was. */
export const toggled = (list: readonly string[], value: string): readonly string[] =>
  list.includes(value) ? list.filter((one) => one !== value) : [...list, value]

/** Moves a track up (−1) or down (1) among those of its group; returns the new order. */
export function moved(
  tracks: readonly Track[],
  arrangement: Arrangement,
  id: string,
  by: -1 | 1,
): readonly string[] {
  const track = tracks.find((one) => one.id === id)
  const group = arrange(tracks, { ...arrangement, filter: '', pinned: [] }).groups.find(
    (one) => one.group === track?.group,
  )
  const ids = group?.tracks.map((one) => one.track.id) ?? []
  const at = ids.indexOf(id)
  const to = at + by
  if (at < 0 || to < 0 || to >= ids.length) return arrangement.order
  ids[at] = ids[to]!
  ids[to] = id
  return [...arrangement.order.filter((one) => !ids.includes(one)), ...ids]
}

/** Moves a group up (−1) or down (1) past the next one that is shown; returns the new order of all groups. */
export function movedGroup(
  tracks: readonly Track[],
  arrangement: Arrangement,
  group: string,
  by: -1 | 1,
): readonly string[] {
  const named = (as: Arrangement): string[] => arrange(tracks, as).groups.map((one) => one.group)
  const shown = named({ ...arrangement, filter: '' })
  const beside = shown[shown.indexOf(group) + by]
  if (!shown.includes(group) || beside === undefined) return arrangement.groupOrder
  // Those that are hidden keep their place, for when they are shown again.
  const all = named({ ...plain, groupOrder: arrangement.groupOrder }).filter((one) => one !== group)
  return all.flatMap((one) => (one !== beside ? [one] : by < 0 ? [group, one] : [one, group]))
}
