/**
 * Ranges out of node names, for a runtime that records none of its own.
 *
 *   Frame_Attention/frame_blocks.3/norm1              ┐
 *   Frame_Attention/frame_blocks.3/attn/qkv/MatMul    │  Frame_Attention › frame_blocks.3
 *   Frame_Attention/frame_blocks.3/ls2                ┘
 *   Patch_Embedding/vit/blocks.0/attn/split              Patch_Embedding › vit › blocks.0
 *   /conv1/Conv                                          conv1
 *   ReorderOutput_token_4                                none
 *
 * The sections of a node are the first segment of its name, and all down to the last one that ends in a dot and a
 * number: exporters and this program name the members of a list of blocks so. The last segment is the node itself.
 * Consecutive nodes of one thread with the same section are one stretch; one whose name tells no section does not end it.
 */
export interface Stretch {
  name: string
  /** Index of the stretch around it in the same answer; undefined at the top. */
  parent: number | undefined
  /** First and last of its items, as given. */
  first: number
  last: number
}

/** The sections of a node's name, outermost first; empty where it tells none. */
export function sectionsOf(name: string): readonly string[] {
  const above = name.split('/').slice(0, -1)
  if (above[0] === '') above.shift()
  const deepest = above.findLastIndex((segment) => /\.\d+$/.test(segment))
  return above.slice(0, Math.max(deepest + 1, 1))
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
