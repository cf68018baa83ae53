import type { Cells } from '../diff/cells.ts'
import type { CompareKind } from '../gateway/columns.ts'
import { cleanList, isPadded, joinList } from '../gateway/lists.ts'
import { cellsOf } from '../snapshot/cells.ts'
import { decodeLine } from '../snapshot/line.ts'
import type { MaskSecrets } from '../snapshot/mask.ts'
import type { Cell } from '../snapshot/model.ts'
import type { ShapeColumn, TableShape } from '../snapshot/shape.ts'
import type { Values } from './world.ts'

/** Kinds of which the stored text says more than the canonical one: order, digits. */
const VERBATIM: ReadonlySet<CompareKind> = new Set([
  'text',
  'csv-set',
  'url',
  'json',
  'json-map',
  'channel-info',
])

/** What a line says, and how it is written to another database. */
export function valuesOf(shape: TableShape, line: string, mask: MaskSecrets): Values {
  const raw = decodeLine(line)
  const canonical = intended(shape, cellsOf(shape, line))
  const texts = new Map(
    shape.columns.map((column, index) => [
      column.name,
      textOf(column, raw[index]?.text ?? null, canonical.get(column.name) ?? null),
    ]),
  )
  return { cells: mask(shape, canonical), texts }
}

/** A channel that the gateway disabled by itself is meant to be enabled. */
export function intended({ table }: Pick<TableShape, 'table'>, cells: Cells): Cells {
  if (table !== 'channels' || cells.get('status') !== '3') return cells
  return new Map([...cells, ['status', '1']])
}

function textOf({ rule }: ShapeColumn, raw: Cell, canonical: Cell): Cell {
  if (raw === null || rule.role === 'secret' || !VERBATIM.has(rule.compare)) return canonical
  return rule.compare === 'csv-set' && isPadded(raw) ? joinList(cleanList(raw)) : raw
}
