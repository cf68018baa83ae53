/**
 * Shows the main job from end to end: `deploy` on a SQLite file and on a real PostgreSQL, twice
 * each, then what `drift` finds between them, what `doctor` says of the difference, and how `pull`,
 * `push` and `undo` move rows between the two. Touches only data/one-api.db with its restore points,
 * and only when an earlier quickstart made it, data/drift.html and data/doctor.html; everything runs in an environment of its own (`quickstart`), so that no variable or .env of yours
 * can lead it to another database.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import Sqlite from 'better-sqlite3'
import pc from 'picocolors'
import type { PostgresTarget } from '../src/database/contract.ts'
import { readFixture } from '../test/support/fixtures.ts'
import { createTestDatabase, startPostgres } from '../test/support/postgres.ts'
import { executeRaw, queryRaw } from '../test/support/raw.ts'

const ROOT = join(import.meta.dirname, '..')
const FILE = join(ROOT, 'data/one-api.db')
const NAME = relative(ROOT, FILE)

const SEED_INPUTS = {
  BLTCY_API_KEY: 'sk-test-quickstart-0000',
  BLTCY_BASE_URL: 'https://old-gateway.example',
  BLTCY_CHANNEL_NAME: 'Bltcy旧网关',
}

/** What the incident's guide told people to run by hand. */
const GUIDE_SQL = `
  insert into channels (type, key, name, status, base_url, models, "group", priority, weight)
  values (37, 'sk-test-from-the-guide', 'Bltcy旧网关', 1, 'https://old-gateway.example',
          ',runway,pika,kling,', ',default,', 5, 10)`

/** What an admin might do in production on a busy day. */
const PRODUCTION_EDIT = `
  update channels set models = 'runway,pika' where id = 1;
  delete from abilities where model = 'kling'`

function say(text: string): void {
  console.log(`\n${pc.bold(pc.cyan(text))}`)
}

function deploy(database: Readonly<Record<string, string>>, flags: readonly string[] = []): void {
  const status = tidegate(['deploy', '--env', 'quickstart', ...flags], database)
  if (status !== 0) throw new Error(`tidegate ended with exit code ${status}`)
}

