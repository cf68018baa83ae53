import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { GATEWAYS } from '../../src/config/define.ts'
import type { DialectName } from '../../src/database/contract.ts'
import type { SelftestCase } from '../../src/selftest/case.ts'
import { SELFTEST_CASES } from '../../src/selftest/cases.ts'
import { checkCase } from '../../src/selftest/check.ts'
import { plantIn, withSource } from '../../src/selftest/run.ts'
import { Fingerprinter } from '../../src/snapshot/fingerprint.ts'
import { sharedPostgres } from '../support/postgres.ts'
import { type Original, postgresOriginal, sqliteOriginal } from './databases.ts'

const startPostgres = sharedPostgres()
const fingerprinter = new Fingerprinter()

/** The command itself compares SQLite with SQLite. */
const PAIRS = [
  ['sqlite', 'postgres'],
  ['postgres', 'sqlite'],
] as const

type Originals = Readonly<Record<DialectName, Original>>
const originals = new Map<SelftestCase['gateway'], Originals>()

before(async () => {
  const server = await startPostgres()
  for (const gateway of GATEWAYS) {
    originals.set(gateway, {
      sqlite: await sqliteOriginal(gateway),
      postgres: await postgresOriginal(server, gateway),
    })
  }
})

after(async () => {
  for (const { sqlite, postgres } of originals.values()) {
    await sqlite.drop()
    await postgres.drop()
  }
})

for (const [left, right] of PAIRS) {
  describe(`${left} with ${right}`, () => {
    for (const one of SELFTEST_CASES.filter(({ dialects }) => dialects.includes(right))) {
      test(one.name, async () => {
        const { holds, expected, found } = await check(one, left, right)
        assert.deepEqual(found.findings.toSorted(byKind), expected.findings.toSorted(byKind))
        assert.deepEqual({ ...found, findings: [] }, { ...expected, findings: [] })
        assert.ok(holds)
      })
    }
  })
}

async function check(one: SelftestCase, left: DialectName, right: DialectName) {
  const sides = originals.get(one.gateway)!
  const planted = await sides[right].copy()
  try {
    await plantIn(planted.target, one)
    return await withSource('left', sides[left].target, fingerprinter, (from) =>
      withSource('right', planted.target, fingerprinter, (to) =>
        checkCase(one, from, to, fingerprinter),
      ),
    )
  } finally {
    await planted.drop()
  }
}

function byKind(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}

test('no two cases have one name, and each kind of finding has a case', () => {
  const names = SELFTEST_CASES.map(({ name, dialects }) => `${name} ${dialects.join()}`)
  assert.equal(new Set(names).size, names.length)
  const kinds = SELFTEST_CASES.flatMap(({ expects }) => expects.findings.map(({ kind }) => kind))
  assert.deepEqual([...new Set(kinds)].toSorted(), [
    'abilities',
    'changed',
    'duplicate',
    'extra',
    'missing',
    'schema',
  ])
})
