import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import type pg from 'pg'
import { ChannelCache } from '../../src/gateway/channel-cache.ts'
import { routingProfile } from '../../src/gateway/routing-profile.ts'
import {
  type RoutingProfile,
  selectByAbilities,
  selectByChannels,
  type Selection,
} from '../../src/gateway/routing.ts'
import { readFixture } from '../support/fixtures.ts'
import { createTestDatabase, type PostgresDatabase, testPostgres } from '../support/postgres.ts'
import { connectPostgres } from '../support/raw.ts'
import {
  type Enabled,
  factsOf,
  type GatewayRows,
  gatewayRows,
  GROUPS,
  MODELS,
  type StoredAbility,
} from './routing-databases.ts'
import {
  type Answer,
  askAbilities,
  askCache,
  fillCache,
  NilMap,
  type Query,
} from './routing-oracle.ts'

const server = await testPostgres()

const NEW_API = routingProfile(null)
const ONE_API = routingProfile({ id: 'one-api', family: 'one-api', label: '', evidence: '' })

const PAIRS = GROUPS.flatMap((group) => MODELS.map((model) => ({ group, model })))

const profileOf = ({ isOneApi }: GatewayRows): RoutingProfile => (isOneApi ? ONE_API : NEW_API)

/** Chances to nine digits: the oracle counts numbers, the model divides. */
const round = (chance: number): number => Math.round(chance * 1e9) / 1e9

function shown(answer: Answer): unknown {
  if (typeof answer === 'string') return answer
  return answer.map((tier) =>
    Object.fromEntries(Object.entries(tier).map(([id, chance]) => [id, round(chance)])),
  )
}

function answerOf(selection: Selection): unknown {
  if (selection.kind === 'none') return selection.rule
  return shown(
    selection.tiers.map(({ candidates }) =>
      Object.fromEntries(candidates.map(({ channelId, chance }) => [channelId, chance])),
    ),
  )
}

/** What both say of every group and model. */
async function compareAbilities(query: Query, rows: GatewayRows): Promise<void> {
  const facts = rows.abilities.map(factsOf)
  const [actual, expected]: [unknown[], unknown[]] = [[], []]
  for (const { group, model } of PAIRS) {
    const own = facts.filter((one) => one.group === group && one.model === model)
    // One absent pair is enough: it is always the same answer.
    if (own.length === 0 && !(group === 'h' && model === 'a')) continue
    expected.push([group, model, shown(await askAbilities(query, rows.isOneApi, group, model))])
    actual.push([group, model, answerOf(selectByAbilities(profileOf(rows), own))])
  }
  assert.deepEqual(actual, expected)
}

function compareCaches(rows: GatewayRows): 'crash' | 'filled' {
  const groups = new Set(rows.abilities.map(({ group }) => group))
  const cache = new ChannelCache(rows.channels, groups, profileOf(rows))
  try {
    const filled = fillCache(rows.channels, groups)
    assert.deepEqual(cache.crashes, [])
    const actual = PAIRS.map(({ group, model }) => [
      { group, model },
      answerOf(selectByChannels(profileOf(rows), cache.find(group, model))),
    ])
    const expected = PAIRS.map(({ group, model }) => [
      { group, model },
      shown(askCache(filled, rows.isOneApi, group, model)),
    ])
    assert.deepEqual(actual, expected)
    return 'filled'
  } catch (error) {
    if (!(error instanceof NilMap)) throw error
    assert.deepEqual(cache.crashes[0], error.place)
    return 'crash'
  }
}

const INSERT = `insert into abilities ("group", model, channel_id, enabled, priority, weight)`

describe('routing is the gateway’s own', () => {
  test('on SQLite, with the memory cache off and on', async () => {
    const handle = new Sqlite(':memory:')
    handle.exec(await readFixture('sqlite', 'n25'))
    const statements = new Map<string, Sqlite.Statement<unknown[], unknown[]>>()
    const query: Query = async (text, values) => {
      let statement = statements.get(text)
      if (statement === undefined) {
        statement = handle.prepare<unknown[], unknown[]>(text.replaceAll('TRUE_VALUE', '1')).raw()
        statements.set(text, statement)
      }
      return statement.all(...values)
    }
    const insert = handle.prepare(`${INSERT} values (?, ?, ?, ?, ?, ?)`)
    const clear = handle.prepare('delete from abilities')
    const counts = { crash: 0, filled: 0 }
    const enabled: readonly Enabled[] = [1, 1, 1, 0, null, 'true']
    await fc.assert(
      fc.asyncProperty(gatewayRows(enabled), async (rows) => {
        clear.run()
        for (const row of rows.abilities) insert.run(...Object.values(inOrder(row)))
        await compareAbilities(query, rows)
        counts[compareCaches(rows)] += 1
      }),
      { numRuns: 10_000 },
    )
    handle.close()
    assert.ok(Math.min(counts.crash, counts.filled) > 1_000, JSON.stringify(counts))
  })

  describe('on PostgreSQL', () => {
    let made: PostgresDatabase
    let client: pg.Client
    before(async () => {
      made = await createTestDatabase(server, { fixture: 'n25' })
      client = await connectPostgres(made.target)
    })
    after(async () => {
      await client.end()
      await made.drop()
    })

    test('with the memory cache off', async () => {
      const query: Query = async (text, values) => {
        let place = 0
        const numbered = text
          .replaceAll('TRUE_VALUE', 'true')
          .replaceAll('?', () => `$${(place += 1)}`)
        const { rows } = await client.query<unknown[]>({
          text: numbered,
          values: [...values],
          rowMode: 'array',
        })
        return rows
      }
      await client.query('begin')
      await fc.assert(
        fc.asyncProperty(gatewayRows([1, 1, 0, null]), async (rows) => {
          await client.query('delete from abilities')
          for (const row of rows.abilities) {
            const { enabled } = row
            const values = Object.values({
              ...inOrder(row),
              enabled: enabled === null ? null : enabled === 1,
            })
            await client.query(`${INSERT} values ($1, $2, $3, $4, $5, $6)`, values)
          }
          await compareAbilities(query, rows)
        }),
        { numRuns: 50 },
      )
      await client.query('rollback')
    })
  })
})

function inOrder({ group, model, channelId, enabled, priority, weight }: StoredAbility) {
  return { group, model, channelId, enabled, priority, weight }
}
