import Table from 'cli-table3'

export interface TableOptions {
  /** Columns of the terminal; Infinity when the output is no terminal. */
  readonly width: number
}

const NO_BORDER = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const

/**
 * A table without borders, its last column wrapped to the terminal. Cells must be escaped already.
 * Empty rows give only the head.
 */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { width }: TableOptions,
): string {
  const lead = head.slice(0, -1).map((title, column) => widest(title, rows, column))
  const rest = width - lead.reduce((sum, columns) => sum + columns + 2, 0)
  const bounded = Number.isFinite(rest) && rest >= 20
  const table = new Table({
    head: [...head],
    chars: NO_BORDER,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    ...(bounded ? { colWidths: [...lead, rest], wordWrap: true } : {}),
  })
  table.push(...rows.map((row) => [...row]))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n')
}

function widest(title: string, rows: readonly (readonly string[])[], column: number): number {
  return Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(columnsOf))
}

/** Columns that a text takes in a terminal: East Asian wide characters take two. */
function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += WIDE.test(character) ? 2 : 1
  return columns
}

const WIDE =
  /[\u{1100}-\u{115F}\u{2E80}-\u{303E}\u{3041}-\u{33FF}\u{3400}-\u{4DBF}\u{4E00}-\u{9FFF}\u{A000}-\u{A4CF}\u{AC00}-\u{D7A3}\u{F900}-\u{FAFF}\u{FE30}-\u{FE4F}\u{FF00}-\u{FF60}\u{FFE0}-\u{FFE6}\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u
