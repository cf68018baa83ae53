import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type SecretReference, SecretValues } from '../../src/apply/secrets.ts'
import type { CellChange } from '../../src/diff/change.ts'
import { Secret } from '../../src/secret.ts'
import { Fingerprinter } from '../../src/snapshot/fingerprint.ts'
import { naturalKey } from '../../src/snapshot/model.ts'
import { withFingerprints } from '../../src/sync/secrets.ts'
import { cell, item, planOf, type RowOfPlan } from './secret-plans.ts'

const env = (name: string): SecretReference => ({ kind: 'env', name })

describe('withFingerprints', () => {
  const fingerprinter = new Fingerprinter()
  const print = (value: string, column = 'key'): string =>
    fingerprinter.of('channels', column, value)
  const values = new SecretValues()
  for (const column of ['key', 'setting']) {
    values.set('channels', naturalKey(['a', '1']), column, new Secret('now'))
  }
  const name = cell('name', { secret: false, before: 'b', after: 'a' })
  const row = (cells: readonly CellChange[], uses: RowOfPlan['uses']): RowOfPlan => ({
    key: ['a', '1'],
    cells,
    uses,
    update: true,
  })
  const both = { key: env('A'), setting: env('B') }
  const result = (rows: readonly RowOfPlan[], keyId: string | null = fingerprinter.keyId) =>
    withFingerprints(planOf(rows, keyId), values, fingerprinter).items

  it('drops what is there already, and keeps the rest', () => {
    const cells = [
      name,
      cell('key', { before: print('now') }),
      cell('setting', { before: print('then', 'setting') }),
    ]
    const [left] = result([row(cells, both)])
    assert.deepEqual(
      left,
      item(row([name, { ...cells[2]!, after: print('now', 'setting') }], { setting: env('B') })),
    )
  })

  it('compares what both sides show of a fingerprint', () => {
    assert.deepEqual(result([row([cell('key', { before: print('now').slice(0, 16) })], both)]), [])
  })

  it('drops a row of which nothing is left, and no other', () => {
    const same = row([cell('key', { before: print('now') })], both)
    const other = row([cell('key', { before: print('then') })], both)
    assert.equal(result([same, other, same]).length, 1)
    const rebuild = {
      kind: 'rebuild',
      table: 'abilities',
      key: naturalKey(['a', '1']),
      channelId: '1',
      source: null,
      insert: [],
      update: [],
      remove: [],
    } as const
    const [change] = item(same).changes
    const plan = {
      ...planOf([], fingerprinter.keyId),
      items: [{ ...item(same), changes: [change, rebuild] as const }],
    }
    assert.deepEqual(withFingerprints(plan, values, fingerprinter).items[0]?.changes, [rebuild])
  })

  it('a new row keeps every cell, and an empty secret stays empty', () => {
    const cells = [name, cell('key'), cell('setting', { after: null })]
    const [left] = result([{ ...row(cells, both), update: false }])
    assert.deepEqual(left?.changes[0], {
      ...item({ ...row(cells, both), update: false }).changes[0],
      cells: [name, cell('key', { after: print('now') }), cells[2]],
    })
  })

  it('what is kept was not loaded', () => {
    const kept = row([cell('other', { before: 'set' })], { other: { kind: 'keep' } })
    assert.deepEqual(result([kept]), [item(kept)])
  })

  it('without a key nothing can be told', () => {
    const rows = [row([cell('key', { before: 'set' })], both)]
    assert.deepEqual(result(rows, null), rows.map(item))
  })
})
