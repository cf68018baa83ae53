import type { Catalog, Database } from '../database/contract.ts'
import type { Row } from '../snapshot/model.ts'
import { readRows, type TableRead } from '../snapshot/read.ts'

/** Something that is read together with others: rows asked for, and what becomes of them. */
export interface Part<T> {
  readonly reads: readonly TableRead[]
  /** Gets the rows of each read. */
  readonly finish: (rows: readonly (readonly Row[])[]) => T
}

/** Reads all parts in one query on PostgreSQL. */
export async function readParts<T extends readonly unknown[]>(
  database: Pick<Database, 'read'>,
  catalog: Catalog,
  parts: { readonly [K in keyof T]: Part<T[K]> },
): Promise<T> {
  const list = parts as readonly Part<unknown>[]
  const reads = list.flatMap((part) => part.reads)
  const rows = await readRows(database, catalog, null, reads)
  let start = 0
  return list.map((part) => {
    const own = rows.slice(start, start + part.reads.length)
    start += part.reads.length
    return part.finish(own)
  }) as unknown as T
}
