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

forBothDirections(
  'zeo',
  (pair) => {
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
