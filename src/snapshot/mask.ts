import { hideSecrets } from '../gateway/secret-scan.ts'
import type { Fingerprinter } from './fingerprint.ts'
import type { Cell } from './model.ts'
import type { ShapeColumn, TableShape } from './shape.ts'

/** Cells of a row in which secrets inside of other values are replaced. */
export type MaskSecrets = (
  shape: TableShape,
  cells: ReadonlyMap<string, Cell>,
) => ReadonlyMap<string, Cell>

const SHOWN_DIGITS = 12
const HIDDEN = '[secret]'

/**
 * A password in a URL, a key in a remark: what looks like a secret inside of another value becomes
 * its fingerprint. Without a key that both sides share, fingerprints say nothing: then it is a
 * fixed word, and of a secret column only that it is set.
 */
export function maskSecrets(shared: Fingerprinter | null): MaskSecrets {
  return ({ table, columns }, cells) => {
    const masked = new Map(cells)
    for (const column of columns) {
      const cell = cells.get(column.name) ?? null
      if (cell !== null && cell !== '')
        masked.set(column.name, maskCell(shared, table, column, cell))
    }
    return masked
  }
}

function maskCell(
  shared: Fingerprinter | null,
  table: string,
  { column, rule }: ShapeColumn,
  cell: string,
): string {
  if (rule.role === 'secret') return shared === null ? 'set' : cell
  if (shared === null) {
    return hideSecrets(cell, () => HIDDEN).replaceAll(/\[secret:[0-9a-f]{12}\]/g, HIDDEN)
  }
  return hideSecrets(
    cell,
    (secret) => `[secret:${shared.of(table, column, secret).slice(0, SHOWN_DIGITS)}]`,
  )
}
