import assert from 'node:assert/strict'
import { it } from 'node:test'
import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { GATEWAY_FIXTURES } from '../support/fixtures.ts'
import { testPostgres } from '../support/postgres.ts'
import { exactRows } from '../support/rows.ts'
import { type GeneratedRow, gateways } from './copy-arbitrary.ts'
import { check, COPIED_TABLES, copy, copyPlace, type CopyPlace, emptyPlace } from './copy-world.ts'

const server = testPostgres()

const RUNS_OF_EACH = 5

async function insert({ target, reader }: CopyPlace, rows: readonly GeneratedRow[]): Promise<void> {
  assert.ok(target.dialect === 'sqlite')
  const catalog = await reader.catalog()
  const handle = new Sqlite(target.path)
  handle.exec('pragma synchronous = off; begin')
  for (const { table, cells } of rows) {
    const names = Object.keys(cells).filter((name) => catalog.get(table)?.has(name))
    const list = names.map((name) => `"${name}"`).join(', ')
    const marks = names.map(() => '?').join(', ')
    const bound = names.map((name) => toBound(cells[name]!))
    handle.prepare(`insert into ${table} (${list}) values (${marks})`).run(...bound)
  }
  handle.exec('commit')
  handle.close()
}

function toBound(value: GeneratedRow['cells'][string]): unknown {
  return typeof value === 'boolean' ? Number(value) : value
}

async function contentOf({ target, reader }: CopyPlace): Promise<Record<string, string[]>> {
  const catalog = await reader.catalog()
  const content: Record<string, string[]> = {}
  for (const table of COPIED_TABLES) {
    if (catalog.has(table)) content[table] = await exactRows(target, table)
  }
  return content
}

for (const fixture of GATEWAY_FIXTURES) {
  it(`a gateway as ${fixture} comes back from PostgreSQL as it was`, async () => {
    const there = await copyPlace(fixture, await server)
    const [first, last] = [await copyPlace(fixture), await copyPlace(fixture)]
    const property = fc.asyncProperty(gateways(await there.reader.catalog()), async (rows) => {
      for (const place of [first, there, last]) await emptyPlace(place)
      await insert(first, rows)
      for (const [from, to] of [
        [first, there],
        [there, last],
      ] as const) {
        const { problems } = await check(from, to)
        assert.deepEqual(problems.listed, [])
        const copied = await copy(from, to)
        assert.equal(
          copied.reduce((sum, table) => sum + table.rows, 0),
          rows.length,
        )
      }
      assert.deepEqual(await contentOf(last), await contentOf(first))
    })
    await fc.assert(property, { numRuns: RUNS_OF_EACH, verbose: 1, endOnFailure: true })
  })
}
