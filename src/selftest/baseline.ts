import { sql } from 'kysely'
import type { Database } from '../database/contract.ts'
import { type AbilityChannel, deriveAbilities } from '../gateway/abilities.ts'
import { type MigrateInput, migrateUp } from '../migrate/runner.ts'
import type { Cell } from '../snapshot/model.ts'
import { BASELINE_ROWS, type BaselineRow, CHANNELS, WORKFLOW_PRICE } from './rows.ts'

/** A table that no gateway has, as the configuration may name one. */
export const OWN_TABLE = 'price_rules'

/** Makes the gateway's tables in an empty database, by its migrations, and fills them. */
export async function makeBaseline(input: MigrateInput): Promise<void> {
  const { database, gateway } = input
  await migrateUp(input, {})
  await database.transaction(async () => {
    await sql
      .raw(`create table ${OWN_TABLE} (code varchar(32) not null primary key, amount integer)`)
      .execute(database.queries)
  })
  const fork = gateway === 'bltcy-fork' ? { workflow_price: WORKFLOW_PRICE } : {}
  const abilities = CHANNELS.flatMap((channel) =>
    abilityRows(channel).map((row) => ({ ...row, ...fork })),
  )
  await insertRows(database, { ...BASELINE_ROWS, abilities })
}

/** What the gateway writes for a channel. */
export function abilityRows(channel: BaselineRow): BaselineRow[] {
  return deriveAbilities(channel as unknown as AbilityChannel).map(({ enabled, ...ability }) => ({
    ...ability,
    channel_id: channel['id']!,
    enabled: String(enabled),
  }))
}

/** Rows of canonical texts, by table. */
export async function insertRows(
  database: Database,
  tables: Readonly<Record<string, readonly BaselineRow[]>>,
): Promise<void> {
  const catalog = await database.catalog()
  await database.transaction(async () => {
    for (const [table, rows] of Object.entries(tables)) {
      const columns = catalog.get(table)!
      const bind = ([name, cell]: [string, Cell]) => [name, database.bind(columns.get(name)!, cell)]
      for (const row of rows) {
        const values = Object.fromEntries(Object.entries(row).map(bind))
        await database.queries.insertInto(table).values(values).execute()
      }
    }
  })
}
