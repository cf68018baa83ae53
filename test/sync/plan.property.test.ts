import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { TidegateError } from '../../src/errors.ts'
import type { SyncPlan } from '../../src/sync/choice.ts'
import type { World } from '../seed/world.ts'
import { insertText } from '../seed/world.ts'
import { forEachDialect } from '../support/databases.ts'
import { type Command, createPair, outline, type Pair } from './harness.ts'
import { createLocal } from './local.ts'

const TABLES = ['channels', 'abilities', 'options', 'models', 'vendors'] as const

const NAMES = ['a', '旧网关', "b|c'; --", 'x/y/z', '😀\t'] as const

interface Edit {
  readonly side: 'local' | 'production'
  readonly sql: (side: World) => string
}

const quoted = (text: string | null): string =>
  text === null ? 'null' : `'${text.replaceAll("'", "''")}'`

const name = fc.constantFrom(...NAMES)

const CELLS: Readonly<Record<string, readonly (string | null)[]>> = {
  remark: [null, '', 'x', '</b>|`\\N', 'with sk-test-12345678'],
  models: ['m', 'm,n', 'n,m', ' m,,n', '', 'ﬀ,😀'],
  group: ['default', 'default,vip'],
  model_mapping: [null, '', '{"a":"b"}', '{"c": "d", "a":"x"}', '{}'],
  settings: [null, '{"b": 1.50, "a": 9007199254740993}', '{"a":9007199254740993,"b":1.5}'],
  base_url: [null, '', 'https://a.example', 'https://a.example/'],
  key: ['sk-test-one-1234', 'sk-test-two-1234'],
}

const NUMBERS = { status: [1, 2, 3], priority: [0, 5], weight: [0, 7], used_quota: [0, 9] }

const cell = fc.constantFrom(...Object.keys(CELLS), ...Object.keys(NUMBERS)).chain((column) => {
  const values =
    column in CELLS
      ? CELLS[column]!.map(quoted)
      : NUMBERS[column as keyof typeof NUMBERS].map(String)
  return fc.tuple(fc.constant(column), fc.constantFrom(...values))
})

const map = fc.constantFrom('{}', '{"a":1}', '{"b": 2.50,"a":1}', '{"a":3,"c":0}', 'no map', '')

const channelOf = (name: string) => `(select id from channels where name = ${quoted(name)})`

const statement: fc.Arbitrary<Edit['sql']> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(name, cell).map(([of, [column, value]]) => () => {
      return `update channels set "${column}" = ${value} where name = ${quoted(of)}`
    }),
  },
  fc.tuple(name, fc.integer({ min: 1, max: 99 })).map(([of, id]) => ({ dialect }: World) => {
    const row = { id, name: of, type: 1, key: 'sk-test-new-1234', models: 'm', group: 'default' }
    const insert = insertText(dialect, 'channels', row)
    // Now and then a name is there twice.
    return `delete from channels where id = ${id}; ${insert}`
  }),
  name.map(
    (of) => () =>
      `delete from abilities where channel_id in ${channelOf(of)}; delete from channels where name = ${quoted(of)}`,
  ),
  fc.tuple(fc.constantFrom('ModelRatio', 'Footer', 'SMTPToken', 'Notice'), map).map(
    ([key, value]) =>
      () =>
        `delete from options where key = '${key}'; insert into options (key, value) values ('${key}', '${value}')`,
  ),
  fc
    .constantFrom('ModelRatio', 'Footer')
    .map((key) => () => `delete from options where key = '${key}'`),
  fc.tuple(name, name).map(
    ([of, vendor]) =>
      () =>
        `delete from models where model_name = ${quoted(of)};
         insert into models (model_name, vendor_id) values (${quoted(of)},
           coalesce((select max(id) from vendors where name = ${quoted(vendor)}), 0))`,
  ),
  fc.tuple(name, fc.integer({ min: 1, max: 3 })).map(
    ([of, id]) =>
      () =>
        `delete from vendors where id = ${id}; insert into vendors (id, name) values (${id}, ${quoted(of)})`,
  ),
)

const edits = fc.array(
  fc.record<Edit>({ side: fc.constantFrom('local', 'production'), sql: statement }),
  { maxLength: 8 },
)

