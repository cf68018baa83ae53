import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { rebuildChange, type Change, deleteChange } from '../../src/diff/change.ts'
import { diffRow } from '../../src/diff/rows.ts'
import type { Row } from '../../src/snapshot/model.ts'
import { forEachDialect } from '../support/databases.ts'
import { executeRaw } from '../support/raw.ts'
import { type Cells, migrated } from './harness.ts'
import { KEY, UndoBench } from './undo-bench.ts'

const text = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .filter((made) => !made.includes('\0') && made.isWellFormed())
const models = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 })
const cells = fc.record(
  {
    models: models.map((names) => names.join(',')),
    tag: fc.option(text),
    remark: fc.option(text),
    key: text.map((made) => `sk-test-${made}`),
    priority: fc.integer({ min: -3, max: 3 }).map(String),
    status: fc.constantFrom('1', '2'),
  },
  { requiredKeys: [] },
)

type Step =
  | { readonly kind: 'insert' | 'update' | 'delete'; readonly at: number; readonly cells: Cells }
  | { readonly kind: 'option'; readonly key: string; readonly value: string | null }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('insert', 'update', 'delete'),
    at: fc.nat({ max: 5 }),
    cells,
  }),
  fc.record({
    kind: fc.constant('option' as const),
    key: fc.constantFrom('K', 'SMTPToken', 'New'),
    value: fc.option(text),
  }),
)

const BEGIN = `
  insert into channels (id, name, type, "key", models, "group", status, priority, remark, used_quota)
    values (1, 'one', 1, 'sk-test-1', 'a,b', 'default', 1, 0, '', 9007199254740993),
      (2, 'two', 1, 'sk-test-2', ' a ,b,', 'default', 2, null, null, 0);
  insert into abilities ("group", model, channel_id, enabled, priority, workflow_price)
    values ('default', 'a', 1, true, 0, 5), ('default', 'odd', 2, null, null, null);
  insert into options ("key", value) values ('K', '{"a": 1}'), ('SMTPToken', 'sk-test-mail')`

forEachDialect((_dialect, create) => {
  let it: UndoBench
  before(async () => {
    it = new UndoBench(await migrated(create, 'zeo'))
    await it.reset()
    await executeRaw(it.made.target, BEGIN)
  })

  async function channelRow(at: number): Promise<Row | undefined> {
    const rows = await it.made.bench.read('channels', ['name', 'type', 'tag'])
    return rows.length === 0 ? undefined : rows[at % rows.length]
  }

  async function changesOf(one: Step, serial: number): Promise<Change[]> {
    const { bench } = it.made
    if (one.kind === 'option') {
      const rows = await bench.read('options', ['value'])
      const current = rows.find(({ cells }) => cells.get('key') === one.key) ?? null
      if (one.value === null) return current === null ? [] : [deletion(current)]
      const wanted = bench.declare('options', { key: one.key, value: one.value }, [one.key])
      return [diffRow(wanted, current)].filter((change) => change !== null)
    }
    if (one.kind === 'insert') return it.plan({ ...one.cells, name: `new ${serial}` }, null)
    const row = await channelRow(one.at)
    if (row === undefined) return []
    const { id } = row.locator! as { id: string }
    if (one.kind === 'update') return it.plan(one.cells, id)
    const columns = ['enabled', 'priority', 'weight', 'tag']
    const abilities = await bench.read('abilities', columns)
    const remove = abilities.filter(({ locator }) => locator!['channel_id'] === id)
    const gone = { key: row.key, channelId: id, source: null, insert: [], update: [], remove }
    return [deletion(row), rebuildChange(gone)].filter((change) => change !== null)
  }

  test('undoing a run of any changes leaves every byte as it was', async () => {
    const begin = await it.rows()
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (steps, hasKey) => {
          const key = hasKey ? KEY : undefined
          const run = it.run('test', key)
          for (const [serial, one] of steps.entries()) {
            const changes = await changesOf(one, serial)
            if (changes.length > 0) await it.writeAs(run, changes)
          }
          const written = await it.rows()
          if (JSON.stringify(written) === JSON.stringify(begin)) return
          const { left, undoneBy } = await it.undo(run.id, key)
          assert.deepEqual(left, [])
          assert.deepEqual(await it.rows(), begin)
          await it.undo(undoneBy, key)
          assert.deepEqual(await it.rows(), written)
          await it.undo(run.id, key)
          assert.deepEqual(await it.rows(), begin)
        },
      ),
      { numRuns: 12 },
    )
  })
})

function deletion({ table, key, locator, cells }: Row): Change {
  return deleteChange(
    table,
    key,
    locator!,
    [...cells].map(([column, before]) => {
      return { column, before, after: null, difference: 'different', secret: false } as const
    }),
  )!
}
