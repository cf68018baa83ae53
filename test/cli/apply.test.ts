import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, it } from 'node:test'
import { digestOf } from '../../src/apply/plan-seal.ts'
import { forEachDialect } from '../support/databases.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { channel, KEYS, type SyncPair, syncPair } from './sync-pair.ts'

const PLAN_KEY = 'sk-test-plan-key-0123456789abcdef'

const FINGERPRINT_KEY = 'sk-test-fingerprints-0123456789abcdef'

const NEW_KEY = { NEW_KEY: KEYS.fresh }

forEachDialect((dialect, create) => {
  const pair = syncPair(create)
  beforeEach(() => pair().reset())

  const plan = async (more = '', env = {}): Promise<void> => {
    const line = `plan -o plan.json --secret channels/new=env:NEW_KEY${more}`
    const { code, stderr } = await pair().call(line, env)
    assert.equal(code, 2, stderr)
  }

  it('writes the plan, with abilities, keys and the journal, and says how to take it back', async () => {
    await plan()
    const { code, stdout, stderr } = await pair().call('apply plan.json', NEW_KEY)
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^Plan: 2 rows to write in production .*\n[^]*^~ channels "changed"/m)
    assert.match(stdout, /^Wrote 2 rows to production \(1 new, 1 changed\), deleted 0$/m)
    const [, run] = /^run (\S+); to take it back: tidegate undo \1 --env production$/m.exec(stdout)!
    const [channels, abilities, , journal] = await pair().dump()
    assert.deepEqual(
      channels!.map(([, ...cells]) => cells.map(String)),
      [
        ['changed', KEYS.production, 'gpt-5,mini', '7'],
        ['other', KEYS.production, 'gpt-5', '0'],
        ['new', KEYS.fresh, 'gpt-5', '0'],
      ],
    )
    assert.equal(abilities!.length, 4)
    assert.ok(journal!.length > 0 && journal!.every(([id]) => id === run))
    assert.ok(!Object.values(KEYS).some((key) => (stdout + stderr).includes(key)))
  })

  it('is one document with --json', async () => {
    await plan()
    const result = await pair().call('apply plan.json --json', NEW_KEY)
    assert.equal(result.code, 0, result.stderr)
    const { command, status, run, undo, counts } = result.json()
    assert.deepEqual([command, status], ['apply', 'changed'])
    assert.equal(undo, `tidegate undo ${String(run)} --env production`)
    assert.deepEqual(counts, { insert: 1, update: 1, delete: 0, left: 0 })
  })

  it('writes nothing when a row of it has changed, and shows what moved', async () => {
    await plan()
    await executeRaw(pair().production, 'update channels set priority = 3 where id = 11')
    const before = await pair().dump()
    const { code, stdout, stderr } = await pair().call('apply plan.json', NEW_KEY)
    assert.equal(code, 2, stderr)
    assert.match(stdout, /^rows of channels changed after the plan was made; nothing was written$/m)
    assert.match(stdout, /^channels +"changed" "1" +priority +"1" +"3"$/m)
    assert.match(stdout, /^next: make the plan anew/m)
    const json = await pair().call('apply plan.json --json', NEW_KEY)
    assert.equal(json.code, 2)
    assert.equal(json.json()['status'], 'stale')
    assert.deepEqual(await pair().dump(), before)
  })

  it('does not mind what has changed elsewhere', async () => {
    await plan()
    const elsewhere = channel({ id: 40, name: 'later', key: KEYS.production })
    await executeRaw(
      pair().production,
      `${elsewhere} update channels set priority = 9 where id = 12`,
    )
    const { code, stderr } = await pair().call('apply plan.json', NEW_KEY)
    assert.equal(code, 0, stderr)
  })

  it('applied twice is stale, and plans nothing afterwards', async () => {
    await plan()
    assert.equal((await pair().call('apply plan.json', NEW_KEY)).code, 0)
    const done = await pair().dump()
    assert.equal((await pair().call('apply plan.json', NEW_KEY)).code, 2)
    assert.equal((await pair().call('plan')).code, 0)
    assert.deepEqual(await pair().dump(), done)
  })

  describe('a database that is not the one of the plan', () => {
    const CASES: readonly (readonly [string, string, string, RegExp])[] = [
      [
        'made anew',
        `update tidegate_ledger set run_id = 'x' || run_id`,
        `update tidegate_ledger set run_id = substr(run_id, 2)`,
        /the plan is for another database: production/,
      ],
      [
        'of another gateway',
        'alter table abilities add column workflow_price text',
        'alter table abilities drop column workflow_price',
        /the database is that of the Bltcy fork/,
      ],
      [
        'without a column',
        'alter table channels rename column weight to weight_was',
        'alter table channels rename column weight_was to weight',
        /the plan writes channels\.weight, which the database does not have; nothing was written/,
      ],
    ]
    for (const [name, change, back, says] of CASES) {
      it(name, async () => {
        await plan()
        const before = await pair().dump()
        await executeRaw(pair().production, change)
        try {
          const { code, stderr } = await pair().call('apply plan.json', NEW_KEY)
          assert.equal(code, 1)
          assert.match(stderr, says)
        } finally {
          await executeRaw(pair().production, back)
        }
        assert.deepEqual(await pair().dump(), before)
      })
    }
  })

  // Nothing is connected to before.
  if (dialect === 'sqlite') testUnconnected(pair, plan)

  it('writes what seeds declare', async () => {
    const made = await pair().call('plan --from seeds -o seeds.json')
    assert.equal(made.code, 2, made.stderr)
    const { code, stderr } = await pair().call('apply seeds.json')
    assert.equal(code, 0, stderr)
    const again = await pair().call('plan --from seeds')
    assert.equal(again.code, 0, again.stdout)
    const seeds = await queryRaw(pair().production, 'select name from tidegate_seeds')
    assert.deepEqual(seeds, [['bltcy-channel']])
  })
})

