import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import { type CellChange, type Change, insertChange, updateChange } from '../../src/diff/change.ts'
import { diffRow } from '../../src/diff/rows.ts'
import { Secret } from '../../src/secret.ts'
import { type Cell, naturalKey } from '../../src/snapshot/model.ts'
import { StaleRows, staleCell } from '../../src/apply/stale.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { executeRaw } from '../support/raw.ts'
import { type Bench, CHANNEL, EMPTY_TABLES, migrated } from './harness.ts'

const BLIND = { fingerprinter: null }

const secretCell = (column: string, before: Cell, after: Cell): CellChange => ({
  column,
  before,
  after,
  difference: 'different',
  secret: true,
})

forEachDialect((dialect, create) => {
  let made: TestDatabase & { readonly bench: Bench }
  before(async () => {
    made = await migrated(create, 'n25')
  })
  beforeEach(async () => {
    const restart = dialect === 'postgres' ? 'alter sequence channels_id_seq restart;' : ''
    await executeRaw(made.target, EMPTY_TABLES + restart)
    await made.bench.apply(await made.bench.planChannel(CHANNEL, null))
  })
  const staleRows = async (
    changes: readonly Change[],
    options: Parameters<Bench['apply']>[1] = {},
  ): Promise<unknown> => {
    const error = await failureOf(made.bench.apply(changes, options))
    assert.equal(error.code, 'stale', error.message)
    assert.equal(JSON.stringify(error.details).includes('sk-test'), false)
    return error.details['rows']
  }

  describe('what moved is shown', () => {
    test('a cell, with what it was and what it is', async () => {
      const changes = await made.bench.planChannel({ remark: 'new' }, '1')
      await executeRaw(made.target, `update channels set remark = 'sk-test-0123456789abcdef'`)
      assert.deepEqual(await staleRows(changes), [
        {
          table: 'channels',
          key: ['made up', '1'],
          problem: 'changed',
          cells: [{ column: 'remark', planned: null, now: '[secret]' }],
        },
      ])
    })

    test('a secret only as set', async () => {
      const changes = await made.bench.planChannel({ key: 'sk-test-new' }, '1')
      await executeRaw(made.target, `update channels set "key" = 'sk-test-other'`)
      assert.deepEqual(await staleRows(changes), [
        {
          table: 'channels',
          key: ['made up', '1'],
          problem: 'changed',
          cells: [{ column: 'key', planned: 'set', now: 'set' }],
        },
      ])
    })

    test('a row that is gone, with its abilities', async () => {
      const changes = await made.bench.planChannel(
        { remark: 'new', models: 'a,c', priority: '3' },
        '1',
      )
      await executeRaw(made.target, 'delete from channels; delete from abilities')
      const gone = { problem: 'gone', cells: [] }
      assert.deepEqual(await staleRows(changes), [
        { table: 'channels', key: ['made up', '1'], ...gone },
        { table: 'abilities', key: ['made up', '1', 'default', 'b'], ...gone },
        { table: 'abilities', key: ['made up', '1', 'default', 'a'], ...gone },
      ])
    })

    test('abilities that changed or are there already', async () => {
      const changes = await made.bench.planChannel({ models: 'a,c', tag: 't' }, '1')
      await executeRaw(
        made.target,
        `update abilities set weight = 4 where model = 'a';
         insert into abilities ("group", model, channel_id) values ('default', 'c', 1)`,
      )
      assert.deepEqual(await staleRows(changes), [
        {
          table: 'abilities',
          key: ['made up', '1', 'default', 'a'],
          problem: 'changed',
          cells: [{ column: 'weight', planned: '0', now: '4' }],
        },
        { table: 'abilities', key: ['made up', '1', 'default', 'c'], problem: 'exists', cells: [] },
      ])
    })

    test('what abilities are derived from', async () => {
      const changes = await made.bench.planChannel({ models: 'a,c' }, '1')
      await executeRaw(made.target, 'update channels set status = 3')
      assert.deepEqual(await staleRows(changes), [
        {
          table: 'channels',
          key: ['made up', '1'],
          problem: 'changed',
          cells: [{ column: 'status', planned: '1', now: '3' }],
        },
      ])
    })

    test('rows of several tables in one answer', async () => {
      const { bench, target } = made
      const option = diffRow(bench.declare('options', { key: 'k', value: 'v' }, ['k']), null)!
      const channel = await bench.planChannel({ base_url: 'https://new.example' }, '1')
      await executeRaw(
        target,
        `insert into options values ('k', 'v'); update channels set base_url = 'https://u:p@x.example'`,
      )
      const error = await failureOf(bench.apply([option, ...channel]))
      assert.equal(
        error.message,
        'rows of channels, options changed after the plan was made; nothing was written',
      )
      const { count, rows } = error.details as { count: number; rows: { cells: unknown }[] }
      assert.equal(count, 2)
      assert.deepEqual(rows[0]!.cells, [
        { column: 'base_url', planned: '', now: 'https://[secret]@x.example' },
      ])
    })
  })

  describe('without a key for fingerprints', () => {
    const update = (before: Cell): Change =>
      updateChange('channels', naturalKey(['made up', '1']), { id: '1' }, [
        secretCell('key', before, 'set'),
      ])!
    beforeEach(() => {
      const { secrets } = made.bench
      secrets.set('channels', naturalKey(['made up', '1']), 'key', new Secret('sk-test-b'))
      secrets.set('options', naturalKey(['SMTPToken']), 'value', new Secret('sk-test-mail'))
    })

    test('a secret that is set, as it was, is no obstacle', async () => {
      await made.bench.apply([update('set')], BLIND)
    })

    test('one that was emptied is', async () => {
      await executeRaw(made.target, `update channels set "key" = ''`)
      assert.deepEqual(await staleRows([update('set')], BLIND), [
        {
          table: 'channels',
          key: ['made up', '1'],
          problem: 'changed',
          cells: [{ column: 'key', planned: 'set', now: '' }],
        },
      ])
    })
  })

  test("a secret option's value is compared by its fingerprint, and never shown", async () => {
    const { bench, target } = made
    const key = naturalKey(['SMTPToken'])
    bench.secrets.set('options', key, 'value', new Secret('plain word'))
    const of = (value: string): string => bench.fingerprinter.of('options', 'value', value)
    const option = { ...secretCell('key', null, 'SMTPToken'), secret: false }
    await bench.apply([
      insertChange('options', key, [option, secretCell('value', null, of('plain word'))])!,
    ])
    const change = (before: string): Change =>
      updateChange('options', key, { key: 'SMTPToken' }, [
        secretCell('value', of(before), of('x')),
      ])!
    await bench.apply([change('plain word')])
    await executeRaw(target, `update options set value = 'another word'`)
    assert.deepEqual(await staleRows([change('plain word')]), [
      {
        table: 'options',
        key: ['SMTPToken'],
        problem: 'changed',
        cells: [{ column: 'value', planned: 'set', now: 'set' }],
      },
    ])
  })
})

describe('the rows of a StaleError', () => {
  test('are at most 50, and all are counted', async () => {
    const stale = new StaleRows()
    stale.assertNone()
    for (let index = 0; index < 120; index += 1) {
      stale.add({ table: 'options', key: naturalKey([`k${index}`]), problem: 'gone' })
    }
    const { details } = await failureOf((async () => stale.assertNone())())
    assert.equal(details['count'], 120)
    assert.equal((details['rows'] as unknown[]).length, 50)
  })

  const long = `${'x'.repeat(199)}🔑`
  const CASES: readonly (readonly [string, boolean, Cell, Cell])[] = [
    ['a long text is cut, between characters', false, long, `${'x'.repeat(199)}\ufffd`],
    ['a text with a key is hidden', false, 'sk-test-0123456789', '[secret]'],
    ['null', false, null, null],
    ['a secret', true, 'fingerprint', 'set'],
    ['an empty secret', true, '', ''],
    ['no secret', true, null, null],
  ]
  for (const [name, secret, value, shown] of CASES) {
    test(name, () => {
      const cell = staleCell({ column: 'c', secret }, value, value)
      assert.deepEqual(cell, { column: 'c', planned: shown, now: shown })
    })
  }
})
