import type { Catalog, Database } from '../database/contract.ts'
import type { BaseFacts } from '../diff/drift-report.ts'
import { compareBytes } from '../gateway/byte-order.ts'
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

/** A row of `tidegate_base`, with the natural key of the row that it is about. */
export interface RememberedRow extends BaseRow {
  readonly runId: string
  readonly key: BaseLine['key']
  readonly applied: BaseLine['cells']
}

/** What tidegate remembers in a database, oldest run first; [] where it never wrote. */
export async function readRemembered(
  database: Pick<Database, 'read'>,
  catalog: Catalog,
): Promise<RememberedRow[]> {
  if (!catalog.has('tidegate_base')) return []
  const columns = ['seed', 'row_key', 'table_name', 'row_id', 'cells', 'run_id']
  const [rows] = await readRows(database, catalog, new Fingerprinter(), [
    { table: 'tidegate_base', columns },
  ])
  return inOrder(
    rows!.map((row) => {
      const base = toBaseRow(row)
      const applied = JSON.parse(base.cells) as BaseLine['cells']
      // As it was applied: today the row may be called otherwise, or be gone.
      const key = baseKey(base, applied)
      return { ...base, runId: row.cells.get('run_id') ?? '', key, applied }
    }),
  )
}

/** Oldest run first. */
export function inOrder(rows: readonly RememberedRow[]): RememberedRow[] {
  return rows.toSorted((a, b) => compareBytes(a.runId, b.runId))
}

/** What was last applied to a database, by natural keys; [] where tidegate never wrote. */
export async function readAppliedBase(
  database: Pick<Database, 'read'>,
  catalog: Catalog,
): Promise<BaseLine[]> {
  return (await readRemembered(database, catalog)).map(toBaseLine)
}

export function toBaseLine({ seed, rowKey, table, key, applied }: RememberedRow): BaseLine {
  return { base: seed, rowKey, table, key, cells: applied }
}

function baseKey(
  { table, rowKey, rowId }: Pick<BaseRow, 'table' | 'rowKey' | 'rowId'>,
  applied: BaseLine['cells'],
): BaseLine['key'] {
  const natural = rowKey.slice(table.length + 1)
  if (natural.startsWith('[')) return JSON.parse(natural) as BaseLine['key']
  return table === 'channels' ? [applied['name'] ?? null, applied['type'] ?? null] : [rowId]
}

/** A base of some cells of some rows; what comes later in `lines` counts. */
export function appliedBase(label: string, lines: readonly BaseLine[], mask: MaskSecrets): Base {
  return {
    facts: { kind: 'applied', label },
    rows: async (shape) => {
      const rows = new Map<string, ReadonlyMap<string, Cell>>()
      for (const { table, key, cells } of lines) {
        if (table !== shape.table) continue
        const line = keyLine(key)
        const masked = mask(shape, new Map(Object.entries(cells)))
        rows.set(line, new Map([...(rows.get(line) ?? []), ...masked]))
      }
      return rows
    },
  }
}

/** The text of a key, as `keyText` gives it of a line. */
export function keyLine(key: BaseLine['key']): string {
  return encodeLine(key.map((text) => (text === null ? null : { storage: 'native', text })))
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
