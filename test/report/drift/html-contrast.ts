import type { Page } from 'playwright-core'

export interface Contrast {
  /** Where the text is: classes of the element and its parents. */
  readonly where: string
  readonly color: string
  readonly background: string
  /** WCAG 2, 1 to 21. */
  readonly ratio: number
}

/** Each combination of colours in which the page shows text. */
export function contrasts(page: Page): Promise<Contrast[]> {
  return page.evaluate(() => {
    const channels = (color: string): number[] => color.match(/[\d.]+/g)!.map(Number)
    const luminance = (color: string): number => {
      const [red, green, blue] = channels(color)
        .slice(0, 3)
        .map((value) => value / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
      return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
    }
    const backgroundOf = (element: Element): string => {
      const color = getComputedStyle(element).backgroundColor
      return channels(color)[3] === 0 ? backgroundOf(element.parentElement!) : color
    }
    const nameOf = (element: Element | null): string =>
      element === null || element === document.body
        ? ''
        : `${nameOf(element.parentElement)} ${element.localName}.${[...element.classList].join('.')}`
    const found = new Map<string, Contrast>()
    for (const element of document.body.querySelectorAll('*')) {
      const isText = [...element.childNodes].some((node) => node.nodeType === 3)
      if (!isText || element.localName === 'script') continue
      const color = getComputedStyle(element).color
      const background = backgroundOf(element)
      const [dark, light] = [luminance(color), luminance(background)].toSorted((a, b) => a - b)
      const where = nameOf(element).trim()
      found.set(`${where} ${color} ${background}`, {
        where,
        color,
        background,
        ratio: (light! + 0.05) / (dark! + 0.05),
      })
    }
    return [...found.values()]
  })
}
