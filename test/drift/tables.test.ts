import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { comparePair, forBothDirections, outlines, type Side } from './world.ts'

/** Tables of a project's own, and a fork's, by what their rows are known by. */
const OWN_TABLES = `
  create table text_key (code varchar(20) primary key, price integer);
  create table integer_key (id integer primary key, price integer);
  create table two_keys (model varchar(20), region integer, price integer, primary key (model, region));
  create table named_rows (id integer primary key, name varchar(20) unique, price integer, api_key text);
  create table no_key (name varchar(20), price integer);
  create table model_pricing (id integer primary key, model_name varchar(20) unique, price integer);
  create table unasked (id integer primary key)`

const ROWS = `
  insert into text_key values ('b', 1), ('a', 1), ('ﬀ', 1), ('😀', 1), ('B', 1);
  insert into integer_key values (10, 1), (9, 1), (-1, 1), (100, 1);
  insert into two_keys values ('a', 10, 1), ('a', 9, 1), ('b', 1, 1);
  insert into no_key values ('a', 1);
  insert into model_pricing values (1, 'one', 1), (2, 'two', 1)`

const NAMED = ['text_key', 'integer_key', 'two_keys', 'named_rows']

const CLEARED = [...NAMED, 'no_key', 'model_pricing']
  .map((table) => `delete from ${table};`)
  .join(' ')

const prepare = (side: Side): Promise<void> => side.execute(OWN_TABLES)

forBothDirections(
  'n26',
  (pair) => {
    const fill = async (): Promise<void> => {
      await pair.execute(`${CLEARED} ${ROWS}`)
      await pair.from.execute("insert into named_rows values (1, 'n', 1, 'sk-test-a')")
      await pair.to.execute("insert into named_rows values (7, 'n', 1, 'sk-test-a')")
    }

    describe('tables that a project names', () => {
      it('are equal, whatever their key, and ids count only where nothing else does', async () => {
        await fill()
        const report = await comparePair(pair, { named: NAMED })
        // The row of `named_rows` is known by its name; its ids are data like any other.
        assert.deepEqual(outlines(report), ['changed different named_rows n: id'])
        for (const [table, rows] of [
          ['text_key', 5],
          ['integer_key', 4],
          ['two_keys', 3],
          ['model_pricing', 2],
        ] as const) {
          const { status, from, to } = report.tables.find((one) => one.table === table)!
          assert.deepEqual([status, from, to], ['complete', rows, rows], table)
        }
        assert.deepEqual(report.notCompared, ['no_key', 'unasked'])
      })

      it('are told row by row', async () => {
        await fill()
        await pair.to.execute(`
          update text_key set price = 2 where code = '😀'; delete from text_key where code = 'B';
          update integer_key set price = 2 where id = 9; insert into integer_key values (11, 1);
          update two_keys set price = 2 where region = 10;
          update named_rows set id = 1, api_key = 'sk-test-b';
          update model_pricing set price = 2 where id = 2`)
        const report = await comparePair(pair, { named: NAMED })
        assert.deepEqual(outlines(report), [
          'changed different integer_key 9: price',
          'changed different model_pricing two: price',
          'changed different named_rows n: api_key',
          'changed different text_key 😀: price',
          'changed different two_keys a|10: price',
          'extra different integer_key 11',
          'missing different text_key B',
        ])
        assert.doesNotMatch(JSON.stringify(report), /sk-test/)
      })

      const UNUSABLE = {
        no_key: 'it has no key that both sides agree on',
        nowhere: 'neither side has this table',
      }
      for (const [table, reason] of Object.entries(UNUSABLE)) {
        it(`are never clean when they cannot be compared: ${table}`, async () => {
          const report = await comparePair(pair, { named: [table] })
          assert.equal(report.verdict.status, 'incomplete')
          const facts = report.tables.find((one) => one.table === table)!
          assert.deepEqual([facts.status, facts.reason], ['incomplete', reason])
        })
      }
    })

    describe('users and tokens', () => {
      beforeEach(() => pair.execute(CLEARED))

      const user = (id: number, username: string) => ({
        id,
        username,
        password: 'x',
        aff_code: username,
      })
      const token = (id: number, user_id: number, name: string) => ({
        id,
        user_id,
        name,
        key: `sktest${id}`,
      })

      it('that only the right side has are counted, not listed', async () => {
        await pair.insert('users', user(1, 'shared'))
        await pair.to.insert('users', user(2, 'customer'))
        await pair.to.insert('tokens', token(1, 1, 'a'))
        await pair.to.insert('tokens', token(2, 2, 'b'))
        await pair.to.insert('tokens', token(3, 2, 'b'))
        const report = await comparePair(pair)
        assert.deepEqual(outlines(report), [])
        const counts = ['users', 'tokens'].map((name) => {
          const { from, to, unlisted } = report.tables.find(({ table }) => table === name)!
          return [from, to, unlisted]
        })
        assert.deepEqual(counts, [
          [1, 2, 1],
          [0, 3, 3],
        ])
        assert.doesNotMatch(JSON.stringify(report), /customer/)
      })

      it('of one name are told when the other side has one', async () => {
        await pair.insert('users', user(1, 'shared'))
        await pair.insert('tokens', token(1, 1, 'a'))
        await pair.to.insert('tokens', token(2, 1, 'a'))
        const report = await comparePair(pair)
        assert.deepEqual(outlines(report), ['duplicate integrity tokens shared|a of to'])
      })

      it('that only the left side has are listed', async () => {
        await pair.from.insert('users', user(1, 'only'))
        await pair.from.insert('tokens', token(1, 1, 'a'))
        const found = outlines(await comparePair(pair))
        assert.deepEqual(found, ['missing different tokens only|a', 'missing different users only'])
      })
    })
  },
  prepare,
)
