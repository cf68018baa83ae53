import fc from 'fast-check'
import type { DialectName } from '../../src/database/contract.ts'
import { SEED_ENV } from '../support/cli.ts'
import { channelRow, insertText, type Value } from './world.ts'

/** What a gateway's tables may hold before a seed is applied: hand-made, stale, disabled. */
export interface PriorState {
  readonly bltcy: Readonly<Record<string, Value>> | null
  readonly abilities: readonly Readonly<Record<string, Value>>[]
  readonly others: readonly Readonly<Record<string, Value>>[]
  readonly prices: string
  readonly reEnable: boolean
}

const BLTCY_ID = 12

const models = fc.constantFrom(
  'runway,pika,kling',
  ',runway,pika,kling,',
  'kling',
  ' pika , extra',
  'runway，pika',
  'x,x',
)
const group = fc.constantFrom('default', ' default ,vip', 'vip', ',default', '', null)
const small = fc.constantFrom(null, 0, 1, 5, 9)

const bltcy = fc
  .record({
    name: fc.constantFrom('Bltcy旧网关', 'renamed'),
    models,
    group,
    status: fc.constantFrom(1, 2, 3),
    priority: small,
    weight: fc.constantFrom(null, 0, 10),
    tag: fc.constantFrom(null, '', '標籤'),
    base_url: fc.constantFrom(SEED_ENV.BLTCY_BASE_URL, `${SEED_ENV.BLTCY_BASE_URL}/`),
    key: fc.constantFrom(SEED_ENV.BLTCY_API_KEY, 'sk-test-old'),
    auto_ban: fc.constantFrom(0, 1),
  })
  .map((cells) => channelRow({ id: BLTCY_ID, type: 55, ...cells }))

const ability = fc.record({
  group: fc.constantFrom('default', 'vip', '', ' default '),
  model: fc.constantFrom('runway', 'pika', 'kling', '', ' pika ', 'gone'),
  channel_id: fc.constantFrom(BLTCY_ID, BLTCY_ID, BLTCY_ID, 900),
  enabled: fc.constantFrom(true, false, null),
  priority: small,
  weight: fc.constantFrom(0, 10, null),
  tag: fc.constantFrom(null, 'old'),
  workflow_price: fc.constantFrom(null, 75),
})

const others = fc
  .uniqueArray(
    fc.integer({ min: 1, max: 40 }).filter((id) => id !== BLTCY_ID),
    { maxLength: 3 },
  )
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc
          .record({
            type: fc.constantFrom(1, 3, 37, 55),
            status: fc.constantFrom(1, 2, 3),
            models: fc.constantFrom('gpt-4o', ',gpt-4o,', ''),
          })
          .map((cells) => channelRow({ id, name: `other ${id}`, ...cells })),
      ),
    ),
  )

export const priorStates: fc.Arbitrary<PriorState> = fc.record({
  bltcy: fc.option(bltcy, { freq: 5 }),
  abilities: fc.uniqueArray(ability, {
    maxLength: 8,
    selector: (one) => JSON.stringify([one.group, one.model, one.channel_id]),
  }),
  others,
  prices: fc.constantFrom('{}', '{"runway": 0.50}', '{"z":1,"a":2.0}', '{"runway":0.5,"pika":1}'),
  reEnable: fc.boolean(),
})

/** One text of statements; what only SQLite stores becomes its nearest on PostgreSQL. */
export function priorStatements(dialect: DialectName, state: PriorState): string {
  const channels = [...(state.bltcy === null ? [] : [state.bltcy]), ...state.others]
  return [
    ...channels.map((row) => insertText(dialect, 'channels', row)),
    ...state.abilities.map((row) => insertText(dialect, 'abilities', row)),
    insertText(dialect, 'options', { key: 'ModelPrice', value: state.prices }),
  ].join('\n')
}
