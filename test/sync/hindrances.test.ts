import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import type { DialectName } from '../../src/database/contract.ts'
import type { World } from '../seed/world.ts'
import { forEachDialect } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { channels, edit, localFirst, rows } from './cases.ts'
import { addChannel, createPair, leftOutline, outline, type Pair } from './harness.ts'
import { createLocal } from './local.ts'

forEachDialect((dialect, create) => {
  let pair: Pair
  before(async () => {
    pair = await createPair(createLocal, create)
  })
  beforeEach(() => pair.reset())
  describe(`what keeps a plan from being made with ${dialect}`, () => shrinking(() => pair))
  describe(`rows that are left with ${dialect}`, () => leaving(() => pair, dialect))
})

function shrinking(pairOf: () => Pair): void {
  const keep = (side: World, names: readonly string[]) =>
    side.execute(
      `delete from channels where name not in (${names.map((name) => `'${name}'`).join(', ')})`,
    )
  const prepare = async (names: readonly string[]): Promise<Pair> => {
    const pair = pairOf()
    const sides = localFirst(pair)
    for (const name of names) await channels(sides, name)
    await pair.run('pull')
    return pair
  }
  const cases: readonly (readonly [string, 'local' | 'production', string[], RegExp])[] = [
    ['empty here', 'local', ['none'], /channels of local reads as empty/],
    ['empty there', 'production', ['none'], /channels of production reads as empty/],
    ['much shorter', 'local', ['a'], /channels of local is much shorter \(1 rows\).*4 rows/],
  ]
  for (const [name, side, kept, message] of cases) {
    test(name, async () => {
      const pair = await prepare(['a', 'b', 'c', 'd'])
      await keep(pair[side], kept)
      for (const command of ['push', 'pull'] as const) {
        const error = await failureOf(pair.plan(command, { delete: true, overwrite: true }))
        assert.deepEqual([error.code, message.test(error.message)], ['plan', true], error.message)
      }
      await pair.plan('push', { useMemory: false })
    })
  }
  test('half of the rows, or one of three, may go', async () => {
    const pair = await prepare(['a', 'b', 'c', 'd'])
    await keep(pair.local, ['a', 'b'])
    assert.equal((await pair.plan('push', { delete: true })).plan.items.length, 2)
  })
  test('a table that cannot be read is not empty', async () => {
    const pair = await prepare(['a'])
    const world = pair.read('push', { tables: ['nothing'] })
    assert.equal((await failureOf(world)).code, 'plan')
    for (const table of ['logs', 'tidegate_base']) {
      assert.match(
        (await failureOf(pair.read('push', { tables: [table] }))).message,
        /gateway writes/,
      )
    }
  })
}

