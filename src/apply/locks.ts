import type { Catalog, Database } from '../database/contract.ts'
import type { Change } from '../diff/change.ts'
import type { Locator } from '../snapshot/model.ts'
import { atAny } from './conditions.ts'
import { portions } from './located.ts'

interface LockInput {
  readonly database: Database
  readonly catalog: Catalog
  readonly changes: readonly Change[]
}

/**
 * Locks every row that the changes touch or that abilities are derived from, in the order of table
 * and key, until the transaction ends. Abilities are locked with all others of their channel.
 */
export async function lockTouched({ database, catalog, changes }: LockInput): Promise<void> {
  const byTable = Map.groupBy(changes.flatMap(touched), ({ table }) => table)
  for (const table of [...byTable.keys()].toSorted()) {
    const locators = new Map<string, Locator>()
    for (const { locator } of byTable.get(table)!) locators.set(keyOf(locator), locator)
    const sorted = [...locators.values()].toSorted((a, b) => compareKeys(keyOf(a), keyOf(b)))
    for (const some of portions(sorted)) {
      await database.lockRows(table, () => atAny({ database, catalog }, table, some), orderOf(some))
    }
  }
}

interface Touched {
  readonly table: string
  readonly locator: Locator
}

function touched(change: Change): Touched[] {
  if (change.kind === 'insert') return []
  if (change.kind === 'rebuild') return change.channelId === null ? [] : channelOf(change.channelId)
  const { table, locator } = change
  if (table !== 'abilities') return [{ table, locator }]
  return [{ table, locator: { channel_id: locator['channel_id']! } }]
}

function channelOf(id: string): Touched[] {
  return [
    { table: 'abilities', locator: { channel_id: id } },
    { table: 'channels', locator: { id } },
  ]
}

function orderOf([locator]: readonly Locator[]): string[] {
  const names = Object.keys(locator!)
  return names.includes('channel_id') ? [...names, 'group', 'model'] : names
}

function keyOf(locator: Locator): string {
  return Object.values(locator).join('/')
}

/** Ids by their number, which has no leading zeros. */
function compareKeys(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1)
}
