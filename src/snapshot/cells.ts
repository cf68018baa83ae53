import { canonicalCell, type RawCell } from '../gateway/cells.ts'
import { decodeLine } from './line.ts'
import type { Cell } from './model.ts'
import type { ShapeColumn, TableShape } from './shape.ts'

/** The canonical cells of a line, by the names of the shape's columns. */
export function cellsOf({ columns }: TableShape, line: string): Map<string, Cell> {
  const raw = decodeLine(line)
  return new Map(columns.map((column, index) => [column.name, cellOf(column, raw[index] ?? null)]))
}

function cellOf({ rule }: ShapeColumn, raw: RawCell | null): Cell {
  if (raw === null) return null
  return rule.role === 'secret' ? raw.text : canonicalCell(rule, raw)
}

/** The fields of a line's key as they are, for maps. */
export function keyText({ keyLength }: TableShape, line: string): string {
  let end = -1
  for (let field = 0; field < keyLength; field += 1) {
    end = line.indexOf('\t', end + 1)
    if (end === -1) return line
  }
  return line.slice(0, end)
}

/** The parts of a line's key, for people; NULL reads as ''. */
export function keyParts(shape: TableShape, line: string): string[] {
  return decodeLine(keyText(shape, line)).map((cell) => cell?.text ?? '')
}
