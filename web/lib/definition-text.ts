/** Reads `docs/definitions.md`. Kept apart from the import of the page's text so that a test can read it, too. */

export interface Definition {
  /** As in JSON and CSV: "gpuBusyNs". */
  readonly key: string
  readonly title: string
  readonly what: string
  /** "Formula", "Source", "nsys", "HTA", "Mind": in the order in which they stand. */
  readonly notes: readonly { readonly name: string; readonly text: string }[]
}

const HEADING = /^### (.+?) `([\w./-]+)`$/
const NOTE = /^- \*\*([\w ]+):\*\* (.+)$/

/** Sections "### Title `key`", each a paragraph followed by "- **Name:** text" lines. */
export function definitionsOf(markdown: string): Map<string, Definition> {
  const found = new Map<string, Definition>()
  for (const section of markdown.split(/\n(?=#{1,3} )/)) {
    const [first, ...lines] = section.trim().split('\n')
    const heading = HEADING.exec(first)
    if (!heading) continue
    const [, title, key] = heading
    const notes = lines.flatMap((line) => {
      const note = NOTE.exec(line)
      return note ? [{ name: note[1], text: note[2] }] : []
    })
    const what = lines
      .filter((line) => line !== '' && !NOTE.test(line))
      .join(' ')
      .trim()
    found.set(key, { key, title, what, notes })
  }
  return found
}
