import { sql } from 'kysely'
import type { Catalog, CatalogColumn, Database } from '../database/contract.ts'
import { joined, locate, type LocatedRow } from './located.ts'
import type { Run } from './run.ts'

interface SecretRows {
  readonly table: string
  /** Columns that hold a secret in every one of the rows. */
  readonly secret: readonly CatalogColumn[]
  readonly rows: readonly LocatedRow[]
}

/**
 * The rows with what the secret columns hold, encrypted, as last text: JSON, column to base64. Only
 * for so long are the secrets in the process.
 */
export async function encryptSecrets(
  { database, catalog, run }: { database: Database; catalog: Catalog; run: Run },
  { table, secret, rows }: SecretRows,
): Promise<readonly LocatedRow[]> {
  if (secret.length === 0) return rows
  const located = locate(database, catalog, table, rows)
  const images = secret.map((column, index) => {
    return sql`${database.images.captureToCarry(table, [column])} as ${sql.id(`image_${index}`)}`
  })
  const found = await sql<Record<string, string>>`
    with ${located.rows}
    select ${sql.join([sql`tidegate_located.seq as seq`, ...images])} from ${joined(table, located)}
  `.execute(database.queries)
  const bySeq = new Map(found.rows.map((row) => [Number(row['seq']), row]))
  return rows.map(({ texts, ...row }) => {
    const sealed = secret.map(({ name }, index) => {
      const place = { runId: run.id, seq: row.seq, table, column: name }
      const image = bySeq.get(row.seq)?.[`image_${index}`] ?? ''
      return [name, run.journalKey!.encrypt(image, place)]
    })
    return { ...row, texts: [...texts.slice(0, -1), JSON.stringify(Object.fromEntries(sealed))] }
  })
}
