import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { LIST_SEPARATOR as SEPARATOR } from '../../src/database/contract.ts'
import { readStaleAbilities } from '../../src/snapshot/ability-check.ts'
import { forEachDialect, type TestDatabase } from '../support/databases.ts'
import { executeRaw } from '../support/raw.ts'
import { openTestReader } from '../support/readers.ts'

interface Channel {
  readonly models: string
  readonly group: string
  /** Group and model of its abilities. */
  readonly abilities: readonly (readonly [group: string, model: string])[]
}

const DERIVED: Readonly<Record<string, readonly Channel[]>> = {
  'the order in which the gateway writes them': [
    { models: 'a,b', group: 'g,h', abilities: pairs('g a', 'h a', 'g b', 'h b') },
  ],
  'another order': [{ models: 'a,b', group: 'g,h', abilities: pairs('h b', 'g a', 'h a', 'g b') }],
  'names that hold what a line escapes': [
    { models: 'a\tb,\\N', group: 'g', abilities: [...pairs('g \\N'), ['g', 'a\tb']] },
  ],
  'names that hold what separates lists': [
    { models: `a${SEPARATOR}b,c`, group: 'g', abilities: pairs(`g a${SEPARATOR}b`, 'g c') },
  ],
  'lists whose letters are the same one after the other': [
    { models: 'a', group: 'bc', abilities: pairs('bc a') },
    { models: 'ab', group: 'c', abilities: pairs('c ab') },
  ],
}

/** The last channel is stale, though its lists read in some way as those that it derives. */
const STALE: Readonly<Record<string, readonly Channel[]>> = {
  'a row that holds two names': [
    { models: 'a,b', group: 'g', abilities: pairs(`g${SEPARATOR}g a${SEPARATOR}b`) },
  ],
  'a name that holds one more': [
    { models: 'a,b', group: 'g', abilities: pairs('g a', `g b${SEPARATOR}c`) },
  ],
  'names that are cut at another place': [
    { models: `a${SEPARATOR}b,c`, group: 'g', abilities: pairs('g a', `g b${SEPARATOR}c`) },
  ],
  'a group that is not of its models': [
    { models: 'a,b', group: 'g,h', abilities: pairs('g a', 'h a', 'g b', 'x b') },
  ],
  'lists of another channel whose letters are the same one after the other': [
    { models: 'a', group: 'bc', abilities: pairs('bc a') },
    { models: 'ab', group: 'c', abilities: pairs('bc a') },
  ],
}

forEachDialect((_, create) => {
  let made: TestDatabase
  beforeEach(async () => {
    made = await create({ fixture: 'n25' })
  })

  async function countStale(channels: readonly Channel[]): Promise<string[]> {
    const statements = channels.flatMap(({ models, group, abilities }, index) => [
      `insert into channels (id, type, name, key, status, models, "group")
       values (${index + 1}, 1, 'channel ${index + 1}', 'sk-test-a', 1, '${models}', '${group}')`,
      ...abilities.map(
        ([ofGroup, model]) =>
          `insert into abilities ("group", model, channel_id, enabled, priority, weight)
           values ('${ofGroup}', '${model}', ${index + 1}, true, 0, 0)`,
      ),
    ])
    await executeRaw(made.target, statements.join(';'))
    const reader = await openTestReader(made.target)
    const check = { progress: { rows: 0 }, buckets: 0 }
    const found: string[] = []
    for await (const one of readStaleAbilities(reader, await reader.catalog(), check)) {
      found.push(`${one.channel[0]} +${one.insert} ~${one.update} -${one.remove}`)
    }
    const rows = channels.flatMap(({ abilities }) => abilities)
    assert.equal(check.progress.rows, rows.length)
    return found
  }

  for (const [name, channels] of Object.entries(DERIVED)) {
    test(`are as derived: ${name}`, async () => {
      assert.deepEqual(await countStale(channels), [])
    })
  }

  for (const [name, channels] of Object.entries(STALE)) {
    test(`are not as derived: ${name}`, async () => {
      const [found, ...others] = await countStale(channels)
      assert.deepEqual(others, [])
      assert.match(found ?? 'nothing', new RegExp(`^channel ${channels.length} \\+[12] ~0 -[12]$`))
    })
  }
})

function pairs(...texts: readonly string[]): Channel['abilities'] {
  return texts.map((text) => {
    const [group = '', model = ''] = text.split(' ')
    return [group, model]
  })
}
