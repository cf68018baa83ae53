import { escapeLineStart } from '../escape.ts'
import { wrap } from './wrap.ts'

/** Narrower than this, wrapping would help nobody. */
const NARROWEST = 20

export interface TextLine {
  /** Columns before the text, also before its wrapped parts. */
  readonly indent: number
  /** More columns before the wrapped parts after the first. */
  readonly hang?: number
  /** Escaped; without colours, which `paint` adds to each wrapped part. */
  readonly text: string
  readonly paint?: (text: string) => string
  /** Commands stay in one piece: they are there to be copied. */
  readonly whole?: boolean
}

/** The lines wrapped to the terminal; no line starts a command of a CI runner. */
export function layOut(lines: readonly TextLine[], width: number): string {
  return lines
    .flatMap((line) => {
      const { indent, hang = 0, text, whole = false, paint = (text: string) => text } = line
      const parts = whole ? [text] : wrap(text, Math.max(width - indent - hang, NARROWEST))
      return parts.map((part, index) => {
        const before = ' '.repeat(index === 0 ? indent : indent + hang)
        return part === '' ? '' : before + paint(escapeLineStart(part))
      })
    })
    .join('\n')
}
