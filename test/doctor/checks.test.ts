import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Check, CheckId } from '../../src/doctor/diagnosis.ts'
import { assertCheckFits } from '../support/texts.ts'
import { bltcySeeds, type ExamineOptions, forEachGateway, type Gateway } from './gateway.ts'
import { QUIET } from './rules/cases.ts'

const seeds = await bltcySeeds({ BLTCY_API_KEY: 'sk-test-channel-0001' })

const MEDIAN = { dns: 5, tcp: 20, tls: 900, authentication: 70, query: 5, total: 1200 }

interface CheckCase {
  readonly name: string
  readonly sql?: string
  readonly options?: ExamineOptions
  /** Those that are not `ok`; `id result`, with the rules that say more. */
  readonly answers: readonly string[]
}

const ROW_UNKNOWN = ['status info', 'base-url info', 'key info', 'models info']

const CASES: readonly CheckCase[] = [
  { name: 'all is well', answers: ['connection info'] },
  {
    name: 'no row',
    sql: 'delete from channels; delete from abilities',
    answers: ['channels failed B1', ...ROW_UNKNOWN, 'connection info'],
  },
  {
    name: 'a row with nothing right',
    sql: `update channels set status = 3, base_url = '', key = '', models = ' runway,pika';
      update abilities set enabled = false`,
    answers: [
      'channels failed C7',
      'status failed B2 C7',
      'base-url failed C4',
      'key failed C3',
      'models failed B2 C2',
      'connection info',
    ],
  },
  {
    name: 'an enabled row with nothing right',
    sql: `update channels set base_url = null, key = '', models = ' runway,pika,kling'`,
    answers: ['base-url failed C4', 'key failed C3', 'models failed C2', 'connection info'],
  },
  {
    name: 'what is well names no rule',
    sql: `update channels set name = 'renamed'`,
    answers: ['connection info'],
  },
  {
    name: 'a slow connection',
    options: { connection: { samples: [MEDIAN], medianMs: 1200, median: MEDIAN } },
    answers: ['connection failed N1'],
  },
  {
    name: 'a cache',
    options: { variables: { ...QUIET, MEMORY_CACHE_ENABLED: 'true' } },
    answers: ['connection info', 'reload info'],
  },
]

forEachGateway('zeo', (gateway) => {
  for (const { name, sql, options, answers } of CASES) {
    it(name, async () => {
      if (sql !== undefined) await gateway.execute(sql)
      const checks = await ask(gateway, options)
      // A file has no limit of connections.
      const pool = gateway.dialect === 'sqlite' ? ['pool info'] : []
      const place = answers.findIndex((one) => one.startsWith('reload'))
      const wanted = answers.toSpliced(place === -1 ? answers.length : place, 0, ...pool)
      assert.deepEqual(checks.filter(({ result }) => result !== 'ok').map(line), wanted)
      for (const check of checks) {
        assertCheckFits(check)
        if (check.result === 'ok') assert.deepEqual(check.rules, [])
      }
    })
  }

  it('never tells what a base URL or a key hides', async () => {
    await gateway.execute(
      `update channels set base_url = 'https://user:hunter22@old-gateway.example/?key=hunter22'`,
    )
    const checks = await ask(gateway)
    const url = checks.find(({ id }) => id === 'base-url')
    assert.match(url?.facts['baseUrl'] ?? '', /old-gateway\.example/)
    assert.doesNotMatch(JSON.stringify(checks), /hunter22|sk-test/)
  })

  it('counts channels of any type where no seed declares one', async () => {
    const checks = await ask(gateway, { seeds: [], scope: {} })
    const ids: CheckId[] = ['channels', 'connection', 'pool', 'reload']
    assert.deepEqual(
      checks.map(({ id }) => id),
      ids,
    )
    assert.deepEqual(checks[0]?.facts, { enabled: '1' })
  })

  it('judges the pool by what the server gives', async () => {
    if (gateway.dialect === 'sqlite') return
    const variables = { ...QUIET, SQL_MAX_OPEN_CONNS: '500', SQL_MAX_IDLE_CONNS: '50' }
    const pool = (await ask(gateway, { variables })).find(({ id }) => id === 'pool')
    assert.equal(line(pool!), 'pool failed N2')
    assert.equal(pool?.facts['maxOpen'], '500')
    assert.equal(pool?.facts['maxIdle'], '50')
    assert.equal(pool?.facts['lifetime'], '60')
  })
})

async function ask(gateway: Gateway, options: ExamineOptions = {}): Promise<readonly Check[]> {
  const scope = { models: [] }
  return (await gateway.examine({ variables: QUIET, seeds, scope, ...options })).checks
}

function line({ id, result, rules }: Check): string {
  return [id, result, ...rules].join(' ')
}
