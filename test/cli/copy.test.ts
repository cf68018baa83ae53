import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { PostgresTarget } from '../../src/database/contract.ts'
import { openReader } from '../../src/database/open.ts'
import { gatewayRows, insertedText } from '../drift/gateway-rows.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { createTestDatabase, type PostgresServer, testPostgres } from '../support/postgres.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { createSqliteFile, type SqliteFile } from '../support/sqlite.ts'
import { activeIn, callerIn, envOf, runnerIn, testProject } from './runs.ts'

const server = testPostgres()
const project = testProject()
const call = callerIn(project)
const run = runnerIn(project)

const drops: (() => Promise<void>)[] = []

after(async () => {
  for (const drop of drops) await drop()
})

async function localGateway(): Promise<SqliteFile> {
  const file = await createSqliteFile({ fixture: 'n25' })
  drops.push(() => file.drop())
  const reader = await openReader(file.target, OPEN_OPTIONS)
  const catalog = await reader.catalog()
  await reader.close()
  await executeRaw(file.target, insertedText('sqlite', catalog, gatewayRows('sqlite')))
  return file
}

async function emptyDatabase(one: PostgresServer): Promise<PostgresTarget> {
  const made = await createTestDatabase(one)
  drops.push(() => made.drop())
  return made.target
}

function envBetween(path: string, target: PostgresTarget): Record<string, string> {
  return { LOCAL_SQLITE_PATH: path, PRODUCTION_SQL_DSN: envOf(target)['SQL_DSN']! }
}

async function tablesIn(target: PostgresTarget): Promise<unknown> {
  const rows = await queryRaw(target, "select tablename from pg_tables where schemaname = 'public'")
  return rows.flat()
}

describe('from SQLite to an empty PostgreSQL and back', () => {
  let local: SqliteFile
  let production: PostgresTarget
  let env: Record<string, string>
  before(async () => {
    local = await localGateway()
    production = await emptyDatabase(await server)
    env = envBetween(local.path, production)
  })

  it('looks first, and writes nothing', async () => {
    const result = await call('copy --dry-run', env)
    assert.equal(result.code, 0)
    assert.match(result.stdout, /^channels +14$/m)
    assert.match(result.stdout, /everything fits; nothing was written/)
    assert.match(result.stderr, /the tables are not there yet/)
    assert.deepEqual(await tablesIn(production), [])
  })

  it('asks, and writes nothing where nobody can answer', async () => {
    const result = await call('copy', env)
    assert.equal(result.code, 1)
    assert.match(result.stderr, /add --yes/)
    assert.deepEqual(await tablesIn(production), [])
  })

  it('makes the tables, copies, and finds both sides equal', async () => {
    const result = await call('copy --yes --json', env)
    const { status, tables, drift, run: id } = result.json()
    assert.deepEqual([result.code, status], [0, 'copied'])
    assert.deepEqual(drift, { status: 'clean', findings: [], incomplete: [], remarks: [] })
    assert.deepEqual((tables as object[])[1], { table: 'channels', rows: 14 })
    assert.deepEqual(await queryRaw(production, 'select id, command from tidegate_runs'), [
      [id, 'copy'],
    ])
    const [secrets] = await queryRaw(production, "select key from channels where id = '1'")
    assert.deepEqual(secrets, ['sk-test-0'])
    assert.doesNotMatch(result.stdout + result.stderr, /sk-?test/)
  })

  it('does not copy to what is in use', async () => {
    const result = await call('copy --yes', env)
    assert.equal(result.code, 1)
    assert.match(result.stderr, /production is not empty: rows in abilities 17, channels 14/)
  })

  it('brings it back into a file that it makes', async () => {
    const path = `${local.path}.back`
    const back = { ...env, LOCAL_SQLITE_PATH: path }
    assert.equal((await call('copy --from production --to local --dry-run', back)).code, 0)
    assert.equal(existsSync(path), false)
    const result = await call('copy --from production --to local --yes', back)
    assert.equal(result.code, 0)
    assert.match(result.stdout, /^drift: clean$/m)
    assert.equal((await call('drift', back)).code, 0)
  })
})

describe('what does not fit', () => {
  it('is listed, harmless and without its values, and nothing is made', async () => {
    const local = await localGateway()
    const production = await emptyDatabase(await server)
    await executeRaw(
      local.target,
      `insert into options (key, value) values
        ('\u001b[31m::error::x\u202e', 'sk-test-0123456789' || char(0));`,
    )
    const env = envBetween(local.path, production)
    for (const line of ['copy --dry-run', 'copy --yes', 'copy --yes --json']) {
      const result = await call(line, env)
      const said = result.stdout + result.stderr
      assert.equal(result.code, 2)
      assert.match(said, /options[\s\S]*holds a NUL character/)
      assert.doesNotMatch(said, /sk-test/)
      assert.deepEqual(activeIn(said), [])
    }
    assert.deepEqual(await tablesIn(production), [])
  })

  const WRONG = [
    ['seeds are no database', 'copy --from seeds', 1, /--from of copy is an environment/],
    ['a table that is not there', 'copy --include nothing --dry-run', 1, /no such table/],
  ] as const
  for (const [name, line, code, message] of WRONG) {
    it(`${name} is an error`, async () => {
      const local = await localGateway()
      const result = await call(line, envBetween(local.path, await emptyDatabase(await server)))
      assert.equal(result.code, code)
      assert.match(result.stderr, message)
    })
  }

  it('what differs afterwards is found: exit 2', async () => {
    const local = await localGateway()
    const production = await emptyDatabase(await server)
    const env = envBetween(local.path, production)
    assert.equal((await call('migrate up --env production', env)).code, 0)
    // Somebody else's trigger, as no count can see it.
    await executeRaw(
      production,
      `create function worse() returns trigger language plpgsql as $$ begin
        new.priority = 99; return new; end $$;
      create trigger worse before insert on channels for each row execute function worse();`,
    )
    const result = await call('copy --yes', env)
    assert.equal(result.code, 2)
    assert.match(result.stdout, /^drift: different$/m)
    assert.match(
      result.stdout,
      /^the rows are in production; compare both sides with `tidegate drift --from local --to production`$/m,
    )
  })
})

it('a killed copy leaves all or nothing, and the next one finishes', async () => {
  const local = await localGateway()
  for (const delay of [450, 900, 1350]) {
    const production = await emptyDatabase(await server)
    const env = envBetween(local.path, production)
    await run('copy --yes', env, {
      onSpawn: (child) => setTimeout(() => child.kill('SIGKILL'), delay).unref(),
    })
    const counts = await queryRaw(
      production,
      'select (select count(*) from channels), (select count(*) from vendors)',
    ).catch(() => [['0', '0']])
    assert.ok(['0,0', '14,2'].includes(counts.join()), counts.join())
    const again = await call('copy --yes', env)
    assert.equal(again.code, counts.join() === '0,0' ? 0 : 1)
    const [rows] = await queryRaw(production, 'select count(*) from channels')
    assert.deepEqual(rows, ['14'])
  }
})
