import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { Fingerprinter } from '../../src/snapshot/fingerprint.ts'
import type { Row } from '../../src/snapshot/model.ts'
import { readRows, type TableRead } from '../../src/snapshot/read.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { executeRaw } from '../support/raw.ts'

const COLUMNS = [
  'models',
  'status',
  'balance',
  'setting',
  'settings',
  'channel_info',
  'base_url',
  'key',
  'priority',
]

const fingerprinter = new Fingerprinter(Buffer.alloc(64, 7))

/** Both dialects are held against this: what they read of the same rows is the same. */
const CHANNEL: Readonly<Record<string, string | null>> = {
  id: '1',
  type: '37',
  name: 'Bltcy旧网关',
  models: ',a, b,',
  status: '1',
  balance: '1.5',
  setting: null,
  settings: '{"a":1,"b":[]}',
  channel_info: null,
  base_url: '',
  key: fingerprinter.of('channels', 'key', 'sk-test-key'),
  priority: '9007199254740993',
}

forEachDialect((dialect, create) => {
  let made: TestDatabase
  before(async () => {
    made = await create({ fixture: 'n25' })
    const info =
      '{"is_multi_key":false,"multi_key_size":0,"multi_key_status_list":null,"multi_key_polling_index":0,"multi_key_mode":""}'
    const bytes = dialect === 'sqlite' ? `x'${Buffer.from(info).toString('hex')}'` : `'${info}'`
    await executeRaw(
      made.target,
      `insert into channels (id, type, name, models, status, balance, settings, channel_info,
           base_url, "key", priority)
         values (1, 37, 'Bltcy旧网关', ',a, b,', 1, 1.50, '{"b": [], "a": 1}', ${bytes}, '',
           'sk-test-key', 9007199254740993);
       insert into channels (id, type, name, "key") values (2, 1, null, '');
       insert into abilities ("group", model, channel_id, enabled) values
         ('default', 'a', 1, true), ('default', 'b', 1, false), ('default', 'c', 1, null);
       insert into options values ('A', 'sk-test-option'), ('B', null)`,
    )
  })

  const read = async (...reads: TableRead[]) => {
    const catalog = await made.database.catalog()
    return readRows(made.database, catalog, fingerprinter, reads)
  }
  const byKey = (rows: readonly Row[]) => rows.toSorted((a, b) => (a.key < b.key ? -1 : 1))

  describe('rows as canonical cells', () => {
    test('a channel', async () => {
      const where = () => sql<boolean>`${sql.ref('channels.id')} = 1`
      const [rows = []] = await read({ table: 'channels', columns: COLUMNS, where })
      assert.equal(rows.length, 1)
      assert.deepEqual(Object.fromEntries(rows[0]!.cells), CHANNEL)
      assert.equal(rows[0]!.key, '["Bltcy旧网关","37"]')
      assert.deepEqual(rows[0]!.locator, { id: '1' })
    })

    test('a secret never leaves the database, an empty one and NULL are told', async () => {
      const [rows = []] = await read({ table: 'channels', columns: ['key', 'setting'] })
      assert.equal(JSON.stringify(rows.map(({ cells }) => [...cells])).includes('sk-test'), false)
      const second = rows.find(({ locator }) => locator!['id'] === '2')!
      assert.equal(second.cells.get('key'), '')
      assert.equal(second.cells.get('setting'), null)
      assert.equal(second.key, '[null,"1"]')
    })

    test('several tables at once, each in its own place', async () => {
      const [abilities = [], options = [], none = []] = await read(
        { table: 'abilities', columns: ['enabled'] },
        { table: 'options', columns: ['value'] },
        { table: 'users', columns: [] },
      )
      assert.deepEqual(
        byKey(abilities).map(({ key, cells }) => [key, cells.get('enabled')]),
        [
          ['["default","a","1"]', 'true'],
          ['["default","b","1"]', 'false'],
          ['["default","c","1"]', null],
        ],
      )
      assert.deepEqual(
        byKey(options).map(({ locator, cells }) => [locator, cells.get('value')]),
        [
          [{ key: 'A' }, 'sk-test-option'],
          [{ key: 'B' }, null],
        ],
      )
      assert.deepEqual(none, [])
    })

    test('columns that this version lacks are left out', async () => {
      const [rows = []] = await read({ table: 'channels', columns: ['config', 'tag'] })
      assert.equal(rows[0]!.cells.has('config'), false)
      assert.equal(rows[0]!.cells.get('tag'), null)
    })

    test('a table that does not exist is an error, not an empty table', async () => {
      const error = await failureOf(read({ table: 'redemptions', columns: [] }))
      assert.equal(error.code, 'not-a-gateway')
      assert.match(error.message, /has no table redemptions/)
    })
  })
})

test('fingerprints are keyed, and tell columns apart', () => {
  const other = new Fingerprinter()
  const value = 'sk-test-key'
  const one = fingerprinter.of('channels', 'key', value)
  assert.match(one, /^[0-9a-f]{64}$/)
  assert.equal(fingerprinter.of('channels', 'key', value), one)
  assert.notEqual(fingerprinter.of('tokens', 'key', value), one)
  assert.notEqual(fingerprinter.of('channels', 'other', value), one)
  assert.notEqual(other.of('channels', 'key', value), one)
  assert.notEqual(
    new Fingerprinter().of('channels', 'key', value),
    other.of('channels', 'key', value),
  )
})

test('a key of any length gives the database what HMAC gives us', () => {
  for (const length of [1, 32, 64, 65, 200]) {
    const fingerprinter = new Fingerprinter(Buffer.alloc(length, 'k'))
    const { inner, outer } = fingerprinter.key
    const message = `${fingerprinter.domain('channels', 'key')}\nsk-test-key`
    const digest = createHash('sha256').update(inner).update(message).digest()
    const hmac = createHash('sha256').update(outer).update(digest).digest('hex')
    assert.equal(hmac, fingerprinter.of('channels', 'key', 'sk-test-key'), `${length} bytes`)
  }
})
