import stringWidth from 'string-width'

/** Chinese has no spaces: a line may end after each character but before closing marks. */
const BREAKS = /(?<= )|(?<=[\p{Script=Han}、。，：；！？）])(?![、。，：；！？） ])/u

/**
 * One line of escaped text as lines of at most `columns` terminal columns, broken after spaces, or
 * between Chinese characters, or within a word that is wider. Linear, unlike the wrapping of tables, which is for short texts.
 */
export function wrap(text: string, columns: number): string[] {
  if (columns === Number.POSITIVE_INFINITY) return [text]
  const lines: string[] = []
  let line = ''
  let used = 0
  for (const { word, width } of text.split(BREAKS).flatMap((one) => pieces(one, columns))) {
    if (used + width > columns) {
      lines.push(line.trimEnd())
      line = ''
      used = 0
    }
    line += word
    used += word.endsWith(' ') ? width + 1 : width
  }
  return [...lines, line.trimEnd()]
}

/** `width` is that of the word without the space at its end. */
interface Piece {
  readonly word: string
  readonly width: number
}

/** A word wider than the terminal in parts that fit. */
function pieces(word: string, columns: number): Piece[] {
  const width = stringWidth(word.trimEnd())
  if (width <= columns) return [{ word, width }]
  const parts: Piece[] = []
  let part = ''
  let used = 0
  for (const character of word) {
    const step = stringWidth(character)
    if (used + step > columns) {
      parts.push({ word: part, width: used })
      part = ''
      used = 0
    }
    part += character
    used += step
  }
  return [...parts, { word: part, width: used }]
}
