import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import { listRuns, newestToUndo } from '../../src/apply/journal-runs.ts'
import { planUndo, type UndoPlan } from '../../src/apply/undo-run.ts'
import { deleteChange } from '../../src/diff/change.ts'
import { diffRow } from '../../src/diff/rows.ts'
import { forEachDialect } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { executeRaw } from '../support/raw.ts'
import { migrated } from './harness.ts'
import { KEY, UndoBench } from './undo-bench.ts'

interface Moved {
  /** What happens between the run and its undo. */
  readonly meanwhile: string
  /** Rows that moved, as `table state`. */
  readonly left: readonly string[]
}

/** After a run that changed channel 1 with its abilities, and option K. */
const MOVES: Readonly<Record<string, Moved>> = {
  nothing: { meanwhile: '', left: [] },
  'a column that the run did not write': {
    meanwhile: 'update channels set used_quota = 99 where id = 1',
    left: [],
  },
  'the channel': {
    meanwhile: `update channels set base_url = 'https://hand.example' where id = 1`,
    left: ['channels changed'],
  },
  'its key': {
    meanwhile: `update channels set "key" = 'sk-test-hand' where id = 1`,
    left: ['channels changed'],
  },
  'one of its abilities': {
    meanwhile: `update abilities set priority = 77 where model = 'c' and channel_id = 1`,
    left: ['abilities changed'],
  },
  'an ability that the run deleted is there again': {
    meanwhile: `insert into abilities ("group", model, channel_id) values ('default', 'b', 1)`,
    left: ['abilities back'],
  },
  'the channel is gone': {
    meanwhile: 'delete from channels where id = 1',
    left: ['channels gone'],
  },
  'the option': {
    meanwhile: `update options set value = 'hand' where "key" = 'K'`,
    left: ['options changed'],
  },
}

interface Memory {
  /** Table, id or key, cells, and the run when it is not the one that is undone. */
  readonly rows: readonly (readonly [string, string, object, string?])[]
  readonly meanwhile?: string
  readonly left: readonly string[]
}

const movedRows = ({ left }: UndoPlan) =>
  left.flatMap(({ rows }) =>
    rows.flatMap(({ table, state }) => (state === 'as-left' ? [] : [`${table} ${state}`])),
  )

