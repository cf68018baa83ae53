import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Change } from '../../src/diff/change.ts'
import { insertChange, rebuildChange, updateChange } from '../../src/diff/change.ts'
import { abilityFacts, cellFacts, type RowFacts } from '../../src/report/model.ts'
import { countOutcomes, describeRow, renderSeedPlan } from '../../src/report/seeds.ts'

const cell = (column: string, before: string | null, after: string | null, secret = false) => ({
  column,
  before,
  after,
  secret,
  difference: 'different' as const,
})

const ROW: RowFacts = {
  table: 'channels',
  row: 'channels:bltcy',
  label: 'Bltcy旧网关',
  id: '8',
  outcome: 'updated',
  cells: cellFacts([
    updateChange('channels', '["a","55"]', { id: '8' }, [
      cell('models', ',runway,', 'runway'),
      cell('key', 'fingerprint-before', 'fingerprint-after', true),
      cell('tag', null, ''),
    ])!,
  ]),
  abilities: { insert: 2, update: 1, remove: 0 },
}

describe('the report of seeds', () => {
  it('says how many rows were created, updated and left alone', () => {
    const rows = (...outcomes: RowFacts['outcome'][]) => outcomes.map((outcome) => ({ outcome }))
    assert.equal(countOutcomes(rows('unchanged', 'created', 'unchanged')), '1 created, 2 unchanged')
    assert.equal(countOutcomes([]), 'no rows')
  })

  it('a row in one line: columns and abilities, no values', () => {
    assert.equal(
      describeRow(ROW),
      'channels 8 "Bltcy旧网关" updated: models, key, tag; abilities +2 ~1',
    )
    const unchanged = {
      ...ROW,
      outcome: 'unchanged',
      cells: [],
      abilities: { insert: 0, update: 0, remove: 0 },
    } as const
    assert.equal(describeRow(unchanged), 'channels 8 "Bltcy旧网关" unchanged')
  })

  it('a plan shows cells before and after, and of secrets only that they differ', () => {
    const text = renderSeedPlan([
      { name: 's', description: '', state: 'never', lastRun: null, rows: [ROW], warnings: [] },
    ])
    assert.match(text, /models: ",runway," → "runway"/)
    assert.match(text, /key: replaced/)
    assert.match(text, /tag: NULL → ""/)
    assert.ok(!text.includes('fingerprint'))
    assert.equal(renderSeedPlan([]), 'no seed applies in this environment')
  })

  it('the value of an option that holds a secret is hidden, of others what looks like one', () => {
    const option = (key: string): Change =>
      updateChange('options', JSON.stringify([key]), { key }, [
        cell('value', 'stored', 'see sk-test-0123456789'),
      ])!
    const [hidden] = cellFacts([option('SMTPToken')])
    assert.deepEqual(
      [hidden!.before, hidden!.after, hidden!.secret],
      ['[secret]', '[secret]', true],
    )
    const [shown] = cellFacts([option('SystemName')])
    assert.deepEqual(
      [shown!.before, shown!.after, shown!.secret],
      ['stored', 'see [secret]', false],
    )
  })

  it('abilities are counted, and are no cells', () => {
    const insert = insertChange('channels', '["a","1"]', [cell('name', null, 'a')])!
    const ability = { group: 'g', model: 'm', enabled: true, priority: '0', weight: '0', tag: null }
    const change = {
      key: '["a","1"]',
      channelId: null,
      insert: [ability, ability],
      source: new Map(),
    }
    const rebuild = rebuildChange({ ...change, update: [], remove: [] })!
    assert.deepEqual(abilityFacts([insert, rebuild]), { insert: 2, update: 0, remove: 0 })
    assert.equal(cellFacts([insert, rebuild]).length, 1)
  })
})
