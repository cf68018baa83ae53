import { type RawBuilder, sql } from 'kysely'
import type { Catalog, CatalogColumn, Database } from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import { columnRule } from '../gateway/columns.ts'
import { isSecretOption } from '../gateway/secrets.ts'
import type { Locator } from '../snapshot/model.ts'
import type { JournalKey } from './journal-key.ts'

export function catalogColumn(catalog: Catalog, table: string, name: string): CatalogColumn {
  const column = catalog.get(table)?.get(name)
  if (column === undefined) {
    throw new TidegateError('database', `the database has no column ${table}.${name}`, {
      nextStep: 'check that the gateway and tidegate use the same database',
    })
  }
  return column
}

/** Whether the column holds a secret in the row at `locator`. */
export function isSecretCell(
  { table, name, family }: CatalogColumn,
  { key = '' }: Locator,
): boolean {
  if (table === 'options' && name === 'value') return isSecretOption(key)
  return columnRule(table, name, family).role === 'secret'
}

/** SQL of the image of the row of `table` in scope. */
export function imageOf(
  { images }: Database,
  table: string,
  columns: readonly CatalogColumn[],
): RawBuilder<string> {
  return columns.length === 0 ? sql<string>`cast('{}' as text)` : images.capture(table, columns)
}

/** SQL of what `after_secrets` holds of the row of `table` in scope: JSON, column to fingerprint. */
export function secretsOf(
  database: Database,
  table: string,
  columns: readonly CatalogColumn[],
  key: JournalKey | undefined,
): RawBuilder<string | null> {
  if (columns.length === 0 || key === undefined) return sql<string | null>`cast(null as text)`
  const members = columns.map((column) => {
    const image = database.images.capture(table, [column])
    const fingerprint = database.hide(image, key.fingerprint(table, column.name))
    return sql`cast(${`${JSON.stringify(column.name)}:"`} as text) || ${fingerprint} || '"'`
  })
  return sql<string | null>`'{' || ${sql.join(members, sql` || ',' || `)} || '}'`
}
