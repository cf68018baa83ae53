import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fillPostgres, fillSqlite } from '../../scripts/bench-data.ts'
import type { DriftReport } from '../../src/diff/drift-report.ts'
import { readStaleAbilities } from '../../src/snapshot/ability-check.ts'
import { createTestDatabase, testPostgres, type PostgresDatabase } from '../support/postgres.ts'
import { openTestReader } from '../support/readers.ts'
import { startSlowProxy } from '../support/slow-proxy.ts'
import { createSqliteFile, type SqliteFile } from '../support/sqlite.ts'
import { compare } from './world.ts'

const server = await testPostgres()

/** About 4 MB of wide rows; a hundred of them differ, as do the abilities of a hundred channels. */
const SIZE = { channels: 200, modelsPerChannel: 5, wideRows: 12_000 }

describe('a slow link', () => {
  let local: SqliteFile
  let production: PostgresDatabase
  before(async () => {
    local = await createSqliteFile()
    await fillSqlite(local.path, SIZE)
    production = await createTestDatabase(server, { fixture: 'n25' })
    await fillPostgres(production.target, SIZE)
  })
  after(async () => {
    await local.drop()
    await production.drop()
  })

  test('large tables are hashed first, and the same is found', async () => {
    const named = ['wide_rows']
    const near = await compare({ from: local.target, to: production.target }, { named })
    const proxy = await startSlowProxy(production.target, {
      roundTripMs: 30,
      bandwidth: 8_000_000,
    })
    const far = await compare({ from: local.target, to: proxy.target }, { named })
    await proxy.close()
    assert.equal(near.findings.length, 200)
    assert.deepEqual(placesOf(far), placesOf(near))
    assert.equal(wayOf(near, 'wide_rows').algorithm, 'stream')
    assert.equal(wayOf(far, 'wide_rows').algorithm, 'buckets')
    assert.equal(wayOf(far, 'channels').algorithm, 'stream', 'a small table is sent')
    const rows = far.tables.find(({ table }) => table === 'wide_rows')
    assert.deepEqual([rows?.from, rows?.to], [SIZE.wideRows, SIZE.wideRows])
    assert.ok(wayOf(far, 'wide_rows').bytes < wayOf(near, 'wide_rows').bytes / 2)
  })

  for (const buckets of [1, 64, 4096]) {
    test(`abilities in ${buckets} buckets give what reading all of them gives`, async () => {
      const reader = await openTestReader(production.target)
      const catalog = await reader.catalog()
      const staleIn = async (count: number) => {
        const progress = { rows: 0 }
        const check = { progress, buckets: count }
        const stale = await reader.snapshot(async () => {
          const found: unknown[] = []
          for await (const one of readStaleAbilities(reader, catalog, check)) found.push(one)
          return found
        })
        return { stale, rows: progress.rows }
      }
      const all = await staleIn(0)
      assert.equal(all.stale.length, 100)
      assert.deepEqual(await staleIn(buckets), all)
    })
  }
})

function placesOf({ findings }: DriftReport): string[] {
  return findings.map(({ kind, table, key, cells }) => {
    return JSON.stringify([
      kind,
      table,
      key,
      cells.map(({ column, from, to }) => [column, from, to]),
    ])
  })
}

function wayOf({ tables }: DriftReport, table: string) {
  const way = tables.find((one) => one.table === table)?.way
  assert.ok(way, table)
  return way
}
