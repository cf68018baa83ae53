import type { Catalog, DatabaseReader, StreamColumn, StreamRequest } from '../database/contract.ts'
import { recogniseVersion } from '../gateway/versions.ts'
import { readStaleAbilities } from './ability-check.ts'
import { type Fingerprinter, hiding } from './fingerprint.ts'
import { readOptionLines } from './option-lines.ts'
import { familyOf, type ShapeColumn, type TableShape } from './shape.ts'
import type { BucketFilter, Source } from './source.ts'

/**
 * A live database as one side of a comparison. Without a fingerprinter its secrets are only told
 * to be set or empty; either way they stay in it.
 */
export async function openDatabaseSource(
  name: string,
  reader: DatabaseReader,
  fingerprinter: Fingerprinter | null,
): Promise<Source> {
  const catalog = await reader.catalog()
  const request = (shape: TableShape, buckets?: BucketFilter): StreamRequest =>
    streamRequest(catalog, fingerprinter, shape, buckets)
  return {
    name,
    kind: 'database',
    dialect: reader.dialect,
    label: reader.label,
    catalog,
    version: recogniseVersion(catalog),
    takenAt: new Date(),
    keyId: fingerprinter?.keyId ?? null,
    scope: null,
    snapshot: (body) => reader.snapshot(body),
    lines: (shape, buckets) =>
      shape.table === 'options'
        ? readOptionLines(reader, fingerprinter, shape)
        : reader.stream(request(shape, buckets)),
    staleAbilities: (check) => readStaleAbilities(reader, catalog, check),
    digest: (shape, count) => reader.digest(request(shape), count),
    size: (table) => reader.size(table),
    link: () => reader.link(),
    get traffic() {
      return reader.traffic
    },
  }
}

function streamRequest(
  catalog: Catalog,
  fingerprinter: Fingerprinter | null,
  { table, columns, keyLength, whereNull }: TableShape,
  buckets: BucketFilter | undefined,
): StreamRequest {
  const hasFilter = whereNull !== null && catalog.get(table)?.has(whereNull) === true
  return {
    table,
    columns: columns.map((column) => streamColumn(catalog, fingerprinter, table, column)),
    keyLength,
    ...(hasFilter ? { whereNull } : {}),
    ...(buckets === undefined ? {} : { buckets }),
  }
}

function streamColumn(
  catalog: Catalog,
  fingerprinter: Fingerprinter | null,
  table: string,
  column: ShapeColumn,
): StreamColumn {
  const { reference, rule } = column
  return {
    name: column.column,
    family: familyOf(catalog, table, column),
    ...(reference === null ? nullability(catalog, table, column.column) : { reference }),
    ...(rule.role === 'secret' ? { hide: hiding(fingerprinter, table, column.column) } : {}),
  }
}

function nullability(catalog: Catalog, table: string, column: string): { nullable?: boolean } {
  const known = catalog.get(table)?.get(column)
  return known === undefined ? {} : { nullable: known.nullable }
}
