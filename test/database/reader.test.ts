import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { DatabaseReader, StreamRequest } from '../../src/database/contract.ts'
import { TidegateError } from '../../src/errors.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { databaseFailureOf, failureOf } from '../support/failures.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { openTestReader, readLines } from '../support/readers.ts'

const REQUEST: StreamRequest = {
  table: 'options',
  columns: [{ name: 'key', family: 'text' }],
  keyLength: 1,
}

const READ = { table: 'options', columns: [{ name: 'key' }] }

forEachDialect((dialect, create) => {
  let made: TestDatabase
  let reader: DatabaseReader
  before(async () => {
    made = await create({ fixture: 'n25' })
    reader = await openTestReader(made.target)
    await executeRaw(made.target, `insert into options (key, value) values ('a', '1'), ('b', '2')`)
  })

  test('reads as a database does', async () => {
    assert.equal(reader.dialect, dialect)
    assert.equal(reader.label, made.target.label)
    assert.deepEqual(await reader.catalog(), await made.database.catalog())
    const where = () => sql<boolean>`${sql.ref('options.key')} = 'b'`
    const requests = [READ, { ...READ, where }]
    assert.deepEqual(await reader.read(requests), await made.database.read(requests))
  })

  test('has no way in but its methods', () => {
    assert.deepEqual(Object.keys(reader).toSorted(), [
      'catalog',
      'close',
      'dialect',
      'digest',
      'gather',
      'identity',
      'label',
      'link',
      'read',
      'sequences',
      'server',
      'size',
      'snapshot',
      'stream',
      'traffic',
      'unfit',
    ])
  })

  test('a condition builds expressions with the builder, and executes nothing', async () => {
    const attempts: Promise<TidegateError>[] = []
    const [rows] = await reader.read([
      {
        ...READ,
        where: (queries) => {
          const write = queries.insertInto('options').values({ key: 'c', value: '3' })
          attempts.push(failureOf(write.execute()))
          return sql<boolean>`${queries.dynamic.ref('options.key')} in (
            ${queries.selectFrom('options as o').select('o.key').where('o.key', '=', 'a')})`
        },
      },
    ])
    assert.equal((await attempts[0])?.code, 'internal')
    assert.equal(rows!.length, 1)
    assert.deepEqual(await queryRaw(made.target, "select count(*) from options where key = 'c'"), [
      [dialect === 'sqlite' ? 0n : '0'],
    ])
  })

  test('everything in a snapshot is one moment', async () => {
    await executeRaw(made.target, 'create table moments (id integer)')
    if (dialect === 'sqlite') await executeRaw(made.target, 'pragma journal_mode = wal')
    const request: StreamRequest = {
      table: 'moments',
      columns: [{ name: 'id', family: 'integer' }],
      keyLength: 1,
    }
    const columns = [{ name: 'id' }]
    await reader.snapshot(async () => {
      assert.deepEqual(await readLines(reader, request), [])
      await executeRaw(made.target, 'insert into moments values (1)')
      assert.deepEqual(await readLines(reader, request), [])
      assert.deepEqual(await reader.read([{ table: 'moments', columns }]), [[]])
      assert.deepEqual(await reader.digest(request, 4), new Map())
    })
    assert.deepEqual(await readLines(reader, request), ['1'])
  })

  test('a snapshot gives what its body gives, and ends when it fails', async () => {
    assert.equal(await reader.snapshot(async () => 5), 5)
    const failure = new Error('made up')
    await assert.rejects(
      reader.snapshot(async () => {
        await reader.catalog()
        throw failure
      }),
      failure,
    )
    const nested = reader.snapshot(() => reader.snapshot(async () => undefined))
    assert.equal((await failureOf(nested)).code, 'internal')
    assert.equal((await readLines(reader, REQUEST)).length, 2)
  })

  test('a failed statement does not spoil the next snapshot', async () => {
    await databaseFailureOf(
      reader.snapshot(() => reader.read([{ table: 'nonsense', columns: [{ name: 'id' }] }])),
    )
    assert.equal((await readLines(reader, REQUEST)).length, 2)
  })

  test('what begins at once is done one after the other', async () => {
    const all = await Promise.all([
      readLines(reader, REQUEST),
      reader.read([READ]),
      readLines(reader, REQUEST),
      reader.catalog(),
    ])
    assert.deepEqual(all[0], all[2])
    assert.equal(all[1][0]!.length, 2)
  })

  test('the size of a table', async () => {
    await executeRaw(made.target, 'create table sized (id integer, filler text)')
    const empty = await reader.size('sized')
    assert.equal(empty.rows, 0)
    const numbers = Array.from({ length: 1000 }, (_, index) => `(${index}, '${'x'.repeat(100)}')`)
    await executeRaw(made.target, `insert into sized values ${numbers.join()}`)
    await executeRaw(made.target, 'analyze sized')
    const full = await reader.size('sized')
    assert.equal(full.rows, 1000)
    assert.ok(full.bytes > empty.bytes + 100_000)
    await databaseFailureOf(reader.size('nonsense'))
    await executeRaw(made.target, `create table "a.b ""c" (id integer)`)
    assert.equal((await reader.size('a.b "c')).rows, 0)
  })

  test('the bandwidth is measured only where a round trip takes long', async () => {
    const { roundTripMs, bandwidth } = await reader.link()
    assert.ok(roundTripMs >= 0 && bandwidth > 0)
    assert.equal(bandwidth === Infinity, roundTripMs <= 5)
  })

  test('a closed reader fails, and may be closed again', async () => {
    const closed = await openTestReader(made.target)
    await closed.close()
    await closed.close()
    for (const attempt of [
      () => closed.read([READ]),
      () => closed.catalog(),
      () => closed.size('options'),
      () => closed.digest(REQUEST, 1),
      () => readLines(closed, REQUEST),
      () => closed.snapshot(() => closed.catalog()),
    ]) {
      const { code, message } = await databaseFailureOf(attempt)
      assert.equal(code, 'connection')
      assert.match(message, /is closed/)
    }
  })
})
