import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { GATEWAYS } from '../../src/config/define.ts'
import type { DatabaseReader, DialectName } from '../../src/database/contract.ts'
import { openReader } from '../../src/database/open.ts'
import { FINDING_KINDS } from '../../src/diff/finding.ts'
import { SELFTEST_CASES } from '../../src/selftest/cases.ts'
import { checkCase } from '../../src/selftest/check.ts'
import { withSource } from '../../src/selftest/run.ts'
import { openDatabaseSource } from '../../src/snapshot/database-source.ts'
import { Fingerprinter } from '../../src/snapshot/fingerprint.ts'
import type { Source } from '../../src/snapshot/source.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { sharedPostgres } from '../support/postgres.ts'
import { type Originals, postgresOriginals, sqliteOriginals } from './databases.ts'

const startPostgres = sharedPostgres()
const fingerprinter = new Fingerprinter()

/** The command itself compares SQLite with SQLite. */
const PAIRS = [
  ['sqlite', 'postgres'],
  ['postgres', 'sqlite'],
] as const

for (const gateway of GATEWAYS) {
  describe(gateway, () => {
    let originals: Readonly<Record<DialectName, Originals>>
    before(async () => {
      const server = await startPostgres()
      originals = {
        sqlite: await sqliteOriginals(gateway),
        postgres: await postgresOriginals(server, gateway),
      }
    })
    after(async () => {
      for (const one of Object.values(originals)) await one.drop()
    })

    for (const [left, right] of PAIRS) {
      describe(`${left} with ${right}`, () => {
        let reader: DatabaseReader
        let from: Source
        before(async () => {
          reader = await openReader(originals[left].left, OPEN_OPTIONS)
          from = await openDatabaseSource('left', reader, fingerprinter)
        })
        after(() => reader.close())

        for (const one of SELFTEST_CASES) {
          if (one.gateway !== gateway || !one.dialects.includes(right)) continue
          test(one.name, async () => {
            const target = await originals[right].planted(one)
            const { holds, expected, found } = await withSource(
              'right',
              target,
              fingerprinter,
              (to) => checkCase(one, from, to, fingerprinter),
            )
            assert.ok(holds, JSON.stringify({ expected, found }, null, 2))
          })
        }
      })
    }
  })
}

test('no two cases have one name, and each kind of finding has a case', () => {
  const names = SELFTEST_CASES.map(({ name }) => name)
  assert.equal(new Set(names).size, names.length)
  const kinds = SELFTEST_CASES.flatMap(({ expects }) => expects.findings.map(({ kind }) => kind))
  assert.deepEqual(
    [...new Set(kinds)].toSorted(),
    FINDING_KINDS.filter((kind) => kind !== 'acceptance').toSorted(),
  )
})
