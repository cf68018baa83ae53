import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PostgresTarget, SqliteTarget, Target } from '../../src/database/contract.ts'
import { observe, stopObserving } from './battery-observer.ts'
import {
  administer,
  createTestDatabase,
  targetOf,
  type PostgresDatabase,
  type PostgresServer,
} from './postgres.ts'
import { executeRaw, withSqlite } from './raw.ts'
import { createSqliteFile } from './sqlite.ts'

/** The databases that every case of the battery starts from. */

/** `guide`: with a channel as people write it by hand; `without`: the seed inserts its own. */
export const STARTS = ['guide', 'without'] as const

export type Start = (typeof STARTS)[number]

export const CHANNEL_NAME = 'Bltcy旧网关'

export interface StartOptions {
  readonly start: Start
  /** Beside Bltcy; every second one has padded lists. */
  readonly channels?: number
}

export interface CaseDatabase {
  readonly target: Target
  /** What the command line needs to find it. */
  readonly env: Readonly<Record<string, string>>
  /** Ends the use: the next case may get the same one, in its start state again. */
  giveBack(): Promise<void>
  drop(): Promise<void>
}

/** Makes copies of one start state. */
export interface StartState {
  create(): Promise<CaseDatabase>
  drop(): Promise<void>
}

export async function postgresStart(
  server: PostgresServer,
  options: StartOptions,
): Promise<StartState> {
  const template = await createTestDatabase(server, { fixture: 'zeo' })
  const rows = startRows(options)
  await executeRaw(template.target, rows)
  const free: CaseDatabase[] = []
  const create = async (): Promise<CaseDatabase> => {
    const database = free.pop() ?? (await copyPostgres(server, template))
    const target = database.target as PostgresTarget
    const giveBack = async (): Promise<void> => {
      await (await observe(target)).query(RESET + rows)
      free.push(database)
    }
    return { ...database, giveBack }
  }
  const drop = async (): Promise<void> => {
    for (const database of [...free, template]) await database.drop()
  }
  return { create, drop }
}

/** Much faster than a new database; what it leaves behind fails the next case. */
const RESET = `
  drop table if exists
    tidegate_ledger, tidegate_runs, tidegate_journal, tidegate_seeds, tidegate_base;
  truncate channels, abilities restart identity;`

export async function copyPostgres(
  server: PostgresServer,
  template: PostgresDatabase,
): Promise<CaseDatabase> {
  const name = `tidegate_battery_${randomBytes(6).toString('hex')}`
  const { database: source } = template.target
  await administer(server, `create database ${name} template ${source} strategy file_copy`)
  const address = new URL(server.url)
  address.pathname = `/${name}`
  const target = targetOf(address.href)
  const drop = async (): Promise<void> => {
    await stopObserving(target)
    await administer(server, `drop database if exists ${name} with (force)`)
  }
  return {
    target,
    env: { SQL_DSN: address.href },
    giveBack: drop,
    drop,
  }
}

/** Gives one case a database; a broken one is not used again. */
export async function withCaseDatabase<T>(
  states: StartState,
  problems: readonly string[],
  body: (database: CaseDatabase) => Promise<T>,
): Promise<T> {
  const database = await states.create()
  let succeeded = false
  try {
    const result = await body(database)
    succeeded = problems.length === 0
    return result
  } finally {
    await (succeeded ? database.giveBack() : database.drop())
  }
}

export async function sqliteStart(
  options: StartOptions & { readonly journal?: 'delete' | 'wal' },
): Promise<StartState> {
  const made = await createSqliteFile({ fixture: 'zeo' })
  await executeRaw(made.target, startRows(options))
  withSqlite(made.target, (handle) =>
    handle.pragma(`journal_mode = ${options.journal ?? 'delete'}`),
  )
  return { create: async () => copySqlite(made.target), drop: () => made.drop() }
}

/** The files of a database as they are, also those of one that a program left open. */
export function copySqlite(source: Pick<SqliteTarget, 'path'>): CaseDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-battery-'))
  const path = join(folder, 'one-api.db')
  for (const suffix of ['', '-journal', '-wal']) {
    if (existsSync(source.path + suffix)) copyFileSync(source.path + suffix, path + suffix)
  }
  const drop = () => rm(folder, { recursive: true, force: true })
  return {
    target: { dialect: 'sqlite', path, label: path, busyTimeoutMs: 5000 },
    env: { SQLITE_PATH: path },
    giveBack: drop,
    drop,
  }
}

function startRows({ start, channels = 20 }: StartOptions): string {
  const numbers = Array.from({ length: channels }, (_, index) => index + 1)
  const statements = numbers.map(channelRows)
  if (start === 'guide') statements.splice(5, 0, GUIDE)
  return statements.join('\n')
}

function channelRows(number: number): string {
  const isPadded = number % 2 === 0
  const models = `model-${number},model-shared`
  const pad = (list: string) => (isPadded ? `,${list},` : list)
  const channel = `
    insert into channels
      (type, key, name, status, base_url, models, "group", priority, weight, created_time)
    values (1, 'sk-test-channel-${number}', 'channel ${number}', ${number % 5 === 0 ? 2 : 1}, '',
      '${pad(models)}', '${pad('default,vip')}', ${number}, 1, 1700000000);`
  // Half of the padded ones have the abilities that the gateway makes of their lists.
  if (isPadded && number % 4 === 0) return channel
  const split = (list: string) => pad(list).split(',')
  const abilities = split('default,vip').flatMap((group) =>
    split(models).map(
      (model) => `('${group}', '${model}', (select max(id) from channels),
        ${number % 5 !== 0}, ${number}, 1)`,
    ),
  )
  return `${channel}
    insert into abilities ("group", model, channel_id, enabled, priority, weight)
    values ${[...new Set(abilities)].join(', ')};`
}

/** As the guide that people followed has it. */
const GUIDE = `
  insert into channels (type, key, name, status, base_url, models, "group", priority, weight)
  values (55, 'sk-test-written-by-hand', '${CHANNEL_NAME}', 1, 'https://old-gateway.example',
    ',runway,pika,kling,', ',default,', 5, 10);`
