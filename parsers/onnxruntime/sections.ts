/**
 * Ranges out of node names, for a runtime that records none of its own.
 *
 *   Patch_Embed/proj/Conv
 *   Frame_Attention/frame_blocks.3/norm1/LayerNormalization   ┐
 *   Frame_Attention/frame_blocks.3/attn/qkv/MatMul            │  Frame_Attention › frame_blocks.3
 *   Frame_Attention/frame_blocks.3/ls2/Mul                    ┘
 *
 * The first segment of a name is always a section. A deeper one is a section where something lies at least three levels
 * below it: `frame_blocks.3` has `attn/qkv/MatMul` below, so it is one; `attn` is not. Consecutive nodes of one
 * thread with the same section are one stretch; a node whose name tells no section (`ReorderOutput_token_4`) does not
 * end it.
 */
export interface Stretch {
  name: string
  /** Index of the stretch around it in the same answer; undefined at the top. */
  parent: number | undefined
  /** First and last of its items, as given. */
  first: number
  last: number
}

/** Names that a runtime's optimizer puts behind a node's own: `…/MatMul/MatMulAddFusion`. */
const ADDED_BY_OPTIMIZER = /Fusion$/

const segmentsOf = (name: string): string[] => {
  const segments = name.split('/').filter((segment) => segment !== '')
  while (segments.length > 1 && ADDED_BY_OPTIMIZER.test(segments.at(-1)!)) segments.pop()
  return segments
}

/** Gives the sections of a node's name, outermost first; empty where it tells none. */
export function sectionsOf(names: Iterable<string>): (name: string) => readonly string[] {
  const segments = new Map<string, string[]>()
  const deep = new Set<string>()
  for (const name of names) {
    if (segments.has(name)) continue
    const own = segmentsOf(name)
    segments.set(name, own)
    for (let length = 2; length + 3 <= own.length; length++) deep.add(own.slice(0, length).join('/'))
  }
  const paths = new Map<string, readonly string[]>()
  for (const [name, own] of segments) {
    let length = own.length > 1 ? 1 : 0
    while (length > 0 && length + 1 < own.length && deep.has(own.slice(0, length + 1).join('/'))) length++
    paths.set(name, own.slice(0, length))
  }
  return (name) => paths.get(name) ?? []
}

export interface Item {
  sections: readonly string[]
  /** Changes where no stretch may go on: another run, another thread. */
  key: number
}

/**
 * Stretches over items in time order, and for each item the index of its innermost stretch (undefined: none).
 * Parents stand before their children.
 */
export function stretchesOf(items: readonly Item[]): {
  stretches: Stretch[]
  innermost: (number | undefined)[]
} {
  const stretches: Stretch[] = []
  const innermost: (number | undefined)[] = []
  let open: number[] = []
  let key: number | undefined
  items.forEach(({ sections, key: itemKey }, i) => {
    if (itemKey !== key) open = []
    key = itemKey
    if (sections.length > 0) {
      let shared = 0
      while (shared < open.length && stretches[open[shared]!]!.name === sections[shared]) shared++
      open = open.slice(0, shared)
      for (const name of sections.slice(shared))
        open.push(stretches.push({ name, parent: open.at(-1), first: i, last: i }) - 1)
      for (const stretch of open) stretches[stretch]!.last = i
      innermost.push(open.at(-1))
    } else innermost.push(undefined)
  })
  // A nameless node between two of one stretch belongs to it. Children stand last and are asked first.
  for (let index = stretches.length - 1; index >= 0; index--) {
    const { first, last } = stretches[index]!
    for (let i = first; i <= last; i++) innermost[i] ??= index
  }
  return { stretches, innermost }
}
