import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { undoSource } from '../../src/apply/undo.ts'
import type { Database } from '../../src/database/contract.ts'
import { planRepairs, repairsOf } from '../../src/doctor/repair-plan.ts'
import { applyRepairs, type RepairResult } from '../../src/doctor/repair.ts'
import { RULE_IDS, type RuleId } from '../../src/doctor/rule-table.ts'
import { EMPTY_TABLES, migrated } from '../apply/harness.ts'
import { testRun } from '../migrate/harness.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'

/** As the incident's guide has it; nothing else is wrong with it. */
const PADDED = `insert into channels (id, type, key, status, name, models, "group", priority, weight)
  values (8, 37, 'sk-test-8', 1, 'Bltcy旧网关', ',runway, pika,', ',default,', 5, 10);`

const CLEAN = `insert into channels (id, type, key, status, name, models, "group", priority, weight)
  values (9, 1, 'sk-test-9', 1, 'clean', 'a', 'default', 0, 0);`

function abilities(...rows: readonly string[]): string {
  const columns = '"group", model, channel_id, enabled, priority, weight, tag, workflow_price'
  return `insert into abilities (${columns}) values ${rows.join()};`
}

const CHANNELS = `select id, status, models, "group" from channels order by id`

const ABILITIES = `select channel_id, "group", model, cast(enabled as text), priority, weight, tag,
  workflow_price from abilities order by 1, 2, 3`

const TRACES = `select (select count(*) from tidegate_journal), (select count(*) from tidegate_runs)`

describe('repairsOf', () => {
  test('what no rule may do by itself needs a person', () => {
    const kinds = RULE_IDS.flatMap((rule) => {
      const repairs = repairsOf(rule)
      return repairs.length === 0 ? [] : [`${rule} ${repairs.join('+')}`]
    })
    assert.deepEqual(kinds.toSorted(), [
      'A1 abilities',
      'A2 abilities',
      'A3 abilities',
      'A4 abilities',
      'A5 abilities',
      'A6 lists+abilities',
      'A7 abilities',
      'C2 lists+abilities',
      'C7 re-enable',
      'S1 sequences',
    ])
  })
})

