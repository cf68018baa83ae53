import assert from 'node:assert/strict'
import { afterEach, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import type { CatalogColumn } from '../../src/database/contract.ts'
import { DatabaseError } from '../../src/errors.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { exactRows } from '../support/rows.ts'

const TEXTS = [
  '',
  ' ',
  '\\',
  '\\\\',
  '\\N',
  '\\.',
  '\\.\n',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\\t\\n',
  '\b\f\v',
  `it's "quoted"`,
  '旧网关 🔑 e\u0301',
  '\u2028\ufeff',
  'x'.repeat(100_000),
]

/** A row in every family of types, NULL included. */
const CHANNEL: Readonly<Record<string, string | null>> = {
  id: '9007199254740993',
  type: '55',
  key: 'sk-test-\\key\t1',
  name: '旧',
  balance: '0.30000000000000004',
  used_quota: '9223372036854775807',
  channel_info: '{ "b":1, "a": "\\n\\\\" }',
  tag: null,
  setting: '\\N',
  weight: '0',
}

const ABILITY: Readonly<Record<string, string | null>> = {
  group: 'g\\',
  model: 'm',
  channel_id: '-1',
  enabled: 'true',
  priority: null,
}

forEachDialect((dialect, create) => {
  let made: TestDatabase
  before(async () => {
    made = await create({ fixture: 'n25' })
  })
  afterEach(() =>
    executeRaw(made.target, 'delete from options; delete from channels; delete from abilities'),
  )
  const columnsOf = async (table: string, names: readonly string[]): Promise<CatalogColumn[]> => {
    const catalog = await made.database.catalog()
    return names.map((name) => catalog.get(table)!.get(name)!)
  }
  const insert = async (
    table: string,
    names: readonly string[],
    rows: Parameters<typeof made.database.insertRows>[2],
  ) => {
    const columns = await columnsOf(table, names)
    return made.database.transaction(() => made.database.insertRows(table, columns, rows))
  }

  test('texts come back as they are', async () => {
    const rows = [...TEXTS.map((text, index) => [`k${index}`, text]), ['\\N', null]]
    assert.equal(await insert('options', ['key', 'value'], rows), rows.length)
    const found = new Map(
      (await queryRaw(made.target, 'select * from options')) as [string, string][],
    )
    assert.equal(found.size, rows.length)
    for (const [key, value] of rows) assert.equal(found.get(key!), value, JSON.stringify(value))
  })

  for (const [table, row] of Object.entries({ channels: CHANNEL, abilities: ABILITY })) {
    test(`${table}: every type is written as a bound value is`, async () => {
      const { database, target } = made
      const names = Object.keys(row)
      const columns = await columnsOf(table, names)
      const bound = columns.map((column) => database.bind(column, row[column.name]!))
      const ids = sql.join(names.map((name) => sql.id(name)))
      await sql`insert into ${sql.id(table)} (${ids}) values (${sql.join(bound)})`.execute(
        database.queries,
      )
      const expected = await exactRows(target, table)
      await executeRaw(target, `delete from ${table}`)
      assert.equal(await insert(table, names, [Object.values(row)]), 1)
      assert.deepEqual(await exactRows(target, table), expected)
    })
  }

  test('columns that are not named get their defaults', async () => {
    await insert('channels', ['id', 'key'], [['1', 'sk-test-a']])
    assert.deepEqual(
      (await queryRaw(made.target, 'select priority, name from channels')).map(
        ([priority, name]) => [String(priority), name],
      ),
      [['0', null]],
    )
  })

  test('no rows are no rows', async () => {
    assert.equal(await insert('options', ['key', 'value'], []), 0)
  })

  test('rows that come one after the other, more than one statement holds', async () => {
    const long = 'x\n'.repeat(750_000)
    async function* rows() {
      for (let index = 0; index < 250; index += 1) yield [`small ${index}`, 'v']
      for (let index = 0; index < 3; index += 1) yield [`large ${index}`, long]
    }
    assert.equal(await insert('options', ['key', 'value'], rows()), 253)
    const found = await queryRaw(
      made.target,
      `select count(*), min(length(value)), max(length(value)) from options`,
    )
    assert.deepEqual(found[0]!.map(String), ['253', '1', '1500000'])
  })

  describe('a failure', () => {
    const large = Array.from({ length: 20 }, (_, index) => [`k${index}`, 'x'.repeat(200_000)])
    const CASES = {
      'a row that is there already': {
        table: 'options',
        names: ['key', 'value'],
        rows: [...large, ['k0', 'sk-test-secret']],
        state: { sqlite: 'SQLITE_CONSTRAINT_PRIMARYKEY', postgres: '23505' },
      },
      'a value that its column refuses': {
        table: 'channels',
        names: ['id', 'key', 'name'],
        rows: [['sk-test-secret', 'k', 'n'], ...large.map(([key, value]) => ['7', key!, value!])],
        state: { sqlite: 'SQLITE_MISMATCH', postgres: '22P02' },
      },
      'a table that does not exist': {
        table: 'nothing',
        names: ['key'],
        rows: [['sk-test-secret']],
        state: { sqlite: 'SQLITE_NO_SUCH_TABLE', postgres: '42P01' },
      },
    }
    for (const [name, { table, names, rows, state }] of Object.entries(CASES)) {
      test(`${name}: takes everything back, shows no value, and the connection goes on`, async () => {
        const { database, target } = made
        const known = await columnsOf('options', ['key'])
        const columns = table === 'nothing' ? known : await columnsOf(table, names)
        const error = await failureOf(
          database.transaction(async () => {
            await sql`insert into options (key, value) values ('before', '')`.execute(
              database.queries,
            )
            await database.insertRows(table, columns, rows)
          }),
        )
        assert.ok(error instanceof DatabaseError)
        assert.equal(error.facts.sqlState, state[dialect])
        assert.equal(JSON.stringify([error.message, error.details]).includes('sk-test'), false)
        for (const empty of ['options', 'channels']) {
          assert.deepEqual(await exactRows(target, empty), [])
        }
        assert.equal(await insert('options', ['key', 'value'], [['after', 'v']]), 1)
      })
    }

    test('of whoever gives the rows is passed on', async () => {
      async function* rows() {
        yield ['k', 'x'.repeat(5_000_000)]
        throw new RangeError('no more')
      }
      await assert.rejects(insert('options', ['key', 'value'], rows()), RangeError)
      assert.deepEqual(await exactRows(made.target, 'options'), [])
      assert.equal(await insert('options', ['key', 'value'], [['after', 'v']]), 1)
    })

    if (dialect === 'postgres') {
      test('a session that the server ends meanwhile is a lost connection', async () => {
        const database = await made.open()
        const columns = await columnsOf('options', ['key', 'value'])
        const { rows: sessions } = await sql<{
          pid: number
        }>`select pg_backend_pid() as pid`.execute(database.queries)
        async function* rows() {
          yield ['k', 'x'.repeat(5_000_000)]
          await queryRaw(made.target, `select pg_terminate_backend(${sessions[0]!.pid})`)
          yield ['l', 'x'.repeat(5_000_000)]
        }
        const error = await failureOf(
          database.transaction(() => database.insertRows('options', columns, rows())),
        )
        assert.equal(error.code, 'connection')
        assert.deepEqual(await exactRows(made.target, 'options'), [])
      })
    }
  })
})
