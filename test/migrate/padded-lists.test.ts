import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Target } from '../../src/database/contract.ts'
import { StaleError } from '../../src/errors.ts'
import { migrateDown, migrateUp } from '../../src/migrate/runner.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { exactRows } from '../support/rows.ts'
import { inputFor, ledgerOf, SHIPPED_NAMES } from './harness.ts'

const PADDED = SHIPPED_NAMES[2]

/** id: models, group, status, priority, weight, tag as written by hand. */
const CHANNELS: Readonly<Record<number, string>> = {
  1: `',runway,pika,kling,', ',default,', 1, 5, 10, 'video'`,
  2: `' a , b', 'default,vip', 1, 0, 0, null`,
  3: `'x，y', 'default', 1, null, null, null`,
  4: `'m,', 'default', 2, 1, 2, ''`,
  5: `'same,same,', 'default', 3, 1, 2, null`,
  // Clean ones, right or wrong, are left alone.
  6: `'runway,pika', 'default', 1, 5, 10, null`,
  7: `null, '', 1, 0, 0, null`,
}

/** group, model, channel_id, enabled, priority, weight, tag, workflow_price. */
const ABILITIES = [
  `'', '', 1, true, 5, 10, null, null`,
  `'', 'runway', 1, true, 5, 10, null, 7`,
  `'default', '', 1, true, 5, 10, null, null`,
  `'default', 'runway', 1, true, 5, 10, 'video', 42`,
  `'default', 'pika', 1, null, 9, null, null, 43`,
  `'default', ' a ', 2, true, 0, 0, null, null`,
  `'default', 'm', 4, true, 1, 2, null, 44`,
  `'default', 'wrong', 6, true, 1, 1, 'x', null`,
  `'gone', 'orphan', 99, true, 1, 1, null, null`,
]

const AFTER = {
  channels: [
    '1 runway,pika,kling default',
    '2 a,b default,vip',
    '3 x,y default',
    '4 m default',
    '5 same default',
    '6 runway,pika default',
    '7 null ',
  ],
  abilities: [
    '1 default kling true 5 10 video null',
    '1 default pika true 5 10 video 43',
    '1 default runway true 5 10 video 42',
    '2 default a true 0 0 null null',
    '2 default b true 0 0 null null',
    '2 vip a true 0 0 null null',
    '2 vip b true 0 0 null null',
    '3 default x true 0 0 null null',
    '3 default y true 0 0 null null',
    // NULL and an empty tag mean the same, so the row that was right but for `enabled` keeps its.
    '4 default m false 1 2  44',
    '5 default same false 1 2 null null',
    '6 default wrong true 1 1 x null',
    '99 gone orphan true 1 1 null null',
  ],
} as const

const TABLES = ['channels', 'abilities'] as const

async function fill(target: Target): Promise<void> {
  const channels = Object.entries(CHANNELS).map(
    ([id, values]) =>
      `insert into channels (id, name, key, models, "group", status, priority, weight, tag)
       values (${id}, 'channel ${id}', 'sk-test-${id}', ${values});`,
  )
  const abilities = ABILITIES.map(
    (values) =>
      `insert into abilities ("group", model, channel_id, enabled, priority, weight, tag, workflow_price)
       values (${values});`,
  )
  await executeRaw(target, [...channels, ...abilities].join('\n'))
}

const SELECTS: Readonly<Record<(typeof TABLES)[number], string>> = {
  channels: 'select id, models, "group" from channels order by id',
  abilities: `select channel_id, "group", model,
      case when enabled then 'true' when not enabled then 'false' end, priority, weight, tag,
      workflow_price
    from abilities order by 1, 2, 3`,
}

async function plainRows(target: Target, table: (typeof TABLES)[number]): Promise<string[]> {
  const rows = await queryRaw(target, SELECTS[table])
  return rows.map((row) => row.map(String).join(' '))
}

async function everything(target: Target): Promise<string[][]> {
  return Promise.all(TABLES.map((table) => exactRows(target, table)))
}

