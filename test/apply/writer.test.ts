import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import { diffRow } from '../../src/diff/rows.ts'
import { StaleError } from '../../src/errors.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { exactRows } from '../support/rows.ts'
import { type Bench, CHANNEL, EMPTY_TABLES, migrated } from './harness.ts'

const TABLES = ['channels', 'abilities', 'options'] as const

forEachDialect((dialect, create) => {
  let made: TestDatabase & { readonly bench: Bench }
  before(async () => {
    made = await migrated(create, 'zeo')
  })
  beforeEach(async () => {
    const restart = dialect === 'postgres' ? 'alter sequence channels_id_seq restart;' : ''
    await executeRaw(made.target, EMPTY_TABLES + restart)
  })
  const everything = () => Promise.all(TABLES.map((table) => exactRows(made.target, table)))
  const ids = async () =>
    (await queryRaw(made.target, 'select id from channels order by id')).map(([id]) => String(id))
  const addChannel = async (name: string) => {
    const changes = await made.bench.planChannel({ ...CHANNEL, name }, null)
    return made.bench.apply(changes)
  }

  describe('ids', () => {
    test('go on past rows that were inserted by hand, and so does the gateway', async () => {
      const { target } = made
      await executeRaw(target, `insert into channels (id, name, "key") values (41, 'hand', 'k')`)
      const inserted = await addChannel('ours')
      assert.deepEqual([...inserted.values()], ['42'])
      await executeRaw(target, `insert into channels (name, "key") values ('gateway', 'k')`)
      assert.deepEqual(await ids(), ['41', '42', '43'])
    })

    if (dialect === 'postgres') {
      test('the sequence never goes back', async () => {
        const { target } = made
        await executeRaw(
          target,
          `select setval('channels_id_seq', 500);
           insert into channels (id, name, "key") values (3, 'hand', 'k')`,
        )
        await addChannel('ours')
        await executeRaw(target, `insert into channels (name, "key") values ('gateway', 'k')`)
        assert.deepEqual(await ids(), ['3', '501', '502'])
      })
    }

    test('abilities that a deleted channel left under the new id are replaced', async () => {
      const { target, bench } = made
      await executeRaw(
        target,
        `insert into abilities ("group", model, channel_id, enabled, workflow_price)
           values ('default', 'a', 1, false, 5), ('gone', 'x', 1, true, 6), ('gone', 'x', 2, true, 7)`,
      )
      const before = await everything()
      await addChannel('ours')
      assert.deepEqual(await ids(), ['1'])
      const rows = await queryRaw(
        target,
        'select channel_id, "group", model from abilities order by 1, 2, 3',
      )
      assert.deepEqual(
        rows.map((row) => row.map(String).join(' ')),
        ['1 default a', '1 default b', '2 gone x'],
      )
      await bench.undo()
      assert.deepEqual(await everything(), before)
    })
  })

  describe('undo', () => {
    test('of an insert', async () => {
      const before = await everything()
      await addChannel('ours')
      const { bench } = made
      await bench.apply([
        diffRow(bench.declare('options', { key: 'K', value: '{"a": 1}' }, ['K']), null)!,
      ])
      assert.deepEqual((await exactRows(made.target, 'abilities')).length, 2)
      assert.equal(await bench.undo(), 4)
      assert.deepEqual(await everything(), before)
      assert.equal(await bench.undo(), 0)
    })

    const blob = (text: string) =>
      dialect === 'sqlite' ? `x'${Buffer.from(text).toString('hex')}'` : `'${text}'`
    const odd = [
      ['json with blanks and an odd order', `channel_info`, blob(' { "b" :1,"a":  [ ] } ')],
      ['a json null', 'channel_info', blob(' null ')],
      ['NULL', 'channel_info', 'NULL'],
      ['an empty text', 'remark', `''`],
      ['quotes and line ends', 'remark', `'it''s "q" \\ ' || chr(10) || chr(13)`],
      ['a fraction', 'channel_ratio', '0.30000000000000004'],
      ['a large number', 'used_quota', '9007199254740993'],
    ] as const
    test('of updates and deletes restores every byte', async () => {
      const { bench, target } = made
      await addChannel('first')
      for (const [name, column, value] of odd) {
        const text = dialect === 'sqlite' ? value.replaceAll('chr(', 'char(') : value
        await executeRaw(
          target,
          `update channels set ${column} = ${text};
           update abilities set workflow_price = 9007199, channel_ratio = 0.1, tag = ' t ';
           delete from tidegate_journal`,
        )
        const before = await everything()
        const [row] = await bench.read('channels', [column])
        const other = row!.cells.get(column) === '7' ? '8' : '7'
        await bench.apply([
          diffRow({ ...row!, cells: new Map([[column, other]]) }, row!)!,
          ...(await bench.planChannel({ models: 'c', tag: 'x' }, '1')),
        ])
        assert.notDeepEqual(await everything(), before, name)
        assert.equal(await bench.undo(), 5, name)
        assert.deepEqual(await everything(), before, name)
      }
    })

    test('is refused when the row has changed since, whole', async () => {
      const { bench, target } = made
      await addChannel('first')
      await executeRaw(target, 'delete from tidegate_journal')
      await bench.apply(
        await bench.planChannel({ models: 'a,c', base_url: 'https://x.example' }, '1'),
      )
      await executeRaw(target, `update channels set base_url = 'https://x.example/'`)
      const before = await everything()
      assert.ok((await failureOf(bench.undo())) instanceof StaleError)
      assert.deepEqual(await everything(), before)
    })
  })

  test('the journal holds no secret that was not in the row, and none outside the images', async () => {
    const { bench, target } = made
    await addChannel('first')
    await bench.apply(await bench.planChannel({ key: 'sk-test-second' }, '1'))
    const rows = await queryRaw(
      target,
      'select run_id, source, operation, locator, columns from tidegate_journal order by 1',
    )
    assert.ok(rows.length >= 4)
    assert.equal(JSON.stringify(rows).includes('sk-test'), false)
    const keys = await queryRaw(target, 'select "key" from channels')
    assert.deepEqual(keys, [['sk-test-second']])
  })
})