const scenario = fc.record({
  begin: edits,
  isPulled: fc.boolean(),
  later: edits,
  command: fc.constantFrom<Command>('push', 'pull'),
  overwrite: fc.boolean(),
  delete: fc.boolean(),
})

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never

const RUNS = { sqlite: 300, postgres: 30 } as const

forEachDialect((dialect, create) => {
  let pair: Pair
  before(async () => {
    pair = await createPair(createLocal, create)
  })
  test('what is planned is all that is written, and then there is nothing to plan', async () => {
    let written = 0
    await fc.assert(
      fc.asyncProperty(scenario, async (one) => {
        written += await check(pair, one)
      }),
      { numRuns: RUNS[dialect] },
    )
    // A scenario writes 0.9 rows on average, and 30 of them 26 ± 6: chance alone must not fail this.
    assert.ok(written > RUNS[dialect] / 10, `only ${written} rows were written`)
  })
})

async function check(pair: Pair, one: Scenario): Promise<number> {
  await pair.reset()
  await edit(pair, one.begin)
  if (one.isPulled) await refusable(() => pair.run('pull'))
  await edit(pair, one.later)
  const options = { overwrite: one.overwrite, delete: one.delete, maxDeletes: 99 }
  const planned = await refusable(() => pair.plan(one.command, options))
  if (planned === null) return 0
  const [from, to] =
    one.command === 'push' ? [pair.local, pair.production] : [pair.production, pair.local]
  const [source, target] = [await everything(from), await everything(to)]
  await pair.apply(planned)
  assert.deepEqual(await everything(from), source)
  assertOnlyPlanned(planned, target, await everything(to))
  const again = await refusable(() => pair.plan(one.command, options))
  if (again === null) return planned.plan.items.length
  assert.deepEqual(outline(again), [])
  if (one.command === 'pull') assert.deepEqual([again.plan.memory, again.plan.forgotten], [[], []])
  return planned.plan.items.length
}

async function edit(pair: Pair, all: readonly Edit[]): Promise<void> {
  for (const name of ['local', 'production'] as const) {
    const texts = all.filter(({ side }) => side === name).map(({ sql }) => sql(pair[name]))
    if (texts.length > 0) await pair[name].execute(`${texts.join(';\n')};`)
  }
}

/** A side that lost too much is refused. */
async function refusable<T>(attempt: () => Promise<T>): Promise<T | null> {
  try {
    return await attempt()
  } catch (error) {
    if (error instanceof TidegateError && error.code === 'plan') return null
    throw error
  }
}

type Rows = Readonly<Record<string, readonly string[]>>

/** Every cell of every row as text. */
async function everything(side: World): Promise<Rows> {
  const catalog = await side.database.catalog()
  const rows: Record<string, string[]> = {}
  for (const table of TABLES) {
    const found = await side.select(table, [...catalog.get(table)!.keys()])
    rows[table] = found.map((cells) => JSON.stringify(cells))
  }
  return rows
}

/** Each item changes its row; every other row stays as it is, to the byte. */
function assertOnlyPlanned({ plan }: SyncPlan, before: Rows, after: Rows): void {
  for (const table of TABLES) {
    const items = plan.items.filter((item) => item.table === table)
    const [gone, made] = [
      without(before[table]!, after[table]!),
      without(after[table]!, before[table]!),
    ]
    if (table === 'abilities') continue
    const count = (operation: string) => items.filter((item) => item.operation === operation).length
    assert.equal(gone.length, count('update') + count('delete'), `${table}: ${gone.join()}`)
    assert.equal(made.length, count('update') + count('insert'), `${table}: ${made.join()}`)
  }
  const changes = plan.items
    .flatMap((item) => item.changes)
    .filter(({ kind }) => kind === 'rebuild')
  const isTouched = changes.length > 0 || plan.items.some(({ table }) => table === 'abilities')
  if (!isTouched) assert.deepEqual(after['abilities'], before['abilities'])
}

function without(rows: readonly string[], others: readonly string[]): string[] {
  const left = [...others]
  return rows.filter((row) => {
    const index = left.indexOf(row)
    if (index !== -1) left.splice(index, 1)
    return index === -1
  })
}
