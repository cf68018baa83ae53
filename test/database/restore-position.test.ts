import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import type { Database, PostgresTarget } from '../../src/database/contract.ts'
import { openDatabase } from '../../src/database/open.ts'
import { Secret } from '../../src/secret.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { createTestDatabase, testPostgres } from '../support/postgres.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'

const server = await testPostgres()

describe('where a PostgreSQL server was before the first write', () => {
  let made: Awaited<ReturnType<typeof createTestDatabase>>
  before(async () => {
    made = await createTestDatabase(server)
    await executeRaw(made.target, 'create table t (id int)')
  })
  after(() => made.drop())

  async function using(
    target: PostgresTarget,
    restorePoints: number | undefined,
    body: (database: Database) => Promise<void>,
  ): Promise<void> {
    const options = restorePoints === undefined ? {} : { restorePoints }
    const database = await openDatabase(target, { ...OPEN_OPTIONS, ...options })
    try {
      await body(database)
    } finally {
      await database.close()
    }
  }

  const write = (database: Database): Promise<void> =>
    database.transaction(async () => {
      await sql`insert into t values (1)`.execute(database.queries)
    })

  const position = async (): Promise<string> =>
    String((await queryRaw(made.target, 'select pg_current_wal_insert_lsn()::text'))[0]![0])

  for (const restorePoints of [0, 5]) {
    test(`is asked once, by the first transaction, with restorePoints: ${restorePoints}`, async () => {
      await using(made.target, restorePoints, async (database) => {
        await database.catalog()
        assert.deepEqual([database.restorePoint], [null])
        const earliest = await position()
        await write(database)
        const point = database.restorePoint
        assert.ok(point?.kind === 'position')
        assert.match(point.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
        assert.ok(Math.abs(Date.now() - Date.parse(point.at)) < 60_000)
        const [[isBetween] = []] = await queryRaw(
          made.target,
          `select '${point.lsn}'::pg_lsn >= '${earliest}' and
             '${point.lsn}' < pg_current_wal_insert_lsn()`,
        )
        assert.equal(isBetween, true)
        await write(database)
        assert.equal(database.restorePoint, point)
      })
    })
  }

  test('is not asked where nobody wants to know', async () => {
    await using(made.target, undefined, async (database) => {
      await write(database)
      assert.equal(database.restorePoint, null)
    })
  })

  test('stays unknown where the server refuses, and the transaction goes on', async () => {
    const role = `tidegate_writer_${process.pid}`
    await executeRaw(
      made.target,
      `create role ${role} login password 'made-up';
       grant all on t to ${role};
       revoke execute on function pg_current_wal_insert_lsn() from public`,
    )
    try {
      const target = { ...made.target, user: role, password: new Secret('made-up') }
      await using(target, 5, async (database) => {
        const before = await queryRaw(made.target, 'select count(*) from t')
        await write(database)
        assert.equal(database.restorePoint, null)
        assert.notDeepEqual(await queryRaw(made.target, 'select count(*) from t'), before)
      })
    } finally {
      await executeRaw(made.target, `drop owned by ${role}; drop role ${role}`)
    }
  })
})
