import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'node:test'
import { include, initial } from '../../src/seed/define.ts'
import { Secret } from '../../src/secret.ts'
import { forEachDialect } from '../support/databases.ts'
import { ABILITY_COLUMNS, bltcy, channelRow, createWorld, seedOf, type World } from './world.ts'

const CELLS = [
  'models',
  'group',
  'priority',
  'weight',
  'status',
  'base_url',
  'key',
  'tag',
  'auto_ban',
]

const EXPECTED_ABILITIES = ['kling', 'pika', 'runway']

forEachDialect((dialect, create) => {
  let world: World
  const yes = dialect === 'sqlite' ? '1' : 'true'
  const no = dialect === 'sqlite' ? '0' : 'false'
  before(async () => {
    world = await createWorld(create, 'zeo')
  })
  beforeEach(async () => {
    await world.reset()
    await world.apply(await bltcy())
  })
  const cells = async (): Promise<Record<string, string | null>> => {
    const rows = await world.select('channels', CELLS)
    assert.equal(rows.length, 1)
    return Object.fromEntries(CELLS.map((name, index) => [name, rows[0]![index]!]))
  }

  describe('policies', () => {
    const cases = [
      {
        policy: 'ensure',
        change: `base_url = 'https://x.example'`,
        column: 'base_url',
        after: 'https://old-gateway.example',
      },
      {
        policy: 'ensure',
        change: `"key" = 'sk-test-changed'`,
        column: 'key',
        after: 'sk-test-0123456789abcdef',
      },
      { policy: 'initial', change: 'priority = 99', column: 'priority', after: '99' },
      { policy: 'initial', change: 'weight = 0', column: 'weight', after: '0' },
      { policy: 'initial', change: 'priority = null', column: 'priority', after: null },
      {
        policy: 'include',
        change: `models = 'extra,pika'`,
        column: 'models',
        after: 'extra,pika,runway,kling',
      },
      {
        policy: 'include',
        change: `models = 'kling,extra,runway,pika'`,
        column: 'models',
        after: 'kling,extra,runway,pika',
      },
      { policy: 'include', change: `"group" = 'vip'`, column: 'group', after: 'vip,default' },
      {
        policy: 'include',
        change: `models = ',runway,pika,kling,'`,
        column: 'models',
        after: 'runway,pika,kling',
      },
      { policy: 'undeclared', change: `tag = 'mine'`, column: 'tag', after: 'mine' },
      { policy: 'undeclared', change: 'auto_ban = 0', column: 'auto_ban', after: '0' },
    ]
    for (const { policy, change, column, after } of cases) {
      it(`${policy}: an admin's ${change} becomes ${after ?? 'NULL'}`, async () => {
        await world.execute(`update channels set ${change}`)
        await world.apply(await bltcy())
        assert.equal((await cells())[column], after)
        const abilities = await world.select('abilities', [
          'group',
          'model',
          'priority',
          'weight',
          'tag',
          'enabled',
        ])
        const { models, group, priority, weight, tag } = await cells()
        const derived = group!
          .split(',')
          .flatMap((g) =>
            models!.split(',').map((model) => [g, model, priority ?? '0', weight!, tag!, yes]),
          )
        assert.deepEqual(
          abilities,
          derived.toSorted((a, b) => (String(a) < String(b) ? -1 : 1)),
        )
      })
    }

    it('initial is written on creation, for secrets and lists too', async () => {
      const seed = seedOf({
        channels: [
          {
            id: 'one',
            type: 8,
            name: 'one',
            key: initial(new Secret('sk-test-first')),
            models: initial(['a', 'b']),
            group: include(['g']),
            base_url: initial('https://a.example'),
          },
        ],
      })
      await world.apply(seed)
      const read = () =>
        world.select('channels', ['key', 'models', 'group', 'base_url'], 'type = 8')
      assert.deepEqual(await read(), [['sk-test-first', 'a,b', 'g', 'https://a.example']])
      await world.execute(
        `update channels set "key" = 'sk-test-2', models = 'b', base_url = '' where type = 8`,
      )
      await world.apply(seed)
      assert.deepEqual(await read(), [['sk-test-2', 'b', 'g', '']])
    })
  })

  describe('status', () => {
    it('2, an admin, becomes 1, and the abilities are enabled again', async () => {
      await world.execute(
        `update channels set status = 2; update abilities set enabled = ${dialect === 'sqlite' ? 0 : 'false'}`,
      )
      const { plans } = await world.apply(await bltcy())
      assert.equal((await cells())['status'], '1')
      assert.deepEqual(plans[0]!.warnings, [])
      assert.deepEqual(
        await world.select('abilities', ['model', 'enabled']),
        EXPECTED_ABILITIES.map((model) => [model, yes]),
      )
    })

    it('3, the gateway itself, stays and is told, and its abilities stay disabled', async () => {
      await world.execute(
        `update channels set status = 3; update abilities set enabled = ${dialect === 'sqlite' ? 0 : 'false'}`,
      )
      const { plans } = await world.apply(await bltcy())
      assert.equal((await cells())['status'], '3')
      assert.match(
        plans[0]!.warnings.join(),
        /the gateway itself disabled the channel .*--re-enable/,
      )
      assert.deepEqual(
        await world.select('abilities', ['model', 'enabled']),
        EXPECTED_ABILITIES.map((model) => [model, no]),
      )
      assert.ok((await world.plan(await bltcy())).plans[0]!.isSettled)
    })

    it('3 with --re-enable becomes 1, without a warning', async () => {
      await world.execute(
        `update channels set status = 3; update abilities set enabled = ${dialect === 'sqlite' ? 0 : 'false'}`,
      )
      const { plans } = await world.apply(await bltcy(), { reEnable: true })
      assert.equal((await cells())['status'], '1')
      assert.deepEqual(plans[0]!.warnings, [])
      assert.deepEqual(
        await world.select('abilities', ['model', 'enabled']),
        EXPECTED_ABILITIES.map((model) => [model, yes]),
      )
    })
  })

  describe('stale abilities', () => {
    const text = dialect === 'sqlite' ? `'true'` : 'null'
    const off = dialect === 'sqlite' ? '0' : 'false'
    const cases = [
      ['one is missing', `delete from abilities where model = 'pika'`],
      ['all are missing', 'delete from abilities'],
      [
        'one too many',
        `insert into abilities ("group", model, channel_id, enabled) values ('default', 'old', 1, ${dialect === 'sqlite' ? 1 : 'true'})`,
      ],
      ['one of a padded list', `update abilities set model = ' pika' where model = 'pika'`],
      ['disabled by hand', `update abilities set enabled = ${off} where model = 'kling'`],
      ['enabled is NULL', `update abilities set enabled = null`],
      ['enabled stored as text', `update abilities set enabled = ${text}`],
      ['another priority', `update abilities set priority = 9 where model = 'kling'`],
      ['priority is NULL', `update abilities set priority = null`],
      ['another weight and tag', `update abilities set weight = 9, tag = 'x'`],
    ] as const
    for (const [name, breakage] of cases) {
      it(`${name}: repaired, and nothing else is written`, async () => {
        await world.execute(breakage)
        const { plans } = await world.apply(await bltcy())
        assert.deepEqual(
          plans[0]!.changes.map(({ kind }) => kind),
          ['rebuild'],
        )
        assert.deepEqual(
          await world.select('abilities', ABILITY_COLUMNS),
          EXPECTED_ABILITIES.map((model) => ['default', model, '1', yes, '5', '10']),
        )
        assert.deepEqual(await world.select('abilities', ['tag']), [[null], [null], [null]])
        if (dialect === 'sqlite') {
          assert.equal(
            (await world.select('abilities', ['model'], `typeof(enabled) <> 'integer'`)).length,
            0,
          )
        }
      })
    }

    it("keeps the fork's own columns, also where the rest of the row is repaired", async () => {
      await world.execute(
        `update abilities set workflow_price = 75, channel_ratio = 2.5, priority = 1 where model = 'pika'`,
      )
      await world.apply(await bltcy())
      assert.deepEqual(
        await world.select('abilities', ['model', 'workflow_price', 'channel_ratio', 'priority']),
        [
          ['kling', null, dialect === 'sqlite' ? '1.0' : '1', '5'],
          ['pika', '75', '2.5', '5'],
          ['runway', null, dialect === 'sqlite' ? '1.0' : '1', '5'],
        ],
      )
    })

    it("leaves another channel's abilities alone", async () => {
      await world.insert('channels', { id: 50, ...channelRow({ name: 'x', type: 1 }) })
      await world.insert('abilities', { group: 'odd', model: 'odd', channel_id: 50, enabled: null })
      await world.execute(`delete from abilities where channel_id = 1`)
      await world.apply(await bltcy())
      assert.deepEqual(await world.select('abilities', ['model'], 'channel_id = 50'), [['odd']])
    })
  })
})
