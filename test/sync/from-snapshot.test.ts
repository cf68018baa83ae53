import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import { type Base, snapshotBase } from '../../src/drift/base.ts'
import { openDatabaseSource } from '../../src/snapshot/database-source.ts'
import { readSnapshot, snapshotSource } from '../../src/snapshot/file-source.ts'
import { saveSnapshot } from '../../src/snapshot/file-write.ts'
import { maskSecrets } from '../../src/snapshot/mask.ts'
import type { Source } from '../../src/snapshot/source.ts'
import type { World } from '../seed/world.ts'
import { forEachDialect } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { openTestReader } from '../support/readers.ts'
import { channels, edit, localFirst } from './cases.ts'
import { addChannel, createPair, leftOutline, outline, type Pair } from './harness.ts'
import { createLocal } from './local.ts'

forEachDialect((dialect, create) => {
  let pair: Pair
  before(async () => {
    pair = await createPair(createLocal, create)
  })
  beforeEach(() => pair.reset())
  describe(`from a snapshot with ${dialect}`, () => fromSnapshot(() => pair))
})

function fromSnapshot(pairOf: () => Pair): void {
  const save = async (pair: Pair, side: World): Promise<Source> => {
    const reader = await openTestReader(side.target)
    const source = await openDatabaseSource('production', reader, pair.fingerprinter)
    const path = `${pair.local.target.dialect === 'sqlite' ? pair.local.target.path : ''}.snapshot`
    const mask = maskSecrets(pair.fingerprinter)
    await saveSnapshot(path, { source, named: [], withCustomers: false, base: [], mask })
    return snapshotSource('production', await readSnapshot(path, 'snapshot'))
  }
  test('a pull takes what it says, and leaves what it masks', async () => {
    const pair = pairOf()
    await addChannel(pair.production, 1, 'new', { remark: 'r' })
    await addChannel(pair.production, 2, 'masked', { base_url: 'https://u:sk-test-9@a.example' })
    const snapshot = await save(pair, pair.production)
    const planned = await pair.run('pull', { snapshot })
    assert.deepEqual(outline(planned), ['insert channels new|1 +abilities (missing)'])
    assert.deepEqual(leftOutline(planned), ['masked channels masked|1'])
    const again = await pair.plan('pull', { snapshot })
    assert.deepEqual([again.plan.items, again.plan.memory, again.plan.forgotten], [[], [], []])
  })
  test('a push needs a key for what is new, and tells what it cannot take along', async () => {
    const pair = pairOf()
    await addChannel(pair.local, 1, 'new', { setting: '{"a":"b"}' })
    const snapshot = await save(pair, pair.local)
    assert.match(
      (await failureOf(pair.plan('push', { snapshot }))).message,
      /no key for channels\/new/,
    )
    const references = new Map([['channels/new', { kind: 'env', name: 'KEY' } as const]])
    const planned = await pair.plan('push', { snapshot, references })
    assert.match(planned.warnings.join('\n'), /"new" is made without its setting/)
  })
  test('a snapshot is a base', async () => {
    const pair = pairOf()
    await channels(localFirst(pair), 'a')
    const source = await save(pair, pair.production)
    const base: Base = snapshotBase('snapshot', source, maskSecrets(null))
    await edit(pair.production, 'channels', ['name', 'a'], { remark: 'x' })
    assert.deepEqual(leftOutline(await pair.plan('push', { base })), ['drift channels a|1'])
    assert.deepEqual(outline(await pair.plan('pull', { base })), [
      'update channels a|1: remark (pending)',
    ])
  })
  test('a table that it does not hold is told, or refused where it is asked for', async () => {
    const pair = pairOf()
    const snapshot = await save(pair, pair.production)
    const { warnings } = await pair.plan('pull', { snapshot })
    assert.match(warnings.join('\n'), /users is left out: the snapshot does not hold it/)
    const refused = await failureOf(pair.plan('pull', { snapshot, tables: ['tokens'] }))
    assert.match(refused.message, /tokens cannot be compared: the snapshot does not hold it/)
  })
}
