import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hostileValues } from '../support/hostile.ts'
import { parseExposition } from './exposition.ts'
import { promtool } from './promtool.ts'
import { refused, resultOf } from './results.ts'
import { samples, startChecked, startServing, stuck, TOKEN, until } from './running.ts'

const AUTHORIZED: RequestInit = { headers: { authorization: `Bearer ${TOKEN}` } }

describe('metrics', () => {
  it('say what the last check found', async () => {
    const server = await startChecked()
    const response = await server.get('/metrics')
    assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
    const expected: [metric: string, values: [labels: string, value: number][]][] = [
      ['tidegate_bltcy_channels', [['', 1]]],
      [
        'tidegate_channels_enabled',
        [
          ['{type="Bltcy"}', 1],
          ['{type="OpenAI"}', 4],
        ],
      ],
      ['tidegate_pairs', [['', 3]]],
      ['tidegate_unroutable_pairs', [['', 2]]],
      ['tidegate_unroutable_pair', []],
      ['tidegate_findings', [['{rule="A1",severity="error"}', 1]]],
      [
        'tidegate_drift_findings',
        [
          ['{class="drift",table="channels"}', 2],
          ['{class="pending",table="options"}', 1],
        ],
      ],
      ['tidegate_drift_incomplete', [['', 0]]],
      [
        'tidegate_migrations',
        [
          ['{state="applied"}', 3],
          ['{state="pending"}', 1],
          ['{state="missing"}', 0],
          ['{state="altered"}', 0],
          ['{state="out-of-order"}', 0],
          ['{state="failed"}', 0],
        ],
      ],
      ['tidegate_seeds_pending', [['', 1]]],
      ['tidegate_connection_seconds_count', [['', 1]]],
      ['tidegate_connection_seconds_sum', [['', 0.02]]],
      ['tidegate_last_check_failed', [['', 0]]],
      ['tidegate_build_info', [['{version="1.2.3"}', 1]]],
      [
        'tidegate_checks_total',
        [
          ['{outcome="ok"}', 1],
          ['{outcome="failed"}', 0],
        ],
      ],
    ]
    for (const [metric, values] of expected) {
      assert.deepEqual(await samples(server, metric), new Map(values), metric)
    }
    const buckets = await samples(server, 'tidegate_connection_seconds_bucket')
    assert.equal(buckets.get('{le="0.01"}'), 0)
    assert.equal(buckets.get('{le="0.025"}'), 1)
  })

  it('keep nothing of the check before', async () => {
    let count = 0
    const server = await startChecked({
      intervalMs: 50,
      runCheck: async () => {
        count += 1
        if (count === 1) return resultOf()
        const drift = { findings: [], isComplete: false }
        return resultOf({ drift, bltcyChannels: 0, enabledChannels: new Map([['Dify', 2]]) })
      },
    })
    await until(() => server.checks.length >= 2)
    assert.deepEqual(await samples(server, 'tidegate_drift_findings'), new Map())
    assert.deepEqual(await samples(server, 'tidegate_drift_incomplete'), new Map([['', 1]]))
    assert.deepEqual(
      await samples(server, 'tidegate_channels_enabled'),
      new Map([['{type="Dify"}', 2]]),
    )
    assert.deepEqual(await samples(server, 'tidegate_bltcy_channels'), new Map([['', 0]]))
  })

  it('do not say 0 before anybody has looked', async () => {
    const server = await startServing({ runCheck: stuck })
    for (const metric of ['tidegate_bltcy_channels', 'tidegate_unroutable_pairs']) {
      assert.deepEqual(await samples(server, metric), new Map())
    }
    assert.equal((await samples(server, 'tidegate_check_age_seconds')).size, 1)
  })
})

describe('labels', () => {
  it('name at most 100 pairs, each once, and only with the token', async () => {
    const routes = Array.from({ length: 5_000 }, (_, index) =>
      refused(`g${index % 50}`, `m${Math.floor(index / 4)}`),
    )
    const runCheck = async () => resultOf({}, [...routes, ...routes])
    const server = await startChecked({ token: TOKEN, runCheck })
    assert.equal((await samples(server, 'tidegate_unroutable_pair', AUTHORIZED)).size, 100)
    const open = await startChecked({ runCheck })
    assert.equal((await samples(open, 'tidegate_unroutable_pair')).size, 0)
  })

  it('hold no secret and stay within their line, whatever a model is called', async () => {
    const values = [...hostileValues(60), 'sk-abcdefgh12345678', '"} 1\ntidegate_bltcy_channels 9']
    for (let start = 0; start < values.length; start += 31) {
      const some = values.slice(start, start + 31)
      const server = await startChecked({
        token: TOKEN,
        runCheck: async () =>
          resultOf(
            {},
            some.map((value) => refused(value, value)),
          ),
      })
      const text = await (await server.get('/metrics', AUTHORIZED)).text()
      const parsed = parseExposition(text)
      const named = parsed.filter(({ name }) => name === 'tidegate_unroutable_pair')
      assert.ok(named.length > 20 && named.length <= some.length)
      for (const { labels, value } of named) {
        assert.deepEqual([...labels.keys()], ['group', 'model'])
        assert.ok((labels.get('model') ?? '').length <= 100)
        assert.equal(value, 1)
      }
      assert.ok(!text.includes('sk-abcdefgh12345678'))
      const bltcy = parsed.filter(({ name }) => name === 'tidegate_bltcy_channels')
      assert.deepEqual(
        bltcy.map(({ value }) => value),
        [1],
      )
    }
  })

  it('tables of no seed are one', async () => {
    const findings = Array.from({ length: 50 }, (_, n) => ({ class: 'drift', table: `t${n}` }))
    const server = await startChecked({
      runCheck: async () => resultOf({ drift: { findings, isComplete: true } }),
    })
    assert.deepEqual(
      await samples(server, 'tidegate_drift_findings'),
      new Map([['{class="drift",table="other"}', 50]]),
    )
  })
})

it('promtool finds no fault with names, types and helps', async (context) => {
  const server = await startChecked({ token: TOKEN })
  const text = await (await server.get('/metrics', AUTHORIZED)).text()
  const result = promtool(['check', 'metrics'], text)
  if (result === null) return context.skip('promtool is not installed (package prometheus)')
  assert.deepEqual(result, { code: 0, output: '' })
})
