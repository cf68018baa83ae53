import { sql, type RawBuilder } from 'kysely'
import type { CatalogColumn, RowImages } from '../contract.ts'

/**
 * `{"name": value, …}` as the server writes each type in JSON. A json value is held as a string:
 * inside the object its outer blanks would be lost, and `null` would become NULL.
 */
export const images: RowImages = {
  capture(table, columns) {
    const cells = columns.map((column) => {
      return sql`${captureCell(table, column)} as ${sql.id(column.name)}`
    })
    return sql<string>`(select row_to_json(cells)::text from (select ${sql.join(cells)}) as cells)`
  },

  // The server has no text that is not UTF-8.
  captureToCarry(table, columns) {
    return images.capture(table, columns)
  },

  restore(column, image) {
    const { table, name, type } = column
    if (type === 'json') return sql`((${image})::json ->> ${name}::text)::json`
    if (type === 'jsonb') return sql`((${image})::json ->> ${name}::text)::jsonb`
    return sql`(json_populate_record(null::${sql.id(table)}, (${image})::json)).${sql.id(name)}`
  },
}

function captureCell(table: string, { name, type }: CatalogColumn): RawBuilder<unknown> {
  const value = sql.id(table, name)
  return type === 'json' || type === 'jsonb' ? sql`${value}::text` : value
}