forEachDialect((dialect, create) => {
  async function padded(): Promise<TestDatabase> {
    const made = await create({ fixture: 'zeo' })
    await fill(made.target)
    return made
  }

  test('unpads lists, rebuilds the abilities of those channels, and takes it all back', async () => {
    const { database, target } = await padded()
    const before = await everything(target)
    const untouched = before[0]!.filter((row) => /channel [67]\b/.test(row))
    assert.equal(untouched.length, 2)
    const { statuses } = await migrateUp(inputFor(database), {})

    for (const table of TABLES) assert.deepEqual(await plainRows(target, table), AFTER[table])
    const after = await everything(target)
    assert.deepEqual(
      after[0]!.filter((row) => /channel [67]\b/.test(row)),
      untouched,
    )
    assert.deepEqual([...statuses[2]!.record!.notes], [['channels', '5']])
    const journal = await queryRaw(
      target,
      `select table_name, operation, count(*) from tidegate_journal
       where source = 'migration:0003-repair-padded-lists' and undone_by is null
       group by 1, 2 order by 1, 2`,
    )
    assert.deepEqual(
      journal.map((row) => row.map(String).join(' ')),
      ['abilities delete 4', 'abilities insert 8', 'abilities update 2', 'channels update 5'],
    )

    await migrateDown(inputFor(database), { to: PADDED })
    assert.deepEqual(await everything(target), before)
    const [[open]] = (await queryRaw(
      target,
      'select count(*) from tidegate_journal where undone_by is null',
    )) as [[unknown]]
    assert.equal(Number(open), 0)

    // Once more: what was undone is not undone again.
    await migrateUp(inputFor(database), {})
    assert.deepEqual(await everything(target), after)
    await migrateDown(inputFor(database), { to: PADDED })
    assert.deepEqual(await everything(target), before)
  })

  describe('down is refused when a row that it wrote has changed since', () => {
    const changes = {
      'a channel': `update channels set models = 'other' where id = 1`,
      'a channel that is gone': 'delete from channels where id = 2',
      'an inserted ability': `update abilities set enabled = false where channel_id = 3`,
      'an updated ability': `update abilities set priority = 77 where model = 'pika'`,
      'a deleted ability that is back': `insert into abilities ("group", model, channel_id) values ('', '', 1)`,
    }
    test('and nothing is taken back', async () => {
      const { database, target } = await padded()
      await migrateUp(inputFor(database), {})
      const kept = await everything(target)
      for (const [name, change] of Object.entries(changes)) {
        await executeRaw(target, change)
        const before = await everything(target)
        assert.notDeepEqual(before, kept, name)
        const error = await failureOf(migrateDown(inputFor(database), { to: PADDED }))
        assert.ok(error instanceof StaleError, name)
        assert.match(
          error.message,
          /^0003-repair-padded-lists: .*changed after .*nothing was undone/,
        )
        assert.deepEqual(await everything(target), before, name)
        assert.equal((await ledgerOf(target)).length, 3)
        await restore(target, kept)
      }
    })

    /** Puts the rows back as they were by taking the changes back by hand. */
    async function restore(target: Target, kept: string[][]): Promise<void> {
      await executeRaw(
        target,
        `update channels set models = 'runway,pika,kling' where id = 1;
         update abilities set enabled = true where channel_id = 3;
         update abilities set priority = 5 where model = 'pika';
         delete from abilities where "group" = '' and model = '';`,
      )
      const gone = kept[0]!.length > (await exactRows(target, 'channels')).length
      if (gone) {
        await executeRaw(
          target,
          `insert into channels (id, name, key, models, "group", status, priority, weight, tag)
           values (2, 'channel 2', 'sk-test-2', 'a,b', 'default,vip', 1, 0, 0, null)`,
        )
      }
      assert.deepEqual(await everything(target), kept)
    }
  })

  test('a change of another column is no obstacle, and stays', async () => {
    const { database, target } = await padded()
    await migrateUp(inputFor(database), {})
    await executeRaw(target, `update channels set name = 'renamed', used_quota = 5 where id = 1`)
    await migrateDown(inputFor(database), { to: PADDED })
    const rows = await queryRaw(target, 'select name, models from channels where id = 1')
    assert.deepEqual(rows, [['renamed', ',runway,pika,kling,']])
  })

  test("one-api's, whose abilities have neither weight nor tag", async () => {
    const { database, target } = await create({ fixture: 'oa' })
    await executeRaw(
      target,
      `insert into channels (id, name, key, models, "group", status, priority)
         values (1, 'c', 'sk-test', ',a,', 'default', 1, 3);
       insert into abilities ("group", model, channel_id, enabled, priority)
         values ('default', '', 1, true, 3)`,
    )
    const before = await everything(target)
    await migrateUp(inputFor(database), {})
    assert.deepEqual(
      (await queryRaw(target, 'select "group", model, channel_id, priority from abilities')).map(
        (row) => row.join(' '),
      ),
      ['default a 1 3'],
    )
    await migrateDown(inputFor(database), { to: PADDED })
    assert.deepEqual(await everything(target), before)
  })

  if (dialect === 'sqlite') {
    test('lists that are no text are left alone', async () => {
      const { database, target } = await create({ fixture: 'n25' })
      await executeRaw(
        target,
        `insert into channels (id, key, models, "group") values (1, 'sk-test', x'2c612c', 'default')`,
      )
      const before = await everything(target)
      await migrateUp(inputFor(database), {})
      assert.deepEqual(await everything(target), before)
    })
  }
})
