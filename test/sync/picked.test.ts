import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { PlanItem } from '../../src/apply/plan.ts'
import { planSync } from '../../src/sync/plan.ts'
import type { SyncWorld } from '../../src/sync/world.ts'
import { createPair, NOTHING_CHOSEN, outline } from './harness.ts'
import { createLocal } from './local.ts'

const COLUMNS = ['vendor_id', 'icon']

describe('a cell that names a row of another table', () => {
  let world: SyncWorld
  before(async () => {
    const pair = await createPair(createLocal, createLocal)
    await pair.insertBoth('vendors', { id: 1, name: 'v' })
    await pair.local.insert('models', { id: 1, model_name: 'm', vendor_id: 1, icon: 'i' })
    await pair.production.insert('models', { id: 2, model_name: 'm' })
    world = await pair.read('push')
  })

  for (const column of COLUMNS) {
    test(`${column} is written where it is picked alone`, () => {
      const picked = (_item: PlanItem, asked: string | null) => asked === column
      const planned = planSync(world, { ...NOTHING_CHOSEN, picked })
      assert.deepEqual(outline(planned), [`update models m: ${column} (different)`])
      assert.deepEqual(
        planned.left.map(({ code }) => code),
        ['unselected'],
      )
    })
  }

  test('is asked for by the name that the plan shows', () => {
    const asked = new Set<string | null>()
    const picked = (_item: PlanItem, column: string | null) => asked.add(column).size > 0
    planSync(world, { ...NOTHING_CHOSEN, picked })
    assert.deepEqual(asked, new Set(COLUMNS))
  })

  for (const name of ['vendor_id', 'vendor']) {
    test(`is selected by ${name}, as plan or drift call it`, () => {
      const planned = planSync(world, { ...NOTHING_CHOSEN, select: [`models/m/${name}`] })
      assert.deepEqual(outline(planned), ['update models m: vendor_id (different)'])
    })
  }
})
