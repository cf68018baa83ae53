import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { forEachGateway } from './gateway.ts'

describe('a healthy gateway', () => {
  for (const fixture of ['n25', 'n26', 'zeo', 'oa'] as const) {
    forEachGateway(fixture, (gateway) => {
      it('has nothing to say and serves every pair in both cache modes', async () => {
        const { findings, routes, verdict } = await gateway.examine({
          variables: { SQL_MAX_OPEN_CONNS: '20' },
        })
        assert.deepEqual(findings, [])
        assert.equal(verdict.status, 'healthy')
        assert.equal(routes.length, 6)
        assert.ok(routes.every(({ outcome, tokens }) => outcome === 'served' && tokens === 1))
      })
    })
  }
})
