import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { missingCoreTables, recogniseVersion } from '../../src/gateway/versions.ts'
import { readDdls } from './ddl.ts'

const EXPECTED: readonly (readonly [RegExp, string, string])[] = [
  [/-oa\.sql$/, 'one-api', 'tokens.subnet'],
  [/-n25\.sql$/, 'new-api-2025-09', 'channels.settings'],
  [/-n26\.sql$/, 'new-api-2026-04', 'users.last_login_at'],
  [/-zeo\.sql$/, 'bltcy-fork', 'abilities.workflow_price'],
  [/up_oa_25\.sql$/, 'new-api-2025-09', 'channels.settings'],
  [/up_oa_25_26\.sql$/, 'new-api-2026-04', 'users.last_login_at'],
]

/** A one-api of the first days, plus the given columns. */
function tables(...columns: string[]): Map<string, Map<string, unknown>> {
  const result = new Map(
    ['channels', 'abilities', 'options', 'tokens', 'users'].map((name) => [
      name,
      new Map<string, unknown>(),
    ]),
  )
  for (const column of ['abilities.channel_id', ...columns]) {
    const [table = '', name = ''] = column.split('.')
    result.get(table)?.set(name, null)
  }
  return result
}

describe('recogniseVersion on real databases', () => {
  const ddls = readDdls()

  it('has both dialects of six databases', () => assert.equal(ddls.length, 12))

  for (const ddl of ddls) {
    it(ddl.file, () => {
      const [, id, evidence] = EXPECTED.find(([pattern]) => pattern.test(ddl.file))!
      const version = recogniseVersion(ddl.tables)
      assert.deepEqual([version?.id, version?.evidence], [id, evidence])
      assert.deepEqual(missingCoreTables(ddl.tables), [])
    })
  }
})

describe('recogniseVersion, newest column first', () => {
  const steps: readonly (readonly [string, string, string])[] = [
    ['abilities.channel_id', 'one-api', 'one-api'],
    ['users.lark_id', 'one-api', 'one-api'],
    ['channels.config', 'one-api', 'one-api'],
    ['tokens.subnet', 'one-api', 'one-api'],
    ['tokens.deleted_at', 'new-api-2024-03', 'new-api since 2024-03-11'],
    ['tokens.group', 'new-api-2024-09', 'new-api since 2024-09-18'],
    ['abilities.tag', 'new-api-2024-11', 'new-api since 2024-11-30'],
    ['channels.tag', 'new-api-2024-11', 'new-api since 2024-11-30'],
    ['channels.setting', 'new-api-2024-12', 'new-api since 2024-12-15'],
    ['channels.param_override', 'new-api-2025-03', 'new-api since 2025-03-31'],
    ['users.remark', 'new-api-2025-06', 'new-api since 2025-06-16'],
    ['channels.channel_info', 'new-api-2025-07-12', 'new-api since 2025-07-12'],
    ['users.stripe_customer', 'new-api-2025-07-18', 'new-api since 2025-07-18'],
    ['channels.remark', 'new-api-2025-09', 'new-api since 2025-09-09'],
    ['channels.header_override', 'new-api-2025-09', 'new-api since 2025-09-09'],
    ['channels.settings', 'new-api-2025-09', 'new-api since 2025-09-09'],
    ['users.discord_id', 'new-api-2025-11', 'new-api since 2025-11-23'],
    ['tokens.cross_group_retry', 'new-api-2025-12', 'new-api since 2025-12-12'],
    ['users.last_login_at', 'new-api-2026-04', 'new-api since 2026-04-26'],
    ['tokens.external_user_id', 'bltcy-fork', 'the Bltcy fork of new-api'],
    ['channels.channel_ratio', 'bltcy-fork', 'the Bltcy fork of new-api'],
    ['abilities.workflow_price', 'bltcy-fork', 'the Bltcy fork of new-api'],
  ]
  for (const [index, [column, id, label]] of steps.entries()) {
    it(`${column} on top of all older ones`, () => {
      const version = recogniseVersion(tables(...steps.slice(0, index + 1).map(([name]) => name)))
      const family = id.startsWith('new-api') ? 'new-api' : id
      assert.deepEqual(version, { id, family, label, evidence: column })
    })
  }
})

describe('what is no gateway’s database', () => {
  it('is an empty one', () => {
    assert.equal(recogniseVersion(new Map()), null)
    assert.deepEqual(missingCoreTables(new Map()), [
      'channels',
      'abilities',
      'options',
      'tokens',
      'users',
    ])
  })

  it('is one that lacks a core table', () => {
    const partial = tables('channels.settings')
    partial.delete('users')
    assert.equal(recogniseVersion(partial), null)
    assert.deepEqual(missingCoreTables(partial), ['users'])
  })

  it('is one whose tables only have the names', () => {
    const foreign = tables()
    foreign.get('abilities')!.clear()
    assert.equal(recogniseVersion(foreign), null)
  })
})
