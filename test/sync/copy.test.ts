import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { undoSource } from '../../src/apply/undo.ts'
import { testRun } from '../migrate/harness.ts'
import { channelRow, insertText } from '../seed/world.ts'
import { testPostgres } from '../support/postgres.ts'
import { queryRaw } from '../support/raw.ts'
import { exactRows } from '../support/rows.ts'
import { check, copy, copyPlace, type CopyPlace, emptyPlace } from './copy-world.ts'

const server = testPostgres()
let places: Promise<readonly [CopyPlace, CopyPlace]> | undefined
let local: CopyPlace
let production: CopyPlace

const OWN_TABLES = ['notes', 'files', 'logs']

beforeEach(async () => {
  places ??= Promise.all([copyPlace('n25'), server.then((one) => copyPlace('n25', one))])
  ;[local, production] = await places
  for (const place of [local, production]) {
    await emptyPlace(place)
    await place.execute(OWN_TABLES.map((table) => `drop table if exists ${table};`).join(' '))
  }
})

const channel = (cells: Parameters<typeof channelRow>[0]): string =>
  insertText('sqlite', 'channels', channelRow(cells))

async function count(place: CopyPlace, table: string): Promise<number> {
  const [row] = await queryRaw(place.target, `select count(*) from ${table}`)
  return Number(row![0])
}

describe('what keeps a gateway from being copied', () => {
  interface Refused {
    readonly name: string
    readonly rows: string
    readonly production?: string
    readonly place: readonly [table: string, row: string | null, column: string | null]
    readonly problem: RegExp
  }
  const REFUSED: readonly Refused[] = [
    {
      name: 'a text that is too long for the target',
      rows: channel({ id: 7, name: 'x', remark: '旧'.repeat(256) }),
      place: ['channels', '7', 'remark'],
      problem: /^has 256 characters, 255 fit/,
    },
    {
      name: 'a NUL in a name',
      rows: "insert into channels (id, key, name) values (1, '', 'a' || char(0) || 'b');",
      place: ['channels', '1', 'name'],
      problem: /NUL/,
    },
    {
      name: 'half a character',
      rows: "insert into options (key, value) values ('Footer', cast(x'eda080' as text));",
      place: ['options', 'Footer', 'value'],
      problem: /UTF-8/,
    },
    {
      name: 'a key that is NULL, which SQLite takes',
      rows: 'insert into abilities ("group", model, channel_id) values (null, \'m\', 1);',
      place: ['abilities', 'NULL/m/1', 'group'],
      problem: /NULL/,
    },
    {
      name: 'a value that may be there once',
      rows: `insert into prefill_groups (id, name, type, deleted_at) values
        (1, 'a', 'model', '2026-01-31 12:00:00+00:00'), (2, 'a', 'model', null);`,
      production: 'create unique index one_name on prefill_groups (name);',
      place: ['prefill_groups', '2', 'name'],
      problem: /another row/,
    },
    {
      name: 'the same primary key twice',
      rows: `create table notes (id text, body text); insert into notes values ('a', ''), ('a', '');`,
      production: 'create table notes (id text primary key, body text);',
      place: ['notes', 'a', null],
      problem: /primary key/,
    },
    {
      name: 'a table that the target lacks',
      rows: 'create table notes (id integer primary key); insert into notes values (1), (2);',
      place: ['notes', null, null],
      problem: /no such table, and 2 rows are in it/,
    },
    {
      name: 'a column that the target lacks',
      rows: `create table notes (id integer primary key, body text);
        insert into notes values (1, ''), (2, 'x'), (3, null);`,
      production: 'create table notes (id bigint primary key);',
      place: ['notes', null, 'body'],
      problem: /no such column, and a row has a value/,
    },
  ]
  for (const { name, rows, production: text = '', place, problem } of REFUSED) {
    it(name, async () => {
      await local.execute(rows)
      await production.execute(text)
      const { problems } = await check(local, production)
      const [found] = problems.listed
      assert.deepEqual([found?.table, found?.row, found?.column], place)
      assert.match(found!.problem, problem)
      assert.equal(problems.total, 1)
      await production.execute('drop index if exists one_name')
    })
  }

  it('all of it at once, the first ones listed, and no secret in a key', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, index) =>
        `('https://u:sk-test-0123456789@x.example/${String(index).padStart(2, '0')}', x'ff')`,
    )
    await local.execute(`insert into options (key, value) values ${rows.join(', ')};`)
    const { problems } = await check(local, production)
    assert.equal(problems.total, 60)
    assert.equal(problems.listed.length, 50)
    assert.equal(problems.listed[0]!.row, 'https://[secret]@x.example/00')
    assert.doesNotMatch(JSON.stringify(problems), /sk-test/)
  })

  it('not a table or a column that holds nothing', async () => {
    await local.execute('create table notes (id integer primary key, body text)')
    assert.equal((await check(local, production)).problems.total, 0)
  })
})

