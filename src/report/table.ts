import cliui from 'cliui'
import stringWidth from 'string-width'

export interface TableOptions {
  /** Columns of the terminal; Infinity when the output is no terminal. */
  readonly width: number
}

const GAP = 2

/** Narrower than this, wrapping the last column would help nobody. */
const NARROWEST = 20

/**
 * A table without borders, its last column wrapped to the terminal. Cells must be escaped already.
 * Empty rows give only the head.
 */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { width }: TableOptions,
): string {
  const lines = [head, ...rows]
  const columns = head.map((_, column) => Math.max(...lines.map((line) => widest(line[column]!))))
  const lead = columns.slice(0, -1).reduce((sum, columnWidth) => sum + columnWidth + GAP, 0)
  const last = Math.min(columns.at(-1)!, Math.max(width - lead, NARROWEST))
  const ui = cliui({ width: lead + last, wrap: true })
  for (const line of lines) {
    ui.div(
      ...line.map((text, column) => ({
        text,
        width: column === head.length - 1 ? last : columns[column]! + GAP,
      })),
    )
  }
  return ui
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** Terminal columns of the longest line; East Asian wide characters take two. */
function widest(text: string): number {
  return Math.max(...text.split('\n').map((line) => stringWidth(line)))
}
