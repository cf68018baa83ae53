import assert from 'node:assert/strict'
import { chmod } from 'node:fs/promises'
import { dirname } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { sql, type RawBuilder } from 'kysely'
import type { Database, PostgresTarget, SqliteTarget } from '../../src/database/contract.ts'
import { isMissingTable } from '../../src/database/missing-table.ts'
import { openDatabase } from '../../src/database/open.ts'
import { describeFailure } from '../../src/database/sqlite/errors.ts'
import type { RetryClass } from '../../src/errors.ts'
import { Secret } from '../../src/secret.ts'
import { forEachDialect, OPEN_OPTIONS, type TestDatabase } from '../support/databases.ts'
import { databaseFailureOf, everythingOf } from '../support/failures.ts'
import { fatalMessage, startFakeServer } from '../support/fake-server.ts'
import { createTestDatabase, testPostgres, type PostgresDatabase } from '../support/postgres.ts'
import { executeRaw, withSqlite } from '../support/raw.ts'
import { createSqliteFile } from '../support/sqlite.ts'

const server = await testPostgres()

const SECRET = 'sk-made-up-4f7c1d'

interface Case {
  readonly statement: RawBuilder<unknown>
  readonly code: string
  readonly names?: Readonly<Record<string, string>>
}

const SCHEMA = `
  create table t (id bigint primary key, secret text unique, n bigint not null,
    constraint short check (length(secret) < 100));
  insert into t values (1, '${SECRET}', 1)`

const POSTGRES_CASES: readonly Case[] = [
  {
    statement: sql`insert into t values (2, ${SECRET}, 1)`,
    code: '23505',
    names: { table: 't', constraint: 't_secret_key' },
  },
  {
    statement: sql`insert into t values (2, ${SECRET + 'x'}, null)`,
    code: '23502',
    names: { column: 'n' },
  },
  {
    statement: sql`insert into t values (2, ${SECRET.repeat(9)}, 1)`,
    code: '23514',
    names: { constraint: 'short' },
  },
  { statement: sql`select ${SECRET}::bigint`, code: '22P02' },
  { statement: sql`select ${`{"k": "${SECRET}",}`}::json`, code: '22P02' },
  { statement: sql`insert into t values (2, ${SECRET + '\0'}, 1)`, code: '22021' },
  { statement: sql.raw(`select '${SECRET}'' where`), code: '42601' },
  { statement: sql.raw(`select "${SECRET}"`), code: '42703' },
  { statement: sql.raw(`select * from "${SECRET}"`), code: '42P01' },
  { statement: sql`do ${sql.raw(`$$ begin raise exception '${SECRET}'; end $$`)}`, code: 'P0001' },
]

const SQLITE_CASES: readonly Case[] = [
  {
    statement: sql`insert into t values (2, ${SECRET}, 1)`,
    code: 'SQLITE_CONSTRAINT_UNIQUE',
    names: { table: 't', column: 'secret' },
  },
  {
    statement: sql`insert into t values (2, ${SECRET + 'x'}, null)`,
    code: 'SQLITE_CONSTRAINT_NOTNULL',
    names: { table: 't', column: 'n' },
  },
  {
    statement: sql`insert into t values (2, ${SECRET.repeat(9)}, 1)`,
    code: 'SQLITE_CONSTRAINT_CHECK',
  },
  {
    statement: sql`insert into t values (1, ${SECRET + 'x'}, 1)`,
    code: 'SQLITE_CONSTRAINT_PRIMARYKEY',
  },
  { statement: sql.raw(`select '${SECRET}'' where`), code: 'SQLITE_ERROR' },
  { statement: sql.raw(`select "${SECRET}"`), code: 'SQLITE_NO_SUCH_COLUMN' },
  { statement: sql.raw(`select * from "${SECRET}"`), code: 'SQLITE_NO_SUCH_TABLE' },
  { statement: sql`select json_extract(${SECRET}, '$')`, code: 'SQLITE_ERROR' },
]

