import type { Target } from '../../src/database/contract.ts'
import { queryRaw } from '../support/raw.ts'
import { type CallOptions, envOf } from './runs.ts'

const TABLES = {
  sqlite: `select name from sqlite_master where type = 'table' order by name`,
  postgres: `select tablename from pg_tables where schemaname = 'public' order by tablename`,
} as const

/** Every row of every table, as sorted lines: whether anything at all was written. */
export async function everything({ target }: { readonly target: Target }): Promise<string[]> {
  const tables = (await queryRaw(target, TABLES[target.dialect])).flat().map(String)
  const lines: string[] = []
  for (const table of tables) {
    const rows = await queryRaw(target, `select * from "${table}"`)
    lines.push(table, ...rows.map((row) => `${table} ${row.map(shown).join('|')}`).toSorted())
  }
  return lines
}

function shown(cell: unknown): string {
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : JSON.stringify(text(cell))
}

function text(cell: unknown): unknown {
  return typeof cell === 'bigint' ? String(cell) : cell
}

/** Variables under which one database is `local` and another one `production`. */
export function ends(local: Target, production: Target): CallOptions['env'] {
  const there = Object.entries(envOf(production))
  return {
    SQLITE_PATH: undefined,
    PRODUCTION_SQLITE_PATH: undefined,
    ...envOf(local),
    ...Object.fromEntries(there.map(([name, value]) => [`PRODUCTION_${name}`, value])),
  }
}