function leaving(pairOf: () => Pair, dialect: DialectName): void {
  test('values that the gateway misreads, and names that are none', async () => {
    const pair = pairOf()
    const { local } = pair
    const sides = localFirst(pair)
    for (const name of ['text', 'same']) await channels(sides, name)
    await local.execute(
      `update channels set channel_info = '{"is_multi_key":true}' where name = 'text'`,
    )
    await addChannel(local, 70, 'nul')
    await local.execute(`update channels set remark = 'a' || char(0) || 'b' where id = 70`)
    await addChannel(local, 71, 'no name')
    await local.execute('update channels set name = null where id = 71')
    const planned = await pair.run('push')
    assert.deepEqual(outline(planned), [])
    const names = [
      'unreadable channels nul|1',
      'unreadable channels text|1',
      'unreadable channels |1',
    ]
    assert.deepEqual(leftOutline(planned).toSorted(), names.toSorted())
  })
  test('members that the gateway writes by itself stay where they are', async () => {
    const pair = pairOf()
    await channels(localFirst(pair), 'a')
    const info = (of: object) => Buffer.from(JSON.stringify(of))
    const set = async (side: World, of: object) => {
      const value =
        side.dialect === 'sqlite' ? `x'${info(of).toString('hex')}'` : `'${info(of).toString()}'`
      await side.execute(`update channels set channel_info = ${value}`)
    }
    await set(pair.local, { is_multi_key: true, multi_key_size: 2, multi_key_polling_index: 1 })
    await set(pair.production, {
      is_multi_key: false,
      multi_key_size: 0,
      multi_key_polling_index: 7,
    })
    await pair.run('push')
    const [text] = (await pair.production.select('channels', ['channel_info']))[0]!
    const written = { is_multi_key: true, multi_key_size: 2, multi_key_polling_index: 7 }
    assert.deepEqual(JSON.parse(text!), written)
    await set(pair.local, { ...written, multi_key_polling_index: 3 })
    assert.deepEqual(outline(await pair.plan('push')), [])
    await pair.run('pull')
    await set(pair.production, { ...written, multi_key_polling_index: 8 })
    assert.deepEqual((await pair.plan('pull')).plan.memory, [])
  })
  test('a model of a vendor that is there twice, or not chosen', async () => {
    const pair = pairOf()
    const { local, production } = pair
    await local.insert('vendors', { id: 1, name: 'twice' })
    await local.insert('vendors', { id: 2, name: 'new' })
    for (const id of [11, 12]) await production.insert('vendors', { id, name: 'twice' })
    await local.insert('models', { id: 1, model_name: 'm', vendor_id: 1 })
    await local.insert('models', { id: 2, model_name: 'n', vendor_id: 2 })
    const planned = await pair.plan('push', { select: ['models'] })
    assert.deepEqual(outline(planned), [])
    const left = leftOutline(planned)
    for (const line of ['reference models m', 'reference models n', 'duplicate vendors twice']) {
      assert.ok(left.includes(line), line)
    }
    const all = await pair.run('push')
    assert.deepEqual(outline(all), ['insert vendors new (missing)', 'insert models n (missing)'])
  })
  test('rows that the gateway deleted softly are none', async () => {
    const pair = pairOf()
    const deleted = { deleted_at: '2026-01-31 12:00:00+00:00' }
    await rows(localFirst(pair), 'vendors', { id: 1, name: 'v' })
    await pair.production.insert('vendors', { id: 2, name: 'v', ...deleted })
    await pair.local.insert('vendors', { id: 3, name: 'old', ...deleted })
    await rows(localFirst(pair), 'models', { id: 1, model_name: 'm' })
    await pair.production.insert('models', { id: 2, model_name: 'm', ...deleted })
    await edit(pair.local, 'models', ['model_name', 'm'], { vendor_id: 1, icon: 'i' })
    const planned = await pair.run('push')
    assert.deepEqual(outline(planned), ['update models m: icon vendor_id (different)'])
    const written = await pair.production.select('models', ['id', 'vendor_id', 'icon'])
    assert.deepEqual(written, [
      ['1', '1', 'i'],
      ['2', null, null],
    ])
  })
  test('what new abilities hold of their own comes along, and is remembered', async () => {
    const pair = pairOf()
    await channels(localFirst(pair), 'a')
    await pair.production.execute(`update channels set models = 'm,n'`)
    const own = { workflow_price: 9, channel_ratio: 1.5 }
    const [id] = (await pair.production.select('channels', ['id']))[0]!
    const ability = { group: 'default', model: 'n', enabled: true, priority: 0, weight: 0 }
    await pair.production.insert('abilities', { ...ability, channel_id: Number(id), ...own })
    await pair.run('pull')
    const columns = ['model', 'workflow_price', 'channel_ratio']
    const found = await pair.local.select('abilities', columns)
    assert.deepEqual(found, [
      ['m', null, '1.0'],
      ['n', '9', '1.5'],
    ])
    assert.deepEqual((await pair.plan('pull')).plan.memory, [])
    await pair.production.execute(`update channels set models = 'm'`)
    await pair.production.execute(`delete from abilities where model = 'n'`)
    await pair.run('pull')
    assert.deepEqual((await pair.plan('pull')).plan.forgotten, [])
  })
  test('users are never made, and only their group and status are written', async () => {
    const pair = pairOf()
    await rows(localFirst(pair), 'users', { id: 1, username: 'ann', password: 'x', aff_code: 'a' })
    await pair.local.insert('users', { id: 2, username: 'bob', password: 'x', aff_code: 'b' })
    await edit(pair.local, 'users', ['username', 'ann'], { group: 'vip', quota: 9, email: 'e' })
    const planned = await pair.run('push')
    assert.deepEqual(outline(planned), ['update users ann: group (different)'])
    assert.deepEqual(leftOutline(planned), [])
  })
  test('a table of a fork: its cells are written, its rows are not made', async () => {
    const pair = pairOf()
    const sql =
      'create table if not exists prices (id bigint primary key, model text unique, token_count bigint, note text)'
    for (const side of [pair.local, pair.production])
      await side.execute(`${sql}; delete from prices`)
    const row = { model: '旧', token_count: 1, note: 'a' }
    await pair.local.insert('prices', { id: 1, ...row })
    await pair.production.insert('prices', { id: 7, ...row })
    await pair.local.insert('prices', { id: 2, model: 'new', note: 'b' })
    await edit(pair.local, 'prices', ['model', '旧'], { token_count: 2 })
    const planned = await pair.run('push', { named: ['prices'] })
    assert.deepEqual(outline(planned), ['update prices 旧: token_count (different)'])
    assert.deepEqual(leftOutline(planned), ['unreadable prices new'])
    for (const side of [pair.local, pair.production]) await side.execute('drop table prices')
  })
  test('a seed that declared a part does not own the rest', async () => {
    const pair = pairOf()
    await rows(localFirst(pair), 'options', { key: 'ModelPrice', value: '{"a":1,"b":2}' })
    const base = {
      seed: 'made-up',
      row_key: 'options:ModelPrice',
      table_name: 'options',
      row_id: 'ModelPrice',
    }
    const cells = JSON.stringify({ value: '{"a":1}' })
    await pair.production.insert('tidegate_base', { ...base, cells, run_id: '20260101' })
    await edit(pair.local, 'options', ['key', 'ModelPrice'], { value: '{"a":1,"b":3}' })
    assert.deepEqual(outline(await pair.plan('push')), [
      'update options ModelPrice: value (unmanaged)',
    ])
    await edit(pair.production, 'options', ['key', 'ModelPrice'], { value: '{"a":5,"b":3}' })
    assert.deepEqual(leftOutline(await pair.plan('push')), ['drift options ModelPrice'])
    assert.equal(dialect, pair.production.dialect)
  })
}
