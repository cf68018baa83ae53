import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { assertTarget } from '../../src/apply/plan-target.ts'
import type { Plan, TargetIdentity } from '../../src/apply/plan.ts'
import { readTargetIdentity } from '../../src/apply/target-identity.ts'
import type { Catalog, Database } from '../../src/database/contract.ts'
import { recogniseVersion } from '../../src/gateway/versions.ts'
import { Secret } from '../../src/secret.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { madeUpPlan } from '../support/plan.ts'
import { executeRaw } from '../support/raw.ts'
import { openTestReader } from '../support/readers.ts'
import { migrated } from './harness.ts'

const identify = async (
  database: Pick<Database, 'identity' | 'read' | 'dialect' | 'label' | 'catalog'>,
): Promise<TargetIdentity> => readTargetIdentity(database, await database.catalog(), 'production')

forEachDialect((dialect, create) => {
  let one: TestDatabase
  before(async () => {
    one = await migrated(create, 'n26')
  })

  it('is the same for who reads and who writes, and later', async () => {
    const { database, target, open } = one
    const { id, ...others } = await identify(database)
    assert.match(id, /^[0-9a-f]{16}$/)
    assert.deepEqual(others, { environment: 'production', dialect, label: database.label })
    await executeRaw(target, `insert into options (key, value) values ('made up', '1')`)
    assert.equal((await identify(await openTestReader(target))).id, id)
    assert.equal((await identify(await open())).id, id)
  })

  if (dialect === 'postgres') {
    it('needs no right but to read the ledger, and tells a copy of the ledger elsewhere', () =>
      testLimited(one))
  }

  it('is another one for another database, and for one that was made anew', async () => {
    const { id } = await identify(one.database)
    const other = await create({ fixture: 'n26' })
    await executeRaw(other.target, LEDGER)
    assert.notEqual((await identify(other.database)).id, id)
    await executeRaw(one.target, `update tidegate_ledger set run_id = 'another'`)
    assert.notEqual((await identify(one.database)).id, id)
  })

  it('is none where tidegate never ran', async () => {
    const { database, target } = await create()
    const unprepared = { code: 'ledger', nextStep: /tidegate migrate up --env production/ }
    await assert.rejects(identify(database), unprepared)
    await executeRaw(target, LEDGER)
    await identify(database)
    await executeRaw(target, 'delete from tidegate_ledger')
    await assert.rejects(identify(database), unprepared)
  })
})

const LEDGER = `
  create table tidegate_ledger (applied_at text, name text, run_id text);
  insert into tidegate_ledger values ('2026-11-22', '0001', 'made up');`

async function testLimited({ database, target }: TestDatabase): Promise<void> {
  assert.ok(target.dialect === 'postgres')
  const role = `identity_${target.database.slice(-12)}`
  await executeRaw(
    target,
    `create role ${role} login password 'made-up';
     grant select on tidegate_ledger to ${role};
     create schema elsewhere; grant usage on schema elsewhere to ${role};
     create table elsewhere.tidegate_ledger as table tidegate_ledger;
     grant select on elsewhere.tidegate_ledger to ${role};`,
  )
  const limited = { ...target, user: role, password: new Secret('made-up') }
  const identifyAgain = async (): Promise<string> =>
    (await identify(await openTestReader(limited))).id
  try {
    const { id } = await identify(database)
    assert.equal(await identifyAgain(), id)
    await executeRaw(target, `alter role ${role} set search_path = elsewhere`)
    assert.notEqual(await identifyAgain(), id)
    await executeRaw(target, `alter role ${role} reset search_path`)
    await executeRaw(target, 'revoke execute on function pg_control_system() from public')
    assert.match(await identifyAgain(), /^[0-9a-f]{16}$/)
    assert.equal((await identify(database)).id, id)
  } finally {
    await executeRaw(target, `drop owned by ${role}; drop role ${role}`)
  }
}

describe('the target of a plan', () => {
  const column = (name: string): readonly [string, never] => [name, {} as never]
  const catalog: Catalog = new Map([
    [
      'channels',
      new Map(['id', 'name', 'key', 'models', 'priority', 'group', 'settings'].map(column)),
    ],
    ['abilities', new Map(['channel_id', 'workflow_price'].map(column))],
    ['options', new Map([column('key'), column('value')])],
    ['tokens', new Map([column('key'), column('user_id')])],
    ['users', new Map([column('id')])],
  ])
  const plan: Plan = { ...madeUpPlan(), gateway: recogniseVersion(catalog)?.label ?? null }
  const without = (table: string, name: string): Catalog =>
    new Map(
      [...catalog].map(([one, columns]) => [
        one,
        one === table ? new Map([...columns].filter(([column]) => column !== name)) : columns,
      ]),
    )
  assert.ok(plan.gateway)

  it('is taken when it is the one that the plan was made for', () => {
    assertTarget(plan, plan.target, catalog)
    assertTarget(plan, { ...plan.target, label: 'the same by another name' }, catalog)
  })

  const CASES: readonly (readonly [string, Partial<TargetIdentity>, Catalog, RegExp])[] = [
    [
      'another database',
      { id: '0'.repeat(16), label: 'other' },
      catalog,
      /another database: production \(gateway@db\.example:5432\/gateway\), not production \(other\)/,
    ],
    [
      'another environment',
      { environment: 'staging' },
      catalog,
      /another database: production .* not staging/,
    ],
    [
      'another version of the gateway',
      {},
      new Map([
        ...catalog,
        [
          'abilities',
          new Map([...catalog.get('abilities')!].filter(([name]) => name !== 'workflow_price')),
        ],
      ]),
      /for the Bltcy fork of new-api, and the database is that of new-api since/,
    ],
    ['no gateway', {}, new Map(), /is that of an unknown one/],
    [
      'a missing column',
      {},
      without('channels', 'priority'),
      /writes channels\.priority, which the database does not have/,
    ],
  ]
  for (const [name, target, columns, says] of CASES) {
    it(`is refused: ${name}`, () => {
      assert.throws(() => assertTarget(plan, { ...plan.target, ...target }, columns), {
        code: 'plan',
        message: says,
      })
    })
  }
})
