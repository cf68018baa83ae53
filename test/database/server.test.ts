import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { Secret } from '../../src/secret.ts'
import { createTestDatabase, testPostgres } from '../support/postgres.ts'
import { connectPostgres, executeRaw, queryRaw } from '../support/raw.ts'
import { openTestReader } from '../support/readers.ts'
import { createSqliteFile } from '../support/sqlite.ts'

const server = await testPostgres()

describe('server', () => {
  test('a file has none', async () => {
    const made = await createSqliteFile()
    after(() => made.drop())
    assert.equal(await (await openTestReader(made.target)).server(), null)
  })

  test('limits are as the server is set', async () => {
    const made = await createTestDatabase(server)
    const { target } = made
    after(() => made.drop())
    const [[max, kept]] = (await queryRaw(
      target,
      `select current_setting('max_connections')::int, (select sum(setting::int)::int
       from pg_settings where name in ('superuser_reserved_connections', 'reserved_connections'))`,
    )) as [[number, number]]
    const facts = await (await openTestReader(target)).server()
    assert.deepEqual([facts?.maxConnections, facts?.reservedConnections], [max, kept])
    assert.ok(kept > 0)
  })

  test('connections are counted, for a plain user too, without the processes of the server', async () => {
    const made = await createTestDatabase(server)
    const { target } = made
    after(() => made.drop())
    const user = `${target.database}_r`
    await executeRaw(target, `create role ${user} login password 'test-password'`)
    const reader = await openTestReader({ ...target, user, password: new Secret('test-password') })
    const before = await reader.server()
    const clients = await Promise.all([connectPostgres(target), connectPostgres(target)])
    const during = await reader.server()
    for (const client of clients) await client.end()
    await reader.close()
    await executeRaw(target, `drop role ${user}`)
    assert.deepEqual([before?.connectionsHere, during?.connectionsHere], [1, 3])
    assert.ok(during!.connections >= during!.connectionsHere)
  })

  test('other databases count in all, and not here', async () => {
    const made = await createTestDatabase(server)
    const { target } = made
    const neighbour = await createTestDatabase(server)
    after(() => made.drop())
    const reader = await openTestReader(target)
    const clients = await Promise.all(
      Array.from({ length: 12 }, () => connectPostgres(neighbour.target)),
    )
    const facts = await reader.server()
    for (const client of clients) await client.end()
    await neighbour.drop()
    assert.equal(facts?.connectionsHere, 1)
    assert.ok(facts.connections >= 13)
    assert.ok(facts.connections <= facts.maxConnections)
  })
})
