import type { Change, InsertChange, RebuildChange } from '../diff/change.ts'
import { TidegateError } from '../errors.ts'
import type { LocatedRebuild } from './check-abilities.ts'
import { assertFits } from './limits.ts'
import { assertUnchanged, type PreconditionInput } from './preconditions.ts'
import { rowKey } from './row-key.ts'
import { changedValues, insertedValues } from './row-values.ts'
import { Rows, type Values } from './rows.ts'
import { recordRun, type Run } from './run.ts'
import type { SecretValues } from './secrets.ts'
import { writeAbilities } from './write-abilities.ts'

export interface CheckInput extends PreconditionInput {
  readonly secrets: SecretValues
}

export interface ApplyInput extends CheckInput {
  readonly run: Run
  /** Who asks, for the journal: `seed:bltcy-channel`. */
  readonly source: string
}

/** Ids (or keys, where a table has no id) of rows that a plan inserts or refers to, by `rowKey`. */
export type RowIds = Map<string, string>

/**
 * Writes a plan: the only function that changes rows of the gateway. Must be called inside
 * `database.transaction`; whatever it throws, the transaction takes everything back.
 * @throws StaleError when a row is no longer what the plan saw, TidegateError `value` when a value
 *   does not fit its column, or a row that the plan refers to does not exist.
 */
export async function applyChanges(input: ApplyInput): Promise<RowIds> {
  const ids = await checkChanges(input)
  await recordRun(input.database, input.run)
  await writeChanges(input, ids)
  return ids
}

/** The first half of `applyChanges`: writes nothing. */
export async function checkChanges(input: CheckInput): Promise<RowIds> {
  assertFits(input.changes, input.catalog, input.secrets)
  return assertUnchanged(input)
}

/** The second half, of all or of some of the changes; adds the ids of the rows that it inserts. */
export async function writeChanges(input: ApplyInput, ids: RowIds): Promise<void> {
  const writer = new Writer(input, ids)
  const isLast = (change: Change): change is RebuildChange =>
    change.kind === 'rebuild' && change.source !== null
  for (const run of runsOf(input.changes.filter((change) => !isLast(change)))) {
    await writer.write(run)
  }
  await writer.rebuild(input.changes.filter(isLast))
}

/** Neighbours that are inserted into the same columns of one table together; others alone. */
function runsOf(changes: readonly Change[]): Change[][] {
  const runs: Change[][] = []
  for (const change of changes) {
    const last = runs.at(-1)
    if (last !== undefined && isAlike(last[0]!, change)) last.push(change)
    else runs.push([change])
  }
  return runs
}

function isAlike(a: Change, b: Change): boolean {
  if (a.kind !== 'insert' || b.kind !== 'insert' || a.table !== b.table) return false
  return columnsOf(a) === columnsOf(b)
}

function columnsOf({ cells }: InsertChange): string {
  return cells.map(({ column }) => column).join('\n')
}

class Writer {
  readonly #input: ApplyInput
  readonly #rows: Rows
  readonly #ids: RowIds

  constructor(input: ApplyInput, ids: RowIds) {
    this.#input = input
    this.#rows = new Rows(input)
    this.#ids = ids
  }

  /** One change, or several inserts into the same columns. */
  async write(changes: readonly Change[]): Promise<void> {
    const [change] = changes as [Change]
    if (change.kind === 'insert') await this.#insert(changes as InsertChange[])
    else if (change.kind === 'rebuild') await this.rebuild([change])
    else if (change.kind === 'delete') await this.#rows.delete(change.table, [change.locator])
    else {
      const values = changedValues(this.#input, change, this.#ids)
      await this.#rows.update(change.table, [change.locator], values)
    }
  }

  async rebuild(changes: readonly RebuildChange[]): Promise<void> {
    const located = changes.map((change): LocatedRebuild => {
      const channelId = change.channelId ?? this.#ids.get(rowKey('channels', change.key))
      if (channelId !== undefined) return { change, channelId }
      throw new TidegateError('internal', 'abilities were planned for a channel that is not there')
    })
    if (located.length > 0) await writeAbilities(this.#input, this.#rows, located)
  }

  async #insert(changes: readonly InsertChange[]): Promise<void> {
    const { database, catalog } = this.#input
    const { table } = changes[0]!
    const hasId = catalog.get(table)?.has('id') === true
    const ids = hasId ? await database.nextIds(table, changes.length) : []
    const rows = changes.map((change, index) => {
      const values = insertedValues(this.#input, change, this.#ids)
      const id = ids[index]
      const locator = id === undefined ? keyLocator(table, values) : { id }
      this.#ids.set(rowKey(table, change.key), Object.values(locator)[0]!)
      return { locator, values: new Map([...Object.entries(locator), ...values]) }
    })
    const columns = [...rows[0]!.values.keys()]
    const cells = ({ values }: { values: Values }) =>
      columns.map((name) => values.get(name) ?? null)
    await this.#rows.insert(table, {
      columns,
      rows: rows.map((row) => ({ locator: row.locator, cells: cells(row) })),
    })
  }
}

function keyLocator(table: string, values: Values): { key: string } {
  const key = values.get('key')
  if (typeof key === 'string') return { key }
  throw new TidegateError('internal', `a row of ${table} is inserted without its key`)
}
