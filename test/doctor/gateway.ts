import { after, before, beforeEach, describe } from 'node:test'
import Sqlite from 'better-sqlite3'
import type pg from 'pg'
import {
  type DatabaseReader,
  DIALECTS,
  type DialectName,
  type Target,
} from '../../src/database/contract.ts'
import { openReader } from '../../src/database/open.ts'
import type { Diagnosis, Scope } from '../../src/doctor/diagnosis.ts'
import { examine, type ExamineInput } from '../../src/doctor/examine.ts'
import { CACHE_MODES } from '../../src/gateway/routing.ts'
import { declareSeeds, type DeclaredSeed } from '../../src/seed/declare.ts'
import { loadSeeds } from '../../src/seed/files.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import type { GatewayFixture } from '../support/fixtures.ts'
import { createTestDatabase, sharedPostgres } from '../support/postgres.ts'
import { connectPostgres } from '../support/raw.ts'
import { createSqliteFile } from '../support/sqlite.ts'

/** What differs from a run of all models in both cache modes. */
export interface ExamineOptions extends Partial<Omit<ExamineInput, 'reader' | 'scope'>> {
  readonly scope?: Partial<Scope>
}

/** A gateway's database in which everything is well, and one connection past tidegate to it. */
export interface Gateway {
  readonly dialect: DialectName
  readonly target: Target
  /** Statements that both dialects understand; `true` and `"group"` are. */
  execute(text: string): Promise<void>
  examine(options?: ExamineOptions): Promise<Diagnosis>
}

export const MODELS = ['runway', 'pika', 'kling'] as const

/**
 * Declares the same tests for each dialect, on a database that is healthy again before each test:
 * user 1 `alice` of `default` with token 1 `main`, and channel 1 with its abilities for `MODELS`,
 * all priced. To be called at the top of a file.
 */
export function forEachGateway(fixture: GatewayFixture, suite: (gateway: Gateway) => void): void {
  const startPostgres = sharedPostgres()
  for (const dialect of DIALECTS) {
    describe(`${fixture} on ${dialect}`, () => {
      let made: Made
      before(async () => {
        made = await make(dialect, fixture, startPostgres)
        await made.execute(DEPLOYED)
      })
      after(() => made.drop())
      beforeEach(() =>
        made.execute(healthyRows(fixture) + (dialect === 'postgres' ? SEQUENCES : '')),
      )
      suite({
        dialect,
        get target() {
          return made.target
        },
        execute: (text) => made.execute(text),
        examine: (options) => examineWith(made.reader, options),
      })
    })
  }
}

interface Made {
  readonly target: Target
  /** One for all tests: to connect takes longer than to look. */
  readonly reader: DatabaseReader
  execute(text: string): Promise<void>
  drop(): Promise<void>
}

async function make(
  dialect: DialectName,
  fixture: GatewayFixture,
  startPostgres: ReturnType<typeof sharedPostgres>,
): Promise<Made> {
  const made = await makeDatabase(dialect, fixture, startPostgres)
  const reader = await openReader(made.target, OPEN_OPTIONS)
  return { ...made, reader, drop: async () => (await reader.close(), made.drop()) }
}

async function makeDatabase(
  dialect: DialectName,
  fixture: GatewayFixture,
  startPostgres: ReturnType<typeof sharedPostgres>,
): Promise<Omit<Made, 'reader'>> {
  if (dialect === 'sqlite') {
    const file = await createSqliteFile({ fixture })
    const { target } = file
    const handle = new Sqlite(target.path)
    handle.pragma('synchronous = off')
    const execute = async (text: string) => void handle.exec(text)
    return { target, execute, drop: async () => (handle.close(), file.drop()) }
  }
  const database = await createTestDatabase(await startPostgres(), { fixture })
  const { target } = database
  const client: pg.Client = await connectPostgres(target)
  const execute = async (text: string) => void (await client.query(text))
  return { target, execute, drop: async () => (await client.end(), database.drop()) }
}

/** What one run says of a database. */
function examineWith(
  reader: DatabaseReader,
  { scope, ...options }: ExamineOptions = {},
): Promise<Diagnosis> {
  const all = { path: null, models: MODELS, token: null, user: null, group: null }
  return examine({
    reader,
    environment: 'test',
    toolVersion: '0.0.0-test',
    seeds: [],
    variables: {},
    modes: CACHE_MODES,
    failOn: 'error',
    connection: null,
    ...options,
    scope: { ...all, ...scope },
  })
}

/** The seed that the project ships, with made-up inputs. */
export async function bltcySeeds(
  variables: Readonly<Record<string, string>> = {},
): Promise<DeclaredSeed[]> {
  const folder = new URL('../../seeds', import.meta.url).pathname
  const files = await loadSeeds(folder, 'test')
  const inputs = {
    BLTCY_API_KEY: 'sk-test-bltcy-0000',
    BLTCY_BASE_URL: 'https://old-gateway.example',
    ...variables,
  }
  return declareSeeds(files, inputs, folder)
}

/** Made up: 48 letters and digits, as the gateway makes them. */
const TOKEN_KEY = 'testTOKENtestTOKENtestTOKENtestTOKENtestTOKEN001'

const TABLES = ['abilities', 'channels', 'tokens', 'users', 'options']

/** Where tidegate wrote before; nothing else of its tables is looked at. */
const DEPLOYED = 'create table tidegate_journal (run_id text)'

/** Where ids come from a sequence, rows with explicit ids leave it behind. */
const SEQUENCES = ['channels', 'tokens', 'users']
  .map((table) => `select setval('${table}_id_seq', 1);`)
  .join('')

function healthyRows(fixture: GatewayFixture): string {
  const isOneApi = fixture === 'oa'
  const type = fixture === 'zeo' ? 55 : 1
  const abilities = MODELS.map((model) =>
    isOneApi ? `('default', '${model}', 1, true, 5)` : `('default', '${model}', 1, true, 5, 10)`,
  )
  const weight = isOneApi ? '' : ', weight'
  const prices = JSON.stringify(Object.fromEntries(MODELS.map((model) => [model, 0.1])))
  return `
    begin;
    ${TABLES.map((table) => `delete from ${table};`).join('\n')}
    insert into users (id, username, password, role, status, quota, "group", aff_code)
    values (1, 'alice', 'made-up-hash', 1, 1, 1000000, 'default', 'a001');
    insert into tokens (id, user_id, key, name, status, expired_time, remain_quota, unlimited_quota
      ${isOneApi ? '' : ', "group", model_limits_enabled'})
    values (1, 1, '${TOKEN_KEY}', 'main', 1, -1, 0, true ${isOneApi ? '' : ", 'default', false"});
    insert into channels (id, type, key, name, status, base_url, models, "group", priority, weight)
    values (1, ${type}, 'sk-test-channel-0001', 'Bltcy旧网关', 1, 'https://old-gateway.example',
      '${MODELS.join()}', 'default', 5, 10);
    insert into abilities ("group", model, channel_id, enabled, priority${weight})
    values ${abilities.join()};
    insert into options (key, value) values ('ModelPrice', '${prices}'),
      ('GroupRatio', '{"default":1,"vip":1}'), ('UserUsableGroups', '{"default":"","vip":""}');
    commit;`
}
