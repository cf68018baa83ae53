import { type RawBuilder, sql } from 'kysely'
import type { Catalog, CatalogColumn } from '../database/contract.ts'
import { columnRule, GATEWAY_TABLES } from '../gateway/columns.ts'
import { catalogColumn, imageOf, secretsOf } from './journal-columns.ts'
import { LOCATED_SEQ, locate, portions } from './located.ts'
import { type EntrySource, missingKey, type UndoEntry } from './undo-entry.ts'

/** A row now, seen from an entry about it. */
export interface EntryState {
  readonly isFound: boolean
  /** Whether the row is as the entry left it: the same in its columns, or still missing. */
  readonly holds: boolean
  /** What people call the row; null when nothing tells. */
  readonly name: string | null
}

/** Compares inside the database. Each entry must be about another row. */
export async function readStates(
  input: EntrySource,
  entries: readonly UndoEntry[],
): Promise<ReadonlyMap<UndoEntry, EntryState>> {
  const states = new Map<UndoEntry, EntryState>()
  for (const group of Map.groupBy(entries, alike).values()) {
    for (const portion of portions(group)) await readPortion(input, portion, states)
  }
  return states
}

/** The same for entries that one statement can take. */
export function alike({ runId, table, operation, columns, secrets }: UndoEntry): string {
  return JSON.stringify([runId, table, operation, columns, secrets])
}

async function readPortion(
  input: EntrySource,
  portion: readonly UndoEntry[],
  states: Map<UndoEntry, EntryState>,
): Promise<void> {
  const found = await sql<RawState>`${selectStates(input, portion)}`.execute(input.database.queries)
  const bySeq = new Map(found.rows.map((row) => [Number(row.seq), row]))
  for (const entry of portion) {
    const row = bySeq.get(entry.seq)
    const isFound = row?.found === 1
    const holds = entry.operation === 'delete' ? !isFound : isFound && row.same === 1
    states.set(entry, { isFound, holds, name: nameAt(entry, row?.name ?? null) })
  }
}

interface RawState {
  readonly seq: string
  readonly found: number
  readonly same: number
  readonly name: string | null
}

function selectStates(input: EntrySource, portion: readonly UndoEntry[]): RawBuilder<unknown> {
  const { database, catalog } = input
  const [first] = portion
  const { runId, table, locator } = first!
  const rows = portion.map(({ seq, locator }) => ({ seq, locator, texts: [] }))
  const located = locate(database, catalog, table, rows)
  const key = sql.ref(`${table}.${Object.keys(locator)[0]!}`)
  return sql`
    with ${located.rows}
    select tidegate_located.seq as seq, case when ${key} is null then 0 else 1 end as found,
      case when ${isAsLeft(input, first!)} then 1 else 0 end as same,
      ${nameOf(input, first!)} as name
    from ${journalled(runId)} left join ${sql.table(table)} on ${located.same}
  `
}

/** The located entries of one run, with their images. */
export function journalled(runId: string): RawBuilder<unknown> {
  return sql`tidegate_located join tidegate_journal
    on tidegate_journal.run_id = ${runId} and tidegate_journal.seq = ${LOCATED_SEQ}`
}

function isAsLeft(input: EntrySource, entry: UndoEntry): RawBuilder<boolean> {
  const { database, journalKey } = input
  const { table, operation } = entry
  if (operation === 'delete') return sql<boolean>`1 = 0`
  const { plain, secret } = columnsOf(input.catalog, entry)
  const image = imageOf(database, table, plain)
  const same = sql<boolean>`${image} = tidegate_journal.after_image`
  if (secret.length === 0) return same
  if (journalKey === undefined) throw missingKey(entry.runId)
  const secrets = secretsOf(database, table, secret, journalKey)
  return sql<boolean>`${same} and ${secrets} = tidegate_journal.after_secrets`
}

export function columnsOf(
  catalog: Catalog,
  { table, columns, secrets }: UndoEntry,
): { readonly plain: readonly CatalogColumn[]; readonly secret: readonly CatalogColumn[] } {
  const plain = columns.filter((name) => !secrets.includes(name))
  const toColumn = (name: string) => catalogColumn(catalog, table, name)
  return { plain: plain.map(toColumn), secret: secrets.map(toColumn) }
}

/** Of a row that is gone, or that nobody has put back yet, the images tell the name. */
function nameOf({ database, catalog }: EntrySource, entry: UndoEntry): RawBuilder<string | null> {
  const { table, columns, secrets, operation } = entry
  const name = namingColumn(catalog, table)
  if (name === null) return sql<string | null>`cast(null as text)`
  const now = sql`cast(${sql.ref(`${table}.${name}`)} as text)`
  if (!columns.includes(name) || secrets.includes(name)) return sql<string | null>`${now}`
  const image = sql.ref(`tidegate_journal.${operation === 'delete' ? 'before' : 'after'}_image`)
  const column = catalogColumn(catalog, table, name)
  const then = database.images.restore(column, sql<string>`${image}`)
  return sql<string | null>`coalesce(${now}, cast(${then} as text))`
}

/** Null where the key itself is the name, and where none is known. */
function namingColumn(catalog: Catalog, table: string): string | null {
  const { naturalKey = [], primaryKey = [] } = GATEWAY_TABLES[table] ?? {}
  const [first = ''] = naturalKey
  if (primaryKey.includes(first)) return null
  const candidates = columnRule(table, first).role === 'secret' ? ['name'] : [first, 'name']
  return candidates.find((name) => catalog.get(table)?.has(name)) ?? null
}

function nameAt({ locator }: UndoEntry, name: string | null): string | null {
  return name ?? ('id' in locator ? null : Object.values(locator).join('/'))
}
