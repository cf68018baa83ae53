import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { diffRow } from '../../src/diff/rows.ts'
import { compareCells } from '../../src/gateway/cells.ts'
import { columnRule } from '../../src/gateway/columns.ts'
import { type Cell, naturalKey, type Row } from '../../src/snapshot/model.ts'

const RUNS = { numRuns: 300 }

const cell: fc.Arbitrary<Cell> = fc.oneof(
  fc.constant(null),
  fc.constantFrom('', '0', '1', 'a', 'a,b', 'b,a', ',a,b,', '{}', '{"a":1}', '{"a": 1}'),
  fc.constantFrom('https://x.example', 'https://x.example/', 'HTTPS://X.example'),
  fc.string(),
)

const COLUMNS = ['models', 'group', 'base_url', 'priority', 'tag', 'settings', 'key', 'remark']

const cells = fc
  .subarray(COLUMNS)
  .chain((names) => fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), cell))))
  .map((entries) => new Map(entries))

const row = (held: ReadonlyMap<string, Cell>, id: string | null): Row => ({
  table: 'channels',
  key: naturalKey(['made up', '1']),
  locator: id === null ? null : { id },
  cells: held,
})

/** A declared row, and a stored one that has at least its columns. */
const pair = cells.chain((desired) =>
  fc.tuple(...COLUMNS.map(() => cell)).map((held) => ({
    desired: row(desired, null),
    current: row(new Map(COLUMNS.map((name, index) => [name, held[index] ?? null])), '1'),
  })),
)

const differs = (column: string, left: Cell, right: Cell) =>
  compareCells(columnRule('channels', column), left, right) !== 'equal'

describe('diffRow', () => {
  test('changes exactly the cells that differ, and never none', () => {
    fc.assert(
      fc.property(pair, ({ desired, current }) => {
        const expected = [...desired.cells].filter(([column, after]) =>
          differs(column, current.cells.get(column)!, after),
        )
        const change = diffRow(desired, current)
        if (expected.length === 0) return assert.equal(change, null)
        assert.equal(change!.kind, 'update')
        if (change?.kind !== 'update') return
        assert.deepEqual(
          change.cells.map(({ column, before, after }) => [column, before, after]),
          expected.map(([column, after]) => [column, current.cells.get(column), after]),
        )
        assert.deepEqual(change.locator, { id: '1' })
      }),
      RUNS,
    )
  })

  test('a row against itself is no change', () => {
    fc.assert(
      fc.property(pair, ({ current }) => {
        assert.equal(diffRow(current, current), null)
      }),
      RUNS,
    )
  })

  test('what it says written, nothing differs any more', () => {
    fc.assert(
      fc.property(pair, ({ desired, current }) => {
        const change = diffRow(desired, current)
        if (change?.kind !== 'update') return
        const written = new Map(current.cells)
        for (const { column, after } of change.cells) written.set(column, after)
        assert.equal(diffRow(desired, row(written, '1')), null)
      }),
      RUNS,
    )
  })

  test('a row that is not there is inserted with everything declared, or not at all', () => {
    fc.assert(
      fc.property(cells, (declared) => {
        const change = diffRow(row(declared, null), null)
        if (declared.size === 0) return assert.equal(change, null)
        assert.equal(change!.kind, 'insert')
        if (change?.kind !== 'insert') return
        assert.deepEqual(
          new Map(change.cells.map(({ column, after }) => [column, after])),
          declared,
        )
        assert.ok(change.cells.every(({ before }) => before === null))
      }),
      RUNS,
    )
  })

  const named = { models: 'a' }
  const cases = {
    'a declared column that was not read': { held: {}, locator: { id: '1' } },
    'a current row that comes from no database': { held: named, locator: null },
  }
  for (const [name, { held, locator }] of Object.entries(cases)) {
    test(`${name} is a mistake of ours`, () => {
      const current = { ...row(new Map(Object.entries(held)), null), locator }
      assert.throws(() => diffRow(row(new Map(Object.entries(named)), null), current), TypeError)
    })
  }

  test('secrets and padded lists are marked', () => {
    const desired = row(
      new Map([
        ['key', 'f1'],
        ['models', 'a,b'],
      ]),
      null,
    )
    const current = row(
      new Map([
        ['key', 'f0'],
        ['models', ',a,b,'],
      ]),
      '1',
    )
    const change = diffRow(desired, current)
    assert.ok(change?.kind === 'update')
    assert.deepEqual(
      change.cells.map(({ column, secret, difference }) => [column, secret, difference]),
      [
        ['key', true, 'different'],
        ['models', false, 'formatting'],
      ],
    )
  })
})
