import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { executeRaw, queryRaw } from '../support/raw.ts'
import { exactRows } from '../support/rows.ts'
import { type Bench, type Cells, CHANNEL, migrated } from './harness.ts'

const LONE = '\ud800'

interface Case {
  readonly cells: Cells
  readonly problems: readonly string[]
}

const CASES: Readonly<Record<string, Case>> = {
  'a group list over 64 characters': {
    cells: { group: 'group-'.repeat(11) },
    problems: [
      'channels.group takes at most 64 characters',
      'abilities.group takes at most 64 characters',
    ],
  },
  'a list that is too long although its groups are not': {
    cells: { group: `${'a'.repeat(40)},${'b'.repeat(40)}` },
    problems: ['channels.group takes at most 64 characters'],
  },
  'a model over 255 characters': {
    cells: { models: 'm'.repeat(256) },
    problems: ['abilities.model takes at most 255 characters'],
  },
  'a remark over 255 characters': {
    cells: { remark: 'r'.repeat(256) },
    problems: ['channels.remark takes at most 255 characters'],
  },
  'a NUL in a name': {
    cells: { name: 'a\0b' },
    problems: ['channels.name cannot hold a NUL character'],
  },
  'a NUL in a secret': {
    cells: { key: 'sk-test-\0secret' },
    problems: ['channels.key cannot hold a NUL character'],
  },
  'a lone surrogate in a model': {
    cells: { models: `a,${LONE}` },
    problems: ['channels.models is not valid Unicode', 'abilities.model is not valid Unicode'],
  },
  'a lone surrogate in a secret': {
    cells: { key: `sk-test-secret${LONE}` },
    problems: ['channels.key is not valid Unicode'],
  },
  'a column that this version lacks': {
    cells: { discord: 'value-of-a-column' },
    problems: ["this gateway's version has no column channels.discord"],
  },
  'several at once': {
    cells: { remark: 'r'.repeat(256), tag: 't\0' },
    problems: [
      'channels.remark takes at most 255 characters',
      'channels.tag cannot hold a NUL character',
      'abilities.tag cannot hold a NUL character',
    ],
  },
}

const FITTING: Readonly<Record<string, Cells>> = {
  'a group of 64 characters': { group: 'g'.repeat(64) },
  'a model of 255 characters': { models: 'm'.repeat(255) },
  // One character each, two units of UTF-16, three or four bytes.
  '64 characters of four bytes': { group: '🔑'.repeat(64) },
  '255 characters of three bytes': { remark: '旧'.repeat(255) },
}

forEachDialect((_dialect, create) => {
  let made: TestDatabase & { readonly bench: Bench }
  before(async () => {
    made = await migrated(create, 'n25')
  })
  const nothingWritten = async () => {
    for (const table of ['channels', 'abilities', 'tidegate_journal', 'tidegate_runs']) {
      assert.deepEqual(await exactRows(made.target, table), [], table)
    }
  }

  describe('a value that does not fit is refused before anything is written', () => {
    for (const [name, { cells, problems }] of Object.entries(CASES)) {
      test(name, async () => {
        const error = await failureOf(
          made.bench.apply(await made.bench.planChannel({ ...CHANNEL, ...cells }, null)),
        )
        assert.equal(error.code, 'value')
        assert.equal(error.message, `nothing was written: ${problems.join('; ')}`)
        assert.notEqual(error.nextStep ?? '', '')
        const shown = JSON.stringify([error.message, error.details, error.nextStep])
        for (const value of Object.values(cells)) assert.equal(shown.includes(value!), false)
        await nothingWritten()
      })
    }
  })

  for (const [name, cells] of Object.entries(FITTING)) {
    test(`${name} fits`, async () => {
      const { bench, target } = made
      await bench.apply(await bench.planChannel({ ...CHANNEL, ...cells }, null))
      const [column] = Object.keys(cells)
      const rows = await queryRaw(target, `select "${column}" from channels`)
      assert.deepEqual(rows, [[cells[column!]]])
      await bench.undo()
      assert.deepEqual(await exactRows(target, 'channels'), [])
    })
  }
})

forEachDialect((_dialect, create) => {
  test("one-api's shorter columns", async () => {
    const { bench, target } = await migrated(create, 'oa')
    const error = await failureOf(
      bench.apply(await bench.planChannel({ ...CHANNEL, group: 'g'.repeat(33) }, null)),
    )
    assert.match(error.message, /channels\.group takes at most 32 characters/)
    assert.match(error.message, /abilities\.group takes at most 32 characters/)
    assert.deepEqual(await exactRows(target, 'channels'), [])
  })

  test('an upgraded database whose abilities kept their shorter column', async (t) => {
    const { bench, database } = await migrated(create, 'upgraded-oa-n25')
    const catalog = await database.catalog()
    const limit = (table: string) => catalog.get(table)!.get('group')!.maxLength!
    if (limit('abilities') === limit('channels')) return t.skip('this dialect widens both')
    const plan = await bench.planChannel({ ...CHANNEL, group: 'g'.repeat(64) }, null)
    const error = await failureOf(bench.apply(plan))
    assert.equal(error.message, 'nothing was written: abilities.group takes at most 32 characters')
  })

  test('a secret column that becomes NULL needs no value', async () => {
    const { bench, target } = await migrated(create, 'n25')
    await bench.apply(await bench.planChannel({ ...CHANNEL, header_override: null }, null))
    await executeRaw(target, `update channels set header_override = 'sk-test-header'`)
    await bench.apply(await bench.planChannel({ header_override: null }, '1'))
    assert.deepEqual(await queryRaw(target, 'select header_override from channels'), [[null]])
  })
})
