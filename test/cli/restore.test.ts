import assert from 'node:assert/strict'
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { SqliteTarget } from '../../src/database/contract.ts'
import { createTestDatabase, sharedPostgres } from '../support/postgres.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { createSqliteFile, type SqliteFile } from '../support/sqlite.ts'
import { activeIn, callerIn, envOf, testProject } from './runs.ts'

const project = testProject()
const startPostgres = sharedPostgres()

const NAME = /one-api\.db\.\d{8}T\d{9}Z\.bak/
const CHANNELS = 'select name from channels order by id'

let made: SqliteFile
before(async () => {
  made = await createSqliteFile({ fixture: 'zeo' })
})
after(() => made.drop())

const call = callerIn(project)
const folderOf = ({ path }: Pick<SqliteTarget, 'path'>): string => join(path, '..')
const besides = (target: Pick<SqliteTarget, 'path'>): string[] =>
  readdirSync(folderOf(target)).filter((name) => name.startsWith('.') || name.includes('.db.'))

interface Listed {
  readonly points: readonly {
    readonly name: string
    readonly at: string
    readonly bytes: number
    readonly run: string | null
    readonly command: string | null
  }[]
}

const listed = async (env: Readonly<Record<string, string>>): Promise<Listed['points']> =>
  ((await call('restore --list --json', env)).json() as unknown as Listed).points

describe('restore points of a SQLite file', () => {
  const env = (): Record<string, string> => envOf(made.target)

  test('deploy makes one before it writes, and tells where; a second deploy makes none', async () => {
    const first = await call('deploy', env())
    assert.equal(first.code, 0, first.stderr)
    assert.equal(first.stderr.match(/restore point: .*\.bak/g)?.length, 1)
    const bytes = readFileSync(made.path)
    const names = besides(made)
    assert.equal(names.length, 1)
    const second = await call('deploy', env())
    assert.ok(!second.stderr.includes('restore point'))
    assert.deepEqual([besides(made), bytes.equals(readFileSync(made.path))], [names, true])
  })

  test('are listed with time, size and the run that made them', async () => {
    const [point, ...rest] = await listed(env())
    const [[run] = []] = await queryRaw(made.target, 'select id from tidegate_runs')
    assert.deepEqual(rest, [])
    assert.deepEqual([point?.run, point?.command], [run, 'deploy'])
    assert.ok(Number(point?.bytes) > 100_000 && Date.parse(point?.at ?? '') <= Date.now())
    const { stdout } = await call('restore --list', env())
    assert.match(stdout, NAME)
    assert.match(stdout, /^\S+Z +\d+\.\d KiB .* before deploy, run /m)
  })

  test('come back only after a question, or --yes', async () => {
    const bytes = readFileSync(made.path)
    const { code, stderr } = await call('restore', env())
    assert.deepEqual([code, /nobody can be asked here: add --yes/.test(stderr)], [1, true])
    assert.ok(bytes.equals(readFileSync(made.path)))
  })

  test('restore brings the newest back, and again takes that back', async () => {
    const before = await queryRaw(made.target, CHANNELS)
    assert.notDeepEqual(before, [])
    const { code, stdout } = await call('restore --yes', env())
    assert.equal(code, 0)
    assert.match(stdout, /is as it was at .*Z\nwhat was there is kept: one-api/)
    assert.deepEqual(await queryRaw(made.target, CHANNELS), [])
    await call('restore --yes', env())
    assert.deepEqual(await queryRaw(made.target, CHANNELS), before)
  })

  test('restore takes a name, a path, or a time as it is written', async () => {
    const oldest = (await listed(env())).at(-1)!
    const stamp = oldest.name.split('.').at(-2)!
    for (const word of [oldest.name, join(folderOf(made), oldest.name), stamp, oldest.at]) {
      const document = (await call(`restore ${word} --yes --json`, env())).json()
      assert.equal(document['point'], oldest.name, word)
    }
  })

  const WRONG: readonly (readonly [string, RegExp])[] = [
    ['20261122', /has no restore point of that name/],
    ['nothing', /has no restore point of that name/],
    ['../one-api.db', /has no restore point of that name/],
  ]
  for (const [word, says] of WRONG) {
    test(`restore ${word} is refused`, async () => {
      const bytes = readFileSync(made.path)
      const { code, stderr } = await call(`restore ${word} --yes`, env())
      assert.equal(code, 1)
      assert.match(stderr, says)
      assert.match(stderr, /next: see `tidegate restore --list`/)
      assert.ok(bytes.equals(readFileSync(made.path)))
    })
  }

  test('a copy of something else is refused', async () => {
    const other = `${made.path}.29990101T000000000Z.bak`
    copyFileSync(made.path, other)
    await executeRaw(
      { ...made.target, path: other },
      'drop table channels; drop table if exists tidegate_runs',
    )
    const { code, stderr } = await call('restore --yes', env())
    assert.equal(code, 1)
    assert.match(stderr, /is no copy of a gateway's database/)
    rmSync(other)
  })

  test('a hostile journal is shown, not acted on', async () => {
    const [{ name } = { name: '' }] = await listed(env())
    const point = JSON.stringify({ kind: 'file', path: `/elsewhere/${name}` })
    await executeRaw(
      made.target,
      `drop table if exists tidegate_runs;
       create table tidegate_runs (id text, command text, restore_point text);
       insert into tidegate_runs
       values ('z', char(27) || '[31m' || char(10) || '::stop-commands::x', '${point}'),
         ('y', '', '{"kind":"file"'), ('x', '', '[]')`,
    )
    const { stdout } = await call('restore --list', env())
    assert.match(stdout, /before \\u\{1b\}\[31m\\u\{a\}::stop-commands::x, run z/)
    assert.deepEqual(activeIn(stdout), [])
  })

  test('without any, restore says so', async () => {
    const other = await createSqliteFile({ fixture: 'oa' })
    const { code, stderr } = await call('restore --yes', envOf(other.target))
    assert.deepEqual([code, /has no restore point\n/.test(stderr)], [1, true])
    const { stdout } = await call('restore --list', envOf(other.target))
    assert.equal(stdout, 'no restore point\n')
    await other.drop()
  })

  test('a file that is gone comes back', async () => {
    const [{ name } = { name: '' }] = await listed(env())
    rmSync(made.path)
    const { code, stderr } = await call(`restore ${name} --yes`, env())
    assert.equal(code, 0, stderr)
    assert.ok((await queryRaw(made.target, 'select count(*) from channels')).length === 1)
  })
})

describe('PostgreSQL', () => {
  test('a run tells and records where the server was before it; restore names the latest', async () => {
    const database = await createTestDatabase(await startPostgres(), { fixture: 'zeo' })
    const env = envOf(database.target)
    const none = await call('restore', env)
    assert.match(none.stderr, /a PostgreSQL server restores itself; no run has recorded/)
    const { stderr } = await call('deploy', env)
    const [, at, lsn] =
      /before the first write: (\S+Z), WAL position ([0-9A-F]+\/[0-9A-F]+)/.exec(stderr) ?? []
    assert.ok(Date.parse(at ?? '') <= Date.now(), stderr)
    assert.ok(!(await call('deploy', env)).stderr.includes('before the first write'))
    const { code, stderr: told } = await call('restore --yes', env)
    assert.equal(code, 1)
    assert.ok(told.includes(`${at}, WAL position ${lsn}: before deploy, run `), told)
    assert.match(told, /next: use the platform's point-in-time recovery/)
    await database.drop()
  })
})
