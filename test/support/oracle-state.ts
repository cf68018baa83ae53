import { createHash } from 'node:crypto'
import { CHANNEL_NAME } from './battery-start.ts'
import type { Contents, Row } from './oracle-read.ts'

/**
 * A database's contents without what differs from run to run: when and how long, the ids of runs,
 * the order of rows, and the ids of the rows that are inserted, because PostgreSQL's sequences do
 * not give back what a transaction has taken and then lost.
 */
export interface State {
  readonly hash: string
  /** Part (a table, or `schema`) to its lines, to say where two states differ. */
  readonly parts: ReadonlyMap<string, readonly string[]>
}

/** Table to the names of the rows that the watched command inserts. */
export type Inserted = Readonly<Record<string, readonly string[]>>

const SEEDED: Inserted = { channels: [CHANNEL_NAME] }

export function toState({ schema, tables }: Contents, inserted = SEEDED): State {
  const normalise = normaliser(tables, inserted)
  const parts = new Map<string, readonly string[]>([['schema', schema]])
  for (const [table, rows] of [...tables].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const lines = rows.map((row) => JSON.stringify(normalise(table, row)))
    // A run that was broken off is gone on with by another one.
    parts.set(table, (table === 'tidegate_runs' ? [...new Set(lines)] : lines).toSorted())
  }
  const hash = createHash('sha256')
    .update(JSON.stringify([...parts]))
    .digest('hex')
  return { hash, parts }
}

const VOLATILE: Readonly<Record<string, readonly string[]>> = {
  tidegate_ledger: ['applied_at', 'duration_ms', 'run_id'],
  tidegate_runs: ['id', 'started_at', 'restore_point'],
  tidegate_journal: ['run_id', 'seq', 'digest'],
  tidegate_seeds: ['run_id', 'applied_at'],
  tidegate_base: ['run_id'],
}

/** Which table a column's ids are of. */
const REFERENCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  channels: { id: 'channels' },
  abilities: { channel_id: 'channels' },
  vendors: { id: 'vendors' },
  models: { id: 'models', vendor_id: 'vendors' },
}

const TIMES = ['created_time', 'updated_time']

function normaliser(tables: Contents['tables'], inserted: Inserted) {
  const names = Object.entries(inserted).flatMap(([table, own]) => {
    const rows = tables.get(table) ?? []
    return rows.flatMap((row): [string, string][] => {
      const name = String(row['name'] ?? row['model_name'])
      return own.includes(name) ? [[`${table} ${String(row['id'])}`, name]] : []
    })
  })
  const known = new Map(names)
  const rename = (table: string, cell: unknown): unknown =>
    known.get(`${table} ${plain(cell)}`) ?? cell
  const ofRow = (table: string, row: Row): Row => {
    const cells = Object.entries(row).map(([name, cell]) => {
      const referred = REFERENCES[table]?.[name]
      if (referred !== undefined) return [name, rename(referred, cell)]
      // Rows of the start state have older times.
      return [name, TIMES.includes(name) && Number(plain(cell)) > 1_700_000_000 ? 'now' : cell]
    })
    return Object.fromEntries(cells) as Row
  }
  return (table: string, row: Row): Row => {
    const kept = Object.entries(row).filter(([name]) => !VOLATILE[table]?.includes(name))
    const cells = Object.fromEntries(kept) as Row
    if (table === 'tidegate_journal') return normaliseJournal(cells, ofRow)
    if (table !== 'tidegate_base') return ofRow(table, cells)
    return { ...cells, row_id: rename(String(row['table_name']), row['row_id']) }
  }
}

function normaliseJournal(row: Row, ofRow: (table: string, row: Row) => Row): Row {
  const parsed = (name: string): Row | null => {
    const text = row[name] as string | null
    return text === null ? null : ofRow(String(row['table_name']), JSON.parse(text) as Row)
  }
  return {
    ...row,
    locator: parsed('locator'),
    before_image: parsed('before_image'),
    after_image: parsed('after_image'),
    undone_by: row['undone_by'] == null ? null : 'a run',
  }
}

/** A cell of an image may be a value, or a storage class with the value. */
export function plain(cell: unknown): string {
  return String(Array.isArray(cell) ? cell[1] : cell)
}

/** Where two states differ, in a few words. */
export function describeDifference(expected: State, actual: State): string {
  const names = [...new Set([...expected.parts.keys(), ...actual.parts.keys()])]
  const differences = names.flatMap((name) => {
    const before = expected.parts.get(name) ?? []
    const after = actual.parts.get(name) ?? []
    const missing = before.filter((line) => !after.includes(line))
    const added = after.filter((line) => !before.includes(line))
    const counts = before.length === after.length ? [] : [`${before.length} rows, ${after.length}`]
    const lines = [...missing.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)]
    return lines.length + counts.length === 0 ? [] : [[name, ...counts, ...lines.slice(0, 4)]]
  })
  return differences.map((lines) => lines.join('\n    ')).join('\n  ')
}

/** What tidegate's own tables say of each other, beyond what a comparison of states sees. */
export function checkBooks({ tables }: Contents): string[] {
  const rows = (table: string): readonly Row[] => tables.get(table) ?? []
  const runs = new Set(rows('tidegate_runs').map(({ id }) => id))
  const used = new Map<unknown, number[]>()
  for (const { run_id: run, seq } of rows('tidegate_journal')) {
    used.set(run, [...(used.get(run) ?? []), Number(seq)])
  }
  for (const { run_id: run } of [...rows('tidegate_seeds'), ...rows('tidegate_base')]) {
    used.set(run, used.get(run) ?? [])
  }
  const problems: string[] = []
  for (const [run, sequence] of used) {
    if (!runs.has(run)) problems.push(`rows of a run that is not recorded: ${String(run)}`)
    const isWhole = sequence.toSorted((a, b) => a - b).every((seq, index) => seq === index + 1)
    if (!isWhole) problems.push(`the journal of a run has gaps: ${String(run)}`)
  }
  if (used.size !== runs.size) problems.push('a run is recorded that wrote nothing')
  return problems
}
