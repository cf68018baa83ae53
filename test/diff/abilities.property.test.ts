import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { abilityCells, diffAbilities } from '../../src/diff/abilities.ts'
import type { RebuildChange } from '../../src/diff/change.ts'
import { type Ability, deriveAbilities } from '../../src/gateway/abilities.ts'
import { type Cell, naturalKey, type Row } from '../../src/snapshot/model.ts'

const RUNS = { numRuns: 300 }

const name = fc.constantFrom('', 'a', 'b', ' a', 'default', 'ü', '"')
const list = fc.oneof(
  fc.constant(null),
  fc.array(name, { maxLength: 4 }).map((names) => names.join(',')),
)
const number = fc.option(fc.constantFrom('0', '5', '-1', '9007199254740993'), { nil: null })
const tag = fc.option(fc.constantFrom('', 't'), { nil: null })

const channel = fc.record({
  models: list,
  group: list,
  status: fc.constantFrom('1', '2', '3', '0', null),
  priority: number,
  weight: number,
  tag,
})

interface Stored {
  readonly group: string
  readonly model: string
  readonly cells: Readonly<Record<string, Cell>>
}

const stored: fc.Arbitrary<Stored[]> = fc.uniqueArray(
  fc.record({
    group: name,
    model: name,
    cells: fc.record({
      enabled: fc.constantFrom('true', 'false', null),
      priority: number,
      weight: number,
      tag,
      workflow_price: fc.option(fc.constantFrom('7', '75'), { nil: null }),
    }),
  }),
  { maxLength: 6, selector: ({ group, model }) => naturalKey([group, model]) },
)

const toRow = ({ group, model, cells }: Stored): Row => ({
  table: 'abilities',
  key: naturalKey([group, model, '1']),
  locator: { group, model, channel_id: '1' },
  cells: new Map(Object.entries({ group, model, channel_id: '1', ...cells })),
})

const keyOf = (row: Row) => naturalKey([row.cells.get('group')!, row.cells.get('model')!])

function diff(cells: Readonly<Record<string, Cell>>, current: readonly Row[]) {
  const channel = new Map(Object.entries(cells))
  return diffAbilities({ key: 'key', channelId: '1', channel, current })
}

/** What the rows are once the change is written; columns that it does not name stay. */
function written(current: readonly Row[], change: RebuildChange | null): Row[] {
  const rows = new Map(current.map((row) => [keyOf(row), row]))
  for (const row of change?.remove ?? []) assert.ok(rows.delete(keyOf(row)))
  for (const { before, after } of change?.update ?? []) {
    assert.ok(rows.has(keyOf(before)))
    assert.equal(keyOf(before), naturalKey([after.group, after.model]))
    rows.set(keyOf(before), {
      ...before,
      cells: new Map([...before.cells, ...abilityCells(after)]),
    })
  }
  for (const ability of change?.insert ?? []) {
    const row = rowOf(ability)
    assert.ok(!rows.has(keyOf(row)))
    rows.set(keyOf(row), row)
  }
  return [...rows.values()]
}

function rowOf(ability: Ability): Row {
  const { group, model } = ability
  return toRow({ group, model, cells: Object.fromEntries(abilityCells(ability)) })
}

/** What the gateway reads of a row; an empty tag is none, as there. */
const meaning = (row: Row) => {
  const [enabled, priority, weight] = ['enabled', 'priority', 'weight'].map((column) =>
    row.cells.get(column),
  )
  return [keyOf(row), enabled, priority, weight, row.cells.get('tag') ?? ''].join(' ')
}

describe('diffAbilities', () => {
  test('what it says written, the rows are the derivation', () => {
    fc.assert(
      fc.property(channel, stored, (cells, rows) => {
        const current = rows.map(toRow)
        const after = written(current, diff(cells, current))
        assert.deepEqual(
          after.map(meaning).toSorted(),
          deriveAbilities(cells).map(rowOf).map(meaning).toSorted(),
        )
        assert.equal(diff(cells, after), null)
      }),
      RUNS,
    )
  })

  test('no change if and only if the rows are the derivation already', () => {
    fc.assert(
      fc.property(channel, stored, (cells, rows) => {
        const current = rows.map(toRow)
        const change = diff(cells, current)
        const isDerived =
          current.map(meaning).toSorted().join('\n') ===
          deriveAbilities(cells).map(rowOf).map(meaning).toSorted().join('\n')
        assert.equal(change === null, isDerived)
        if (change === null) return
        assert.ok(change.insert.length + change.update.length + change.remove.length > 0)
      }),
      RUNS,
    )
  })

  test('rows that stay keep what a fork added, and rows that are right are not touched', () => {
    fc.assert(
      fc.property(channel, stored, (cells, rows) => {
        const current = rows.map(toRow)
        const change = diff(cells, current)
        const derived = new Map(
          deriveAbilities(cells).map((ability) => [keyOf(rowOf(ability)), rowOf(ability)]),
        )
        for (const row of written(current, change)) {
          const before = current.find((one) => keyOf(one) === keyOf(row))
          if (before === undefined) continue
          assert.equal(row.cells.get('workflow_price'), before.cells.get('workflow_price'))
          if (meaning(before) === meaning(derived.get(keyOf(row))!)) assert.equal(row, before)
        }
      }),
      RUNS,
    )
  })

  test('columns that an older gateway lacks are not compared', () => {
    const cells = { models: 'a', group: 'g', status: '1', priority: '3', weight: '5', tag: 't' }
    const row = toRow({ group: 'g', model: 'a', cells: { enabled: 'true', priority: '3' } })
    assert.equal(diff(cells, [row]), null)
    assert.equal(diff({ ...cells, priority: '4' }, [row])?.update.length, 1)
  })

  test('the source is what the abilities were derived from', () => {
    const cells = { models: 'a', group: 'g', status: '2', priority: '3', name: 'made up' }
    const change = diff(cells, [])!
    assert.deepEqual(Object.fromEntries(change.source!), {
      models: 'a',
      group: 'g',
      status: '2',
      priority: '3',
    })
  })
})
