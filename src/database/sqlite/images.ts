import { sql, type RawBuilder } from 'kysely'
import type { CatalogColumn, RowImages } from '../contract.ts'

/**
 * `{"name": ["text", "value"], …}`: with the storage class of each value, because SQLite lets a
 * column hold another one than it declares.
 */
export const images: RowImages = {
  capture(table, columns) {
    const members = columns.map(({ name }) => sql`${name}, ${captureCell(table, name)}`)
    return sql<string>`json_object(${sql.join(members)})`
  },

  restore(column, image) {
    const cell = sql`select json_extract(${image}, ${pathOf(column)}) as cell`
    return sql`(
      select case json_extract(cell, '$[0]')
        when 'blob' then unhex(json_extract(cell, '$[1]'))
        else json_extract(cell, '$[1]')
      end from (${cell}))`
  },
}

function captureCell(table: string, name: string): RawBuilder<string> {
  const value = sql.id(table, name)
  const text = sql`case typeof(${value}) when 'blob' then hex(${value}) else ${value} end`
  return sql<string>`json_array(typeof(${value}), ${text})`
}

function pathOf({ name }: CatalogColumn): string {
  return `$.${JSON.stringify(name)}`
}
