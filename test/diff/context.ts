import { hash } from 'node:crypto'
import type { FindingContext } from '../../src/diff/build-finding.ts'
import { changedFinding } from '../../src/diff/build-finding.ts'
import { diffCells } from '../../src/diff/cells.ts'
import { columnRule } from '../../src/gateway/columns.ts'
import type { Finding } from '../../src/diff/finding.ts'
import type { Cell } from '../../src/snapshot/model.ts'

export type Cells = Readonly<Record<string, Cell>>

export const sha256 = (text: string): string => hash('sha256', text, 'hex')

export const CONTEXT: FindingContext = {
  hash: sha256,
  names: { from: 'local', to: 'production' },
  hasBase: true,
  resolutions: ({ id }) => [{ command: `tidegate accept ${id}`, effect: 'accepts it' }],
  location: () => ({ file: 'seeds/made-up.ts', line: 3 }),
}

export const KEY = ['made up', '1']

export function differencesOf(table: string, from: Cells, to: Cells) {
  const rules = Object.keys(from).map((name) => columnRule(table, name))
  return diffCells(rules, mapOf(from), mapOf(to)).differences
}

export function mapOf(cells: Cells): Map<string, Cell> {
  return new Map(Object.entries(cells))
}

/** The finding of a channel, or of an option, that both sides have. */
export function changed(
  from: Cells,
  to: Cells,
  { base = null, context = CONTEXT }: { base?: Cells | null; context?: FindingContext } = {},
): Finding | null {
  const table = 'value' in from ? 'options' : 'channels'
  const key = table === 'options' ? [from['key'] ?? ''] : KEY
  const differences = differencesOf(table, from, to)
  return changedFinding(context, {
    table,
    key,
    differences,
    base: base === null ? null : mapOf(base),
  })
}