describe('a copy', () => {
  it('gives the next row of the gateway an id of its own', async () => {
    await local.execute(channel({ id: 41, name: 'a' }))
    await copy(local, production)
    await production.execute("insert into channels (name, key) values ('b', '')")
    const ids = await queryRaw(production.target, 'select id::int from channels order by id')
    assert.equal(ids[0]![0], 41)
    assert.ok(Number(ids[1]![0]) > 41)
  })

  it('refuses a target with rows, and writes nothing', async () => {
    await local.execute(channel({ id: 1, name: 'a' }))
    await production.execute("insert into options (key, value) values ('a', ''), ('b', '')")
    await assert.rejects(copy(local, production), {
      code: 'plan',
      message: /^production is not empty: rows in options 2;/,
    })
    assert.equal(await count(production, 'channels'), 0)
    assert.equal(await count(production, 'tidegate_runs'), 0)
  })

  it('keeps nothing when the target holds other rows than were written', async () => {
    await local.execute(channel({ id: 1, name: 'a' }) + channel({ id: 2, name: 'b' }))
    await production.execute(`
      create function more() returns trigger language plpgsql as $$ begin
        insert into abilities ("group", model, channel_id) values ('a', 'b', 1); return new; end $$;
      create trigger more after insert on models for each row execute function more();`)
    await local.execute("insert into models (id, model_name) values (1, 'm')")
    // Abilities come before models, so that only a count afterwards can see it.
    await assert.rejects(copy(local, production), { code: 'plan', message: /in abilities after 0/ })
    assert.equal(await count(production, 'channels'), 0)
    await production.execute('drop trigger more on models; drop function more;')
  })

  it('can be taken back', async () => {
    await local.execute(
      `${channel({ id: 1, name: 'a' })} insert into options values ('a', null), ('b', '');`,
    )
    await copy(local, production)
    const { database } = production
    const catalog = await database.catalog()
    const input = { database, catalog, run: testRun('undo'), source: 'copy:local' }
    assert.equal(await database.transaction(() => undoSource(input)), 3)
    for (const table of ['channels', 'options']) assert.equal(await count(production, table), 0)
  })

  it('leaves out what a running gateway writes, unless it is asked for', async () => {
    const table = 'create table logs (id bigint primary key, content text);'
    await local.execute(`${table} insert into logs values (1, 'x');`)
    await production.execute(table)
    const tables = await copy(local, production)
    assert.equal(
      tables.find((one) => one.table === 'logs'),
      undefined,
    )
    assert.equal(await count(production, 'logs'), 0)
    await copy(local, production, ['logs'])
    assert.equal(await count(production, 'logs'), 1)
    await assert.rejects(copy(local, production, ['nothing']), { code: 'usage' })
  })

  it('takes a table without a key, which the journal cannot hold', async () => {
    const table = 'create table notes (body text);'
    await local.execute(`${table} insert into notes values ('same'), ('same'), (null);`)
    await production.execute(table)
    await copy(local, production)
    assert.equal(await count(production, 'notes'), 3)
    assert.equal(await count(production, 'tidegate_journal'), 0)
  })

  it('keeps every byte there and back', async () => {
    await local.execute(`create table files (id integer primary key, content blob, big bigint, w datetime);
      insert into files values (1, x'5c7830', 9007199254740993, '2026-01-31T12:00:00.000001Z'),
        (2, x'', -9223372036854775808, null), (3, null, 0, null), (4, x'00ff', null, null);`)
    await production.execute(`create table files (id bigserial primary key, content bytea, big bigint,
      w timestamptz);`)
    await copy(local, production)
    const last = await copyPlace('n25')
    await last.execute(
      `create table files (id integer primary key, content blob, big bigint, w datetime)`,
    )
    await copy(production, last)
    assert.deepEqual(await exactRows(last.target, 'files'), await exactRows(local.target, 'files'))
  })
})
