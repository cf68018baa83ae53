import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import { diffAbilities, diffOrphans } from '../../src/diff/abilities.ts'
import {
  type CellChange,
  type Change,
  deleteChange,
  insertChange,
  updateChange,
} from '../../src/diff/change.ts'
import { rowKey } from '../../src/apply/row-key.ts'
import { Secret } from '../../src/secret.ts'
import { type Cell, naturalKey } from '../../src/snapshot/model.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { exactRows } from '../support/rows.ts'
import { type Bench, type Cells, CHANNEL, EMPTY_TABLES, migrated } from './harness.ts'

const TABLES = ['channels', 'abilities', 'options', 'models', 'vendors', 'tokens'] as const

const EMPTY = `${EMPTY_TABLES} delete from models; delete from vendors; delete from tokens; delete from users;`

const cell = (column: string, before: Cell, after: Cell): CellChange => ({
  column,
  before,
  after,
  difference: 'different',
  secret: false,
})

const refer = (column: string, table: string, before: Cell, after: Cell): CellChange => ({
  ...cell(
    column,
    before === null ? null : naturalKey([before]),
    after === null ? null : naturalKey([after]),
  ),
  reference: { table },
})

const inserted = (table: string, key: readonly Cell[], cells: readonly CellChange[]): Change =>
  insertChange(table, naturalKey(key), cells)!

const vendor = (name: string): Change => inserted('vendors', [name], [cell('name', null, name)])

const model = (name: string, of: Cell): Change =>
  inserted(
    'models',
    [name],
    [cell('model_name', null, name), refer('vendor_id', 'vendors', null, of)],
  )

const user = (id: number, name: string, deleted = 'null') =>
  `insert into users (id, username, password, aff_code, deleted_at) values (${id}, '${name}', 'x', '${id}', ${deleted});`

