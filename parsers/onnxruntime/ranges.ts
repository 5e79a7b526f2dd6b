/** The ranges of a profile: its session records, and below them the sections that node names tell. */
import type { OrtProfile } from './profile.ts'
import { sectionsOf, stretchesOf } from './sections.ts'
import { innermostAt, nestSessions } from './session-tree.ts'

/**
 * What a range is, its category: a run and the outermost sections of its nodes are phases; inner sections are shown and are
 * no phases of their own, as a phase `Frame_Attention` tells more than its 24 blocks.
 */
export type RangeCategory = 'session' | 'phase' | 'section'

export interface RangeRow {
  startNs: number
  endNs: number
  /** Index in the same list. */
  parent: number | undefined
  depth: number
  name: string
  category: RangeCategory
  /** Nobody recorded it: it was made from node names. */
  isMade: boolean
  tid: number
  pid: number
  /** The event it is; of a section, the event of its first node. */
  sourceRow: number
}

export interface RangesOfProfile {
  /** By start; parents before their children. */
  ranges: RangeRow[]
  /** For each node of the profile the innermost range, as an index. */
  ofNode: (number | undefined)[]
}

export interface RangeOptions {
  /** Leave the session records out, as ranges of a better source stand in their place. */
  withoutSessions?: boolean
  /** Names of those ranges, outermost first: a section of the same name directly below is not made again. */
  around?: readonly string[]
}

export function rangesOf(profile: OrtProfile, options: RangeOptions = {}): RangesOfProfile {
  const sessions = nestSessions(profile.sessions)
  const ranges: RangeRow[] = options.withoutSessions
    ? []
    : sessions.map(({ record, startNs, durationNs, parent, depth }) => ({
        startNs,
        endNs: startNs + durationNs,
        parent,
        depth,
        name: record.name,
        category: record.name === 'model_run' ? 'phase' : 'session',
        isMade: false,
        tid: record.tid,
        pid: record.pid,
        sourceRow: record.index,
      }))

  const { nodes } = profile
  const session = innermostAt(sessions, nodes)
  const known = new Map<string, readonly string[]>()
  const sections = (name: string): readonly string[] => {
    const kept = known.get(name) ?? withoutAround(sectionsOf(name), options.around ?? [])
    known.set(name, kept)
    return kept
  }
  const ofNode: (number | undefined)[] = options.withoutSessions ? nodes.map(() => undefined) : [...session]
  for (const rows of byThread(nodes)) {
    const { stretches, innermost } = stretchesOf(
      rows.map((row) => ({
        sections: sections(nodes[row]!.name),
        key: session[row] ?? -1,
      })),
    )
    const base = ranges.length
    for (const { name, parent, first, last } of stretches) {
      const node = nodes[rows[first]!]!
      const around = parent === undefined ? ofNode[rows[first]!] : base + parent
      ranges.push({
        startNs: node.startNs,
        endNs: endOfAll(nodes, rows, first, last),
        parent: around,
        depth: around === undefined ? 0 : ranges[around]!.depth + 1,
        name,
        category: parent === undefined && isOutermost(node.name, name) ? 'phase' : 'section',
        isMade: true,
        tid: node.tid,
        pid: node.pid,
        sourceRow: node.index,
      })
    }
    innermost.forEach((at, i) => {
      if (at !== undefined) ofNode[rows[i]!] = base + at
    })
  }
  return sorted(ranges, ofNode)
}

/** `Frame_Attention › frame_blocks.3` inside a recorded `VGGT › Frame_Attention` leaves `frame_blocks.3`. */
function withoutAround(sections: readonly string[], around: readonly string[]): readonly string[] {
  for (let shared = Math.min(sections.length, around.length); shared > 0; shared--)
    if (sections.slice(0, shared).every((name, i) => name === around[around.length - shared + i]))
      return sections.slice(shared)
  return sections
}

const isOutermost = (node: string, section: string): boolean => sectionsOf(node)[0] === section

function byThread(nodes: OrtProfile['nodes']): number[][] {
  const rows = new Map<number, number[]>()
  nodes.forEach(({ tid }, i) => {
    const known = rows.get(tid)
    if (known === undefined) rows.set(tid, [i])
    else known.push(i)
  })
  return [...rows.values()]
}

function endOfAll(nodes: OrtProfile['nodes'], rows: readonly number[], first: number, last: number): number {
  let end = 0
  for (let i = first; i <= last; i++) {
    const node = nodes[rows[i]!]!
    end = Math.max(end, node.startNs + node.durationNs)
  }
  return end
}

function sorted(ranges: readonly RangeRow[], ofNode: readonly (number | undefined)[]): RangesOfProfile {
  const order = ranges
    .map((_, i) => i)
    .sort((a, b) => ranges[a]!.startNs - ranges[b]!.startNs || ranges[a]!.depth - ranges[b]!.depth || a - b)
  const rowAt: number[] = []
  order.forEach((from, to) => (rowAt[from] = to))
  const moved = (row: number | undefined): number | undefined => (row === undefined ? undefined : rowAt[row]!)
  return {
    ranges: order.map((from) => ({ ...ranges[from]!, parent: moved(ranges[from]!.parent) })),
    ofNode: ofNode.map(moved),
  }
}
