import assert from 'node:assert/strict'
import { after, before, beforeEach, describe } from 'node:test'
import { DIALECTS, type DialectName, type Target } from '../../src/database/contract.ts'
import type { Diagnosis, Finding } from '../../src/doctor/diagnosis.ts'
import { type CliResult, SEED_ENV } from '../support/cli.ts'
import type { GatewayFixture } from '../support/fixtures.ts'
import { createTestDatabase, sharedPostgres } from '../support/postgres.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { createSqliteFile } from '../support/sqlite.ts'
import { callMain, type CallOptions, envOf, testProject } from './runs.ts'
import { callsIn } from './shell.ts'

export type Env = CallOptions['env']

/** A gateway's database, and the command line of the one who runs it. */
export interface Deployment {
  readonly dialect: DialectName
  readonly target: Target
  /** The project's folder. */
  readonly folder: string
  /** What leads to the database, and what the shipped seed needs. */
  readonly env: Env
  execute(text: string): Promise<void>
  query(text: string): Promise<unknown[][]>
  /** A command line without quotes, or its words. */
  call(
    words: string | readonly string[],
    env?: Env,
    options?: Partial<CallOptions>,
  ): Promise<CliResult>
  /** What `doctor --json` says. */
  diagnose(words?: string, env?: Env): Promise<Diagnosis>
  /** Does what a finding says, to the letter. */
  repair(finding: Finding, env?: Env): Promise<void>
}

/**
 * Declares the same tests for each dialect, on a database that tidegate never wrote to: before each
 * test it holds user 1 `alice` and token 1 `main`, which has no group of its own.
 */
export function forEachDeployment(
  fixture: GatewayFixture,
  suite: (deployment: Deployment) => void,
): void {
  const startPostgres = sharedPostgres()
  const project = testProject()
  for (const dialect of DIALECTS) {
    describe(`${fixture} on ${dialect}`, () => {
      let made: { readonly target: Target; drop(): Promise<void> }
      let folder: string
      before(async () => {
        folder = (await project()).folder
        made =
          dialect === 'sqlite'
            ? await createSqliteFile({ fixture })
            : await createTestDatabase(await startPostgres(), { fixture })
      })
      after(() => made.drop())
      beforeEach(() => executeRaw(made.target, resetText(dialect)))
      suite(
        new DatabaseDeployment(
          dialect,
          () => made.target,
          () => folder,
        ),
      )
    })
  }
}

class DatabaseDeployment implements Deployment {
  readonly dialect: DialectName
  readonly #target: () => Target
  readonly #folder: () => string

  constructor(dialect: DialectName, target: () => Target, folder: () => string) {
    this.dialect = dialect
    this.#target = target
    this.#folder = folder
  }

  get target(): Target {
    return this.#target()
  }

  get folder(): string {
    return this.#folder()
  }

  get env(): Env {
    // The server allows fewer than the gateway's default.
    return { ...SEED_ENV, ...envOf(this.target), SQL_MAX_OPEN_CONNS: '20' }
  }

  execute(text: string): Promise<void> {
    return executeRaw(this.target, text)
  }

  query(text: string): Promise<unknown[][]> {
    return queryRaw(this.target, text)
  }

  call(words: string | readonly string[], env: Env = {}, options: Partial<CallOptions> = {}) {
    const args = typeof words === 'string' ? words.split(' ').filter((one) => one !== '') : words
    return callMain(args, { cwd: this.folder, ...options, env: { ...this.env, ...env } })
  }

  async diagnose(words = '', env: Env = {}): Promise<Diagnosis> {
    const result = await this.call(`doctor --json ${words}`, env)
    const diagnosis = result.json() as unknown as Diagnosis
    assert.ok('findings' in diagnosis, result.stdout)
    assert.equal(result.code, diagnosis.verdict.failing ? 2 : 0, result.stdout)
    return diagnosis
  }

  async repair({ rule, repair }: Finding, env: Env = {}): Promise<void> {
    assert.notEqual(repair.kind, 'advice', `${rule} names nothing that could be run`)
    if (repair.kind === 'sql') await this.execute(repair.statements.join('\n'))
    if (repair.kind !== 'command') return
    for (const words of await callsIn(repair.command)) {
      const { code, stdout, stderr } = await this.call(words, env)
      // The doctor goes on to say what else is wrong.
      const isDone = code === 0 || (code === 2 && words[0] === 'doctor')
      assert.ok(isDone, `${words.join(' ')}: ${code}\n${stdout}\n${stderr}`)
    }
  }
}

/** Made up: 48 letters and digits, as the gateway makes them. */
export const TOKEN_KEY = 'testTOKENtestTOKENtestTOKENtestTOKENtestTOKEN001'

const OWN_TABLES = ['ledger', 'runs', 'journal', 'seeds', 'base'].map((name) => `tidegate_${name}`)

const GATEWAY_TABLES = ['abilities', 'channels', 'tokens', 'users', 'options']

function resetText(dialect: DialectName): string {
  const emptied =
    dialect === 'sqlite'
      ? GATEWAY_TABLES.map((table) => `delete from ${table};`).join('')
      : `truncate ${GATEWAY_TABLES.join()} restart identity;`
  return `begin;
    ${OWN_TABLES.map((table) => `drop table if exists ${table};`).join('')}
    ${emptied}
    insert into users (username, password, role, status, quota, "group", aff_code)
    values ('alice', 'made-up-hash', 1, 1, 1000000, 'default', 'a001');
    insert into tokens (user_id, key, name, status, expired_time, remain_quota, unlimited_quota, "group",
      model_limits_enabled)
    values (1, '${TOKEN_KEY}', 'main', 1, -1, 0, true, '', false);
    insert into options (key, value) values ('GroupRatio', '{"default":1,"vip":1}'),
      ('UserUsableGroups', '{"default":"","vip":""}');
    commit;`
}
