import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Database, DialectName, Target } from '../../src/database/contract.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'

const ROWS: Record<
  DialectName,
  Record<string, { readonly table: string; readonly rows: readonly string[] }>
> = {
  sqlite: {
    texts: {
      table: 'a text, "odd "".[0]$\\ name" text, "名" text',
      rows: [
        `'', 'a', 'b'`,
        `'{"json": [1]}', 'quote '' " \\ ', '🔑'`,
        `'null', char(10) || char(13) || char(9) || char(1), null`,
        `'a' || char(0) || 'b', cast(x'ff41' as text), 'é'`,
      ],
    },
    numbers: {
      table: 'a integer, b real, c numeric',
      rows: [
        '9223372036854775807, 0.1, 1',
        '-9223372036854775808, 5e-324, 1.5',
        `0, 1.7976931348623157e308, 'text in it'`,
        `'abc', 9e999, -9e999`,
        `x'00', 0.30000000000000004, 9007199254740993`,
      ],
    },
    bytes: {
      table: 'a json, b blob, c text',
      rows: [
        `cast('{"a": 1}' as blob), x'00ff', x''`,
        `'{"a":  1}', x'', cast('\\x41' as blob)`,
        `null, null, null`,
      ],
    },
  },
  postgres: {
    texts: {
      table: 'a text, "odd "".[0]$\\ name" varchar(50), "名" char(5)',
      rows: [
        `'', 'a', 'b'`,
        `'{"json": [1]}', 'quote '' " \\ ', ''`,
        `'null', E'\\n\\r\\t\\x01', null`,
        `' ', '  ', 'é🔑'`,
      ],
    },
    numbers: {
      table: 'a bigint, b double precision, c numeric, d real',
      rows: [
        '9223372036854775807, 0.1, 1.50, 0.1',
        `-9223372036854775808, 'NaN', 'NaN', 'Infinity'`,
        `0, '-0', 123456789012345678901234567890.0123456789000, '-Infinity'`,
        '1, 5e-324, 0.000, 1e-40',
        'null, null, null, null',
      ],
    },
    json: {
      table: 'a json, b jsonb',
      rows: [
        `'{"a":1}', '{"b":1,"a":2}'`,
        `E' {"a" :\\n 1.0, "a":"\\\\u0000"}  ', '[]'`,
        `'null', 'null'`,
        `'"text"', '"text"'`,
        `null, null`,
        `'12345678901234567890.10', '12345678901234567890.10'`,
      ],
    },
    others: {
      table: 'a boolean, b bytea, c timestamptz, d date, e text[], f uuid, g interval',
      rows: [
        `true, '\\x00ff', '2026-01-02 03:04:05.123456+02', '2026-01-02', '{a,"b c",NULL}',
          '01020304-0506-0708-090a-0b0c0d0e0f10', '1 mon 2 days 03:04:05.123456'`,
        `false, '', 'infinity', '-infinity', '{}', null, null`,
        `null, null, null, null, null, null, null`,
      ],
    },
  },
}

forEachDialect((dialect, create) => {
  let made: TestDatabase
  before(async () => {
    made = await create({ fixture: 'n25' })
  })
  afterEach(() =>
    executeRaw(
      made.target,
      'drop table if exists t; drop table if exists journal; delete from channels',
    ),
  )

  for (const [name, { table, rows }] of Object.entries(ROWS[dialect])) {
    test(`${name} come back to the byte`, async () => {
      const { database, target } = made
      await executeRaw(target, `create table t (id bigint primary key, ${table})`)
      for (const [index, row] of rows.entries()) {
        await executeRaw(target, `insert into t values (${index + 1}, ${row})`)
      }
      const before = await bytesOf(dialect, target)
      await captureAll(database)
      await executeRaw(target, 'delete from t')
      await restoreAll(database)
      assert.deepEqual(await bytesOf(dialect, target), before)
    })
  }

  test('an update takes values out of an image that a table holds', async () => {
    const { database, target } = made
    await executeRaw(
      target,
      `insert into channels (id, key, name, models) values (1, 'sk-made-up', 'a', ',x,');
       create table journal (image text)`,
    )
    const columns = (await database.catalog()).get('channels')!
    const models = columns.get('models')!
    const image = database.images.capture('channels', [models])
    await sql`insert into journal select ${image} from channels`.execute(database.queries)
    await executeRaw(target, `update channels set models = 'x'`)
    const held = sql<string>`(select image from journal)`
    const value = database.images.restore(models, held)
    await sql`update channels set models = ${value}`.execute(database.queries)
    assert.deepEqual(await queryRaw(target, 'select models, key from channels'), [
      [',x,', 'sk-made-up'],
    ])
  })

  test('a capture in a subquery sees the row of its own table', async () => {
    const { database, target } = made
    await executeRaw(
      target,
      `insert into channels (id, key, name) values (1, 'a', 'one'), (2, 'b', 'two');
       create table journal (id bigint, name text, image text);
       insert into journal values (2, 'journal', null)`,
    )
    const name = (await database.catalog()).get('channels')!.get('name')!
    const image = database.images.capture('channels', [name])
    await sql`update journal set image = (select ${image} from channels where channels.id = journal.id)`.execute(
      database.queries,
    )
    const [[text]] = (await queryRaw(target, 'select image from journal')) as [[string]]
    assert.match(text, /two/)
    assert.doesNotMatch(text, /journal|one/)
  })

  test('a table may have more columns than a function has arguments', async () => {
    const { database, target } = made
    const names = Array.from({ length: 150 }, (_, index) => `c${index}`)
    await executeRaw(
      target,
      `create table t (id bigint primary key, ${names.join(' text, ')} text)`,
    )
    await executeRaw(target, `insert into t (id, c0, c149) values (1, 'first', 'last')`)
    const before = await bytesOf(dialect, target)
    await captureAll(database)
    await executeRaw(target, 'delete from t')
    await restoreAll(database)
    assert.deepEqual(await bytesOf(dialect, target), before)
  })
})

/** The images stay in the database, as those of the journal do. */
async function captureAll(database: Database): Promise<void> {
  const { queries, images } = database
  const columns = [...(await database.catalog()).get('t')!.values()]
  await sql`create table journal (id bigint, image text)`.execute(queries)
  await sql`insert into journal select id, ${images.capture('t', columns)} from t`.execute(queries)
}

async function restoreAll(database: Database): Promise<void> {
  const { queries, images } = database
  const columns = [...(await database.catalog()).get('t')!.values()]
  const names = sql.join(columns.map(({ name }) => sql.id(name)))
  const values = columns.map((column) => images.restore(column, sql<string>`journal.image`))
  await sql`insert into t (${names}) select ${sql.join(values)} from journal`.execute(queries)
}

/** What is stored, in a form that hides no difference. */
async function bytesOf(dialect: DialectName, target: Target): Promise<unknown[][]> {
  if (dialect === 'postgres') return queryRaw(target, 'select t::text from t order by id')
  const rows = await queryRaw(target, `select name from pragma_table_info('t')`)
  const cells = rows.map(([name]) => {
    const column = `"${String(name).replaceAll('"', '""')}"`
    return `typeof(${column}), hex(${column}), ${column}`
  })
  return queryRaw(target, `select ${cells.join(', ')} from t order by id`)
}
