import type { Target } from '../../src/database/contract.ts'
import { queryRaw } from './raw.ts'

/**
 * Every row of a table as text that differs when a byte or a storage class differs, in the order of
 * the text.
 */
export async function exactRows(target: Target, table: string): Promise<string[]> {
  const rows = await queryRaw(
    target,
    target.dialect === 'sqlite'
      ? `select ${await exactCells(target, table)} from "${table}"`
      : `select t::text from "${table}" as t`,
  )
  return rows.map(([text]) => String(text)).toSorted()
}

async function exactCells(target: Target, table: string): Promise<string> {
  const columns = await queryRaw(target, `select name from pragma_table_info('${table}')`)
  return columns
    .map(([name]) => `'${String(name)}=' || typeof("${String(name)}") || quote("${String(name)}")`)
    .join(` || ' | ' || `)
}
