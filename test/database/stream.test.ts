import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { DatabaseReader, StreamColumn, StreamRequest } from '../../src/database/contract.ts'
import { decodeLine } from '../../src/snapshot/line.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { databaseFailureOf } from '../support/failures.ts'
import { hmacOf, padKey } from '../support/fingerprints.ts'
import { executeRaw } from '../support/raw.ts'
import { openTestReader, readLines } from '../support/readers.ts'
import {
  BOOLEAN,
  CHANNEL_LINES,
  CHANNELS,
  column,
  FAMILIES,
  FLOATS,
  ID,
  ORDERS,
  ROWS,
  STORED,
} from '../support/stream-rows.ts'

const KEY = Buffer.from('made-up key of the fingerprints')

forEachDialect((dialect, create) => {
  let made: TestDatabase
  let reader: DatabaseReader
  before(async () => {
    made = await create({ fixture: 'n25' })
    reader = await openTestReader(made.target)
    await executeRaw(made.target, ROWS)
    await executeRaw(made.target, STORED[dialect])
  })

  test('equal rows give the same lines on both dialects', async () => {
    assert.deepEqual(await readLines(reader, CHANNELS), CHANNEL_LINES)
  })

  test('a line holds the cells that read gives', async () => {
    const columns = [ID, ...FAMILIES[dialect]]
    const [rows] = await reader.read([{ table: 'stored', columns }])
    const lines = await readLines(reader, { table: 'stored', columns, keyLength: 1 })
    const byId = rows!.toSorted((a, b) => Number(a[0]!.text) - Number(b[0]!.text))
    assert.equal(lines.length, byId.length)
    lines.forEach((line, index) => {
      const texts = decodeLine(line).map((cell) => cell?.text ?? null)
      assert.deepEqual(
        texts,
        byId[index]!.map((cell) => cell?.text ?? null),
      )
    })
  })

  test('numbers are exact', async () => {
    const columns = [ID, column('r', 'number')]
    const lines = await readLines(reader, { table: 'floats', columns, keyLength: 1 })
    assert.deepEqual(
      lines.map((line) => Number(line.split('\t')[1]) + 0),
      FLOATS.map((value) => value + 0),
    )
    // The two may write one number in two ways, which mean the same.
    const texts = lines.map((line) => line.split('\t')[1])
    assert.deepEqual(texts.slice(2, 6), ['5e-324', '0.30000000000000004', '1', '-2.5'])
  })

  for (const { name, family, values, ordered } of ORDERS) {
    test(`the order of ${name}`, async () => {
      const types: Record<string, string> = { integer: 'bigint', boolean: BOOLEAN[dialect] }
      const type = types[family] ?? 'text'
      await executeRaw(made.target, `drop table if exists o; create table o (v ${type}, n int)`)
      for (const value of values) await executeRaw(made.target, `insert into o values (${value})`)
      const columns = [column('v', family), column('n', 'integer')]
      assert.deepEqual(await readLines(reader, { table: 'o', columns, keyLength: 2 }), ordered)
    })
  }

  test('shows what a reference leads to, and orders by it', async () => {
    const columns: StreamColumn[] = [
      { name: 'channel_id', family: 'integer', reference: { table: 'channels', show: 'name' } },
      column('group', 'text'),
      column('model', 'text'),
      column('enabled', 'boolean'),
    ]
    assert.deepEqual(await readLines(reader, { table: 'abilities', columns, keyLength: 3 }), [
      '\\N\tdefault\tgone\tfalse',
      'a\\tb\\nc\\\\N\tdefault\tm1\ttrue',
      'plain\tdefault\tm1\ttrue',
      'plain\tdefault\tm2\tfalse',
    ])
  })

  test('leaves out what is softly deleted', async () => {
    const columns = [column('name', 'text')]
    const request = { table: 'tokens', columns, keyLength: 1 }
    assert.deepEqual(await readLines(reader, request), ['live', 'dead'].toSorted())
    assert.deepEqual(await readLines(reader, { ...request, whereNull: 'deleted_at' }), ['live'])
  })

  test('hides values: fingerprints of Node, the empty string, NULL, and a state', async () => {
    const hide = { domain: `it's|"x"\\`, key: padKey(KEY) }
    const other = { domain: 'other', key: padKey(Buffer.from('another made-up key')) }
    const columns: StreamColumn[] = [
      column('key', 'text'),
      { name: 'value', family: 'text', hide },
      { name: 'value', family: 'text', hide: other },
      { name: 'value', family: 'text', hide: 'state' },
    ]
    const lines = await readLines(reader, { table: 'options', columns, keyLength: 1 })
    const prints = (value: string) => [
      hmacOf(KEY, hide.domain, value),
      hmacOf(Buffer.from('another made-up key'), 'other', value),
    ]
    assert.deepEqual(lines, [
      ['a', '', '', ''].join('\t'),
      ['b', '\\N', '\\N', '\\N'].join('\t'),
      ['c', ...prints('sk-made-up'), 'set'].join('\t'),
      ['d', ...prints('tab\tand \\'), 'set'].join('\t'),
    ])
  })

  test('a hidden key gives the order', async () => {
    const hide = { domain: 'd', key: padKey(KEY) }
    const columns: StreamColumn[] = [{ name: 'value', family: 'text', hide }]
    const lines = await readLines(reader, { table: 'options', columns, keyLength: 1 })
    const prints = ['sk-made-up', 'tab\tand \\'].map((value) => hmacOf(KEY, 'd', value))
    assert.deepEqual(lines, ['\\N', '', ...prints.toSorted()])
  })

  test('a column, a table or a reference that does not exist is an error', async () => {
    const missing = { sqlite: 'SQLITE_NO_SUCH_', postgres: '42' }[dialect]
    const reference = { table: 'nonsense', show: 'name' }
    const requests: StreamRequest[] = [
      { table: 'channels', columns: [ID, column('nonsense', 'text')], keyLength: 1 },
      { table: 'nonsense', columns: [ID], keyLength: 1 },
      { table: 'channels', columns: [{ ...ID, reference }], keyLength: 1 },
      { table: 'channels', columns: [ID], keyLength: 1, whereNull: 'nonsense' },
    ]
    for (const request of requests) {
      const { facts } = await databaseFailureOf(readLines(reader, request))
      assert.ok(facts.sqlState?.startsWith(missing), String(facts.sqlState))
    }
    assert.equal(
      (await readLines(reader, { table: 'channels', columns: [ID], keyLength: 1 })).length,
      2,
    )
  })

  test('quotes names', async () => {
    await executeRaw(made.target, `create table "a.b ""c" ("x""; drop table t; --" text)`)
    await executeRaw(made.target, `insert into "a.b ""c" values ('v')`)
    const columns = [column('x"; drop table t; --', 'text')]
    assert.deepEqual(await readLines(reader, { table: 'a.b "c', columns, keyLength: 1 }), ['v'])
  })

  test('no rows, and a table that fills no batch evenly', async () => {
    await executeRaw(made.target, 'create table few (id int)')
    const request = { table: 'few', columns: [ID], keyLength: 1 }
    assert.deepEqual(await readLines(reader, request), [])
    const numbers = Array.from({ length: 1001 }, (_, index) => index)
    await executeRaw(made.target, `insert into few values ${numbers.map((n) => `(${n})`).join()}`)
    assert.deepEqual(await readLines(reader, request), numbers.map(String))
  })

  test('a stream that is left leaves the reader usable', async () => {
    const request = { table: 'few', columns: [ID], keyLength: 1 }
    await reader.snapshot(async () => {
      for await (const lines of reader.stream(request)) {
        assert.equal(lines[0], '0')
        break
      }
      assert.equal((await readLines(reader, request)).length, 1001)
      const unread = reader.stream(request)[Symbol.asyncIterator]()
      assert.equal((await unread.next()).done, false)
    })
    assert.equal((await readLines(reader, request)).length, 1001)
  })
})
