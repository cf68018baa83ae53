import { sql } from 'kysely'
import { inBatches } from '../batches.ts'
import type { CatalogColumn, Database } from '../contract.ts'
import { bindValue } from './bind.ts'
import { createCopyFrom } from './copy.ts'
import type { PostgresSession } from './session.ts'

/** Characters of one COPY: it holds this much in memory, and ends long before its time limit. */
const BATCH_LENGTH = 2 ** 22

/** COPY … FROM STDIN, in batches. See `Database.insertRows`. */
export async function insertRows(
  { connection, queries }: Pick<PostgresSession, 'connection' | 'queries'>,
  table: string,
  columns: readonly CatalogColumn[],
  rows: Parameters<Database['insertRows']>[2],
): Promise<number> {
  const names = sql.join(columns.map(({ name }) => sql.id(name)))
  const { sql: text } = sql`copy ${sql.id(table)} (${names}) from stdin`.compile(queries)
  let count = 0
  let lines = ''
  const send = async () => {
    if (lines !== '') count += await connection.copyFrom(await createCopyFrom(text), lines)
    lines = ''
  }
  for await (const batch of inBatches(rows)) {
    for (const row of batch) {
      lines += encodeLine(columns.map((column, index) => bindValue(column, row[index] ?? null)))
      if (lines.length >= BATCH_LENGTH) await send()
    }
  }
  await send()
  return count
}

function encodeLine(values: readonly (string | null)[]): string {
  return `${values.map(encodeField).join('\t')}\n`
}

const SPECIAL = /[\\\t\n\r]/

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
}

function encodeField(value: string | null): string {
  if (value === null) return '\\N'
  if (!SPECIAL.test(value)) return value
  return value.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character]!)
}
