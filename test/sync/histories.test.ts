import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { listRuns, newestToUndo } from '../../src/apply/journal-runs.ts'
import { newRun } from '../../src/apply/run.ts'
import { undoRun } from '../../src/apply/undo-run.ts'
import { LOCK, type World } from '../seed/world.ts'
import { forEachDialect } from '../support/databases.ts'
import { channels, localFirst, remark, remove, type Sides } from './cases.ts'
import { addChannel, createPair, leftOutline, outline, type Pair } from './harness.ts'
import { createLocal } from './local.ts'

forEachDialect((dialect, create) => {
  let pair: Pair
  before(async () => {
    pair = await createPair(createLocal, create)
  })
  describe(`histories with ${dialect}`, () => histories(() => pair))
})

function histories(pairOf: () => Pair): void {
  const begin = async (name: string): Promise<[Pair, Sides]> => {
    const pair = pairOf()
    await pair.reset()
    const sides = localFirst(pair)
    await channels(sides, name)
    return [pair, sides]
  }

  test('edit, push, edit, push', async () => {
    const [pair, { left }] = await begin('a')
    await pair.run('pull')
    for (const text of ['x', 'y']) {
      await remark(left, 'a', text)
      assert.deepEqual(outline(await pair.run('push')), ['update channels a|1: remark (pending)'])
    }
    assert.deepEqual(outline(await pair.plan('pull')), [])
  })

  test('edited there after a push', async () => {
    const [pair, { left, right }] = await begin('a')
    await pair.run('pull')
    await remark(left, 'a', 'x')
    await pair.run('push')
    await remark(right, 'a', 'y')
    assert.deepEqual(leftOutline(await pair.plan('push')), ['drift channels a|1'])
    assert.deepEqual(outline(await pair.run('pull')), ['update channels a|1: remark (pending)'])
    await remark(left, 'a', 'z')
    assert.deepEqual(outline(await pair.plan('push')), ['update channels a|1: remark (pending)'])
  })

  test("somebody else's push is no agreement of this side", async () => {
    const [pair, { left, right }] = await begin('a')
    await pair.run('pull')
    await remark(left, 'a', 'x')
    await pair.run('push')
    await right.execute(`update tidegate_base set seed = 'push:00000000deadbeef'`)
    await remark(left, 'a', 'y')
    assert.deepEqual(leftOutline(await pair.plan('push')), ['conflict channels a|1'])
  })

  test('pushed without a pull, it is known who edits it there', async () => {
    const [pair, { left, right }] = await begin('a')
    await remark(left, 'a', 'x')
    assert.deepEqual(outline(await pair.run('push')), ['update channels a|1: remark (different)'])
    await remark(right, 'a', 'y')
    assert.deepEqual(leftOutline(await pair.plan('push')), ['drift channels a|1'])
    assert.deepEqual(outline(await pair.plan('push', { useMemory: false })), [
      'update channels a|1: remark (different)',
    ])
  })

  test('what a push made it may delete, and then forgets', async () => {
    const [pair, { left, right }] = await begin('a')
    await addChannel(left, 50, 'mine')
    await pair.run('push')
    await remove(left, 'mine')
    const planned = await pair.run('push', { delete: true })
    assert.deepEqual(outline(planned), ['delete channels mine|1 +abilities (extra)'])
    assert.deepEqual(await right.select('channels', ['name']), [['a']])
    const keys = await right.select('tidegate_base', ['row_key'])
    assert.deepEqual(
      keys.filter(([key]) => key?.includes('mine')),
      [],
    )
  })

  test('what both sides deleted is forgotten by a pull', async () => {
    const [pair, { left, right }] = await begin('a')
    await channels({ left, right, nextId: () => 60 }, 'b')
    await pair.run('pull')
    for (const side of [left, right]) await remove(side, 'b')
    const { plan } = await pair.run('pull')
    const forgotten = plan.forgotten.map(({ rowKey }) => rowKey)
    assert.deepEqual(forgotten.toSorted(), [
      'abilities:["b","1","default","m"]',
      'channels:["b","1"]',
    ])
    assert.deepEqual((await pair.plan('pull')).plan.forgotten, [])
  })

  test('after the undo of a pull, the next one writes that again and nothing by hand', async () => {
    const [pair, { left, right }] = await begin('a')
    await channels({ left, right, nextId: () => 60 }, 'b')
    await remark(right, 'a', 'x')
    assert.deepEqual(outline(await pair.run('pull')), ['update channels a|1: remark (different)'])
    await undoNewest(pair.local)
    for (const name of ['a', 'b']) {
      await left.execute(`update channels set test_model = 'mine' where name = '${name}'`)
    }
    const again = await pair.plan('pull')
    assert.deepEqual(outline(again), ['update channels a|1: remark (unmanaged)'])
    assert.deepEqual(leftOutline(again), ['drift channels a|1', 'drift channels b|1'])
  })
}

async function undoNewest({ database }: World): Promise<void> {
  const { id } = newestToUndo(await listRuns(database))!
  const run = newRun({ command: 'undo', environment: 'test', toolVersion: '0.0.0' })
  await undoRun({ database, runId: id, run, lock: LOCK })
}
