import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type pg from 'pg'
import { createProject, type Project, runCli, SEED_ENV } from '../support/cli.ts'
import { createTestDatabase, type PostgresDatabase, testPostgres } from '../support/postgres.ts'
import { connectPostgres } from '../support/raw.ts'

/** The role of docs/pull-requests.md, as the page makes it. */
const PAGE = readFileSync(join(import.meta.dirname, '../../docs/pull-requests.md'), 'utf8')
const ROLE = `tidegate_drift_${randomBytes(4).toString('hex')}`
const SQL = /```sql\n(.*?)```/s.exec(PAGE)![1]!.replaceAll('tidegate_drift', ROLE)

const PASSWORD = 'test-reader'

const server = await testPostgres()
let database: PostgresDatabase
let project: Project
let client: pg.Client

before(async () => {
  database = await createTestDatabase(server, { fixture: 'n26' })
  project = await createProject()
  const env = { SQL_DSN: database.url, ...SEED_ENV }
  const deployed = await runCli(['deploy', '--no-doctor'], { cwd: project.folder, env })
  assert.equal(deployed.code, 0, deployed.stderr)
  client = await connectPostgres(database.target)
  await client.query(`${SQL}; alter role ${ROLE} password '${PASSWORD}'; set role ${ROLE}`)
})

after(async () => {
  await client.query('reset role')
  await client.query(`drop owned by ${ROLE}`)
  await client.query(`drop role ${ROLE}`)
  await client.end()
  await project.remove()
  await database.drop()
})

const COMMANDS: readonly [string, string[]][] = [
  ['seeds', ['drift', '--from', 'seeds', '--to', 'production']],
  ['every table', ['snapshot', 'save', 'production.jsonl', '--env', 'production']],
  ['every row', ['snapshot', 'save', 'all.jsonl', '--env', 'production', '--with-customers']],
  ['a database', ['drift', '--from', 'all.jsonl', '--to', 'production']],
]

for (const [name, args] of COMMANDS) {
  test(`the role is enough to compare ${name}`, async () => {
    const url = new URL(database.url)
    url.username = ROLE
    url.password = PASSWORD
    const key = 'test-fingerprint-key-0123456789abcdef'
    const env = { PRODUCTION_SQL_DSN: url.href, TIDEGATE_FINGERPRINT_KEY: key, ...SEED_ENV }
    const { code, stdout, stderr } = await runCli(args, { cwd: project.folder, env })
    assert.equal(code, 0, stdout + stderr)
  })
}

const ALLOWED = [
  `select sha256(convert_to(key, 'UTF8')) from channels`,
  'select * from abilities',
  'select * from options',
  'select tokens.name, username from tokens join users on users.id = user_id',
  'select username, "group", status from users where deleted_at is null',
  'select models.model_name, vendors.name from models, vendors, prefill_groups',
  'select * from tidegate_seeds, tidegate_base',
]

for (const statement of ALLOWED) {
  test(`the role may: ${statement}`, async () => {
    await client.query(statement)
  })
}

const REFUSED = [
  'select password from users',
  'select access_token from users',
  'select * from users',
  'select * from setups',
  'select * from tidegate_journal',
  'update channels set weight = 1',
  `insert into options (key, value) values ('a', 'b')`,
  'delete from abilities',
  'truncate tokens',
]

for (const statement of REFUSED) {
  test(`the role may not: ${statement}`, async () => {
    await assert.rejects(client.query(statement), { code: '42501' })
  })
}