forEachDialect((dialect, create) => {
  let made: TestDatabase
  before(async () => {
    made = await create()
    await executeRaw(made.target, SCHEMA)
  })

  for (const { statement, code, names } of dialect === 'sqlite' ? SQLITE_CASES : POSTGRES_CASES) {
    test(`${code} says what is wrong, and never quotes a value`, async () => {
      const error = await databaseFailureOf(statement.execute(made.database.queries))
      assert.deepEqual([error.facts.sqlState, error.facts.retry], [code, 'never'])
      assert.equal(error.code, 'database')
      for (const [name, value] of Object.entries(names ?? {})) {
        assert.equal(error.details[name], value)
        assert.ok(error.message.includes(value), error.message)
      }
      assert.ok(error.message.includes(made.target.label))
      assert.equal(everythingOf(error).includes(SECRET), false)
      assert.equal(isMissingTable(error), /42P01|NO_SUCH_TABLE/.test(code))
    })
  }

  test('a value that the driver does not take is an error too', async () => {
    const circular: unknown[] = []
    circular.push({ circular, secret: SECRET })
    const values = { sqlite: Symbol(SECRET), postgres: { circular } }
    const statement = sql`select ${values[dialect]}`
    const error = await databaseFailureOf(statement.execute(made.database.queries))
    assert.deepEqual([error.code, error.facts.retry], ['database', 'never'])
    assert.equal(everythingOf(error).includes(SECRET), false)
    await sql`select 1`.execute(made.database.queries)
  })
})

