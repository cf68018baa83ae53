import { Secret } from '../../src/secret.ts'
import { type DeclaredSeed, declareSeeds } from '../../src/seed/declare.ts'
import { defineSeed, initial } from '../../src/seed/define.ts'
import { secret } from '../../src/seed/inputs.ts'
import { bltcy, channelRow, seedOf, type World } from '../seed/world.ts'
import { SEED_ENV } from '../support/cli.ts'

export const MERGES = [
  ...seedOf({ options: [{ key: 'ModelPrice', merge: { runway: 0.5, pika: 1 } }] }, 'first'),
  ...seedOf({ options: [{ key: 'ModelPrice', merge: { 'kling-v2': 2 } }] }, 'second'),
]

const FULL_MERGES = [
  ...seedOf(
    { options: [{ key: 'ModelPrice', merge: { a: 1 }, otherwise: { 'gpt-4o': 2.5 } }] },
    'full',
  ),
  ...seedOf({ options: [{ key: 'ModelPrice', merge: { b: 2 } }] }, 'second'),
]

const CHANNEL = { id: 'one', type: 8, name: 'one', models: ['a'], group: ['g'] } as const

export const OWN_KEY = seedOf({ channels: [{ ...CHANNEL, key: new Secret('sk-test-own-0001') }] })

/** A key of `ONE_KEY` that is left to the gateway's admins afterwards. */
export const INITIAL_KEY = declareSeeds(
  [
    {
      name: 'initial-key',
      path: 'initial-key.ts',
      seed: defineSeed({
        description: 'made up',
        inputs: { key: secret('ONE_KEY') },
        rows: ({ key }) => ({ channels: [{ ...CHANNEL, key: initial(key) }] }),
      }),
    },
  ],
  { ONE_KEY: 'sk-test-one-0001' },
  '.',
)

/** The shipped seed's channel after an admin edited it. */
export const BLTCY_ROW = channelRow({
  id: 12,
  type: 55,
  name: 'Bltcy旧网关',
  base_url: SEED_ENV.BLTCY_BASE_URL,
  models: 'extra,pika',
  group: 'default',
  priority: 99,
  weight: 3,
})

export interface Case {
  readonly name: string
  readonly rows?: readonly Parameters<World['insert']>[]
  readonly seeds: readonly DeclaredSeed[]
  /** Of each item: source, operation, table, reason, columns, and where its secrets come from. */
  readonly items: readonly string[]
}

export const CASES: readonly Case[] = [
  {
    name: 'a row that is missing',
    seeds: await bltcy(),
    items: [
      'seed:bltcy-channel insert channels declared base_url,group,key,models,name,priority,status,type,weight env:BLTCY_API_KEY',
    ],
  },
  {
    name: 'a row that admins edited: lists keep what they have, initial values stay',
    seeds: await bltcy(),
    rows: [['channels', BLTCY_ROW]],
    items: ['seed:bltcy-channel update channels declared key,models env:BLTCY_API_KEY'],
  },
  {
    name: 'a row that is as declared but for its abilities',
    seeds: await bltcy(),
    rows: [
      ['channels', { ...BLTCY_ROW, models: 'runway,pika,kling', key: SEED_ENV.BLTCY_API_KEY }],
    ],
    items: ['seed:bltcy-channel update channels abilities'],
  },
  {
    name: 'two seeds that share one option',
    seeds: MERGES,
    rows: [['options', { key: 'ModelPrice', value: '{"z": 1.50}' }]],
    items: ['seed:first update options declared value'],
  },
  {
    name: 'two seeds that share an option that is missing',
    seeds: FULL_MERGES,
    items: ['seed:full insert options declared key,value'],
  },
  {
    name: 'a key that the seed file itself holds',
    seeds: OWN_KEY,
    items: [
      'seed:made-up insert channels declared group,key,models,name,priority,status,type,weight source',
    ],
  },
  {
    name: 'an initial key from a variable',
    seeds: INITIAL_KEY,
    items: [
      'seed:initial-key insert channels declared group,key,models,name,priority,status,type,weight env:ONE_KEY',
    ],
  },
  {
    name: 'an initial key of a row that is there',
    seeds: INITIAL_KEY,
    rows: [['channels', channelRow({ type: 8, name: 'one', models: 'a', group: 'g' })]],
    items: ['seed:initial-key update channels abilities'],
  },
]

const TABLES = {
  channels: ['id', 'type', 'name', 'key', 'status', 'models', 'group', 'base_url', 'priority'],
  abilities: ['group', 'model', 'channel_id', 'enabled', 'priority', 'weight', 'tag'],
  options: ['key', 'value'],
  tidegate_base: ['seed', 'row_key', 'table_name', 'row_id', 'cells'],
  tidegate_seeds: ['name', 'checksum'],
} as const

/** Everything that a seed writes but times and runs. */
export async function contentOf(world: World): Promise<unknown> {
  const tables: unknown[] = []
  for (const [table, columns] of Object.entries(TABLES)) {
    tables.push(await world.select(table, columns))
  }
  return tables
}