forEachDialect((dialect, create) => {
  let made: TestDatabase & { readonly bench: Bench }
  before(async () => {
    made = await migrated(create, 'zeo')
  })
  beforeEach(async () => {
    const restart = ['channels', 'models', 'vendors', 'tokens']
      .map((table) => `alter sequence ${table}_id_seq restart;`)
      .join('')
    await executeRaw(made.target, EMPTY + (dialect === 'postgres' ? restart : ''))
  })
  const everything = () => Promise.all(TABLES.map((table) => exactRows(made.target, table)))
  const query = async (text: string) =>
    (await queryRaw(made.target, text)).map((row) => row.map(String).join(' '))
  const addChannel = async (cells: Cells) => {
    await made.bench.apply(await made.bench.planChannel({ ...CHANNEL, ...cells }, null))
  }
  const token = (owner: string, name: string): Change => {
    const key = naturalKey([owner, name])
    made.bench.secrets.set('tokens', key, 'key', new Secret(`sk-test-${owner}-${name}`))
    const secret = { ...cell('key', null, 'fingerprint'), secret: true }
    return insertChange('tokens', key, [
      refer('user_id', 'users', null, owner),
      cell('name', null, name),
      secret,
    ])!
  }

  describe('deletes', () => {
    const deleteChannel = async (id: string): Promise<Change[]> => {
      const { bench } = made
      const channels = await bench.read('channels', ['name', 'base_url', 'key'])
      const row = channels.find(({ locator }) => locator!['id'] === id)!
      const cells = ['name', 'base_url', 'key'].map((column) => ({
        ...cell(column, row.cells.get(column) ?? null, null),
        secret: column === 'key',
      }))
      const abilities = await bench.read('abilities', ['enabled', 'priority', 'weight', 'tag'])
      const own = abilities.filter(({ locator }) => locator!['channel_id'] === id)
      const orphans = diffOrphans(id, own)!
      return [deleteChange('channels', row.key, row.locator!, cells)!, orphans]
    }

    test('a channel goes with its abilities, and comes back whole', async () => {
      await addChannel({ name: 'stays' })
      await addChannel({ name: 'goes', channel_info: '{"is_multi_key": true}' })
      await executeRaw(made.target, 'delete from tidegate_journal')
      const before = await everything()
      await made.bench.apply(await deleteChannel('2'))
      assert.deepEqual(await query('select name from channels'), ['stays'])
      assert.deepEqual(await query('select distinct channel_id from abilities'), ['1'])
      assert.deepEqual(
        await query('select operation, table_name from tidegate_journal order by seq'),
        ['delete channels', 'delete abilities', 'delete abilities'],
      )
      await made.bench.undo()
      assert.deepEqual(await everything(), before)
    })

    test('a channel that gets the id of a deleted one has its own abilities', async () => {
      const { bench } = made
      await addChannel({ name: 'goes' })
      const gone = await deleteChannel('1')
      const next = await bench.planChannel({ ...CHANNEL, name: 'comes', models: 'c' }, null)
      await bench.apply([...gone, ...next])
      const [id] = await query('select id from channels')
      assert.deepEqual(await query('select channel_id, model from abilities'), [`${id} c`])
    })

    test('a row that differs from what the plan saw in any cell stays', async () => {
      await addChannel({ name: 'goes' })
      const changes = await deleteChannel('1')
      await executeRaw(made.target, `update channels set base_url = 'https://new.example'`)
      const before = await everything()
      assert.equal((await failureOf(made.bench.apply(changes))).code, 'stale')
      assert.deepEqual(await everything(), before)
    })
  })

  describe('references', () => {
    test('an id is that of the row of the same plan, or of the target', async () => {
      await executeRaw(made.target, `insert into vendors (id, name) values (7, 'there')`)
      const ids = await made.bench.apply([
        vendor('new'),
        model('a', 'new'),
        model('b', 'there'),
        model('c', null),
      ])
      assert.equal(ids.get(rowKey('vendors', naturalKey(['new']))), '8')
      assert.deepEqual(
        await query('select model_name, vendor_id from models order by model_name'),
        ['a 8', 'b 7', 'c 0'],
      )
    })

    test('rows of the same key in several tables keep apart', async () => {
      await made.bench.apply([vendor('x'), model('w', 'x'), model('x', 'x'), model('z', 'x')])
      assert.deepEqual(await query('select vendor_id from models'), ['1', '1', '1'])
    })

    test('neighbours with the same columns go each to their own table', async () => {
      const token = inserted('tokens', [null, 't'], [cell('name', null, 't')])
      await made.bench.apply([vendor('v'), token])
      assert.deepEqual(await query('select name from vendors'), ['v'])
      assert.deepEqual(await query('select name from tokens'), ['t'])
    })

    const REFUSED = {
      'no such row': '',
      'only a softly deleted one': `insert into vendors (name, deleted_at) values ('v', '2024-01-01');`,
      'two of them': `insert into vendors (name) values ('v'), ('v');`,
    }
    for (const [name, text] of Object.entries(REFUSED)) {
      test(`${name}: refused before anything is written`, async () => {
        await executeRaw(made.target, text === '' ? 'select 1' : text)
        const before = await everything()
        const error = await failureOf(made.bench.apply([vendor('w'), model('a', 'v')]))
        assert.equal(error.code, 'value')
        assert.match(error.message, /^nothing was written: \["v"\] of vendors, which rows refer to/)
        assert.deepEqual(await everything(), before)
      })
    }

    test('a softly deleted row beside the live one is none', async () => {
      await executeRaw(
        made.target,
        `insert into vendors (id, name, deleted_at) values (1, 'v', '2024-01-01'), (2, 'v', null)`,
      )
      await made.bench.apply([model('a', 'v')])
      assert.deepEqual(await query('select vendor_id from models'), ['2'])
    })

    test('an update compares and writes names, not ids', async () => {
      const { bench, target } = made
      await executeRaw(
        target,
        `insert into vendors (id, name) values (1, 'old'), (2, 'new');
         insert into models (id, model_name, vendor_id) values (1, 'a', 1), (2, 'b', 2), (3, 'c', 0)`,
      )
      const change = (id: string, from: Cell, to: Cell): Change =>
        updateChange('models', naturalKey([id]), { id }, [refer('vendor_id', 'vendors', from, to)])!
      await bench.apply([
        change('1', 'old', 'new'),
        change('2', 'new', null),
        change('3', null, 'old'),
      ])
      assert.deepEqual(await query('select vendor_id from models order by id'), ['2', '0', '1'])
      const error = await failureOf(bench.apply([change('1', 'old', null)]))
      const { rows } = error.details as { rows: unknown[] }
      assert.deepEqual(rows, [
        {
          table: 'models',
          key: ['1'],
          problem: 'changed',
          cells: [{ column: 'vendor_id', planned: '["old"]', now: '["new"]' }],
        },
      ])
      await executeRaw(target, `update vendors set name = 'renamed' where id = 1`)
      assert.equal((await failureOf(bench.apply([change('3', 'old', null)]))).code, 'stale')
    })
  })

  describe('a statement that touches fewer rows than the plan names', () => {
    const ignoring = (operation: string): string =>
      dialect === 'sqlite'
        ? `create trigger ignoring before ${operation} on options when old.key = 'b' begin select raise(ignore); end`
        : `create function ignoring() returns trigger language plpgsql as $$ begin return null; end $$;
           create trigger ignoring before ${operation} on options for each row when (old.key = 'b') execute function ignoring()`
    const undone = `drop trigger ignoring ${dialect === 'sqlite' ? '' : 'on options; drop function ignoring()'}`
    const CHANGES: Readonly<Record<string, Change>> = {
      delete: deleteChange('options', naturalKey(['b']), { key: 'b' }, [cell('value', '1', null)])!,
      update: updateChange('options', naturalKey(['b']), { key: 'b' }, [cell('value', '1', '2')])!,
    }
    for (const [operation, change] of Object.entries(CHANGES)) {
      test(`${operation}: nothing is written`, async () => {
        await executeRaw(made.target, `insert into options values ('a', '1'), ('b', '1')`)
        await executeRaw(made.target, ignoring(operation))
        try {
          const error = await failureOf(made.bench.apply([change]))
          assert.equal(error.message, 'a statement touched 0 rows instead of 1')
          assert.deepEqual(await exactRows(made.target, 'tidegate_journal'), [])
        } finally {
          await executeRaw(made.target, undone)
        }
      })
    }
  })

  describe('tokens', () => {
    test('are told apart by owner and name, among those that are not deleted', async () => {
      const { bench, target } = made
      await executeRaw(
        target,
        `${user(3, 'ann')} ${user(4, 'bob')}
         insert into tokens (user_id, name, key) values (3, 'taken', 'sk-test-1');
         insert into tokens (user_id, name, key, deleted_at) values (4, 'free', 'sk-test-2', '2024-01-01')`,
      )
      await bench.apply([token('bob', 'taken'), token('bob', 'free'), token('ann', 'free')])
      assert.deepEqual(
        await query(`select user_id, name, trim(key) from tokens where id > 2 order by id`),
        ['4 taken sk-test-bob-taken', '4 free sk-test-bob-free', '3 free sk-test-ann-free'],
      )
      const error = await failureOf(bench.apply([token('ann', 'taken')]))
      assert.equal(error.code, 'stale')
      assert.deepEqual(error.details['rows'], [
        { table: 'tokens', key: ['ann', 'taken'], problem: 'exists', cells: [] },
      ])
    })

    test('of a user that is not there are refused', async () => {
      await executeRaw(made.target, user(3, 'ann', `'2024-01-01'`))
      assert.equal((await failureOf(made.bench.apply([token('ann', 'a')]))).code, 'value')
    })
  })

  describe('many rows at once', () => {
    test('ids follow each other, and each row has its own abilities', async () => {
      const { bench, target } = made
      await executeRaw(target, `insert into channels (id, name, "key") values (41, 'hand', 'k')`)
      const plans = await Promise.all(
        ['a', 'b', 'c'].map((name) =>
          bench.planChannel({ ...CHANNEL, name, models: `${name},z` }, null),
        ),
      )
      // Each plan knows its channel by its own key.
      const changes = plans.flatMap((plan, index) =>
        plan.map((change) => ({ ...change, key: naturalKey([['a', 'b', 'c'][index]!, '1']) })),
      )
      for (const change of changes)
        bench.secrets.set('channels', change.key, 'key', new Secret('sk-test-k'))
      await bench.apply(changes)
      assert.deepEqual(await query(`select id, name from channels where id > 41 order by id`), [
        '42 a',
        '43 b',
        '44 c',
      ])
      assert.deepEqual(await query('select channel_id, model from abilities order by 1, 2'), [
        '42 a',
        '42 z',
        '43 b',
        '43 z',
        '44 c',
        '44 z',
      ])
      await executeRaw(target, `insert into channels (name, "key") values ('gateway', 'k')`)
      assert.deepEqual(await query(`select id from channels where name = 'gateway'`), ['45'])
      const before = await query('select count(*) from tidegate_journal where undone_by is null')
      assert.deepEqual(before, ['9'])
      await bench.undo()
      assert.deepEqual(await query('select name from channels order by id'), ['hand', 'gateway'])
    })

    test('abilities of several channels change and go together, and come back', async () => {
      const { bench, target } = made
      await executeRaw(
        target,
        `insert into channels (id, type, name, "key", models, "group", status, priority, weight)
           values (1, 1, 'one', 'k', 'a,b', 'g', 1, 0, 0), (2, 1, 'two', 'k', 'a', 'g', 2, 0, 0);
         insert into abilities ("group", model, channel_id, enabled, priority, weight, workflow_price) values
           ('g', 'a', 1, false, 0, 0, 7), ('g', 'gone', 1, true, 0, 0, 8), ('g', 'a', 2, true, 5, 0, 9), ('h', 'a', 2, true, 0, 0, 1)`,
      )
      const before = await everything()
      const columns = ['models', 'group', 'status', 'priority', 'weight', 'tag']
      const abilities = await bench.read('abilities', ['enabled', 'priority', 'weight', 'tag'])
      const changes = (await bench.read('channels', columns)).map(({ key, locator, cells }) =>
        diffAbilities({
          key,
          channelId: locator!['id']!,
          channel: cells,
          current: abilities.filter((row) => row.locator!['channel_id'] === locator!['id']),
        })!,
      )
      await bench.apply(changes)
      const shown = `select channel_id, "group", model, case when enabled then 'on' else 'off' end, priority, workflow_price`
      assert.deepEqual(await query(`${shown} from abilities order by 1, 2, 3`), [
        '1 g a on 0 7',
        '1 g b on 0 null',
        '2 g a off 0 9',
      ])
      await bench.undo()
      assert.deepEqual(await everything(), before)
    })

    test('what an ability holds of its own is written where there is a column for it', async () => {
      const { bench } = made
      const [channel, rebuild] = await bench.planChannel(CHANNEL, null)
      assert.ok(rebuild?.kind === 'rebuild')
      const own = new Map([
        ['workflow_price', '70'],
        ['elsewhere', 'lost'],
      ])
      const insert = rebuild.insert.map((ability) =>
        ability.model === 'b' ? { ...ability, own } : ability,
      )
      await bench.apply([channel!, { ...rebuild, insert }])
      assert.deepEqual(
        await query('select model, workflow_price, channel_ratio from abilities order by model'),
        ['a null 1', 'b 70 1'],
      )
    })
  })
})
