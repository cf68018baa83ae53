import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { DialectName, Target } from '../../src/database/contract.ts'
import { SEED_ENV } from '../support/cli.ts'
import { forEachDialect } from '../support/databases.ts'
import { GATEWAY_FIXTURES, type GatewayFixture } from '../support/fixtures.ts'
import { queryRaw, withSqlite } from '../support/raw.ts'
import { bltcy, createWorld, type World } from './world.ts'

/** A value as SQLite stores it (`integer 5`) and as PostgreSQL says it in JSON. */
interface Expected {
  readonly sqlite: readonly string[]
  readonly postgres: readonly unknown[]
}

const same = (storage: string, value: unknown): Expected => ({
  sqlite: [`${storage} ${String(value)}`],
  postgres: [value],
})
const text = (value: string) => same('text', value)
const int = (value: number) => same('integer', value)
const real = (value: number) => same('real', value)
const bool = (value: boolean): Expected => ({
  sqlite: [`integer ${Number(value)}`],
  postgres: [value],
})
const NULL: Expected = { sqlite: ['null'], postgres: [null] }
/** Where the gateway reads both alike. */
const EMPTY: Expected = { sqlite: ['null', 'text '], postgres: [null, ''] }

const CHANNEL_INFO =
  '{"is_multi_key":false,"multi_key_size":0,"multi_key_status_list":null,"multi_key_polling_index":0,"multi_key_mode":""}'

const EVERYWHERE: Readonly<Record<string, Expected>> = {
  id: int(1),
  key: text(SEED_ENV.BLTCY_API_KEY),
  status: int(1),
  name: text('Bltcy旧网关'),
  weight: int(10),
  test_time: int(0),
  response_time: int(0),
  base_url: text(SEED_ENV.BLTCY_BASE_URL),
  balance: real(0),
  balance_updated_time: int(0),
  models: text('runway,pika,kling'),
  group: text('default'),
  used_quota: int(0),
  priority: int(5),
}

const NEW_API: Readonly<Record<string, Expected>> = {
  ...EVERYWHERE,
  type: int(37),
  open_ai_organization: NULL,
  test_model: NULL,
  other: text(''),
  model_mapping: NULL,
  status_code_mapping: text(''),
  auto_ban: int(1),
  other_info: text(''),
  tag: NULL,
  setting: NULL,
  param_override: NULL,
  header_override: NULL,
  remark: NULL,
  channel_info: { sqlite: [`blob ${CHANNEL_INFO}`], postgres: [JSON.parse(CHANNEL_INFO)] },
  settings: text(''),
}

/** An upgrade leaves one-api's columns and one-api's default of model_mapping behind. */
const UPGRADED = { ...NEW_API, model_mapping: EMPTY, config: EMPTY, system_prompt: EMPTY }

const CHANNELS: Readonly<Record<GatewayFixture, Readonly<Record<string, Expected>>>> = {
  oa: {
    ...EVERYWHERE,
    type: int(37),
    other: EMPTY,
    model_mapping: text(''),
    config: text(''),
    system_prompt: NULL,
  },
  n25: NEW_API,
  n26: NEW_API,
  zeo: { ...NEW_API, type: int(55), channel_ratio: real(1) },
  'upgraded-oa-n25': UPGRADED,
  'upgraded-oa-n26': UPGRADED,
}

const ONE_API_ABILITY = {
  group: text('default'),
  channel_id: int(1),
  enabled: bool(true),
  priority: int(5),
}
const NEW_API_ABILITY = { ...ONE_API_ABILITY, weight: int(10), tag: NULL }

function abilityOf(fixture: GatewayFixture): Readonly<Record<string, Expected>> {
  if (fixture === 'oa') return ONE_API_ABILITY
  if (fixture !== 'zeo') return NEW_API_ABILITY
  return { ...NEW_API_ABILITY, workflow_price: NULL, channel_ratio: real(1) }
}

