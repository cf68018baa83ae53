import type { RawBuilder } from 'kysely'
import type {
  Catalog,
  Database,
  Queries,
  RawRow,
  ReadColumn,
  ReadRequest,
} from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import { canonicalCell } from '../gateway/cells.ts'
import { columnRule, GATEWAY_TABLES } from '../gateway/columns.ts'
import { type Fingerprinter, hiding } from './fingerprint.ts'
import { type Cell, naturalKey, type Row } from './model.ts'

export interface TableRead {
  readonly table: string
  /** Columns wanted; those that this database lacks are left out. Key columns are always read. */
  readonly columns: readonly string[]
  readonly where?: (queries: Queries) => RawBuilder<boolean>
  /** Cells are the stored text itself: JSON keeps its order and its digits. */
  readonly verbatim?: boolean
  /** Columns that are secrets in these rows, though not in every row of the table. */
  readonly hidden?: readonly string[]
}

/**
 * Rows of the wanted tables as canonical cells, in no order, one query on PostgreSQL. A table that
 * does not exist is an error: a failed read is never an empty table. Without a fingerprinter a
 * secret is only told to be set.
 */
export async function readRows(
  database: Pick<Database, 'read'>,
  catalog: Catalog,
  fingerprinter: Fingerprinter | null,
  reads: readonly TableRead[],
): Promise<Row[][]> {
  const columns = reads.map((read) => presentColumns(catalog, read))
  const requests = reads.map((read, index): ReadRequest => ({
    table: read.table,
    columns: columns[index]!.map((name) => readColumn(catalog, fingerprinter, read, name)),
    ...(read.where === undefined ? {} : { where: read.where }),
  }))
  const results = await database.read(requests)
  return reads.map((read, index) =>
    results[index]!.map((raw) => toRow(catalog, read, columns[index]!, raw)),
  )
}

function presentColumns(catalog: Catalog, { table, columns }: TableRead): string[] {
  const known = catalog.get(table)
  if (known === undefined) {
    throw new TidegateError('not-a-gateway', `the database has no table ${table}`, {
      nextStep: 'check which database the run is connected to: it is named in the first line',
    })
  }
  const wanted = new Set([...primaryKey(table), ...naturalColumns(table), ...columns])
  return [...wanted].filter((name) => known.has(name))
}

function primaryKey(table: string): readonly string[] {
  return GATEWAY_TABLES[table]?.primaryKey ?? []
}

function naturalColumns(table: string): readonly string[] {
  return GATEWAY_TABLES[table]?.naturalKey ?? []
}

function readColumn(
  catalog: Catalog,
  fingerprinter: Fingerprinter | null,
  { table, hidden = [] }: TableRead,
  name: string,
): ReadColumn {
  const family = catalog.get(table)?.get(name)?.family
  const isSecret = columnRule(table, name, family).role === 'secret' || hidden.includes(name)
  if (!isSecret) return { name }
  return { name, hide: hiding(fingerprinter, table, name) }
}

function toRow(
  catalog: Catalog,
  { table, verbatim = false, hidden = [] }: TableRead,
  columns: readonly string[],
  raw: RawRow,
): Row {
  const cells = new Map<string, Cell>()
  columns.forEach((name, index) => {
    const rule = columnRule(table, name, catalog.get(table)?.get(name)?.family)
    const value = raw[index] ?? null
    const isText = verbatim || rule.role === 'secret' || hidden.includes(name)
    cells.set(name, isText ? (value?.text ?? null) : canonicalCell(rule, value))
  })
  return {
    table,
    key: naturalKey(naturalColumns(table).map((name) => cells.get(name) ?? null)),
    locator: Object.fromEntries(primaryKey(table).map((name) => [name, cells.get(name) ?? ''])),
    cells,
  }
}
