import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DialectName, PostgresTarget, Target } from '../../src/database/contract.ts'
import { observe, stopObserving } from './battery-observer.ts'
import { type CaseDatabase, copyPostgres, copySqlite, type StartState } from './battery-start.ts'
import { createTestDatabase, type PostgresDatabase, type PostgresServer } from './postgres.ts'
import { executeRaw, withSqlite } from './raw.ts'
import { createSqliteFile } from './sqlite.ts'

/** A database to begin with, and what makes copies of it once it is as it shall be. */
export interface Side {
  readonly target: Target
  drop(): Promise<void>
  startState(): Promise<StartState>
}

/** A gateway's database; an empty one, or no file at all, where a command makes the tables. */
export async function makeSide(
  dialect: DialectName,
  server: PostgresServer,
  isEmpty = false,
): Promise<Side> {
  const options = isEmpty ? {} : ({ fixture: 'n25' } as const)
  if (dialect === 'postgres') {
    const made = await createTestDatabase(server, options)
    return { ...made, startState: () => postgresCopies(server, made, isEmpty) }
  }
  if (isEmpty) return missingFile()
  const made = await createSqliteFile(options)
  const create = async () => copySqlite(made.target)
  return { ...made, startState: async () => ({ create, drop: () => made.drop() }) }
}

function missingFile(): Side {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-battery-'))
  const path = join(folder, 'one-api.db')
  const drop = () => rm(folder, { recursive: true, force: true })
  const create = async () => copySqlite({ path })
  const target = { dialect: 'sqlite', path, label: path, busyTimeoutMs: 5000 } as const
  return { target, drop, startState: async () => ({ create, drop }) }
}

export function setJournal(target: Target, journal: 'delete' | 'wal'): void {
  if (target.dialect !== 'sqlite') return
  withSqlite(target, (handle) => handle.pragma(`journal_mode = ${journal}`))
}

async function postgresCopies(
  server: PostgresServer,
  template: PostgresDatabase,
  isEmpty: boolean,
): Promise<StartState> {
  const reset = isEmpty ? EMPTY : await keepRows(template.target)
  const free: CaseDatabase[] = []
  const create = async (): Promise<CaseDatabase> => {
    const database = free.pop() ?? (await copyPostgres(server, template))
    const giveBack = async (): Promise<void> => {
      await (await observe(database.target as PostgresTarget)).query(reset)
      free.push(database)
    }
    return { ...database, giveBack }
  }
  const drop = async (): Promise<void> => {
    for (const database of [...free, template]) await database.drop()
  }
  return { create, drop }
}

const EMPTY = 'drop schema public cascade; create schema public;'

/** Keeps the rows beside the tables. @returns what puts them back; faster than a new database. */
async function keepRows(target: PostgresTarget): Promise<string> {
  const client = await observe(target)
  const { rows: tables } = await client.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
  )
  const { rows: sequences } = await client.query<{ statement: string }>(`
    select format('select setval(%L, %s, %L);', format('public.%I', sequencename),
      coalesce(last_value, start_value), last_value is not null) as statement
    from pg_sequences where schemaname = 'public'`)
  const names = tables.map(({ name }) => name)
  await stopObserving(target)
  await executeRaw(
    target,
    [
      'create schema kept;',
      ...names.map((name) => `create table kept.${name} as table public.${name};`),
    ].join('\n'),
  )
  return [
    ...names.map((name) => `delete from public.${name};`),
    ...names.map((name) => `insert into public.${name} select * from kept.${name};`),
    ...sequences.map(({ statement }) => statement),
  ].join('\n')
}
