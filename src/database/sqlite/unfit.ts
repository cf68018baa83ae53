import { isUtf8 } from 'node:buffer'
import { sql } from 'kysely'
import type { Catalog, CatalogColumn, UnfitValue } from '../contract.ts'
import { readCatalog } from './catalog.ts'
import type { SqliteValue } from './connection.ts'
import type { SqliteReading } from './reading.ts'

/** SQLite enforces neither lengths nor encodings. See `DatabaseReader.unfit`. */
export async function findUnfit(
  reading: SqliteReading,
  tables: readonly string[],
): Promise<UnfitValue[]> {
  const catalog = await readCatalog(reading)
  return tables.flatMap((table) => findInTable(reading, catalog, table))
}

function findInTable(
  { connection, queries }: SqliteReading,
  catalog: Catalog,
  table: string,
): UnfitValue[] {
  const columns = [...(catalog.get(table)?.values() ?? [])]
  const texts = columns.filter(({ family }) => family === 'text')
  if (texts.length === 0) return []
  const keys = columns
    .filter(({ keyPosition }) => keyPosition !== null)
    .toSorted((a, b) => a.keyPosition! - b.keyPosition!)
  const judged = texts.map(({ name, maxLength }) => {
    const bytes = sql`cast(${sql.ref(name)} as blob)`
    return sql`tidegate_unfit(${bytes}, ${sql.lit(maxLength)})`
  })
  const all = sql.join([...keys.map(({ name }) => sql.ref(name)), ...judged])
  const statement = sql`select ${all} from ${sql.id(table)} where ${isSuspect(texts)}`
  const { sql: text, parameters } = statement.compile(queries)
  return connection.rows(text, parameters).flatMap((row) => {
    const key = row.slice(0, keys.length).map(String).join('/')
    return texts.flatMap((column, index) => problemOf(column, key, row[keys.length + index]!))
  })
}

// A call of our function costs more than the rest, so there is one for the whole row.
function isSuspect(texts: readonly CatalogColumn[]) {
  const values = texts.map(({ name }) => sql.ref(name))
  const together = sql`cast(concat_ws(',', ${sql.join(values)}) as blob)`
  const long = texts.flatMap(({ name, maxLength }) =>
    maxLength === null ? [] : [sql`octet_length(${sql.ref(name)}) > ${sql.lit(maxLength)}`],
  )
  return sql.join([sql`tidegate_unfit(${together}, null) is not null`, ...long], sql` or `)
}

function problemOf({ table, name, maxLength }: CatalogColumn, row: string, found: SqliteValue) {
  if (found === null) return []
  const [problem, length] = String(found).split(':') as [UnfitValue['problem'], string]
  const limit = problem === 'too-long' ? maxLength : null
  return [{ table, row, column: name, problem, limit, length: Number(length) }]
}

/**
 * SQL function `tidegate_unfit(bytes, limit)`: what a database that enforces its types would refuse
 * the text for, with its length in characters; NULL for nothing.
 */
export function unfit(bytes: Buffer | null, limit: number | null): string | null {
  if (bytes === null) return null
  if (!isUtf8(bytes)) return `not-utf8:${bytes.length}`
  if (bytes.includes(0)) return `nul:${bytes.length}`
  if (limit === null || bytes.length <= limit) return null
  const length = [...bytes.toString('utf8')].length
  return length > limit ? `too-long:${length}` : null
}
