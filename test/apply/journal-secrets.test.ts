import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import { sql } from 'kysely'
import { Journal, type JournalOperation } from '../../src/apply/journal.ts'
import { recordRun } from '../../src/apply/run.ts'
import { forEachDialect } from '../support/databases.ts'
import { executeRaw } from '../support/raw.ts'
import { migrated } from './harness.ts'
import { KEY, UndoBench } from './undo-bench.ts'

/** SQL of what a secret column may hold, whatever it declares. */
const CELLS: Readonly<Record<string, string>> = {
  text: `'sk-test'`,
  'no text': `''`,
  NULL: 'null',
  'text with quotes, a NUL and controls': `'a"\\''' || char(0, 1, 10, 127, 8232) || 'b'`,
  'text with a mark of order, and with the one for what is no text': `char(65279, 97, 65533)`,
  'text that no byte of is UTF-8': `cast(x'fffe' as text)`,
  'text that is nearly UTF-8': `cast(x'736b2d74657374c328' as text)`,
  'text with half a character': `cast(x'f09f94' as text)`,
  'text with a surrogate': `cast(x'61eda080' as text)`,
  'text with a NUL that is not UTF-8': `cast(x'6100ff' as text)`,
  bytes: `x'fffe'`,
  'bytes that are text': `cast('sk-test' as blob)`,
  'no bytes': `x''`,
  'a small integer': '7',
  'a large integer': '-9223372036854775808',
  'a real': '0.30000000000000004',
  'a real that is whole': '5.0',
  'a real without end': '-9e999',
  true: 'true',
  false: 'false',
  'text like the hexadecimal digits of another': `'FFFE'`,
}

forEachDialect((dialect, create) => {
  if (dialect !== 'sqlite') return
  let it: UndoBench
  before(async () => {
    it = new UndoBench(await migrated(create, 'zeo'))
    // Without a type a column takes every value as it is.
    await executeRaw(
      it.made.target,
      'alter table channels drop column "key"; alter table channels add column "key"',
    )
  })
  beforeEach(() => it.reset())

  /** Journals a statement about the one channel, as the writer does. */
  async function journalled(operation: JournalOperation, statement: string): Promise<string> {
    const { database } = it.made
    const run = it.run('test', KEY)
    const catalog = await database.catalog()
    await database.transaction(async () => {
      await recordRun(database, run)
      const journal = new Journal({ database, catalog, run, source: 'test' })
      const columns = ['name', 'key']
      const entry = { table: 'channels', operation, columns, locator: { id: '1' } }
      await journal.around(entry, async () => {
        await sql.raw(statement).execute(database.queries)
      })
    })
    return run.id
  }

  const given = (cell: string): Promise<void> =>
    executeRaw(it.made.target, `insert into channels (id, name, key) values (1, 'a', ${cell})`)

  describe('with a journal key a secret comes back to the byte, in its storage class', () => {
    for (const [what, cell] of Object.entries(CELLS)) {
      test(what, async () => {
        await given(cell)
        const before = await it.rows()
        const changed = await journalled('update', `update channels set "key" = 'sk-test-new'`)
        const undone = await it.undo(changed, KEY)
        assert.deepEqual([undone.left, await it.rows()], [[], before])
        // The undoing has journalled what it wrote over, and finds what it wrote.
        const redone = await it.undo(undone.undoneBy, KEY)
        assert.equal(redone.left.length, 0)
        const [now] = await it.texts(`select typeof("key") || "key" from channels`)
        assert.equal(now, 'textsk-test-new')
      })
    }

    test('and of a row that was deleted', async () => {
      await given(CELLS['text that no byte of is UTF-8']!)
      const key = async () => it.texts('select typeof("key") || hex("key") from channels')
      const before = await key()
      const deleted = await journalled('delete', 'delete from channels')
      assert.equal((await it.undo(deleted, KEY)).left.length, 0)
      assert.deepEqual([await key(), before], [before, ['textFFFE']])
    })
  })

  test('what the writer replaces is put back', async () => {
    for (const cell of [`cast(x'736bff' as text)`, `x'736bff'`]) {
      await it.reset()
      await it.given({ name: 'first', key: 'sk-test-old' }, 1)
      await executeRaw(it.made.target, `update channels set "key" = ${cell}`)
      const before = await it.rows()
      const runId = await it.write(await it.plan({ key: 'sk-test-new' }, '1'), KEY)
      assert.notDeepEqual(await it.rows(), before)
      assert.equal((await it.undo(runId, KEY)).left.length, 0)
      assert.deepEqual(await it.rows(), before)
    }
  })

  test('an entry of a version that encrypted plain images is undone as it was', async () => {
    await given(`'sk-test-FFFE'`)
    const before = await it.rows()
    const runId = await journalled('update', `update channels set "key" = 'sk-test-new'`)
    const place = { runId, seq: 1, table: 'channels', column: 'key' }
    const [sealed] = await it.texts(
      `select before_secrets ->> '$.key' from tidegate_journal where run_id = '${runId}'`,
    )
    assert.equal(KEY.decrypt(sealed!, place), '{"key":["text","sk-test-FFFE"]}')
    await it.undo(runId, KEY)
    assert.deepEqual(await it.rows(), before)
  })
})
