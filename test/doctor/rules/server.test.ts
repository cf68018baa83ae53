import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ConnectionFacts, PoolFacts } from '../../../src/doctor/diagnosis.ts'
import { K1, N1, N2, N3 } from '../../../src/doctor/rules/server.ts'
import type { World } from '../../../src/doctor/world.ts'
import { forEachGateway } from '../gateway.ts'
import { type Case, QUIET, testCases } from './cases.ts'

function connection(medianMs: number): ConnectionFacts {
  const median = { dns: 5, tcp: 20, tls: 900.4, authentication: null, query: 40, total: medianMs }
  return { samples: [median, median, median], medianMs, median }
}

/** Half a minute before that; at any other time it is not recent. */
const LONG_AGO = new Date('2001-01-01T00:01:00.000Z')

const RECENT_RUN = `
  drop table if exists tidegate_runs;
  create table tidegate_runs (id text primary key, command text, started_at text);
  insert into tidegate_runs values ('run-1', 'deploy', '2001-01-01T00:00:30.000Z');`

const CASES: readonly Case[] = [
  {
    name: 'N1: over a second',
    options: { connection: connection(1000.6) },
    finds: ['warning N1'],
    repair: null,
    check: ({ facts }) =>
      assert.deepEqual(facts, {
        median: '1001',
        samples: '3',
        part: 'tls',
        partMs: '900',
        parts: 'DNS: 5 ms, TCP: 20 ms, TLS: 900 ms, SELECT 1: 40 ms',
      }),
  },
  { name: 'no N1: a second', options: { connection: connection(1000) }, finds: [] },
  {
    name: 'N2: more than the server gives',
    dialect: 'postgres',
    options: { variables: { ...QUIET, SQL_MAX_OPEN_CONNS: '5000' } },
    finds: ['warning N2'],
  },
  {
    name: 'N2: the default is more than the server gives',
    dialect: 'postgres',
    options: { variables: { ...QUIET, SQL_MAX_OPEN_CONNS: '' } },
    finds: ['info N2'],
    check: ({ facts, evidence }, { pool }) => {
      assert.equal(facts['maxOpen'], '1000')
      assert.equal(facts['available'], String(pool!.serverMax - pool!.serverReserved))
      assert.equal(evidence[0]?.cells[0]?.value, String(pool!.serverMax))
    },
  },
  {
    name: 'no N2: the database is a file',
    dialect: 'sqlite',
    options: { variables: { ...QUIET, SQL_MAX_OPEN_CONNS: '5000' } },
    finds: [],
  },
  {
    name: 'K1: written half a minute ago, cached for one',
    sql: RECENT_RUN,
    options: { variables: { ...QUIET, MEMORY_CACHE_ENABLED: 'true' }, now: LONG_AGO },
    finds: { 'cache-off': [], 'cache-on': ['warning K1'] },
    check: ({ facts, evidence }) => {
      assert.deepEqual(facts, { seconds: '60' })
      assert.equal(evidence[0]?.row, 'run-1')
    },
  },
  {
    name: 'K1: nothing says whether it is cached',
    sql: RECENT_RUN,
    options: { variables: { SQL_MAX_OPEN_CONNS: '20' }, now: LONG_AGO },
    finds: { 'cache-off': [], 'cache-on': ['warning K1'] },
  },
  {
    name: 'no K1: cached for less',
    sql: RECENT_RUN,
    options: {
      variables: { ...QUIET, MEMORY_CACHE_ENABLED: 'true', SYNC_FREQUENCY: '20' },
      now: LONG_AGO,
    },
    finds: [],
  },
]

forEachGateway('n25', (gateway) => testCases(gateway, CASES))

/** What no test server is brought to: nearly all of its connections. */
describe('limits of a server', () => {
  const pool: PoolFacts = {
    maxIdle: 50,
    maxOpen: 97,
    maxLifetimeSeconds: 60,
    serverMax: 100,
    serverReserved: 3,
    inUse: 0,
    inUseHere: 0,
  }
  const world = (values: Partial<PoolFacts>) => ({ pool: { ...pool, ...values } }) as World
  for (const [values, rules] of [
    [{}, []],
    [{ maxOpen: 98 }, ['N2']],
    [{ inUse: 87 }, []],
    [{ inUse: 88 }, ['N3']],
    [{ maxOpen: 500, inUse: 97 }, ['N2', 'N3']],
  ] as const) {
    it(`${JSON.stringify(values)}: ${rules.join() || 'nothing'}`, () => {
      const found = Object.entries({ N2, N3 }).filter(([, rule]) => rule(world(values)) !== null)
      assert.deepEqual(
        found.map(([id]) => id),
        rules,
      )
    })
  }

  it('N3 says what is in use of what', () => {
    assert.deepEqual(N3(world({ inUse: 90 }))?.facts, {
      inUse: '90',
      available: '97',
      serverMax: '100',
      reserved: '3',
    })
  })

  it('is not known: nothing', () => {
    const nothing = {
      pool: null,
      connection: null,
      modes: [],
      recentRuns: [],
      visibility: { isCached: null },
    }
    for (const rule of [N1, N2, N3, K1]) assert.equal(rule(nothing as unknown as World), null)
  })
})
