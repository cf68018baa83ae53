import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import { StaleError } from '../../src/errors.ts'
import { diffRow } from '../../src/diff/rows.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { executeRaw } from '../support/raw.ts'
import { exactRows } from '../support/rows.ts'
import { type Bench, type Cells, CHANNEL, EMPTY_TABLES, migrated } from './harness.ts'

const TABLES = ['channels', 'abilities', 'options', 'tidegate_journal', 'tidegate_runs']

interface Case {
  /** What the plan wants of channel 1, or of a new one. */
  readonly wants: Cells
  readonly id?: null
  readonly meanwhile: string
  readonly stale: boolean
}

const CASES: Readonly<Record<string, Case>> = {
  'the column that the plan changes': {
    wants: { base_url: 'https://new.example' },
    meanwhile: `update channels set base_url = 'https://other.example'`,
    stale: true,
  },
  'another column': {
    wants: { base_url: 'https://new.example' },
    meanwhile: 'update channels set used_quota = 99, response_time = 1',
    stale: false,
  },
  'a secret that the plan changes': {
    wants: { key: 'sk-test-new' },
    meanwhile: `update channels set "key" = 'sk-test-other'`,
    stale: true,
  },
  'the row is gone': {
    wants: { base_url: 'https://new.example' },
    meanwhile: 'delete from channels',
    stale: true,
  },
  'the same row is there already': {
    wants: CHANNEL,
    id: null,
    meanwhile: `insert into channels (name, type, "key") values ('made up', 1, 'sk-test-other')`,
    stale: true,
  },
  'a row of the same name and another type': {
    wants: CHANNEL,
    id: null,
    meanwhile: `insert into channels (name, type, "key") values ('made up', 2, 'sk-test-other')`,
    stale: false,
  },
  'an ability that the plan removes was changed': {
    wants: { models: 'a' },
    meanwhile: `update abilities set priority = 9 where model = 'b'`,
    stale: true,
  },
  'an ability that the plan removes is gone': {
    wants: { models: 'a' },
    meanwhile: `delete from abilities where model = 'b'`,
    stale: true,
  },
  'an ability that the plan changes was changed': {
    wants: { priority: '7' },
    meanwhile: `update abilities set enabled = false where model = 'b'`,
    stale: true,
  },
  'an ability that the plan inserts is there already': {
    wants: { models: 'a,b,c' },
    meanwhile: `insert into abilities ("group", model, channel_id) values ('default', 'c', 1)`,
    stale: true,
  },
  "another channel's ability": {
    wants: { models: 'a,b,c' },
    meanwhile: `insert into abilities ("group", model, channel_id) values ('default', 'c', 2)`,
    stale: false,
  },
  // What the abilities are derived from, though the plan changes none of it.
  'the gateway disables the channel': {
    wants: { models: 'a,b,c' },
    meanwhile: 'update channels set status = 3',
    stale: true,
  },
  'somebody gives the channel another priority': {
    wants: { models: 'a,b,c' },
    meanwhile: 'update channels set priority = 9',
    stale: true,
  },
}

forEachDialect((dialect, create) => {
  let made: TestDatabase & { readonly bench: Bench }
  before(async () => {
    made = await migrated(create, 'n25')
  })
  beforeEach(async () => {
    const restart = dialect === 'postgres' ? 'alter sequence channels_id_seq restart;' : ''
    await executeRaw(made.target, EMPTY_TABLES + restart)
    await made.bench.apply(
      await made.bench.planChannel(
        { ...CHANNEL, name: 'first', base_url: 'https://old.example' },
        null,
      ),
    )
    await executeRaw(made.target, 'delete from tidegate_journal; delete from tidegate_runs')
  })
  const everything = () => Promise.all(TABLES.map((table) => exactRows(made.target, table)))

  describe('between plan and write', () => {
    for (const [name, { wants, id = '1', meanwhile, stale }] of Object.entries(CASES)) {
      test(`${name}: ${stale ? 'refused' : 'no obstacle'}`, async () => {
        const changes = await made.bench.planChannel(wants, id)
        assert.notEqual(changes.length, 0)
        await executeRaw(made.target, meanwhile)
        const before = await everything()
        if (stale) {
          const error = await failureOf(made.bench.apply(changes))
          assert.ok(error instanceof StaleError, error.message)
          assert.match(error.message, /changed after the plan was made; nothing was written/)
          assert.deepEqual(await everything(), before)
        } else {
          const inserted = await made.bench.apply(changes)
          assert.notDeepEqual(await everything(), before)
          assert.deepEqual(
            (await made.bench.planChannel(wants, id ?? [...inserted.values()][0]!)).map(
              ({ kind }) => kind,
            ),
            [],
          )
        }
      })
    }

    test('an option that appeared is refused, also when it holds the same', async () => {
      const { bench, target } = made
      const change = diffRow(bench.declare('options', { key: 'k', value: 'v' }, ['k']), null)!
      await executeRaw(target, `insert into options values ('k', 'v')`)
      const error = await failureOf(bench.apply([change]))
      assert.ok(error instanceof StaleError)
    })
  })

  test('one stale row of two keeps both unwritten', async () => {
    const { bench, target } = made
    const option = diffRow(bench.declare('options', { key: 'k', value: 'v' }, ['k']), null)!
    const channel = await bench.planChannel({ base_url: 'https://new.example' }, '1')
    await executeRaw(target, `update channels set base_url = ''`)
    const before = await everything()
    assert.ok((await failureOf(bench.apply([option, ...channel]))) instanceof StaleError)
    assert.deepEqual(await everything(), before)
  })
})
