import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import { sql } from 'kysely'
import { Journal } from '../../src/apply/journal.ts'
import { digestOf } from '../../src/apply/journal-digest.ts'
import { JournalKey } from '../../src/apply/journal-key.ts'
import { recordRun } from '../../src/apply/run.ts'
import type { Database } from '../../src/database/contract.ts'
import { diffRow } from '../../src/diff/rows.ts'
import { migrateUp } from '../../src/migrate/runner.ts'
import { inputFor } from '../migrate/harness.ts'
import { forEachDialect } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { executeRaw } from '../support/raw.ts'
import { Bench, migrated } from './harness.ts'
import { KEY, UndoBench } from './undo-bench.ts'

const OTHER_KEY = new JournalKey('another-journal-key-0123456789abcdef')

/** What somebody does to the journal of a run that inserted, updated and deleted rows. */
const ALTERED: Readonly<Record<string, string>> = {
  'a before-image': `update tidegate_journal set before_image = replace(before_image, 'old.example', 'evil.example') where operation = 'update' and table_name = 'channels'`,
  'an after-image': `update tidegate_journal set after_image = replace(after_image, 'new.example', 'evil.example') where operation = 'update' and table_name = 'channels'`,
  'a locator': `update tidegate_journal set locator = '{"id":"2"}' where table_name = 'channels'`,
  columns: `update tidegate_journal set columns = '["models"]' where table_name = 'channels'`,
  'a table': `update tidegate_journal set table_name = 'models' where table_name = 'channels'`,
  'an operation': `update tidegate_journal set operation = 'delete' where operation = 'insert'`,
  'a source': `update tidegate_journal set source = 'another' where seq = 1`,
  'NULL in the place of an empty text': `update tidegate_journal set before_image = '' where operation = 'insert'`,
  'a run': `update tidegate_journal set run_id = run_id || ' '; update tidegate_runs set id = id || ' '`,
  'the order': `update tidegate_journal set seq = -seq; update tidegate_journal set seq = (select count(*) from tidegate_journal) + 1 + seq`,
  'an entry is gone': 'delete from tidegate_journal where seq = 1',
  'a digest': `update tidegate_journal set digest = 'public:' || substr(digest, 9, 63) || 'x' where seq = 1`,
  'its secrets': `update tidegate_journal set before_secrets = '{"key":"AAAA"}' where table_name = 'channels'`,
}

/** These are tried with a journal key as well. */
const WITH_KEY: ReadonlySet<string> = new Set(['an after-image', 'its secrets'])

/** What an entry without a digest may be made into. */
const BROKEN: Readonly<Record<string, string>> = {
  'a locator that is no JSON': `locator = 'x'`,
  'a locator without a key': `locator = '{}'`,
  'a locator of numbers': `locator = '{"id":1}'`,
  'columns that are no JSON': `columns = '['`,
  'no columns': `columns = '[]'`,
  'a table that does not exist': `table_name = 'nothing'`,
  'a column that does not exist': `columns = '["nothing"]'`,
  'an operation that does not exist': `operation = 'merge'`,
  'an image that is no JSON': `before_image = '{'`,
  'an image that is missing': `before_image = null`,
}

