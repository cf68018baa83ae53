import type { Contents, Row } from './oracle-read.ts'
import { plain } from './oracle-state.ts'

/**
 * Whether the journal holds what was done since, and nothing else: every row of the gateway that
 * differs has entries whose images are the row as it was and as it is.
 */
export function checkEffects(before: Contents, after: Contents): string[] {
  const entries = newEntries(before, after)
  const changed = changedRows(before, after)
  const problems: string[] = []
  for (const [row, { was, is }] of changed) {
    const own = entries.get(row)
    if (own === undefined) problems.push(`not in the journal: ${row}`)
    else problems.push(...compareImages(own, was, is).map((problem) => `${problem}: ${row}`))
  }
  for (const row of entries.keys()) {
    if (!changed.has(row)) problems.push(`in the journal, and did not happen: ${row}`)
  }
  return problems
}

type Entries = readonly [Row, ...Row[]]

/** By row, in the order in which they were written. */
function newEntries(before: Contents, after: Contents): Map<string, Entries> {
  const idOf = ({ run_id: run, seq }: Row) => `${String(run)} ${String(seq).padStart(9, '0')}`
  const old = new Set((before.tables.get('tidegate_journal') ?? []).map(idOf))
  const entries = (after.tables.get('tidegate_journal') ?? [])
    .filter((entry) => !old.has(idOf(entry)))
    .toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
  const byRow = Map.groupBy(entries, ({ table_name: table, locator }) =>
    nameRow(String(table), JSON.parse(String(locator)) as Row),
  )
  return byRow as Map<string, [Row, ...Row[]]>
}

interface Changed {
  readonly was: Row | null
  readonly is: Row | null
}

function changedRows(before: Contents, after: Contents): Map<string, Changed> {
  const [old, now] = [gatewayRows(before), gatewayRows(after)]
  const rows = [...new Set([...old.keys(), ...now.keys()])].flatMap((row) => {
    const [was, is] = [old.get(row) ?? null, now.get(row) ?? null]
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [[row, { was, is }] as const]
  })
  return new Map(rows)
}

function gatewayRows({ tables }: Contents): Map<string, Row> {
  const rows = [...tables].flatMap(([table, own]) =>
    /^(?:tidegate|sqlite)_/.test(table) ? [] : own.map((row) => [table, row] as const),
  )
  return new Map(rows.map(([table, row]) => [nameRow(table, keyOf(table, row)), row]))
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  abilities: ['group', 'model', 'channel_id'],
  options: ['key'],
}

function keyOf(table: string, row: Row): Row {
  return Object.fromEntries((KEYS[table] ?? ['id']).map((name) => [name, row[name]]))
}

function nameRow(table: string, key: Row): string {
  const parts = Object.entries(key).map(([name, value]) => `${name}=${String(value)}`)
  return `${table} ${parts.toSorted().join(' ')}`
}

function compareImages(entries: Entries, was: Row | null, is: Row | null): string[] {
  const problems: string[] = []
  const first = imageOf(entries[0], 'before_image')
  const last = imageOf(entries.at(-1)!, 'after_image')
  if (!agrees(first, was)) problems.push('the first image is not the row before')
  if (!agrees(last, is)) problems.push('the last image is not the row')
  const written = new Set(entries.flatMap(({ columns }) => JSON.parse(String(columns)) as string[]))
  const silent = Object.keys({ ...was, ...is }).filter(
    (name) => cell(was?.[name]) !== cell(is?.[name]) && !written.has(name),
  )
  // An inserted row has defaults in the columns that nobody wrote.
  if (was !== null && silent.length > 0) problems.push(`${silent.join(', ')} changed silently`)
  return problems
}

function imageOf(entry: Row, name: string): Row | null {
  const text = entry[name] as string | null
  return text === null ? null : (JSON.parse(text) as Row)
}

function agrees(image: Row | null, row: Row | null): boolean {
  if (image === null || row === null) return image === row
  return Object.entries(image).every(([name, value]) => cell(value) === cell(row[name]))
}

function cell(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('hex').toUpperCase()
  const isDocument = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isDocument ? JSON.stringify(value) : plain(value ?? null)
}
