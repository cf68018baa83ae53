import { edit } from './cases.ts'
import { addChannel, type Pair } from './harness.ts'

/** Rows of every kind that a choice can be about; production remembers a push of some. */
export async function prepare({ local, production }: Pair): Promise<void> {
  const names = ['one', 'two/a', 'three', 'gone', 'gone too']
  for (const [index, name] of names.entries()) {
    await addChannel(local, 1 + index, name, { setting: '{"a":1}' })
    await addChannel(production, 1_000 + index, name)
  }
  for (const side of [local, production]) {
    await side.insert('users', { id: 1, username: 'ann', password: 'x', aff_code: 'a' })
    await side.insert('options', {
      key: 'SMTPToken',
      value: `sk-test-${side.dialect}-${side === local}`,
    })
  }
  await local.insert('users', { id: 2, username: 'bob', password: 'x', aff_code: 'b' })
  await remember(production, names)
  for (const name of ['gone', 'gone too']) {
    await local.execute(`delete from channels where name = '${name}'`)
  }
  await edit(local, 'channels', ['name', 'one'], { remark: 'x', tag: 'x' })
  await edit(local, 'channels', ['name', 'two/a'], { remark: 'x' })
  await edit(production, 'channels', ['name', 'three'], { remark: 'there' })
  await addChannel(local, 500, 'new', { setting: '{"b":2}' })
  await addChannel(local, 501, 'keyless', { key: '' })
  await addChannel(production, 9_000, 'theirs')
  await local.insert('tokens', { id: 1, user_id: 1, key: 'sktestann', name: 't' })
  await local.insert('tokens', { id: 2, user_id: 2, key: 'sktestbob', name: 't' })
  await production.insert('tokens', { id: 3, user_id: 1, key: 'sktestown', name: 'own' })
}

/** As a push of these channels remembers them. */
async function remember(side: Pair['local'], names: readonly string[]): Promise<void> {
  for (const name of names) {
    const cells = JSON.stringify({ remark: null, tag: null, models: 'm', priority: '0' })
    await side.insert('tidegate_base', {
      seed: 'push',
      row_key: `channels:${JSON.stringify([name, '1'])}`,
      table_name: 'channels',
      row_id: '1',
      cells,
      run_id: '20260101T000000000Z-00000000',
    })
  }
}
