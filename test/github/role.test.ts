import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type pg from 'pg'
import { createTestDatabase, type PostgresDatabase, testPostgres } from '../support/postgres.ts'
import { connectPostgres } from '../support/raw.ts'

/** The role of docs/pull-requests.md, as the page makes it. */
const PAGE = readFileSync(join(import.meta.dirname, '../../docs/pull-requests.md'), 'utf8')
const ROLE = `tidegate_drift_${randomBytes(4).toString('hex')}`
const SQL = /```sql\n(.*?)```/s.exec(PAGE)![1]!.replaceAll('tidegate_drift', ROLE)

const server = await testPostgres()
let database: PostgresDatabase
let client: pg.Client

before(async () => {
  database = await createTestDatabase(server, { fixture: 'n26' })
  client = await connectPostgres(database.target)
  for (const table of ['tidegate_seeds', 'tidegate_base', 'tidegate_journal']) {
    await client.query(`create table ${table} (name text)`)
  }
  await client.query(SQL)
  await client.query(`set role ${ROLE}`)
})

after(async () => {
  await client.query('reset role')
  await client.query(`drop owned by ${ROLE}`)
  await client.query(`drop role ${ROLE}`)
  await client.end()
  await database.drop()
})

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
