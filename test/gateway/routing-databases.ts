import fc from 'fast-check'
import { canonicalCell } from '../../src/gateway/cells.ts'
import { columnRule } from '../../src/gateway/columns.ts'
import type { AbilityFacts, ChannelFacts } from '../../src/gateway/facts.ts'
import { channelFacts } from './routing-facts.ts'

export const GROUPS = ['g', 'h', ' g', '']

export const MODELS = ['a', 'b', ' a', 'gpt-4-gizmo-x', 'gpt-4-gizmo-*']

/** `true` is the text, as SQLite keeps it where a script quoted the word. */
export type Enabled = 0 | 1 | null | 'true'

export interface StoredAbility {
  readonly group: string
  readonly model: string
  readonly channelId: number
  readonly enabled: Enabled
  readonly priority: number | null
  readonly weight: number | null
}

export interface GatewayRows {
  readonly isOneApi: boolean
  readonly channels: readonly ChannelFacts[]
  readonly abilities: readonly StoredAbility[]
}

const group = fc.constantFrom(...GROUPS)
const model = fc.constantFrom(...MODELS)
const priority = fc.constantFrom(null, -1, 0, 5)
const weight = fc.constantFrom(null, 0, 0, 1, 3, 7)

/** Repeated, padded and empty elements are what people write. */
const list = (element: fc.Arbitrary<string>) =>
  fc.option(
    fc.array(element, { minLength: 1, maxLength: 3 }).map((elements) => elements.join(',')),
    { nil: null, freq: 12 },
  )

const text = (value: number | null): string | null => (value === null ? null : String(value))

const channel = fc.record({
  status: fc.constantFrom('1', '1', '1', '2', '3', null),
  models: list(model),
  group: list(group),
  priority: priority.map(text),
  weight: weight.map(text),
})

const channels = fc
  .array(channel, { maxLength: 4 })
  .map((rows) => rows.map((row, index) => channelFacts({ ...row, id: String(index + 1) })))

/** Channel ids up to 6, so that some of them have no channel. */
const abilities = (enabled: fc.Arbitrary<Enabled>, priorities: fc.Arbitrary<number | null>) =>
  fc.uniqueArray(
    fc.record({
      group,
      model,
      channelId: fc.integer({ min: 1, max: 6 }),
      enabled,
      priority: priorities,
      weight,
    }),
    { maxLength: 10, selector: (row) => JSON.stringify([row.group, row.model, row.channelId]) },
  )

/** Rows of one database. Half of them name every group of the channels, so that no cache crashes. */
export function gatewayRows(enabled: readonly Enabled[]): fc.Arbitrary<GatewayRows> {
  const switched = fc.constantFrom(...enabled)
  return fc
    .record({
      isOneApi: fc.boolean(),
      channels,
      abilities: fc.oneof(
        { weight: 5, arbitrary: abilities(switched, priority) },
        { weight: 1, arbitrary: abilities(switched, fc.constant(null)) },
      ),
      isCovered: fc.boolean(),
    })
    .map(({ isCovered, ...rows }) => (isCovered ? covered(rows) : rows))
}

function covered(rows: GatewayRows): GatewayRows {
  const cover = GROUPS.map((name): StoredAbility => {
    return { group: name, model: 'z', channelId: 1, enabled: 0, priority: 0, weight: 0 }
  })
  return { ...rows, abilities: [...rows.abilities, ...cover] }
}

/** What tidegate reads of a row in the file. */
export function factsOf(row: StoredAbility): AbilityFacts {
  const { group: name, model: of, channelId, enabled } = row
  const rule = columnRule('abilities', 'enabled')
  const storage = enabled === 'true' ? 'text' : 'integer'
  return {
    group: name,
    model: of,
    channelId: String(channelId),
    enabled: enabled === null ? null : canonicalCell(rule, { storage, text: String(enabled) }),
    priority: text(row.priority),
    weight: text(row.weight),
  }
}
