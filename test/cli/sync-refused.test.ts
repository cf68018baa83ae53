import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import process, { geteuid } from 'node:process'
import { beforeEach, describe, it, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import type { Target } from '../../src/database/contract.ts'
import { forEachDialect } from '../support/databases.ts'
import { executeRaw } from '../support/raw.ts'
import { assertRefused, type Fault, makePlan, NEW_KEY } from './refused.ts'
import type { CallOptions } from './runs.ts'
import { type SyncPair, syncPair } from './sync-pair.ts'
import { everything } from './sync-state.ts'

type Env = CallOptions['env']

const ENTRY = join(import.meta.dirname, '../../src/cli/entry.ts')

const READER = 'sk-test-reader'

/** Where a plan made for production is applied, and production is no longer there. */
const GONE: Env = {
  PRODUCTION_SQLITE_PATH: undefined,
  PRODUCTION_SQL_DSN: 'postgres://u@127.0.0.1:1/gone?sslmode=disable',
}

/** What follows is the same for either. */
const isGone = (env: Env = {}): boolean => env['PRODUCTION_SQL_DSN'] !== undefined

const STATES: readonly Fault[] = [
  {
    name: 'production is gone when it is pushed to',
    line: 'push --yes',
    env: GONE,
    says: /127\.0\.0\.1:1/,
    next: /./,
  },
  {
    name: 'production is gone when it is pulled from',
    line: 'pull',
    env: GONE,
    says: /127\.0\.0\.1:1/,
    next: /./,
  },
  {
    name: 'production is gone when the plan is applied',
    line: 'apply plan.json',
    env: { ...NEW_KEY, ...GONE },
    says: /127\.0\.0\.1:1/,
    next: /./,
  },
  {
    name: 'a column that the gateway of the plan had',
    line: 'apply plan.json',
    env: NEW_KEY,
    sql: [
      'alter table channels rename column priority to priority_was',
      'alter table channels rename column priority_was to priority',
    ],
    says: /the plan writes channels\.priority, which the database does not have/,
    next: /./,
  },
  {
    name: 'a key column that is missing',
    line: 'push --yes',
    sql: [
      'alter table channels rename column name to name_was',
      'alter table channels rename column name_was to name',
    ],
    says: /channels/,
    next: /./,
  },
  {
    name: 'a table that is missing',
    line: 'push --yes',
    sql: ['alter table channels rename to was', 'alter table was rename to channels'],
    says: /channels/,
    next: /./,
  },
]

forEachDialect((dialect, create) => {
  const pair = syncPair(create)
  beforeEach(() => pair().reset())

  describe('the state of production', () => {
    const states = STATES.filter(({ env }) => dialect === 'sqlite' || !isGone(env))
    for (const fault of states) {
      it(fault.name, async () => {
        await makePlan(pair())
        await assertRefused(pair(), fault)
      })
    }

    it('a row that the database does not take', async () => {
      const says = /the database refused|constraint|check/i
      const [refuse, allow] = REFUSING[dialect]
      await assertRefused(pair(), {
        name: 'constraint',
        line: 'push --yes',
        sql: [refuse, allow],
        says,
        next: /./,
      })
    })

    it('a journal that was tampered with', async () => {
      assert.equal((await pair().call('push --yes')).code, 0)
      const says = /journal/
      for (const sql of [
        `update tidegate_journal set after_image = replace(after_image, 'gpt-5', 'gpt-6') where seq = 1`,
        'delete from tidegate_journal where seq = 1',
      ]) {
        await executeRaw(pair().production, sql)
        const line = 'undo --yes --env production'
        await assertRefused(pair(), { name: sql, line, says, next: /./ })
      }
    })

    if (dialect === 'sqlite') it('a file that may not be written', (t) => testFile(pair(), t))
    else {
      it('a role that may not write', () => testRole(pair()))
      it('a server that lets nobody write', () => testSession(pair()))
    }
  })
})

const REFUSING = {
  sqlite: [
    `create trigger refusing before update on channels begin select raise(abort, 'refused'); end`,
    'drop trigger refusing',
  ],
  postgres: [
    'alter table channels add constraint refusing check (priority < 5)',
    'alter table channels drop constraint refusing',
  ],
} as const

/** As another user, because rights do not bind root. */
async function testFile({ folder, local, production, env }: SyncPair, t: TestContext) {
  if (geteuid!() !== 0) return t.skip('SKIPPED: only root can act as another user')
  assert.ok(local.dialect === 'sqlite' && production.dialect === 'sqlite')
  for (const place of [folder, dirname(local.path), dirname(production.path)]) {
    await chmod(place, 0o755)
  }
  const before = await everything({ target: production })
  const command = ['--conditions=tidegate:source', ENTRY, 'push', '--yes']
  const options = { cwd: folder, env: { ...env, PATH: process.env['PATH'] }, uid: 65534 }
  const failed = await promisify(execFile)(process.execPath, command, options).then(
    () => assert.fail('it was written'),
    (error: unknown) => error as { code: number; stderr: string },
  )
  assert.equal(failed.code, 1, failed.stderr)
  assert.match(failed.stderr, /^error: .*(?:may not write|cannot be written)/m)
  assert.match(failed.stderr, /^next: /m)
  assert.deepEqual(await everything({ target: production }), before)
}

async function testRole(pair: SyncPair): Promise<void> {
  const { production } = pair
  assert.ok(production.dialect === 'postgres')
  await withReader(production, async (dsn) => {
    const env = { ...NEW_KEY, PRODUCTION_SQL_DSN: dsn }
    const says = /user reader_\S+ may not do this/
    const next = /connect as the owner of the tables/
    await assertRefused(pair, { name: 'role', line: 'push --yes', env, says, next })
  })
}

async function testSession(pair: SyncPair): Promise<void> {
  await makePlan(pair)
  const { production } = pair
  assert.ok(production.dialect === 'postgres')
  const alter = (change: string) =>
    executeRaw(
      { ...production, database: 'postgres' },
      `alter database "${production.database}" ${change}`,
    )
  await alter('set default_transaction_read_only = on')
  try {
    const says = /the server only lets us read: it is a replica, or set to read-only/
    const next = /connect to the primary server/
    await assertRefused(pair, { name: '', line: 'apply plan.json', env: NEW_KEY, says, next })
  } finally {
    await alter('reset default_transaction_read_only')
  }
}

/** A role that may read everything and write nothing. */
async function withReader(
  target: Extract<Target, { dialect: 'postgres' }>,
  body: (dsn: string) => Promise<void>,
): Promise<void> {
  const role = `reader_${target.database.replaceAll(/\W/g, '_')}`.slice(0, 60)
  await executeRaw(
    target,
    `create role ${role} login password '${READER}'; grant usage on schema public to ${role};
     grant select on all tables in schema public to ${role}`,
  )
  try {
    const { host, port, database } = target
    await body(`postgres://${role}:${READER}@${host}:${port}/${database}?sslmode=disable`)
  } finally {
    await executeRaw(target, `drop owned by ${role}; drop role ${role}`)
  }
}
