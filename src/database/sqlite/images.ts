import { sql, type RawBuilder } from 'kysely'
import type { CatalogColumn, RowImages } from '../contract.ts'

/**
 * `{"name": ["text", "value"], …}`: with the storage class of each value, because SQLite lets a
 * column hold another one than it declares. To be carried a text that is not UTF-8 is
 * `["text-hex", "FF…"]`: the driver would make one text of all of them.
 */
export const images: RowImages = {
  capture(table, columns) {
    return objectOf(columns, ({ name }) => captureCell(sql.id(table, name)))
  },

  captureToCarry(table, columns) {
    return objectOf(columns, ({ name }) => captureCellToCarry(sql.id(table, name)))
  },

  restore(column, image) {
    const cell = sql`select json_extract(${image}, ${pathOf(column)}) as cell`
    return sql`(
      select case json_extract(cell, '$[0]')
        when 'blob' then unhex(json_extract(cell, '$[1]'))
        when 'text-hex' then cast(unhex(json_extract(cell, '$[1]')) as text)
        else json_extract(cell, '$[1]')
      end from (${cell}))`
  },
}

function objectOf(
  columns: readonly CatalogColumn[],
  cellOf: (column: CatalogColumn) => RawBuilder<string>,
): RawBuilder<string> {
  const members = columns.map((column) => sql`${column.name}, ${cellOf(column)}`)
  return sql<string>`json_object(${sql.join(members)})`
}

function captureCellToCarry(value: RawBuilder<unknown>): RawBuilder<string> {
  const isOdd = sql`typeof(${value}) = 'text'
    and tidegate_unfit(cast(${value} as blob), null) like 'not-utf8:%'`
  return sql<string>`
    case when ${isOdd} then json_array('text-hex', hex(${value})) else ${captureCell(value)} end`
}

function captureCell(value: RawBuilder<unknown>): RawBuilder<string> {
  const text = sql`case typeof(${value}) when 'blob' then hex(${value}) else ${value} end`
  return sql<string>`json_array(typeof(${value}), ${text})`
}

function pathOf({ name }: CatalogColumn): string {
  return `$.${JSON.stringify(name)}`
}
