import { abilityCells } from '../diff/abilities.ts'
import type { PlannedAbility } from '../diff/change.ts'
import type { Catalog } from '../database/contract.ts'
import type { Cell, Locator } from '../snapshot/model.ts'
import { readRows } from '../snapshot/read.ts'
import { assertSources, type LocatedRebuild } from './check-abilities.ts'
import { atAny } from './conditions.ts'
import { portions } from './located.ts'
import type { PreconditionInput } from './preconditions.ts'
import type { NewRow, NewRows, Rows, Values } from './rows.ts'

const TABLE = 'abilities'

type Input = Omit<PreconditionInput, 'changes'>

/**
 * Writes the abilities of channels that are written already, all channels at once. A rebuild of
 * which the plan knows no channel id is one of a channel that the plan has inserted.
 * @throws StaleError when a channel gives other abilities.
 */
export async function writeAbilities(
  input: Input,
  rows: Rows,
  rebuilds: readonly LocatedRebuild[],
): Promise<void> {
  const isNew = ({ change }: LocatedRebuild): boolean => change.channelId === null
  await assertSources(
    input,
    rebuilds.filter((rebuild) => !isNew(rebuild)),
  )
  const leftovers = await readLeftovers(input, rebuilds.filter(isNew))
  const removed = rebuilds.flatMap(({ change }) => change.remove.map(({ locator }) => locator!))
  const gone = [...leftovers, ...removed]
  if (gone.length > 0) await rows.delete(TABLE, gone)
  for (const { locators, values } of updates(input, rebuilds)) {
    await rows.update(TABLE, locators, values)
  }
  for (const inserted of inserts(input, rebuilds)) await rows.insert(TABLE, inserted)
}

/** A deleted channel may have left abilities under the id that a new one gets. */
async function readLeftovers(
  { database, catalog, fingerprinter }: Input,
  rebuilds: readonly LocatedRebuild[],
): Promise<Locator[]> {
  const found: Locator[] = []
  const channels = rebuilds.map(({ channelId }) => ({ channel_id: channelId }))
  for (const some of portions(channels)) {
    const where = () => atAny({ database, catalog }, TABLE, some)
    const reads = [{ table: TABLE, columns: [], where }]
    const [rows = []] = await readRows(database, catalog, fingerprinter, reads)
    found.push(...rows.map(({ locator }) => locator!))
  }
  return found
}

/** Of many channels, those that get the same values together. */
function updates(
  { catalog }: Input,
  rebuilds: readonly LocatedRebuild[],
): { locators: Locator[]; values: Values }[] {
  const all = rebuilds.flatMap(({ change }) =>
    change.update.map(({ before, after }) => ({
      locator: before.locator!,
      values: known(catalog, abilityCells(after)),
    })),
  )
  const alike = Map.groupBy(all, ({ values }) => JSON.stringify([...values]))
  return [...alike.values()].map((group) => ({
    locators: group.map(({ locator }) => locator),
    values: group[0]!.values,
  }))
}

/** Those with values for the same columns together. */
function inserts({ catalog }: Input, rebuilds: readonly LocatedRebuild[]): NewRows[] {
  const all = rebuilds.flatMap(({ change, channelId }) =>
    change.insert.map((ability) => ({ ability, channelId })),
  )
  const ownOf = ({ own }: PlannedAbility): string[] =>
    own === undefined ? [] : [...own.keys()].filter((name) => catalog.get(TABLE)?.has(name))
  const alike = Map.groupBy(all, ({ ability }) => ownOf(ability).join('\n'))
  return [...alike.values()].map((group) => newRows(catalog, ownOf(group[0]!.ability), group))
}

function newRows(
  catalog: Catalog,
  own: readonly string[],
  group: readonly { readonly ability: PlannedAbility; readonly channelId: string }[],
): NewRows {
  const derived = [...known(catalog, abilityCells(group[0]!.ability)).keys()]
  const rows = group.map(({ ability, channelId }): NewRow => {
    const { group, model } = ability
    const locator = { group, model, channel_id: channelId }
    const cells: Cell[] = [group, model, channelId]
    const values = abilityCells(ability)
    for (const name of derived) cells.push(values.get(name) ?? null)
    for (const name of own) cells.push(ability.own?.get(name) ?? null)
    return { locator, cells }
  })
  return { columns: ['group', 'model', 'channel_id', ...derived, ...own], rows }
}

/** Without the columns that this gateway's version lacks. */
function known(catalog: Catalog, cells: Values): Values {
  const columns = catalog.get(TABLE)
  return new Map([...cells].filter(([name]) => columns?.has(name)))
}
