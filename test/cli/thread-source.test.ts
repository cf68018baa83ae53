import assert from 'node:assert/strict'
import { truncateSync } from 'node:fs'
import { after, test } from 'node:test'
import { openThreadSource, type ThreadSource } from '../../src/cli/thread/thread-source.ts'
import { openDatabaseSource } from '../../src/snapshot/database-source.ts'
import { Fingerprinter } from '../../src/snapshot/fingerprint.ts'
import { shapeTables } from '../../src/snapshot/shape.ts'
import type { Source } from '../../src/snapshot/source.ts'
import { executeRaw, withSqlite } from '../support/raw.ts'
import { openTestReader } from '../support/readers.ts'
import { createSqliteFile, type SqliteFile } from '../support/sqlite.ts'

const CHANNELS = 2600

/** Every tenth channel has lost one of its abilities. */
const ROWS = `
  insert into channels (id, type, key, name, status, base_url, models, "group", priority, weight, tag)
    select n, 1, 'sk-test-' || n, 'Kanal 渠道 ' || n, 1, '', 'a,b', 'default', n, 0, 'tab' || char(9) || n
    from (with recursive s(n) as (select 1 union all select n + 1 from s where n < ${CHANNELS}) select n from s);
  insert into abilities ("group", model, channel_id, enabled, priority, weight, tag)
    select 'default', model, id, 1, priority, 0, tag from channels, (select 'a' as model union select 'b')
    where model = 'a' or id % 10 > 0;
  insert into options values ('SMTPToken', 'sk-test-option'), ('SystemName', 'x')`

const files: SqliteFile[] = []
const threads: ThreadSource[] = []

after(async () => {
  for (const thread of threads) await thread.close()
  for (const file of files) await file.drop()
})

async function makeFile(): Promise<SqliteFile> {
  const file = await createSqliteFile({ fixture: 'n25' })
  files.push(file)
  await executeRaw(file.target, ROWS)
  return file
}

async function openBoth(): Promise<{ direct: Source; far: Source }> {
  const { target } = await makeFile()
  const fingerprinter = new Fingerprinter(Buffer.from('test-fingerprint-key-of-32-characters'))
  const reader = await openTestReader(target)
  const thread = await openThreadSource({ name: 'local', target, key: fingerprinter.key })
  threads.push(thread)
  return {
    direct: await openDatabaseSource('local', reader, fingerprinter),
    far: thread.source,
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

test('a file that a thread reads says the same as one that is read here', async () => {
  const { direct, far } = await openBoth()
  for (const name of ['kind', 'dialect', 'label', 'keyId', 'catalog', 'version'] as const) {
    assert.deepEqual(far[name], direct[name], name)
  }
  const { shapes } = shapeTables(direct.catalog, direct.catalog, [])
  await far.snapshot(async () => {
    for (const shape of shapes) {
      const [here, there] = [await all(direct.lines(shape)), await all(far.lines(shape))]
      assert.deepEqual(there.flat(), here.flat(), shape.table)
      assert.deepEqual(await far.digest(shape, 8), await direct.digest(shape, 8))
      assert.deepEqual(await far.size(shape.table), await direct.size(shape.table))
    }
    const [seen, known] = [{ rows: 0 }, { rows: 0 }]
    const stale = await all(far.staleAbilities({ progress: seen, buckets: 0 }))
    assert.deepEqual(stale, await all(direct.staleAbilities({ progress: known, buckets: 0 })))
    assert.equal(stale.length, CHANNELS / 10)
    assert.deepEqual(seen, known)
  })
})

test('a snapshot of the thread is one moment, and the next one sees what came since', async () => {
  const { target } = await makeFile()
  withSqlite(target, (handle) => handle.pragma('journal_mode = wal'))
  const thread = await openThreadSource({ name: 'local', target, key: null })
  threads.push(thread)
  const { source } = thread
  const { shapes } = shapeTables(source.catalog, source.catalog, [])
  const options = shapes.find(({ table }) => table === 'options')!
  const count = async () => (await all(source.lines(options))).flat().length
  const added = `insert into options values ('Added', '1')`
  await source.snapshot(async () => {
    assert.equal(await count(), 2)
    await executeRaw(target, added)
    assert.equal(await count(), 2)
  })
  assert.equal(await source.snapshot(count), 3)
})

test('a stream that is left stops, and the thread goes on answering', async () => {
  const { far } = await openBoth()
  const { shapes } = shapeTables(far.catalog, far.catalog, [])
  const channels = shapes.find(({ table }) => table === 'channels')!
  await far.snapshot(async () => {
    for await (const batch of far.lines(channels)) {
      assert.ok(batch.length > 0)
      break
    }
    assert.equal((await all(far.lines(channels))).flat().length, CHANNELS)
  })
})

test('what fails in the thread fails here with the same error', async () => {
  const target = {
    dialect: 'sqlite',
    path: '/nowhere/x.db',
    label: 'x.db',
    busyTimeoutMs: 0,
  } as const
  await assert.rejects(openThreadSource({ name: 'local', target, key: null }), {
    name: 'DatabaseError',
    message: /there is no file x\.db/,
  })
})

test('a file that breaks under the thread is an error, never an early end', async () => {
  const { target, path } = await makeFile()
  const thread = await openThreadSource({ name: 'local', target, key: null })
  threads.push(thread)
  const { source } = thread
  const { shapes } = shapeTables(source.catalog, source.catalog, [])
  truncateSync(path, 8192)
  const channels = shapes.find(({ table }) => table === 'channels')!
  await assert.rejects(all(source.lines(channels)), { name: 'DatabaseError' })
})

test('a thread that ends answers everybody with an error', async () => {
  const { target } = await makeFile()
  const thread = await openThreadSource({ name: 'local', target, key: null })
  // Asked before, it might still have answered.
  const closed = thread.close()
  const asked = thread.source.size('channels')
  await closed
  await assert.rejects(asked, /thread/)
  await assert.rejects(thread.source.size('channels'), /thread/)
})
