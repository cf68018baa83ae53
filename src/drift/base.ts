import type { Catalog, Database } from '../database/contract.ts'
import type { BaseFacts } from '../diff/drift-report.ts'
import { encodeLine } from '../snapshot/line.ts'
import { cellsOf, keyText } from '../snapshot/cells.ts'
import type { BaseLine } from '../snapshot/file-format.ts'
import { Fingerprinter } from '../snapshot/fingerprint.ts'
import type { MaskSecrets } from '../snapshot/mask.ts'
import type { Cell } from '../snapshot/model.ts'
import { readRows } from '../snapshot/read.ts'
import type { TableShape } from '../snapshot/shape.ts'
import type { Source } from '../snapshot/source.ts'
import { type BaseRow, toBaseRow } from '../apply/memory.ts'

/** The state that both sides once agreed on: what tells who changed a cell since. */
export interface Base {
  readonly facts: BaseFacts
  /** Rows of a table by the text of their key; a cell that is not there is not known. */
  rows(shape: TableShape): Promise<ReadonlyMap<string, ReadonlyMap<string, Cell>>>
}

/** What seeds last applied to a database, by natural keys; [] where tidegate never wrote. */
export async function readAppliedBase(
  database: Pick<Database, 'read'>,
  catalog: Catalog,
): Promise<BaseLine[]> {
  if (!catalog.has('tidegate_base')) return []
  const [rows] = await readRows(database, catalog, new Fingerprinter(), [
    { table: 'tidegate_base', columns: ['seed', 'row_key', 'table_name', 'row_id', 'cells'] },
  ])
  return rows!.map(toBaseRow).map(({ seed, rowKey, table, rowId, cells }) => {
    const applied = JSON.parse(cells) as BaseLine['cells']
    // As it was applied: today the row may be called otherwise, or be gone.
    const key = baseKey({ table, rowKey, rowId }, applied)
    return { base: seed, rowKey, table, key, cells: applied }
  })
}

function baseKey(
  { table, rowKey, rowId }: Pick<BaseRow, 'table' | 'rowKey' | 'rowId'>,
  applied: BaseLine['cells'],
): BaseLine['key'] {
  const natural = rowKey.slice(table.length + 1)
  if (natural.startsWith('[')) return JSON.parse(natural) as BaseLine['key']
  return table === 'channels' ? [applied['name'] ?? null, applied['type'] ?? null] : [rowId]
}

/** A base of some cells of some rows: those that a seed declared. */
export function appliedBase(label: string, lines: readonly BaseLine[], mask: MaskSecrets): Base {
  return {
    facts: { kind: 'applied', label },
    rows: async (shape) =>
      new Map(
        lines
          .filter(({ table }) => table === shape.table)
          .map(({ key, cells }) => [
            encodeLine(key.map((text) => (text === null ? null : { storage: 'native', text }))),
            mask(shape, new Map(Object.entries(cells))),
          ]),
      ),
  }
}

/** A base of every cell of every row that a snapshot holds. */
export function snapshotBase(label: string, source: Source, mask: MaskSecrets): Base {
  return {
    facts: { kind: 'snapshot', label },
    rows: async (shape) => {
      const rows = new Map<string, ReadonlyMap<string, Cell>>()
      for await (const lines of source.lines(shape)) {
        for (const line of lines) rows.set(keyText(shape, line), mask(shape, cellsOf(shape, line)))
      }
      return rows
    },
  }
}
