import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { DIALECTS, type Database } from '../../src/database/contract.ts'
import { openDatabase, openReader } from '../../src/database/open.ts'
import { abilityRows, insertRows, makeBaseline } from '../../src/selftest/baseline.ts'
import { equal } from '../../src/selftest/case.ts'
import { checkCase } from '../../src/selftest/check.ts'
import type { BaselineRow } from '../../src/selftest/rows.ts'
import { openDatabaseSource } from '../../src/snapshot/database-source.ts'
import { Fingerprinter } from '../../src/snapshot/fingerprint.ts'
import type { Source } from '../../src/snapshot/source.ts'
import { inputFor } from '../migrate/harness.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { createTestDatabase, sharedPostgres } from '../support/postgres.ts'
import { createSqliteFile } from '../support/sqlite.ts'
import { TABLES } from './databases.ts'

const RUNS = 10

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('', ' a ', "'", '\t\\N\n', '\\x41', '\uFFFD', 'Ω汉🙂'),
)
const nullable = (values: fc.Arbitrary<string>) => fc.option(values, { freq: 4 })
const list = fc
  .array(fc.constantFrom('', 'runway', 'pika', ' kling', 'suno ', 'a，b', '汉'), { maxLength: 5 })
  .map((elements) => elements.join(','))
const integer = fc
  .oneof(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.constantFrom(0n, 1n, -5n))
  .map(String)
const boolean = fc.constantFrom('true', 'false')
const json = fc.json({ stringUnit: 'grapheme', maxDepth: 2 })
const ratio = fc.constantFrom('1', '0.5', '2.25', '-3')

const channel = fc.record({
  name: text,
  type: fc.constantFrom('0', '1', '14', '55'),
  key: text,
  models: nullable(list),
  group: nullable(list),
  status: fc.constantFrom('1', '2', '3'),
  priority: nullable(integer),
  weight: nullable(integer),
  tag: nullable(text),
  base_url: nullable(fc.constantFrom('', 'https://a.example', 'HTTPS://A.example/v1', 'x')),
  remark: nullable(text),
  model_mapping: nullable(fc.oneof(json, text)),
  settings: nullable(fc.oneof(json, text)),
  channel_info: nullable(json),
  setting: nullable(text),
  balance: nullable(fc.constantFrom('0', '0.1', '12345.678')),
  channel_ratio: nullable(ratio),
})
const token = fc.record({
  name: text,
  key: fc.stringMatching(/^[A-Za-z0-9]{1,48}$/),
  group: nullable(text),
  unlimited_quota: nullable(boolean),
  model_limits: nullable(list),
  expired_time: integer,
})
const baseline = fc.record({
  channels: unique(channel, ({ name, type }) => `${name}\n${type}`),
  options: unique(
    fc.record({ key: text, value: nullable(fc.oneof(json, text)) }),
    ({ key }) => key,
  ),
  users: unique(
    fc.record({ username: text, password: fc.constant('made up'), group: list }),
    ({ username }) => username,
  ),
  tokens: fc.uniqueArray(token, { maxLength: 3, selector: ({ key }) => key }),
  vendors: unique(fc.record({ name: text, icon: nullable(text) }), ({ name }) => name),
  models: unique(
    fc.record({ model_name: text, endpoints: nullable(json), vendor_id: nullable(integer) }),
    ({ model_name: name }) => name,
  ),
})

function unique<T>(rows: fc.Arbitrary<T>, selector: (row: T) => string) {
  return fc.uniqueArray(rows, { maxLength: 4, selector })
}

const startPostgres = sharedPostgres()
const fingerprinter = new Fingerprinter()
const cleanups: (() => Promise<void>)[] = []
const databases: Database[] = []
const sources: Source[] = []

before(async () => {
  const server = await startPostgres()
  for (const made of [await createSqliteFile(), await createTestDatabase(server)]) {
    const { target } = made
    cleanups.push(() => made.drop())
    const database = await openDatabase(target, OPEN_OPTIONS)
    cleanups.push(() => database.close())
    databases.push(database)
    await makeBaseline(inputFor(database, undefined, 'bltcy-fork'))
    for (let side = 0; side < 2; side += 1) {
      const reader = await openReader(target, OPEN_OPTIONS)
      cleanups.push(() => reader.close())
      sources.push(await openDatabaseSource(`side ${sources.length}`, reader, fingerprinter))
    }
  }
})

after(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup()
})

test(`a database equals itself and its twin of the other dialect, ${RUNS} generated ones`, async () => {
  await fc.assert(
    fc.asyncProperty(baseline, async (generated) => {
      const rows = rowsOf(generated)
      for (const database of databases) await replaceRows(database, rows)
      for (const left of DIALECTS) {
        for (const right of DIALECTS) {
          const from = sources.find(({ dialect }) => dialect === left)!
          const to = sources.findLast(({ dialect }) => dialect === right)!
          const { holds, found } = await checkCase(equal('', []), from, to, fingerprinter)
          assert.ok(holds, `${left} with ${right}: ${JSON.stringify(found, null, 2)}`)
        }
      }
    }),
    { numRuns: RUNS },
  )
})

type Generated = typeof baseline extends fc.Arbitrary<infer T> ? T : never

/** With ids, and the abilities that follow from the channels. */
function rowsOf(generated: Generated): Record<string, BaselineRow[]> {
  const numbered = (rows: readonly BaselineRow[]) =>
    rows.map((row, index) => ({ id: String(index + 1), ...row }))
  const channels = numbered(generated.channels)
  return {
    channels,
    abilities: channels.flatMap(abilityRows),
    options: [...generated.options],
    users: numbered(generated.users).map((row) => ({ ...row, aff_code: row.id })),
    // Each of its own user: two of one user may not be called alike.
    tokens: generated.users.slice(0, generated.tokens.length).map((_, index) => ({
      id: String(index),
      user_id: String(index + 1),
      ...generated.tokens[index]!,
    })),
    vendors: numbered(generated.vendors),
    models: numbered(generated.models),
  }
}

async function replaceRows(
  database: Database,
  rows: Readonly<Record<string, readonly BaselineRow[]>>,
): Promise<void> {
  await database.transaction(async () => {
    for (const table of TABLES) await sql`delete from ${sql.id(table)}`.execute(database.queries)
  })
  await insertRows(database, rows)
}