/** Every column of every row: `integer 5` on SQLite, the JSON value on PostgreSQL. */
async function wholeRows(target: Target, table: string): Promise<Record<string, unknown>[]> {
  if (target.dialect === 'postgres') {
    const rows = await queryRaw(target, `select row_to_json(t) from ${table} as t`)
    return rows.map(([row]) => row as Record<string, unknown>)
  }
  return withSqlite(target, (handle) => {
    const columns = handle
      .prepare<[string], { name: string }>('select name from pragma_table_info(?)')
      .all(table)
    const cell = ({ name }: { name: string }) =>
      `typeof("${name}") || iif("${name}" is null, '', ' ' || cast("${name}" as text)) as "${name}"`
    return handle
      .prepare<[], Record<string, unknown>>(`select ${columns.map(cell).join(', ')} from ${table}`)
      .all()
  })
}

function assertRow(
  dialect: DialectName,
  row: Record<string, unknown>,
  expected: Readonly<Record<string, Expected>>,
) {
  assert.deepEqual(Object.keys(row).toSorted(), Object.keys(expected).toSorted(), 'columns')
  for (const [column, value] of Object.entries(row)) {
    const shown = typeof value === 'string' ? value.replace(/^(real .*)\.0$/, '$1') : value
    const isExpected = expected[column]![dialect].some(
      (one) => JSON.stringify(one) === JSON.stringify(shown),
    )
    assert.ok(
      isExpected,
      `${column}: ${JSON.stringify(shown)}, not ${JSON.stringify(expected[column]![dialect])}`,
    )
  }
}

forEachDialect((dialect, create) => {
  const worlds = new Map<GatewayFixture, World>()
  const worldAt = async (fixture: GatewayFixture): Promise<World> => {
    const world = worlds.get(fixture) ?? (await createWorld(create, fixture))
    worlds.set(fixture, world)
    await world.reset()
    return world
  }

  for (const fixture of GATEWAY_FIXTURES) {
    describe(`the created channel on ${fixture}`, () => {
      let world: World
      const startedAt = Math.floor(Date.now() / 1000)
      before(async () => {
        world = await worldAt(fixture)
        await world.apply(await bltcy())
      })

      it('holds in every column what the admin API writes', async () => {
        const rows = await wholeRows(world.target, 'channels')
        assert.equal(rows.length, 1)
        const { created_time: createdTime, ...row } = rows[0]!
        assertRow(dialect, row, CHANNELS[fixture])
        const seconds = Number(String(createdTime).replace('integer ', ''))
        assert.ok(seconds >= startedAt && seconds <= Date.now() / 1000, `${seconds}`)
      })

      it('has one ability for each of its models', async () => {
        const rows = await wholeRows(world.target, 'abilities')
        const models = rows.map(({ model }) => String(model).replace('text ', ''))
        assert.deepEqual(models.toSorted(), ['kling', 'pika', 'runway'])
        for (const { model: _model, ...row } of rows) assertRow(dialect, row, abilityOf(fixture))
      })

      it('is not in the way of the next channel that the gateway makes', async () => {
        await world.insert('channels', { name: 'next', key: 'sk-test-next', type: 1 })
        assert.deepEqual(await world.select('channels', ['id', 'name']), [
          ['1', 'Bltcy旧网关'],
          ['2', 'next'],
        ])
      })
    })
  }

  describe('the type number', () => {
    const cases = [
      { fixture: 'zeo', override: undefined, type: '55', warning: null },
      { fixture: 'zeo', override: '37', type: '37', warning: /37 means Dify in the Bltcy fork/ },
      {
        fixture: 'n25',
        override: undefined,
        type: '37',
        warning: /37 means Dify.*BLTCY_CHANNEL_TYPE/,
      },
      { fixture: 'n25', override: '55', type: '55', warning: /55 means Sora.*not Bltcy/ },
      { fixture: 'n26', override: '99', type: '99', warning: /99 is unknown to new-api/ },
      { fixture: 'oa', override: undefined, type: '37', warning: /channel type 37/ },
    ] as const
    for (const { fixture, override, type, warning } of cases) {
      it(`is ${type} on ${fixture} with BLTCY_CHANNEL_TYPE ${override ?? 'unset'}`, async () => {
        const world = await worldAt(fixture)
        const { plans } = await world.apply(await bltcy({ BLTCY_CHANNEL_TYPE: override }))
        assert.deepEqual(await world.select('channels', ['type']), [[type]])
        const warnings = plans.flatMap((plan) => plan.warnings)
        assert.equal(warnings.length, warning === null ? 0 : 1)
        if (warning !== null) assert.match(warnings[0]!, warning)
      })
    }
  })
})
