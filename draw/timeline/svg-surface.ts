/** A surface that writes an SVG document. Text widths are estimated: there is no font to ask. */
import { FAMILIES, hatchTile } from './surface.ts'
import type { HatchLook, Surface, TextLook } from './surface.ts'

// Average advance of the bundled fonts in em; mono is exact, sans is on the wide side so that labels stay inside.
const ADVANCE = { sans: 0.56, mono: 0.6 } as const

export class SvgSurface implements Surface {
  readonly #width: number
  readonly #height: number
  readonly #body: string[] = []
  readonly #definitions: string[] = []
  readonly #patterns = new Map<string, string>()
  #clips = 0

  constructor(width: number, height: number) {
    this.#width = width
    this.#height = height
  }

  rects(rects: readonly number[], colour: string, alpha: number): void {
    if (rects.length > 0) this.#body.push(`<path d="${rectPath(rects)}" fill="${colour}"${opacity(alpha)}/>`)
  }

  hatch(rects: readonly number[], look: HatchLook, alpha: number): void {
    if (rects.length > 0)
      this.#body.push(`<path d="${rectPath(rects)}" fill="url(#${this.#pattern(look)})"${opacity(alpha)}/>`)
  }

  line(points: readonly number[], colour: string, width: number, dash: readonly number[] = []): void {
    const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''
    this.#body.push(
      `<polyline points="${points.map(number).join(' ')}" fill="none" stroke="${colour}" stroke-width="${width}"${dashes}/>`,
    )
  }

  area(points: readonly number[], colour: string, alpha: number): void {
    this.#body.push(`<polygon points="${points.map(number).join(' ')}" fill="${colour}"${opacity(alpha)}/>`)
  }

  text(text: string, x: number, y: number, look: TextLook): void {
    const anchor = { left: 'start', center: 'middle', right: 'end' }[look.align ?? 'left']
    const weight = look.weight === undefined ? '' : ` font-weight="${look.weight}"`
    this.#body.push(
      `<text x="${number(x)}" y="${number(y)}" fill="${look.colour}" font-size="${look.size}" font-family="${FAMILIES[look.family]}" text-anchor="${anchor}" dominant-baseline="central"${weight}>${escaped(text)}</text>`,
    )
  }

  measure(text: string, look: TextLook): number {
    return [...text].length * look.size * ADVANCE[look.family]
  }

  at(x: number, y: number, draw: () => void): void {
    this.#body.push(`<g transform="translate(${number(x)} ${number(y)})">`)
    draw()
    this.#body.push('</g>')
  }

  clip(x: number, y: number, width: number, height: number, draw: () => void): void {
    const id = `clip${this.#clips++}`
    this.#definitions.push(
      `<clipPath id="${id}"><rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"/></clipPath>`,
    )
    this.#body.push(`<g clip-path="url(#${id})">`)
    draw()
    this.#body.push('</g>')
  }

  /** The document; `title` says what it shows. */
  document(title: string): string {
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${this.#width}" height="${this.#height}" viewBox="0 0 ${this.#width} ${this.#height}" role="img">`,
      `<title>${escaped(title)}</title>`,
      `<defs>${this.#definitions.join('')}</defs>`,
      ...this.#body,
      '</svg>',
      '',
    ].join('\n')
  }

  #pattern(look: HatchLook): string {
    const key = JSON.stringify(look)
    const known = this.#patterns.get(key)
    if (known !== undefined) return known
    const id = `hatch${this.#patterns.size}`
    const { size, lines } = hatchTile(look)
    const dash = look.dash === undefined ? '' : ` stroke-dasharray="${look.dash.join(' ')}"`
    let path = ''
    for (let i = 0; i + 3 < lines.length; i += 4)
      path += `M${lines[i]!} ${lines[i + 1]!}L${lines[i + 2]!} ${lines[i + 3]!}`
    this.#definitions.push(
      `<pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse"><path d="${path}" stroke="${look.stroke}" stroke-width="${look.width}"${dash}/></pattern>`,
    )
    this.#patterns.set(key, id)
    return id
  }
}

const number = (value: number): string => String(Math.round(value * 100) / 100)
const opacity = (alpha: number): string => (alpha < 1 ? ` fill-opacity="${number(alpha)}"` : '')

function rectPath(rects: readonly number[]): string {
  let path = ''
  for (let i = 0; i + 3 < rects.length; i += 4)
    path += `M${number(rects[i]!)} ${number(rects[i + 1]!)}h${number(rects[i + 2]!)}v${number(rects[i + 3]!)}h${number(-rects[i + 2]!)}z`
  return path
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string =>
  // Control characters other than tab and line ends may not stand in XML at all.
  text.replaceAll(/[&<>"]/g, (c) => ESCAPES[c]!).replaceAll(/(?![\t\n\r])\p{Cc}/gu, '\ufffd')
