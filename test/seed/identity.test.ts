import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'node:test'
import { SEED_ENV } from '../support/cli.ts'
import { forEachDialect } from '../support/databases.ts'
import { failureOf } from '../support/failures.ts'
import { bltcy, channelRow, createWorld, type Value, type World } from './world.ts'

const NAME = 'Bltcy旧网关'
const URL = SEED_ENV.BLTCY_BASE_URL
const MODELS = 'runway,pika,kling'

type Cells = Readonly<Record<string, Value>>

interface Case {
  readonly name: string
  /** Channels that are there, by id; those not named are an ordinary one's cells. */
  readonly prior?: Readonly<Record<number, Cells>>
  /** The seed is applied, then this statement runs. */
  readonly appliedThen?: string
  readonly adopt?: string
  /** Which id is the Bltcy channel afterwards. */
  readonly becomes: number
  readonly warning?: RegExp
}

const FOUND: readonly Case[] = [
  { name: 'an empty table gets the row', becomes: 1 },
  { name: 'other channels stay and it gets the next id', prior: { 7: {} }, becomes: 8 },
  { name: 'the recorded id', appliedThen: 'select 1', becomes: 1 },
  {
    name: 'the recorded id, renamed by an admin: it gets its name back',
    appliedThen: `update channels set name = '改名'`,
    becomes: 1,
  },
  {
    name: 'the recorded id, of another type today',
    appliedThen: 'update channels set type = 1',
    becomes: 1,
  },
  {
    name: 'the recorded id, renamed, with a URL of its own, still with one of the models',
    appliedThen: `update channels set name = 'mine', base_url = 'https://x.example', models = 'pika'`,
    becomes: 1,
  },
  {
    name: 'a new row when an admin deleted it',
    appliedThen: 'delete from channels; delete from abilities',
    // SQLite gives the id away again, a sequence does not.
    becomes: 1,
  },
  {
    name: 'the recorded id, when a namesake of the same type appears',
    appliedThen: `insert into channels (id, type, name, "key", models, "group", status, base_url)
      values (9, 55, '${NAME}', 'sk-test-x', 'x', 'default', 1, '')`,
    becomes: 1,
  },
  { name: 'type and name', prior: { 4: { type: 55, name: NAME }, 5: { type: 55 } }, becomes: 4 },
  {
    name: 'type and name before a likeness',
    prior: { 4: { type: 55, name: NAME }, 5: { type: 55, base_url: URL, models: MODELS } },
    becomes: 4,
  },
  { name: 'type and a shared URL', prior: { 4: { type: 55, base_url: URL } }, becomes: 4 },
  {
    name: 'type and the URL written with a slash at its end',
    prior: { 4: { type: 55, base_url: `${URL}/` } },
    becomes: 4,
  },
  {
    name: 'type and a shared model in a padded list',
    prior: { 4: { type: 55, models: ', kling ,' } },
    becomes: 4,
  },
  {
    name: 'a row of its type that shares nothing is another channel',
    prior: { 4: { type: 55, name: 'x', base_url: 'https://x.example' } },
    becomes: 5,
  },
  {
    name: '--adopt of a row that shares nothing at all',
    prior: { 4: { type: 1 } },
    adopt: '4',
    becomes: 4,
  },
  {
    name: '--adopt settles two candidates',
    prior: { 4: { type: 55, base_url: URL }, 5: { type: 55, models: 'pika' } },
    adopt: '5',
    becomes: 5,
  },
  {
    name: '--adopt of a namesake under another type',
    prior: { 4: { type: 37, name: NAME } },
    adopt: '4',
    becomes: 4,
  },
  {
    name: 'a namesake of another type beside the recorded one is named and left alone',
    appliedThen: `insert into channels (id, type, name, "key", models, "group", status, base_url)
      values (9, 3, '${NAME}', 'sk-test-x', 'x', 'default', 1, '')`,
    becomes: 1,
    warning: /^channel 9 \(type 3\) looks like the same channel and was left alone$/,
  },
]

interface Refusal {
  readonly name: string
  readonly prior: Readonly<Record<number, Cells>>
  readonly adopt?: string
  readonly message: RegExp
  readonly candidates?: readonly string[]
}