describe('postgres', () => {
  let made: PostgresDatabase
  let other: PostgresTarget
  const opened: Database[] = []
  before(async () => {
    made = await createTestDatabase(server)
    const user = `${made.target.database}_user`
    await executeRaw(made.target, `create role ${user} login password '${SECRET}'`)
    await executeRaw(made.target, `create table t (name varchar(3)); insert into t values ('a')`)
    other = { ...made.target, user, password: new Secret(SECRET) }
  })
  after(async () => {
    for (const database of opened) await database.close()
    const user = other.user
    await made.drop()
    const anywhere = await createTestDatabase(server)
    await executeRaw(anywhere.target, `drop role ${user}`)
    await anywhere.drop()
  })

  const open = async (target: PostgresTarget): Promise<Database> => {
    const database = await openDatabase(target, OPEN_OPTIONS)
    opened.push(database)
    return database
  }

  const CONNECTING: Readonly<
    Record<string, readonly [Partial<PostgresTarget>, RegExp, RetryClass, RegExp]>
  > = {
    'wrong password': [
      { password: new Secret('made-up-wrong') },
      /^28P01$/,
      'never',
      /refused the password of user/,
    ],
    'no password': [{ password: null }, /^NO_PASSWORD$/, 'never', /none is configured/],
    'unknown user': [{ user: 'no_such_user' }, /^28P01$/, 'never', /password of user no_such_user/],
    'unknown database': [
      { database: 'no_such_db' },
      /^3D000$/,
      'never',
      /there is no database no_such_db/,
    ],
    'unknown host': [
      { host: 'no-such-host.invalid' },
      /^(?:ENOTFOUND|EAI_AGAIN)$/,
      'connection',
      /the name no-such-host\.invalid does not resolve/,
    ],
    'closed port': [
      { port: 1 },
      /^ECONNREFUSED$/,
      'connection',
      /nothing answers at 127\.0\.0\.1, port 1/,
    ],
    'several closed addresses': [
      { host: 'localhost', port: 1 },
      /^ECONNREFUSED$/,
      'connection',
      /nothing answers at localhost/,
    ],
    'no socket': [
      { host: '/no/such/folder' },
      /^ENOENT$/,
      'connection',
      /\/no\/such\/folder\/\.s\.PGSQL\./,
    ],
  }

  for (const [name, [change, code, retry, message]] of Object.entries(CONNECTING)) {
    test(name, async () => {
      const target = { ...other, ...change }
      const error = await databaseFailureOf(openDatabase(target, OPEN_OPTIONS))
      assert.equal(error.code, 'connection')
      assert.match(error.facts.sqlState ?? '', code)
      assert.equal(error.facts.retry, retry)
      assert.match(error.message, message)
      assert.ok(error.nextStep)
      assert.doesNotMatch(everythingOf(error), new RegExp(`${SECRET}|made-up-wrong`))
    })
  }

  test('a password in the environment is no concern of the driver', async () => {
    process.env['PGPASSWORD'] = SECRET
    const error = await databaseFailureOf(
      openDatabase({ ...other, password: null }, OPEN_OPTIONS),
    ).finally(() => delete process.env['PGPASSWORD'])
    assert.equal(error.facts.sqlState, 'NO_PASSWORD')
  })

  const ANSWERS: readonly (readonly [string, RetryClass])[] = [
    ['57P03', 'connection'],
    ['53300', 'connection'],
    ['28000', 'never'],
    ['08P01', 'connection'],
    ['XX000', 'never'],
  ]

  for (const [code, retry] of ANSWERS) {
    test(`a server that answers ${code}`, async () => {
      const fake = await startFakeServer((socket) => {
        socket.once('data', () => socket.end(fatalMessage(code, `made up ${SECRET}`)))
      })
      const target = { ...other, port: fake.port }
      const error = await databaseFailureOf(openDatabase(target, OPEN_OPTIONS))
      assert.deepEqual([error.facts.sqlState, error.facts.retry], [code, retry])
      assert.equal(everythingOf(error).includes(SECRET), false)
      await fake.close()
    })
  }

  test('a server that says nothing, and one that hangs up', async () => {
    const silent = await startFakeServer(() => undefined)
    const options = { ...OPEN_OPTIONS, connectTimeoutMs: 100 }
    const late = await databaseFailureOf(openDatabase({ ...other, port: silent.port }, options))
    assert.deepEqual([late.facts.sqlState, late.facts.retry], ['ETIMEDOUT', 'connection'])
    await silent.close()
    const rude = await startFakeServer((socket) => socket.once('data', () => socket.end()))
    const hungUp = await databaseFailureOf(openDatabase({ ...other, port: rude.port }, options))
    assert.deepEqual([hungUp.code, hungUp.facts.retry], ['connection', 'connection'])
    await rude.close()
  })

  const STATEMENTS: readonly (readonly [string, RawBuilder<unknown>, string, RetryClass])[] = [
    ['a missing right', sql`select * from t`, '42501', 'never'],
    ['a read-only server', sql`begin read only; create table x ()`, '25006', 'never'],
    [
      'a statement that takes too long',
      sql`rollback; set statement_timeout = 20; select pg_sleep(5)`,
      '57014',
      'never',
    ],
    ['a failed transaction', sql`begin; select 1 / 0`, '22012', 'never'],
    ['what follows in it', sql`select 1`, '25P02', 'never'],
  ]

  test('statements', async () => {
    const database = await open(other)
    for (const [name, statement, code, retry] of STATEMENTS) {
      const { facts } = await databaseFailureOf(statement.execute(database.queries))
      assert.deepEqual([facts.sqlState, facts.retry], [code, retry], name)
    }
  })

  test('a value too long, a row locked, a serialization failure', async () => {
    const [one, two] = [await open(made.target), await open(made.target)]
    const run = ({ queries }: Database, text: string) => sql.raw(text).execute(queries)
    const long = await databaseFailureOf(run(one, `insert into t values ('${SECRET}')`))
    assert.equal(long.facts.sqlState, '22001')
    await run(one, `begin; update t set name = 'b'`)
    const locked = await databaseFailureOf(
      run(two, `set lock_timeout = 20; update t set name = 'c'`),
    )
    assert.deepEqual([locked.code, locked.facts.retry], ['lock-busy', 'lock'])
    await run(two, 'set lock_timeout = 0; begin isolation level repeatable read; select * from t')
    const waiting = databaseFailureOf(run(two, `update t set name = 'c'`))
    await run(one, 'commit')
    const { facts } = await waiting
    assert.deepEqual([facts.sqlState, facts.retry], ['40001', 'transaction'])
  })
})

