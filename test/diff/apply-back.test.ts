import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import type { Database, DialectName } from '../../src/database/contract.ts'
import { diffCells } from '../../src/diff/cells.ts'
import { diffRow } from '../../src/diff/rows.ts'
import { columnRule } from '../../src/gateway/columns.ts'
import type { Cell, Row } from '../../src/snapshot/model.ts'
import { type Bench, type Cells, migrated } from '../apply/harness.ts'
import { forEachDialect } from '../support/databases.ts'

const PAIRS: Readonly<Record<DialectName, number>> = { sqlite: 10_000, postgres: 2_000 }

/** PostgreSQL takes each row of a plan as one part of a statement. */
const ROWS_OF_A_PLAN: Readonly<Record<DialectName, number>> = { sqlite: 5_000, postgres: 100 }
const ROWS_OF_AN_INSERT = 200

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', ' a', "'", '\t\\N'),
)
const nullable = (values: fc.Arbitrary<string>): fc.Arbitrary<Cell> =>
  fc.option(values, { freq: 6 })
const list = fc
  .array(fc.constantFrom('', 'runway', 'pika', ' kling', 'suno ', 'a，b', '汉'), { maxLength: 6 })
  .map((elements) => elements.join(','))
const integer = fc
  .oneof(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.constantFrom(0n, 1n, 5n))
  .map(String)
const json = fc.json({ stringUnit: 'grapheme', maxDepth: 2 })
const map = fc
  .dictionary(
    fc.constantFrom('a', 'b', '75', '__proto__', 'ü'),
    fc.oneof(
      fc.constantFrom('x', 1, 1.5, null),
      fc.jsonValue({ maxDepth: 1, stringUnit: 'grapheme' }),
    ),
    { noNullPrototype: true },
  )
  .map((members) => JSON.stringify(members, null, Object.keys(members).length % 2))
const url = fc.constantFrom(
  '',
  'https://a.example',
  'https://a.example/',
  'HTTPS://A.example/v1',
  'x',
)

const channel = {
  key: fc.constantFrom('sk-test-1', 'sk-test-2', 'sk-test-汉'),
  models: nullable(list),
  group: nullable(list),
  status: fc.constantFrom('1', '2', '3'),
  priority: nullable(integer),
  weight: nullable(integer),
  base_url: nullable(url),
  tag: nullable(text),
  remark: nullable(text),
  model_mapping: nullable(fc.oneof(map, map, text)),
  settings: nullable(fc.oneof(json, map, text)),
  channel_info: nullable(map),
  channel_ratio: nullable(fc.constantFrom('1', '0.5', '2.25')),
}
const option = { value: nullable(fc.oneof(map, json, text, integer)) }

interface Table {
  readonly name: 'channels' | 'options'
  /** Of the pairs: a channel takes four times as long to write. */
  readonly share: number
  readonly cells: Readonly<Record<string, fc.Arbitrary<Cell>>>
  readonly keyOf: (index: number) => Readonly<Record<string, string>>
}

const TABLES: readonly Table[] = [
  {
    name: 'channels',
    share: 0.25,
    cells: channel,
    keyOf: (index) => ({ name: `made up ${index}`, type: '1' }),
  },
  { name: 'options', share: 0.75, cells: option, keyOf: (index) => ({ key: `MadeUp${index}` }) },
]

forEachDialect((dialect, create) => {
  let bench: Bench
  before(async () => {
    bench = (await migrated(create, 'zeo')).bench
  })

  for (const { name, share, cells, keyOf } of TABLES) {
    const count = PAIRS[dialect] * share
    test(`${name}: applying diff(a, b) to a gives b, ${count} generated pairs`, async () => {
      const seed = Math.floor(Math.random() * 2 ** 31)
      const pairs = fc.sample(pairOf(pooled(cells, seed)), { numRuns: count, seed })
      const stored = pairs.map(([a], index) => ({ ...keyOf(index), ...a }))
      await insert(bench.database, name, stored)
      const wanted = new Map(
        pairs.map(([, b], index) => {
          const declared = declare(bench, name, keyOf(index), b)
          return [declared.key, declared]
        }),
      )
      const columns = Object.keys(cells)
      const changes = (await bench.read(name, columns))
        .map((current) => diffRow(wanted.get(current.key)!, current))
        .filter((change) => change !== null)
      assert.ok(changes.length > count / 3, `${changes.length} changes`)
      for (let index = 0; index < changes.length; index += ROWS_OF_A_PLAN[dialect]) {
        await bench.apply(changes.slice(index, index + ROWS_OF_A_PLAN[dialect]))
      }

      const rules = columns.map((column) => columnRule(name, column))
      const rows = await bench.read(name, columns)
      assert.equal(rows.length, count)
      for (const current of rows) {
        const found = diffCells(rules, current.cells, wanted.get(current.key)!.cells)
        assert.deepEqual(found, { differences: [], unknown: 0 }, `seed ${seed}`)
      }
    })
  }
})

/** Two rows that differ in up to three cells, as rows of two installations do. */
function pairOf(cells: Table['cells']): fc.Arbitrary<readonly [Cells, Cells]> {
  const row = fc.record(cells)
  const names = fc.subarray(Object.keys(cells), {
    maxLength: Math.min(3, Object.keys(cells).length),
  })
  return fc
    .tuple(row, row, names)
    .map(([a, b, changed]) => [
      a,
      { ...a, ...Object.fromEntries(changed.map((name) => [name, b[name]!])) },
    ])
}

/** Some hundred values for each column, of which the rows are made: text is slow to generate. */
function pooled(cells: Table['cells'], seed: number): Table['cells'] {
  return Object.fromEntries(
    Object.entries(cells).map(([name, values]) => [
      name,
      fc.constantFrom(...fc.sample(values, { numRuns: 300, seed })),
    ]),
  )
}

function declare(bench: Bench, table: string, key: Cells, cells: Cells): Row {
  if (table === 'options') return bench.declare(table, cells, [key['key']!])
  return bench.channel(cells, { name: key['name']!, type: key['type']! })
}

async function insert(database: Database, table: string, rows: readonly Cells[]): Promise<void> {
  const columns = (await database.catalog()).get(table)!
  const bound = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, cell]) => [name, database.bind(columns.get(name)!, cell)]),
    ),
  )
  await database.transaction(async () => {
    for (let index = 0; index < bound.length; index += ROWS_OF_AN_INSERT) {
      const values = bound.slice(index, index + ROWS_OF_AN_INSERT)
      await database.queries.insertInto(table).values(values).execute()
    }
  })
}