const REFUSED: readonly Refusal[] = [
  {
    name: 'two rows of its type and name',
    prior: { 4: { type: 55, name: NAME }, 5: { type: 55, name: NAME } },
    message: /2 channels carry its type and name: id 4 .*, id 5 /,
    candidates: ['4', '5'],
  },
  {
    name: 'two rows that share its URL or a model',
    prior: { 4: { type: 55, base_url: URL }, 5: { type: 55, models: 'pika', name: 'x' } },
    message: /2 channels could be it: id 4 \(type 55, name "other"\), id 5 \(type 55, name "x"\)/,
    candidates: ['4', '5'],
  },
  {
    name: 'rows whose names look like keys, which are not repeated',
    prior: {
      4: { type: 55, base_url: URL, name: 'sk-test-0123456789' },
      5: { type: 55, models: 'pika', name: 'x' },
    },
    message: /id 4 \(type 55, name "\[secret\]"\), id 5 \(type 55, name "x"\)/,
    candidates: ['4', '5'],
  },
  {
    name: 'a likeness and a namesake of another type',
    prior: { 4: { type: 55, base_url: URL }, 5: { type: 37, name: NAME } },
    message: /2 channels could be it: id 4 .*, id 5 \(type 37/,
    candidates: ['4', '5'],
  },
  {
    name: 'its name under another type',
    prior: { 4: { type: 37, name: NAME } },
    message: /a channel that looks like it has another type than 55: id 4 \(type 37/,
    candidates: ['4'],
  },
  {
    name: 'its URL and models under another type',
    prior: { 4: { type: 3, base_url: URL, models: 'kling' } },
    message: /another type than 55: id 4 \(type 3/,
    candidates: ['4'],
  },
  {
    name: '--adopt of an id that is not there',
    prior: { 4: {} },
    adopt: '6',
    message: /there is no channel with the id 6/,
  },
]

forEachDialect((_dialect, create) => {
  let world: World
  before(async () => {
    world = await createWorld(create, 'zeo')
  })
  beforeEach(() => world.reset())

  const insert = async (prior: Readonly<Record<number, Cells>> = {}) => {
    for (const [id, cells] of Object.entries(prior)) {
      await world.insert('channels', { id: Number(id), ...channelRow(cells) })
    }
  }
  const adoptions = (adopt: string | undefined) =>
    adopt === undefined ? {} : { adoptions: [{ channel: null, id: adopt }] }
  const channels = () => world.select('channels', ['id', 'type', 'name', 'models', 'base_url'])

  describe('identity', () => {
    for (const { name, prior, appliedThen, adopt, becomes, warning } of FOUND) {
      it(name, async () => {
        await insert(prior)
        if (appliedThen !== undefined) {
          await world.apply(await bltcy())
          await world.execute(appliedThen)
        }
        const untouched = (await channels()).filter(([id]) => id !== String(becomes))
        const isMade = (await channels()).length === untouched.length
        const { plans } = await world.apply(await bltcy(), adoptions(adopt))
        const after = await channels()
        const id = plans[0]!.rows[0]!.rowId ?? after.at(-1)![0]!
        if (!isMade) assert.equal(id, String(becomes))
        const row = after.find((one) => one[0] === id)!
        assert.deepEqual([row[1], row[2], row[4]!.replace(/\/$/, '')], ['55', NAME, URL])
        for (const model of MODELS.split(',')) assert.ok(row[3]!.split(',').includes(model))
        assert.deepEqual(
          after.filter((one) => one[0] !== id),
          untouched,
        )
        const warnings = plans.flatMap((plan) => plan.warnings)
        assert.equal(warnings.length, warning === undefined ? 0 : 1, warnings.join('; '))
        if (warning !== undefined) assert.match(warnings[0]!, warning)
        // Whatever it found, it finds the same again, without a flag, and has nothing to write.
        const again = await world.plan(await bltcy())
        assert.equal(again.plans[0]!.rows[0]!.rowId, id)
        assert.ok(again.plans[0]!.isSettled)
      })
    }
  })

  describe('refused', () => {
    for (const { name, prior, adopt, message, candidates } of REFUSED) {
      it(name, async () => {
        await insert(prior)
        const rows = await channels()
        const error = await failureOf(world.apply(await bltcy(), adoptions(adopt)))
        assert.equal(error.code, 'identity')
        assert.match(error.message, message)
        assert.match(error.nextStep!, /--adopt/)
        const listed = error.details['candidates'] as { id: string }[] | undefined
        assert.deepEqual(
          listed?.map(({ id }) => id),
          candidates,
        )
        assert.deepEqual(await channels(), rows)
        assert.deepEqual(await world.select('tidegate_runs', ['id']), [])
      })
    }

    it('an --adopt that means no declared channel, or more than one', async () => {
      const [seed] = await bltcy()
      const unclear = [{ channel: 'nobody', id: '1' }]
      const error = await failureOf(world.plan([seed!], { adoptions: unclear }))
      assert.equal(error.code, 'usage')
      assert.match(error.nextStep!, /bltcy-channel\/bltcy/)
    })
  })

  it('a recorded id that belongs to another channel today is not it', async () => {
    await world.apply(await bltcy())
    await world.execute('delete from abilities; delete from channels;')
    await world.insert('channels', { id: 1, ...channelRow({ name: 'somebody else' }) })
    const before = await world.select('channels', ['name', 'models', 'key'])
    await world.apply(await bltcy())
    const after = await world.select('channels', ['name', 'models', 'key'], 'id = 1')
    assert.deepEqual(after, before)
    assert.equal((await world.select('channels', ['id'])).length, 2)
    assert.equal((await world.select('abilities', ['channel_id'], 'channel_id = 1')).length, 0)
    assert.ok((await world.plan(await bltcy())).plans[0]!.isSettled)
  })
})