forEachDialect((_dialect, create) => {
  let it: UndoBench
  before(async () => {
    it = new UndoBench(await migrated(create, 'zeo'))
  })
  beforeEach(() => it.reset())

  async function changed(key?: typeof KEY): Promise<string> {
    await it.given({ name: 'first', base_url: 'https://old.example' }, 1)
    const { bench } = it.made
    return it.write(
      [
        ...(await it.plan(
          { key: 'sk-test-new', base_url: 'https://new.example', models: 'a,c' },
          '1',
        )),
        diffRow(bench.declare('options', { key: 'K', value: 'v' }, ['K']), null)!,
      ],
      key,
    )
  }

  describe('what has moved is left with its channel, the rest is put back', () => {
    for (const [name, { meanwhile, left }] of Object.entries(MOVES)) {
      for (const key of [undefined, KEY]) {
        test(`${name}${key === undefined ? '' : ', with a journal key'}`, async () => {
          const runId = await changed(key)
          await executeRaw(it.made.target, meanwhile)
          const shown = await planUndo(it.made.database, runId, key)
          assert.deepEqual(movedRows(shown), left)
          const { undoneBy: _, ...result } = await it.undo(runId, key)
          assert.deepEqual(result, shown)
          const isChannelLeft = left.some((row) => !row.startsWith('options'))
          const isOptionLeft = left.some((row) => row.startsWith('options'))
          const models = await it.texts('select models from channels where id = 1')
          const isGone = meanwhile.startsWith('delete')
          assert.deepEqual(models, isGone ? [] : [isChannelLeft ? 'a,c' : 'a,b'])
          const options = await it.texts('select value from options')
          assert.deepEqual(options, isOptionLeft ? ['hand'] : [])
        })
      }
    }
  })

  test('an undo is undone, and then the run can be undone again', async () => {
    for (const key of [undefined, KEY]) {
      await it.reset()
      const runId = await changed(key)
      const written = await it.rows()
      const first = await it.undo(runId, key)
      const old = await it.rows()
      assert.notDeepEqual(old, written)
      assert.deepEqual((await it.undo(runId, key)).units, [])
      const redone = await it.undo(first.undoneBy, key)
      assert.deepEqual(await it.rows(), written)
      assert.deepEqual(
        await it.texts(
          `select undone_by from tidegate_journal where run_id = '${runId}' and undone_by is not null`,
        ),
        [],
      )
      await it.undo(runId, key)
      assert.deepEqual(await it.rows(), old)
      assert.notDeepEqual(redone.units, [])
    }
  })

  test('a row that was written twice goes back to before the first time', async () => {
    await it.given({ name: 'first', tag: 'old' }, 1)
    const before = await it.rows()
    const run = it.run('test')
    await it.writeAs(run, await it.plan({ tag: 'one', models: 'a,x' }, '1'))
    await it.writeAs(run, await it.plan({ tag: 'two', models: 'x,y' }, '1'))
    const { left } = await it.undo(run.id)
    assert.deepEqual(left, [])
    assert.deepEqual(await it.rows(), before)
  })

  test('what somebody wrote between two writes of a run is not lost, and the rest is put back', async () => {
    await it.given({ name: 'first', tag: 'old' }, 1)
    await it.given({ name: 'second', tag: 'old' }, 2)
    const run = it.run('test')
    await it.writeAs(run, await it.plan({ tag: 'one' }, '1'))
    await it.writeAs(run, await it.plan({ tag: 'one' }, '2'))
    await executeRaw(it.made.target, `update channels set tag = 'hand' where id = 1`)
    await it.writeAs(run, await it.plan({ tag: 'two' }, '1'))
    const result = await it.undo(run.id)
    assert.deepEqual(movedRows(result), ['channels changed'])
    assert.deepEqual(await it.texts('select id, tag from channels order by id'), ['1 two', '2 old'])
  })

  test('a deleted channel comes back with its key, to the byte', async () => {
    for (const key of [undefined, KEY]) {
      await it.reset()
      await it.given({ name: 'first', base_url: 'https://old.example' }, 1)
      const before = await it.rows()
      const [channel] = await it.made.bench.read('channels', ['name', 'type'])
      const cells = [...channel!.cells].map(([column, before]) => {
        return { column, before, after: null, difference: 'different', secret: false } as const
      })
      const { key: name, locator } = channel!
      const runId = await it.write([deleteChange('channels', name, locator!, cells)!], key)
      assert.deepEqual(await it.texts('select count(*) from channels'), ['0'])
      const { units } = await it.undo(runId, key)
      assert.deepEqual(
        units.map(({ rows }) => rows.map(({ operation, name }) => `${operation} ${name}`)),
        [['insert first']],
      )
      assert.deepEqual(await it.rows(), before)
    }
  })

  test('a secret option is encrypted too', async () => {
    const { bench } = it.made
    const option = bench.declare('options', { key: 'SMTPToken', value: 'sk-test-mail' }, [
      'SMTPToken',
    ])
    await it.write([diffRow(option, null)!], KEY)
    const [row] = await bench.read('options', ['value'])
    const other = { ...row!, cells: new Map([['value', 'sk-test-other']]) }
    const runId = await it.write([diffRow(other, row!)!], KEY)
    assert.doesNotMatch(JSON.stringify(await it.journal()), /sk-test/)
    await it.undo(runId, KEY)
    assert.deepEqual(await it.texts('select value from options'), ['sk-test-mail'])
  })

  describe('of what is remembered, only cells that are put back are forgotten', () => {
    const cases: Readonly<Record<string, Memory>> = {
      'cells of the run': {
        rows: [['channels', '1', { models: 'a,c', tag: 'x' }]],
        left: ['channels {"tag":"x"}'],
      },
      'a row with no other cells': {
        rows: [['channels', '1', { models: 'a,c' }]],
        left: [],
      },
      'a row that the run made': { rows: [['options', 'K', { value: 'v' }, '9999']], left: [] },
      'what an earlier run remembered': {
        rows: [['channels', '1', { models: 'a' }, '2000']],
        left: ['channels {"models":"a"}'],
      },
      'what a later run remembered': {
        rows: [['channels', '1', { models: 'a,c', tag: 'x' }, '9999']],
        left: ['channels {"tag":"x"}'],
      },
      'a row that was only found equal': {
        rows: [['channels', '9', { models: 'a' }]],
        left: ['channels {"models":"a"}'],
      },
      'a row of which something moved': {
        meanwhile: `update options set value = 'hand'`,
        rows: [['options', 'K', { value: 'v' }]],
        left: ['options {"value":"v"}'],
      },
      'an ability that the run made, and one that it left': {
        rows: [
          ['channels', '1', { tag: 'x' }, '2000'],
          ['abilities', '["first","1","default","c"]', { price: '1' }],
          ['abilities', '["first","1","default","a"]', { price: '1' }],
          ['abilities', '["other","1","default","c"]', { price: '1' }],
        ],
        left: ['abilities {"price":"1"}', 'abilities {"price":"1"}', 'channels {"tag":"x"}'],
      },
    }
    for (const [name, { rows, meanwhile = '', left }] of Object.entries(cases)) {
      test(name, async () => {
        const runId = await changed()
        const texts = rows.map(([table, rowId, cells, by = runId]) => {
          const key = table === 'channels' ? `["first","${rowId}"]` : rowId
          return `insert into tidegate_base values
            ('pull:p', '${table}:${key}', '${table}', '${rowId}', '${JSON.stringify(cells)}', '${by}');`
        })
        await executeRaw(it.made.target, texts.join('') + meanwhile)
        await it.undo(runId)
        const found = await it.texts('select table_name, cells from tidegate_base order by 1')
        assert.deepEqual(found, left)
      })
    }
  })

  test('the newest run of which something is not undone; one that undid is named by hand', async () => {
    const { database } = it.made
    const newest = async () => newestToUndo(await listRuns(database))?.id
    assert.equal(await newest(), undefined)
    const first = await changed()
    const second = await it.write(await it.plan({ tag: 't' }, '1'))
    assert.equal(await newest(), second)
    await it.undo(second)
    assert.equal(await newest(), first)
    const runs = await listRuns(database)
    assert.deepEqual(
      runs.map(({ command, rows, undone, tables }) => [command, rows, undone, tables.join()]),
      [
        ['undo', 3, 0, 'abilities,channels'],
        ['test', 3, 3, 'abilities,channels'],
        ['test', 4, 0, 'abilities,channels,options'],
      ],
    )
  })

  test('a run that nobody knows', async () => {
    const error = await failureOf(planUndo(it.made.database, 'made up'))
    assert.equal(error.code, 'journal')
    assert.match(error.nextStep!, /tidegate undo --list/)
  })
})
