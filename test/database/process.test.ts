import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import type { DialectName, Target } from '../../src/database/contract.ts'
import { createTestDatabase, testPostgres } from '../support/postgres.ts'
import { createSqliteFile } from '../support/sqlite.ts'

const server = await testPostgres()

/** A program that opens a database, uses everything that has a timer, closes it and is done. */
const PROGRAM = `
  import { createRequire } from 'node:module'
  import { openDatabase } from '../../src/database/open.ts'
  import { Secret } from '../../src/secret.ts'
  const target = JSON.parse(process.env.TARGET)
  if (target.password !== undefined) target.password = new Secret(target.password)
  const options = { applicationName: 't', missingFile: 'fail', connectTimeoutMs: 60000, statementTimeoutMs: 60000 }
  const database = await openDatabase(target, options)
  await database.withLock({ timeoutMs: 60000 }, () => database.transaction(() => database.catalog()))
  await database.close()
  const loaded = Object.keys(createRequire(import.meta.url).cache)
  const packages = ['pg', 'better-sqlite3'].filter((name) => loaded.some((path) => path.includes('/node_modules/' + name + '/')))
  console.log(JSON.stringify({ packages, closedAt: Date.now() }))`

describe('a program with one database', () => {
  const drops: (() => Promise<void>)[] = []
  const targets: Partial<Record<DialectName, Target>> = {}
  before(async () => {
    const postgres = await createTestDatabase(server)
    const sqlite = await createSqliteFile()
    drops.push(
      () => postgres.drop(),
      () => sqlite.drop(),
    )
    Object.assign(targets, { postgres: postgres.target, sqlite: sqlite.target })
  })
  after(async () => {
    for (const drop of drops) await drop()
  })

  const PACKAGES: Readonly<Record<DialectName, string>> = {
    postgres: 'pg',
    sqlite: 'better-sqlite3',
  }

  for (const [dialect, name] of Object.entries(PACKAGES)) {
    test(`${dialect}: loads only its own driver, and ends as soon as it is closed`, async () => {
      const target = targets[dialect as DialectName]!
      const password = target.dialect === 'postgres' ? { password: target.password?.reveal() } : {}
      const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
        cwd: import.meta.dirname,
        env: { ...process.env, TARGET: JSON.stringify({ ...target, ...password }) },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let output = ''
      let errors = ''
      child.stdout.on('data', (chunk) => (output += chunk))
      child.stderr.on('data', (chunk) => (errors += chunk))
      const [code] = await once(child, 'close')
      const endedAt = Date.now()
      assert.deepEqual([code, errors], [0, ''])
      const { packages, closedAt } = JSON.parse(output) as { packages: string[]; closedAt: number }
      assert.deepEqual(packages, [name])
      assert.ok(endedAt - closedAt < 1_500, `${endedAt - closedAt} ms`)
    })
  }
})