forEachDialect((dialect, create) => {
  let it: UndoBench
  before(async () => {
    it = new UndoBench(await migrated(create, 'zeo'))
  })
  beforeEach(() => it.reset())

  async function changed(key?: JournalKey): Promise<string> {
    await it.given({ name: 'first', key: 'sk-test-old', base_url: 'https://old.example' }, 1)
    const { bench } = it.made
    const option = bench.declare('options', { key: 'K', value: '' }, ['K'])
    const cells = { key: 'sk-test-new', base_url: 'https://new.example', models: 'a,c' }
    return it.write([...(await it.plan(cells, '1')), diffRow(option, null)!], key)
  }

  async function refused(runId: string, key?: JournalKey): Promise<Error> {
    const before = [await it.rows(), await it.journal()]
    const error = await failureOf(it.undo(runId, key))
    assert.equal(error.code, 'journal', error.message)
    assert.match(error.message, /nothing was undone$/)
    assert.notEqual(error.nextStep ?? '', '')
    assert.doesNotMatch(JSON.stringify([error.message, error.details]), /sk-test|evil/)
    assert.deepEqual([await it.rows(), await it.journal()], before)
    return error
  }

  describe('an altered journal is refused whole', () => {
    for (const [name, statement] of Object.entries(ALTERED)) {
      for (const key of WITH_KEY.has(name) ? [undefined, KEY] : [undefined]) {
        test(`${name}${key === undefined ? '' : ', with a journal key'}`, async () => {
          const runId = await changed(key)
          await executeRaw(it.made.target, statement)
          const [now] = await it.texts(`select distinct run_id || '.' from tidegate_journal`)
          await refused(now!.slice(0, -1) === runId ? runId : `${runId} `, key)
        })
      }
    }

    for (const [name, assignment] of Object.entries(BROKEN)) {
      test(`without a digest: ${name}`, async () => {
        const runId = await changed()
        await executeRaw(
          it.made.target,
          `update tidegate_journal set digest = null;
           update tidegate_journal set ${assignment} where table_name = 'channels'`,
        )
        await refused(runId)
      })
    }
  })

  test('the digest of an entry names its key, and without that one nothing is undone', async () => {
    const shown = await changed()
    assert.deepEqual(await it.texts('select distinct substr(digest, 1, 7) from tidegate_journal'), [
      'public:',
    ])
    const keyed = await it.write(await it.plan({ key: 'sk-test-third', tag: 't' }, '1'), KEY)
    assert.match((await refused(keyed)).message, /with another key/)
    assert.match((await refused(keyed, OTHER_KEY)).message, /with another key/)
    // A key that is set later does not keep older runs from being undone.
    assert.equal((await it.undo(keyed, KEY)).left.length, 0)
    assert.equal((await it.undo(shown, KEY)).left.length, 0)
  })

  test('no two entries have the same digest, wherever a text ends and whatever is NULL', async () => {
    const { database } = it.made
    const digest = digestOf(database, KEY.digest, 'tidegate_journal')
    const entry = `insert into tidegate_journal (run_id, seq, source, table_name, operation, locator,
      columns, before_image, after_image, before_secrets, after_secrets, undone_by) values`
    const variants = [
      `'r', 1, 's', 't', 'o', 'l', 'c', 'x', null, null, null, null`,
      `'r', 1, 's', 't', 'o', 'l', 'c', null, 'x', null, null, null`,
      `'r', 1, 's', 't', 'o', 'l', 'c', null, null, 'x', null, null`,
      `'r', 1, 's', 't', 'o', 'l', 'c', null, null, null, 'x', null`,
      `'r', 1, 's', 't', 'o', 'l', 'c', 'x', '', null, null, null`,
      `'r', 1, 's', 't', 'o', 'l', 'c', 'x', '-', null, null, null`,
      `'r', 1, 's', 't', 'o', 'l', 'c1:x', null, null, null, null, null`,
      `'r1', 1, 's', 't', 'o', 'l', 'c', 'x', null, null, null, null`,
      `'r', 11, 's', 't', 'o', 'l', 'c', 'x', null, null, null, null`,
    ]
    const digests: string[] = []
    for (const values of [...variants, variants[0]!.replace(/null$/, `'u'`)]) {
      await executeRaw(it.made.target, `delete from tidegate_journal; ${entry} (${values})`)
      const { rows } = await sql<{ digest: string }>`
        select ${digest} as digest from tidegate_journal
      `.execute(database.queries)
      digests.push(rows[0]!.digest)
    }
    assert.equal(new Set(digests).size, variants.length)
    // Who undid an entry is no part of it.
    assert.equal(digests.at(-1), digests[0])
  })

  test('with a key no secret is in the journal, without one only in the images', async () => {
    const visible =
      'select run_id, source, locator, columns, digest, undone_by from tidegate_journal'
    await changed()
    assert.doesNotMatch(JSON.stringify(await it.texts(visible)), /sk-test/)
    const images = 'select before_image, after_image from tidegate_journal'
    assert.match(JSON.stringify(await it.texts(images)), /sk-test-old.*sk-test-new/s)
    await it.reset()
    await changed(KEY)
    assert.doesNotMatch(JSON.stringify(await it.journal()), /sk-test/)
    const [sealed] = await it.texts(
      `select before_secrets from tidegate_journal where table_name = 'channels'`,
    )
    const [other] = await it.texts(
      `select after_secrets from tidegate_journal where table_name = 'channels'`,
    )
    assert.deepEqual(Object.keys(JSON.parse(sealed!) as object), ['key'])
    assert.match(other!, /^\{"key":"[0-9a-f]{64}"\}$/)
  })

  test('an encrypted value can only be read where it was written', () => {
    const place = { runId: 'r', seq: 1, table: 'channels', column: 'key' }
    const sealed = KEY.encrypt('["text","sk-test"]', place)
    assert.equal(KEY.decrypt(sealed, place), '["text","sk-test"]')
    assert.notEqual(KEY.encrypt('["text","sk-test"]', place), sealed)
    for (const change of [{ runId: 's' }, { seq: 2 }, { table: 'tokens' }, { column: 'k' }]) {
      assert.equal(KEY.decrypt(sealed, { ...place, ...change }), null)
    }
    assert.equal(OTHER_KEY.decrypt(sealed, place), null)
    for (const broken of ['', 'AAAA', sealed.slice(0, -8), `B${sealed.slice(1)}`]) {
      assert.equal(KEY.decrypt(broken, place), null)
    }
  })

  test('entries from before the digests can be undone', async () => {
    const made = await create({ fixture: 'zeo' })
    await migrateUp(inputFor(made.database), { step: 3 })
    const old = new UndoBench({ ...made, bench: new Bench(made.database) })
    const before = await old.rows()
    const runId = await old.write(await old.plan({ name: 'first' }, null), KEY)
    await migrateUp(inputFor(made.database), {})
    assert.notDeepEqual(await old.rows(), before)
    await old.undo(runId, KEY)
    assert.deepEqual(await old.rows(), before)
  })

  test('a batch takes as many statements for 500 rows as for one', async () => {
    const { database, target } = it.made
    const numbers = Array.from({ length: 1_200 }, (_, index) => index + 1)
    await executeRaw(
      target,
      `insert into channels (id, name, "key", priority)
       values ${numbers.map((id) => `(${id}, 'c${id}', 'sk-test-${id}', ${id})`).join()}`,
    )
    const count = async (rows: number, key?: JournalKey) => {
      const { counted, statements } = countStatements(database)
      const run = it.run('test', key)
      const catalog = await database.catalog()
      const locators = numbers.slice(0, rows).map((id) => ({ id: String(id) }))
      await database.transaction(async () => {
        await recordRun(database, run)
        const journal = new Journal({ database: counted, catalog, run, source: 'test' })
        const batch = { table: 'channels', columns: ['priority', 'key'], locators }
        await journal.aroundAll({ ...batch, operation: 'update' }, () =>
          executeInside(database, `update channels set priority = priority + 1, "key" = 'sk-test'`),
        )
      })
      return statements()
    }
    assert.equal(await count(1), 3)
    assert.equal(await count(500), 3)
    assert.equal(await count(1_200), 7)
    assert.equal(await count(1_200, KEY), 10)
    const wrong = await it.texts(
      `select count(*) from tidegate_journal
       where after_image is null or before_image = after_image or digest is null`,
    )
    assert.deepEqual(wrong, ['0'])
    const [sequence] = await it.texts(
      'select min(seq), max(seq), count(distinct locator) from tidegate_journal group by run_id order by 2 desc limit 1',
    )
    assert.equal(sequence, '1 1200 1200')
  })

  test('rows that are not there are not journalled', async () => {
    const { database } = it.made
    const run = it.run('test')
    const catalog = await database.catalog()
    const journal = new Journal({ database, catalog, run, source: 'test' })
    const entry = { table: 'options', columns: ['value'], locator: { key: 'none' } } as const
    for (const operation of ['insert', 'update', 'delete'] as const) {
      const error = await failureOf(
        database.transaction(() => journal.around({ ...entry, operation }, async () => undefined)),
      )
      assert.match(error.message, /^0 instead of 1 rows of options were journalled$/)
    }
  })

  if (dialect === 'postgres') {
    test('nobody but the owner keeps a privilege on the journal', async () => {
      const made = await create({ fixture: 'n25' })
      const role = `tidegate_reader_${process.pid}`
      await executeRaw(
        made.target,
        `create role ${role}; create role "${role} odd"; create role ${role}_third;
         alter default privileges grant select on tables to ${role}, public`,
      )
      try {
        await migrateUp(inputFor(made.database), { step: 3 })
        await executeRaw(
          made.target,
          `grant all on tidegate_journal to ${role} with grant option;
           grant select (source), update (source) on tidegate_journal to "${role} odd";
           set role ${role}; grant select on tidegate_journal to ${role}_third; reset role`,
        )
        const held = `select count(*) from information_schema.column_privileges
          where table_name = 'tidegate_journal' and grantee <> current_user`
        const bench = new UndoBench({ ...made, bench: new Bench(made.database) })
        assert.notDeepEqual(await bench.texts(held), ['0'])
        await migrateUp(inputFor(made.database), {})
        assert.deepEqual(await bench.texts(held), ['0'])
        assert.deepEqual(
          await bench.texts(`select has_table_privilege('${role}', 'tidegate_runs', 'select')`),
          ['true'],
        )
      } finally {
        await executeRaw(
          made.target,
          `drop owned by ${role}, "${role} odd", ${role}_third;
           drop role ${role}, "${role} odd", ${role}_third`,
        )
      }
    })
  }
})

function countStatements(database: Database) {
  let count = 0
  const queries = database.queries.withPlugin({
    transformQuery: ({ node }) => {
      count += 1
      return node
    },
    transformResult: async ({ result }) => result,
  })
  const counted: Database = Object.create(database, { queries: { value: queries } })
  return { counted, statements: () => count }
}

async function executeInside({ queries }: Database, text: string): Promise<void> {
  await sql.raw(text).execute(queries)
}