type Members = Record<string, unknown>

function testUnconnected(
  pair: () => SyncPair,
  plan: (more?: string, env?: Members) => Promise<void>,
): void {
  const edit = async (change: (document: Members) => unknown, isForged = true): Promise<void> => {
    const { digest, seal, ...body } = JSON.parse(await pair().file('plan.json')) as Members
    change(body)
    const document = { ...body, digest: isForged ? digestOf(body) : digest, seal }
    await writeFile(join(pair().folder, 'plan.json'), JSON.stringify(document))
  }
  const past = (one: Members): unknown => (one['expiresAt'] = '2020-01-01T00:00:00.000Z')
  const keyed = { TIDEGATE_PLAN_KEY: PLAN_KEY }
  const other = { TIDEGATE_PLAN_KEY: PLAN_KEY.toUpperCase() }
  const fingerprinted = { TIDEGATE_FINGERPRINT_KEY: FINGERPRINT_KEY }
  const nothing = async (): Promise<void> => undefined

  interface Refused {
    readonly name: string
    readonly made?: Members
    readonly edited?: () => Promise<void>
    readonly applied?: Members
    readonly line?: string
    readonly says: RegExp
  }
  const CASES: readonly Refused[] = [
    { name: 'an altered one', edited: () => edit(past, false), says: /it was altered/ },
    { name: 'an expired one', edited: () => edit(past), says: /it expired at 2020/ },
    {
      name: 'one that is no longer sealed as it is',
      made: keyed,
      edited: () => edit(past),
      applied: keyed,
      says: /another key/,
    },
    { name: 'one that another key sealed', made: keyed, applied: other, says: /another key/ },
    { name: 'a sealed one without the key', made: keyed, says: /no key is set/ },
    { name: 'one without a seal', applied: keyed, says: /it has no seal/ },
    {
      name: 'one for another environment',
      line: ' --env staging',
      says: /the plan is for production, and --env says staging/,
    },
    {
      name: 'one for no environment',
      edited: () =>
        edit(
          (one) =>
            ((one['plan'] as Members)['target'] = {
              ...((one['plan'] as Members)['target'] as object),
              environment: 'seeds',
            }),
        ),
      says: /for no environment/,
    },
    {
      name: 'one whose secret is not there',
      applied: { NEW_KEY: undefined },
      says: /NEW_KEY: is not set/,
    },
    {
      name: 'one of fingerprints without their key',
      made: fingerprinted,
      says: /by the fingerprint key [0-9a-f]{8}, which is not set/,
    },
    {
      name: 'one of other fingerprints',
      made: fingerprinted,
      applied: { TIDEGATE_FINGERPRINT_KEY: PLAN_KEY },
      says: /and another one is set/,
    },
    {
      name: 'one that could not be followed by a reload',
      line: ' --reload',
      says: /--reload: needs/,
    },
  ]
  describe('refuses, without a connection,', () => {
    for (const { name, made = {}, edited = nothing, applied = {}, line = '', says } of CASES) {
      it(name, async () => {
        await plan('', made)
        await edited()
        const before = await pair().dump()
        const nowhere = { PRODUCTION_SQLITE_PATH: '/nowhere/none.db', PRODUCTION_SQL_DSN: 'local' }
        const env = { ...NEW_KEY, ...nowhere, ...applied }
        const { code, stdout, stderr } = await pair().call(`apply plan.json${line}`, env)
        assert.equal(code, 1)
        assert.match(stderr, says)
        assert.equal(stdout, '')
        assert.deepEqual(await pair().dump(), before)
      })
    }
  })

  it('takes fingerprints and a seal with their keys', async () => {
    await plan('', { ...keyed, ...fingerprinted })
    const env = { ...NEW_KEY, ...keyed, ...fingerprinted }
    const { code, stderr } = await pair().call('apply plan.json --env production', env)
    assert.equal(code, 0, stderr)
  })

  it('says what to do where tidegate never ran', async () => {
    await plan()
    await executeRaw(pair().production, 'alter table tidegate_ledger rename to was')
    try {
      const { code, stderr } = await pair().call('apply plan.json', NEW_KEY)
      assert.equal(code, 1)
      assert.match(stderr, /tidegate migrate up --env production/)
    } finally {
      await executeRaw(pair().production, 'alter table was rename to tidegate_ledger')
    }
  })
}
