import assert from 'node:assert/strict'
import { it } from 'node:test'
import { forEachDialect } from '../support/databases.ts'
import { bltcy, channelRow, createWorld } from './world.ts'

forEachDialect((_dialect, create) => {
  it('a Dify channel, whose type upstream is 37 too, is never touched', async () => {
    const world = await createWorld(create, 'n25')
    const dify = channelRow({ name: 'Dify', base_url: 'https://dify.example', models: 'dify-chat' })
    await world.insert('channels', { id: 3, ...dify })
    await world.insert('abilities', { group: 'default', model: 'dify-chat', channel_id: 3 })
    const all = ['id', 'type', 'name', 'key', 'models', 'group', 'status', 'base_url', 'priority']
    const before = await world.select('channels', all)
    for (let run = 0; run < 2; run += 1) await world.apply(await bltcy())
    assert.deepEqual(await world.select('channels', all, 'id = 3'), before)
    assert.equal((await world.select('channels', ['id'])).length, 2)
    const abilities = await world.select('abilities', ['model', 'enabled'], 'channel_id = 3')
    assert.deepEqual(abilities, [['dify-chat', null]])
  })
})
