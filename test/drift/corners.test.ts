import assert from 'node:assert/strict'
import { it } from 'node:test'
import { CORNER_TABLE, CORNERS, sqlFor } from './corners.ts'
import { comparePair, forBothDirections, outlines, type Side } from './world.ts'

const NAMED = { named: ['corners'] }

async function insertCorners(side: Side): Promise<void> {
  const rows = Object.entries(CORNERS).map(
    ([name, { column, value }]) =>
      `insert into corners (name, ${column}) values ('${name}', ${sqlFor(value, side.dialect)});`,
  )
  await side.execute(`delete from corners; ${rows.join('\n')}`)
}

async function changeCorners(side: Side): Promise<void> {
  const rows = Object.entries(CORNERS).map(
    ([name, { column, other }]) =>
      `update corners set ${column} = ${sqlFor(other, side.dialect)} where name = '${name}';`,
  )
  await side.execute(rows.join('\n'))
}

/** What SQLite takes and PostgreSQL cannot hold. */
const BROKEN = {
  'a NUL': "cast(x'610062' as text)",
  'no UTF-8': "cast(x'61ff62' as text)",
  'half a surrogate': "cast(x'61eda08062' as text)",
  'an overlong form': "cast(x'61c0af62' as text)",
}

forBothDirections(
  'zeo',
  (pair) => {
    for (const [name, broken] of Object.entries(BROKEN)) {
      it(`text with ${name} is a finding, and makes no key that passes for another`, async () => {
        await pair.execute(`delete from corners;
          insert into corners (name, note) values ('a', 'ab'), ('b', 'b'), ('c', 'c')`)
        const sqlite = pair.from.dialect === 'sqlite' ? pair.from : pair.to
        await sqlite.execute(`update corners set note = ${broken} where name = 'a'`)
        assert.deepEqual(outlines(await comparePair(pair, NAMED)), [
          'changed different corners a: note',
        ])
        await sqlite.execute(`update corners set name = ${broken} where name = 'b'`)
        const { verdict, findings } = await comparePair(pair, NAMED)
        // Rows whose keys are no text cannot be put in order.
        if (name !== 'a NUL') assert.equal(verdict.status, 'incomplete')
        else assert.equal(findings.length, 3)
      })
    }

    it('the same values in both dialects are equal', async () => {
      await insertCorners(pair.from)
      await insertCorners(pair.to)
      const report = await comparePair(pair, NAMED)
      assert.deepEqual(outlines(report), [])
      assert.equal(report.verdict.status, 'clean')
      const rows = Object.keys(CORNERS).length
      const { from, to } = report.tables.find(({ table }) => table === 'corners')!
      assert.deepEqual([from, to], [rows, rows])
    })

    for (const changed of ['from', 'to'] as const) {
      it(`each other value in ${changed} is found`, async () => {
        await insertCorners(pair.from)
        await insertCorners(pair.to)
        await changeCorners(pair[changed])
        const report = await comparePair(pair, NAMED)
        assert.deepEqual(
          outlines(report),
          Object.entries(CORNERS)
            .map(([name, { column }]) => `changed different corners ${name}: ${column}`)
            .toSorted(),
        )
      })
    }
  },
  (side) => side.execute(CORNER_TABLE[side.dialect]),
)