forEachDialect((dialect, create) => {
  let made: TestDatabase
  const yes = dialect === 'sqlite' ? '1' : 'true'
  const no = dialect === 'sqlite' ? '0' : 'false'

  beforeEach(async () => {
    made ??= await migrated(create, 'zeo')
    await executeRaw(made.target, EMPTY_TABLES)
  })

  const prepare = (...statements: string[]) => executeRaw(made.target, statements.join('\n'))
  const rows = async (text: string) =>
    (await queryRaw(made.target, text)).map((row) => row.map(String).join('|'))

  function repair(rules: readonly RuleId[], database = made.database): Promise<RepairResult> {
    const run = testRun('doctor')
    return applyRepairs({ database, run, lock: { timeoutMs: 10_000 }, rules })
  }

  /** A database beside which somebody writes before each of its transactions, as often as told. */
  function disturbed(statements: readonly string[]): Database {
    const left = [...statements]
    return {
      ...made.database,
      transaction: async (body) => {
        const next = left.shift()
        if (next !== undefined) await executeRaw(made.target, next)
        return made.database.transaction(body)
      },
    }
  }

  test('lists are cleaned and their abilities made in one', async () => {
    await prepare(PADDED, CLEAN, abilities(`('default', 'a', 9, ${yes}, 0, 0, null, 7)`))
    const result = await repair(['C2'])
    assert.deepEqual(result.channels, [
      { rule: 'C2', channelId: '8', columns: ['models', 'group'], insert: 2, update: 0, remove: 0 },
    ])
    assert.deepEqual(await rows(CHANNELS), ['8|1|runway,pika|default', '9|1|a|default'])
    assert.deepEqual(await rows(ABILITIES), [
      `8|default|pika|${yes}|5|10|null|null`,
      `8|default|runway|${yes}|5|10|null|null`,
      `9|default|a|${yes}|0|0|null|7`,
    ])
  })

  test('abilities are rebuilt, orphans removed, and what a fork added stays', async () => {
    const wrong = [
      `('default', 'a', 9, ${no}, 3, 0, null, 7)`,
      `('default', 'gone', 9, ${yes}, 0, 0, null, null)`,
      `('default', 'a', 77, ${yes}, 0, 0, 't', 5)`,
      `('vip', 'a', 77, null, null, 0, null, null)`,
    ]
    await prepare(CLEAN, abilities(...wrong))
    const before = await rows(ABILITIES)
    const result = await repair(['A3', 'A5'])
    assert.deepEqual(
      result.channels.map(({ rule, channelId, insert, update, remove }) => {
        return [rule, channelId, insert, update, remove].join()
      }),
      ['A3,9,0,1,1', 'A3,77,0,0,2'],
    )
    assert.deepEqual(await rows(ABILITIES), [`9|default|a|${yes}|0|0|null|7`])

    const { database } = made
    const undo = { database, catalog: await database.catalog(), run: testRun('undo') }
    await database.transaction(() => undoSource({ ...undo, source: 'doctor:A3' }))
    assert.deepEqual(await rows(ABILITIES), before, 'the journal holds the way back')
  })

  test('abilities follow padded lists as long as only they are repaired', async () => {
    await prepare(PADDED)
    await repair(['A1'])
    assert.deepEqual(await rows(CHANNELS), ['8|1|,runway, pika,|,default,'])
    assert.equal((await rows(ABILITIES)).length, 6)
  })

  test('a second run writes nothing', async () => {
    await prepare(PADDED, CLEAN, abilities(`('default', 'a', 77, ${yes}, 0, 0, null, null)`))
    await repair(RULE_IDS)
    const after = [await rows(TRACES), await rows(ABILITIES), await rows(CHANNELS)]
    const second = await repair(RULE_IDS)
    assert.deepEqual(second, { channels: [], sequences: [], skipped: [], verified: true })
    assert.deepEqual([await rows(TRACES), await rows(ABILITIES), await rows(CHANNELS)], after)
  })

  test('a disabled channel is enabled only when that is asked for', async () => {
    await prepare(CLEAN, `update channels set status = 3`)
    await prepare(abilities(`('default', 'a', 9, ${no}, 0, 0, null, null)`))
    assert.deepEqual((await repair(['A1', 'A4', 'C2'])).channels, [])
    await repair(['C7'])
    assert.deepEqual(await rows(CHANNELS), ['9|1|a|default'])
    assert.deepEqual(await rows(ABILITIES), [`9|default|a|${yes}|0|0|null|null`])
  })

  test('one that an admin disabled stays', async () => {
    await prepare(CLEAN, `update channels set status = 2`)
    await repair(['C7'])
    assert.deepEqual(await rows(CHANNELS), ['9|2|a|default'])
  })

  test('a plan writes nothing', async () => {
    await prepare(PADDED)
    const plan = await planRepairs(made.database, ['A6'])
    const [planned] = plan.channels
    assert.deepEqual(
      planned?.changes.map(({ kind, table }) => `${kind} ${table}`),
      ['update channels', 'rebuild abilities'],
    )
    assert.deepEqual(await rows(TRACES), ['0|0'])
    assert.deepEqual(await rows(ABILITIES), [])
  })

  test('a channel that changes meanwhile is planned anew', async () => {
    await prepare(PADDED)
    const database = disturbed([`update channels set priority = 6, models = 'x, y' where id = 8`])
    const { channels } = await repair(['C2'], database)
    assert.equal(channels.length, 1)
    assert.deepEqual(await rows(CHANNELS), ['8|1|x,y|default'])
    assert.deepEqual(await rows(ABILITIES), [
      `8|default|x|${yes}|6|10|null|null`,
      `8|default|y|${yes}|6|10|null|null`,
    ])
  })

  test('abilities whose channel appears meanwhile are not removed as orphans', async () => {
    await prepare(abilities(`('default', 'a', 9, ${yes}, 0, 0, null, 7)`))
    const { channels } = await repair(['A3'], disturbed([CLEAN]))
    assert.deepEqual(channels, [])
    assert.deepEqual(await rows(ABILITIES), [`9|default|a|${yes}|0|0|null|7`])
  })

  test('rows that never rest end the run', async () => {
    await prepare(PADDED)
    const restless = [1, 2, 3, 4, 5].map((n) => `update channels set models = ' ${n}' where id = 8`)
    await assert.rejects(repair(['C2'], disturbed(restless)), { code: 'stale' })
    assert.deepEqual(await rows(TRACES), ['0|0'])
  })

  test('more channels than one batch', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => index + 1)
    const values = ids.map((id) => `(${id}, 1, 'sk-test', 1, 'c${id}', 'a', 'default', 0, 0)`)
    const orphans = ids.map((id) => `('default', 'a', ${id + 100}, ${yes}, 0, 0, null, null)`)
    await prepare(
      `insert into channels (id, type, key, status, name, models, "group", priority, weight)
        values ${values.join()};`,
      abilities(...orphans),
    )
    const plan = await planRepairs(made.database, ['A5'])
    assert.deepEqual(
      plan.channels.map(({ channelId }) => channelId),
      [...ids, ...ids.map((id) => id + 100)].map(String),
    )
  })

  if (dialect === 'sqlite') sqliteOnly()
  else postgresOnly()

  function sqliteOnly() {
    test('an enabled that is a text becomes one that the gateway reads', async () => {
      await prepare(CLEAN, abilities(`('default', 'a', 9, 'true', 0, 0, null, 7)`))
      await repair(['A7'])
      const [stored] = await queryRaw(made.target, 'select typeof(enabled), enabled from abilities')
      assert.deepEqual(stored, ['integer', 1n])
    })

    test('what the gateway cannot read is left alone and told', async () => {
      const unreadable = [
        `update channels set priority = 'high' where id = 8;`,
        `insert into channels (id, key, models, "group", status) values (10, 'k', 'a', 'g', 1);`,
        abilities(`(null, 'a', 10, 1, 0, 0, null, 7)`, `('g', 'a', 'x', 1, 0, 0, null, 7)`),
      ]
      await prepare(PADDED, ...unreadable)
      const before = [await rows(CHANNELS), await rows(ABILITIES)]
      const result = await repair(['C2', 'A3'])
      assert.deepEqual(result.channels, [])
      assert.deepEqual(result.skipped, ['8', '10', 'x'])
      assert.deepEqual([await rows(CHANNELS), await rows(ABILITIES)], before)
    })

    test('there are no sequences', async () => {
      await prepare(CLEAN)
      assert.deepEqual((await repair(['S1'])).sequences, [])
    })
  }

  function postgresOnly() {
    test('a sequence moves past the largest id, once', async () => {
      await prepare(CLEAN.replace('(9,', '(1000,'))
      const { sequences } = await repair(['S1'])
      assert.deepEqual(sequences, ['channels'])
      assert.deepEqual((await repair(['S1'])).sequences, [])
      const [[next] = []] = await queryRaw(made.target, `select nextval('channels_id_seq')`)
      assert.ok(BigInt(String(next)) > 1000n)
    })

    test('a value that does not fit is refused before anything is written', async () => {
      await prepare(
        `alter table channels alter column "group" type text;`,
        CLEAN.replace(`'default'`, `'${'g'.repeat(70)}'`),
      )
      await assert.rejects(repair(['A1']), { code: 'value' })
      assert.deepEqual(await rows(TRACES), ['0|0'])
    })
  }
})
