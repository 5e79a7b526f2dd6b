/**
 * Words that are too faint to read for some: WCAG 2.2, 1.4.3 (AA), computed from what the browser computed. A word needs
 * 4.5:1 against what it stands on, a large one (24 px, or 18.66 px bold) 3:1; what cannot be used now needs none.
 */
import type { Page } from 'playwright-core'

/** One line a fault: the ratio, the words, their colours. Only what is visible counts. */
export function faintWords(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    type Rgba = [number, number, number, number]
    const parse = (colour: string): Rgba => {
      const [r = 0, g = 0, b = 0, a = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number)
      return colour.startsWith('color(srgb') ? [r * 255, g * 255, b * 255, a] : [r, g, b, a]
    }
    const over = (top: Rgba, below: Rgba): Rgba => {
      const mix = (i: 0 | 1 | 2): number => top[i] * top[3] + below[i] * (1 - top[3])
      return [mix(0), mix(1), mix(2), 1]
    }
    /** What an element stands on: its own ground and those around it, the nearest on top. */
    const groundOf = (element: Element | null): Rgba => {
      if (element === null) return [255, 255, 255, 1]
      const own = parse(getComputedStyle(element).backgroundColor)
      return own[3] === 1 ? own : over(own, groundOf(element.parentElement))
    }
    const luminance = (colour: Rgba): number => {
      const [r, g, b] = colour.slice(0, 3).map((value) => {
        const part = value / 255
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
    }
    const faults: string[] = []
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const words = [...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.textContent!.trim())
        .join(' ')
      if (words === '' || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
        continue
      if (element.closest('svg, :disabled, [aria-disabled=true], option')) continue
      const { width, height } = element.getBoundingClientRect()
      if (width < 2 || height < 2) continue
      const style = getComputedStyle(element)
      const ground = groundOf(element)
      const ink = over(parse(style.color), ground)
      const [light, dark] = [luminance(ink), luminance(ground)].sort((a, b) => b - a)
      const ratio = (light! + 0.05) / (dark! + 0.05)
      const size = parseFloat(style.fontSize)
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
      if (ratio < (isLarge ? 3 : 4.5))
        faults.push(
          `${ratio.toFixed(2)} "${words.slice(0, 40)}" ${style.color} on ${ground.map(Math.round).join(' ')}`,
        )
    }
    return [...new Set(faults)]
  })
}
