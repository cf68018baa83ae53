import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { chmod, readdir, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { PostgresTarget, SqliteTarget } from '../../src/database/contract.ts'
import type { DriftReport } from '../../src/diff/drift-report.ts'
import { Secret } from '../../src/secret.ts'
import { createTestDatabase, type RunningPostgres, startPostgres } from '../support/postgres.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { createSqliteFile } from '../support/sqlite.ts'
import { commandOn, ownProject } from './command.ts'
import { gatewayRows, insertedText } from './gateway-rows.ts'
import { openReader } from '../../src/database/open.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import type { Pair, Side } from './world.ts'

const SEED = `export default { description: 'made up', inputs: {}, rows: () => ({
  options: [{ key: 'Footer', value: 'declared' }] }) }`

const COMMANDS = [
  ['drift', 2],
  ['drift --from seeds', 2],
  ['drift --from production --to local', 2],
  ['drift --explain --base none', 2],
  ['snapshot save --env production', 0],
  ['snapshot save --env local --with-customers', 0],
  ['drift --to snapshots/production.jsonl', 2],
  ['drift --from snapshots/local.jsonl', 2],
  ['accept ID --reason r --owner o', 0],
  ['accept --prune', 0],
] as const

/** Nobody else may write to it, or its counter would say nothing. */
describe('no command writes to a database', () => {
  const project = ownProject()
  let server: RunningPostgres
  let file: SqliteTarget
  let database: PostgresTarget
  before(async () => {
    server = await startPostgres()
    database = (await createTestDatabase(server, { fixture: 'n26' })).target
    file = (await createSqliteFile({ fixture: 'n26' })).target
    for (const target of [file, database]) {
      const reader = await openReader(target, OPEN_OPTIONS)
      const text = insertedText(target.dialect, await reader.catalog(), gatewayRows(target.dialect))
      await reader.close()
      await executeRaw(target, text)
    }
    await executeRaw(
      database,
      `update channels set remark = 'other' where name = 'Zz';
      create role only_select login password 'made-up';
      grant select on all tables in schema public to only_select`,
    )
    await project.write('seeds/one.ts', SEED)
  })
  after(() => server.stop())

  const stateOf = async () => ({
    sha256: createHash('sha256')
      .update(await readFile(file.path))
      .digest('hex'),
    files: await readdir(dirname(file.path)),
    counter: await queryRaw(database, 'select pg_snapshot_xmax(pg_current_snapshot())::text'),
  })

  const runAll = async (target: PostgresTarget): Promise<void> => {
    const sides = { from: { target: file } as Side, to: { target } as Side } as Pair
    const run = commandOn(sides, project)
    await rm(project.path('drift-accepted.json'), { force: true })
    const { findings } = JSON.parse((await run('drift --json')).stdout) as DriftReport
    for (const [line, code] of COMMANDS) {
      const result = await run(line.replace('ID', findings[0]!.id))
      assert.equal(result.code, code, `${line}: ${result.stdout} ${result.stderr}`)
    }
  }

  it('as its owner', async () => {
    const state = await stateOf()
    await runAll(database)
    assert.deepEqual(await stateOf(), state)
  })

  it('and none needs more than SELECT, and a file and folder that may only be read', async () => {
    const state = await stateOf()
    await chmod(file.path, 0o444)
    await chmod(dirname(file.path), 0o555)
    try {
      await runAll({ ...database, user: 'only_select', password: new Secret('made-up') })
    } finally {
      await chmod(dirname(file.path), 0o755)
      await chmod(file.path, 0o644)
    }
    assert.deepEqual(await stateOf(), state)
  })

  it('and the counter does count', async () => {
    const { counter } = await stateOf()
    await executeRaw(database, `update channels set remark = remark where name = 'Zz'`)
    assert.notDeepEqual((await stateOf()).counter, counter)
  })
})
