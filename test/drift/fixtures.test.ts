import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Target } from '../../src/database/contract.ts'
import { openReader } from '../../src/database/open.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { GATEWAY_FIXTURES } from '../support/fixtures.ts'
import { createTestDatabase, testPostgres } from '../support/postgres.ts'
import { executeRaw } from '../support/raw.ts'
import { createSqliteFile } from '../support/sqlite.ts'
import { gatewayRows, insertedText } from './gateway-rows.ts'
import { compare, outlines } from './world.ts'

const server = testPostgres()

async function load(target: Target): Promise<void> {
  const reader = await openReader(target, OPEN_OPTIONS)
  const catalog = await reader.catalog()
  await reader.close()
  await executeRaw(target, insertedText(target.dialect, catalog, gatewayRows(target.dialect)))
}

for (const fixture of GATEWAY_FIXTURES) {
  describe(`a gateway as ${fixture}`, () => {
    let sqlite: Awaited<ReturnType<typeof createSqliteFile>>
    let postgres: Awaited<ReturnType<typeof createTestDatabase>>
    before(async () => {
      sqlite = await createSqliteFile({ fixture })
      postgres = await createTestDatabase(await server, { fixture })
      for (const { target } of [sqlite, postgres]) await load(target)
    })
    after(() => Promise.all([sqlite.drop(), postgres.drop()]))

    for (const direction of ['sqlite with postgres', 'postgres with sqlite']) {
      it(`is equal in both dialects, ${direction}`, async () => {
        const [left, right] =
          direction === 'sqlite with postgres' ? [sqlite, postgres] : [postgres, sqlite]
        const report = await compare({ from: left.target, to: right.target })
        assert.deepEqual(outlines(report), [])
        assert.equal(report.verdict.status, 'clean')
        const channels = report.tables.find(({ table }) => table === 'channels')!
        assert.deepEqual([channels.from, channels.to], [14, 14])
        assert.equal(report.secrets.unknown, 0)
      })
    }
  })
}