describe('sqlite', () => {
  const UNWRITABLE: readonly (readonly [string, number, number, string, 'open' | 'write'])[] = [
    ['delete', 0o444, 0o555, 'SQLITE_READONLY', 'write'],
    ['delete', 0o444, 0o777, 'SQLITE_READONLY', 'write'],
    ['delete', 0o666, 0o555, 'SQLITE_READONLY_DIRECTORY', 'write'],
    ['delete', 0o000, 0o777, 'SQLITE_CANTOPEN', 'open'],
    ['wal', 0o444, 0o777, 'SQLITE_READONLY', 'write'],
    ['wal', 0o666, 0o555, 'SQLITE_READONLY_DIRECTORY', 'open'],
  ]

  for (const [journal, fileMode, folderMode, sqlState, failsTo] of UNWRITABLE) {
    const modes = `${fileMode.toString(8)} in a folder ${folderMode.toString(8)}`
    test(`a ${journal} file with rights ${modes} fails to ${failsTo}`, async () => {
      const file = await createSqliteFile()
      await executeRaw(file.target, 'create table t (a)')
      withSqlite(file.target, (handle) => handle.pragma(`journal_mode = ${journal}`))
      await chmod(file.path, fileMode)
      await chmod(dirname(file.path), folderMode)
      const error = await asNobody(() => databaseFailureOf(() => openAndWrite(file.target)))
      assert.deepEqual([error.facts.sqlState, error.facts.retry], [sqlState, 'never'])
      assert.equal(error.code, failsTo === 'open' ? 'connection' : 'database')
      await chmod(dirname(file.path), 0o777)
      await file.drop()
    })
  }

  const CODES: readonly (readonly [string, string, RetryClass])[] = [
    ['SQLITE_BUSY', 'lock-busy', 'lock'],
    ['SQLITE_BUSY_RECOVERY', 'lock-busy', 'lock'],
    ['SQLITE_BUSY_SNAPSHOT', 'lock-busy', 'transaction'],
    ['SQLITE_LOCKED', 'database', 'never'],
    ['SQLITE_FULL', 'database', 'never'],
    ['SQLITE_IOERR_WRITE', 'database', 'never'],
    ['SQLITE_CORRUPT', 'database', 'never'],
    ['SQLITE_NOTADB', 'connection', 'never'],
    ['SQLITE_READONLY_CANTINIT', 'database', 'never'],
    ['SQLITE_CANTOPEN_ISDIR', 'connection', 'never'],
    ['SQLITE_CONSTRAINT_TRIGGER', 'database', 'never'],
    ['SQLITE_SOMETHING_NEW', 'database', 'never'],
  ]

  for (const [sqlState, code, retry] of CODES) {
    test(sqlState, () => {
      // A trigger may say what it likes, and so may a version of SQLite that is not written yet.
      const says = 'UNIQUE constraint failed: sk_made_up.secret'
      const driver = Object.assign(new Error(says), { code: sqlState })
      const error = describeFailure(driver, 'a.db')
      assert.deepEqual(
        [error.code, error.facts.retry, error.facts.sqlState],
        [code, retry, sqlState],
      )
      assert.equal(everythingOf(error).includes('sk_made_up'), false)
    })
  }
})

async function openAndWrite(target: SqliteTarget): Promise<void> {
  const database = await openDatabase(target, OPEN_OPTIONS)
  try {
    assert.ok((await database.catalog()).has('t'))
    assert.equal((await database.lockStatus()).held, false)
    await database.transaction(() => sql`insert into t values (1)`.execute(database.queries))
  } finally {
    await database.close()
  }
}

/** Root may read and write every file, so a test of rights must be somebody else. */
async function asNobody<T>(body: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid?.(65534)
  try {
    return await body()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}
