/**
 * The Markdown of the project's own pages: headings, paragraphs, lists, tables; `code`, **strong** and _emphasis_ inside.
 * It becomes data that is drawn as elements, so no page can bring markup of its own.
 */

export interface Piece {
  readonly text: string
  readonly kind: 'plain' | 'code' | 'strong' | 'emphasis'
}
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Piece[])[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly (readonly Piece[])[])[] }
  | { readonly kind: 'code'; readonly text: string }

export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = []
  const lines = markdown.split('\n')
  for (let i = 0; i < lines.length;) {
    const line = lines[i]
    const heading = /^(#{1,6}) (.+)$/.exec(line)
    if (line.trim() === '') i++
    else if (heading) {
      blocks.push({ kind: 'heading', level: heading[1].length, text: heading[2] })
      i++
    } else if (line.startsWith('```')) {
      const end = lines.findIndex((one, at) => at > i && one.startsWith('```'))
      const last = end < 0 ? lines.length : end
      blocks.push({ kind: 'code', text: lines.slice(i + 1, last).join('\n') })
      i = last + 1
    } else {
      const last = lines.findIndex((one, at) => at > i && (one.trim() === '' || /^(#{1,6} |```)/.test(one)))
      const end = last < 0 ? lines.length : last
      blocks.push(together(lines.slice(i, end)))
      i = end
    }
  }
  return blocks
}

/** Lines without an empty one between them: a table, a list, or a paragraph. */
function together(lines: readonly string[]): Block {
  if (lines[0].startsWith('|')) {
    const rows = lines.filter((line) => !/^\|[\s:|-]+\|$/.test(line))
    return {
      kind: 'table',
      rows: rows.map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => piecesOf(cell.trim())),
      ),
    }
  }
  if (/^([-*]|\d+\.) /.test(lines[0])) {
    const items: string[] = []
    for (const line of lines) {
      if (/^([-*]|\d+\.) /.test(line)) items.push(line.replace(/^([-*]|\d+\.) /, ''))
      else items[items.length - 1] += ` ${line.trim()}`
    }
    return { kind: 'list', items: items.map(piecesOf) }
  }
  return { kind: 'paragraph', pieces: piecesOf(lines.join(' ')) }
}

/** "a `b` **c**" in pieces. A link [words](where) becomes its words: where it leads lies outside the page. */
export function piecesOf(text: string): Piece[] {
  return text
    .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .split(/(`[^`]+`|\*\*[^*]+\*\*|(?<![\w])_[^_]+_(?![\w]))/)
    .filter((part) => part !== '')
    .map((part): Piece => {
      if (/^`.+`$/.test(part)) return { kind: 'code', text: part.slice(1, -1) }
      if (/^\*\*.+\*\*$/.test(part)) return { kind: 'strong', text: part.slice(2, -2) }
      if (/^_.+_$/.test(part)) return { kind: 'emphasis', text: part.slice(1, -1) }
      return { kind: 'plain', text: part }
    })
}