function tidegate(
  args: readonly string[],
  database: Readonly<Record<string, string>>,
): number | null {
  console.log(pc.dim(`$ tidegate ${args.map((word) => word.replace(`${ROOT}/`, '')).join(' ')}`))
  const { PATH, HOME, NO_COLOR, TERM } = process.env
  const kept = Object.entries({ PATH, HOME, NO_COLOR, TERM }).filter(
    ([, value]) => value !== undefined,
  )
  const { status } = spawnSync(process.execPath, [join(ROOT, 'dist/tidegate.js'), ...args], {
    cwd: ROOT,
    env: { ...Object.fromEntries(kept), ...SEED_INPUTS, ...database },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return status
}

/** Whether the file holds nothing but what an earlier quickstart left. */
function isOurs(): boolean {
  const database = new Sqlite(FILE, { readonly: true })
  try {
    const foreign = `select count(*) from tidegate_runs where environment <> 'quickstart'`
    return database.prepare(foreign).pluck().get() === 0
  } catch {
    return false
  } finally {
    database.close()
  }
}

async function makeSqlite(): Promise<void> {
  if (existsSync(FILE) && !isOurs()) {
    throw new Error(`${NAME} exists and is not from a quickstart: move it away first`)
  }
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(FILE + suffix, { force: true })
  mkdirSync(join(ROOT, 'data'), { recursive: true })
  const database = new Sqlite(FILE)
  database.exec(await readFixture('sqlite', 'zeo'))
  database.close()
}

function fileDigest(): string {
  return createHash('sha256').update(readFileSync(FILE)).digest('hex').slice(0, 16)
}

async function onSqlite(): Promise<void> {
  say(`1. SQLite: ${NAME}, as the gateway makes it`)
  await makeSqlite()
  const database = { QUICKSTART_SQLITE_PATH: FILE }
  deploy(database)
  say('   the same again')
  const before = fileDigest()
  deploy(database)
  assertSame(before, fileDigest(), `the file is the same byte for byte (sha256 ${before}…)`)
}

/** The SQLite file with the PostgreSQL database; both hold the seed, each has rows of its own. */
function compare(postgresUrl: string): void {
  say('3. What differs between the two')
  const report = join(ROOT, 'data/drift.html')
  const args = ['drift', '--from', 'quickstart', '--to', 'production', '--output', report]
  const status = tidegate(['--env', 'quickstart', ...args], {
    QUICKSTART_SQLITE_PATH: FILE,
    PRODUCTION_DATABASE_URL: postgresUrl,
  })
  if (status !== 0 && status !== 2) throw new Error(`tidegate ended with exit code ${status}`)
}

/** What the difference means for those who ask for the model. */
function explain(postgresUrl: string): void {
  say('4. Why requests for kling fail there')
  const report = join(ROOT, 'data/doctor.html')
  const args = ['doctor', '--env', 'quickstart', '--model', 'kling', '--output', report]
  const status = tidegate(args, { QUICKSTART_DATABASE_URL: postgresUrl })
  if (status !== 2) throw new Error(`tidegate ended with exit code ${status}`)
}

/** A developer brings production's rows here, changes one, and sends that one change there. */
function sync(postgresUrl: string): void {
  say('5. Sync: what production has comes here, what is changed here goes there')
  const env = { QUICKSTART_SQLITE_PATH: FILE, PRODUCTION_DATABASE_URL: postgresUrl }
  const run = (line: string): void => {
    const args = ['--env', 'quickstart', '--quiet', ...line.split(' ')]
    const status = tidegate(args, env)
    if (status !== 0) throw new Error(`tidegate ended with exit code ${status}`)
  }
  run('pull --from production --to quickstart --overwrite --yes')
  say('   kling is added again here, and pushed there')
  addKling()
  run('push --from quickstart --to production --yes')
  run('push --from quickstart --to production --yes')
  say('   and taken back')
  if (tidegate(['undo', '--env', 'production', '--yes', '--quiet'], env) !== 0) {
    throw new Error('undo failed')
  }
}

function addKling(): void {
  const database = new Sqlite(FILE)
  database.exec(`
    update channels set models = 'runway,pika,kling' where name = 'Bltcy旧网关';
    insert into abilities ("group", model, channel_id, enabled, priority, weight)
      select 'default', 'kling', id, 1, priority, weight from channels where name = 'Bltcy旧网关'`)
  database.close()
}

async function onPostgres(): Promise<void> {
  say('2. PostgreSQL: a real server, a database as the gateway makes it')
  const server = await startPostgres()
  try {
    const { target, url } = await createTestDatabase(server, { fixture: 'zeo' })
    await executeRaw(target, GUIDE_SQL)
    await showChannel(
      target,
      "the row that the guide's SQL writes: padded lists, type 37, no abilities",
    )
    const database = { QUICKSTART_DATABASE_URL: url }
    console.log(
      '\nType 37 is Dify in this gateway, so the row is taken over only because we say so: --adopt 1',
    )
    deploy(database, ['--adopt', '1'])
    await showChannel(target, 'repaired')
    say('   the same again, now without --adopt: the id is remembered')
    const before = await transactionCounter(target)
    deploy(database)
    assertSame(before, await transactionCounter(target), 'no transaction wrote anything')
    await executeRaw(target, PRODUCTION_EDIT)
    compare(url)
    explain(url)
    sync(url)
  } finally {
    await server.stop()
  }
}

async function showChannel(target: PostgresTarget, what: string): Promise<void> {
  const [channel] = await queryRaw(
    target,
    `select id, type, name, models, "group", (select count(*) from abilities where channel_id = c.id)
     from channels as c`,
  )
  const [id, type, name, models, group, abilities] = channel!.map(String)
  console.log(`\n${what}:`)
  console.log(
    `  id ${id}  type ${type}  name ${name}  models ${models}  group ${group}  abilities ${abilities}`,
  )
}

/** Grows with every transaction that writes. */
async function transactionCounter(target: PostgresTarget): Promise<string> {
  const [row] = await queryRaw(target, 'select pg_snapshot_xmax(pg_current_snapshot())::text')
  return String(row![0])
}

function assertSame(before: string, after: string, what: string): void {
  if (before !== after) throw new Error('the second run wrote something')
  console.log(pc.green(`✓ ${what}`))
}

try {
  await onSqlite()
  await onPostgres()
  say('Done. Next: set SQL_DSN and BLTCY_API_KEY for your own gateway, then `npx tidegate deploy`.')
} catch (error) {
  console.error(
    pc.red(`quickstart stopped: ${error instanceof Error ? error.message : String(error)}`),
  )
  process.exitCode = 1
}
