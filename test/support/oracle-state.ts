import { createHash } from 'node:crypto'
import { CHANNEL_NAME } from './battery-start.ts'
import type { Contents, Row } from './oracle-read.ts'

/**
 * A database's contents without what differs from run to run: when and how long, the ids of runs,
 * the order of rows, and the id of the row that the seed inserts, because PostgreSQL's sequences
 * do not give back what a transaction has taken and then lost.
 */
export interface State {
  readonly hash: string
  /** Part (a table, or `schema`) to its lines, to say where two states differ. */
  readonly parts: ReadonlyMap<string, readonly string[]>
}

export function toState({ schema, tables }: Contents): State {
  const seeded = tables.get('channels')?.find(({ name }) => name === CHANNEL_NAME)?.['id']
  const parts = new Map<string, readonly string[]>([['schema', schema]])
  for (const [table, rows] of [...tables].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const lines = rows.map((row) => JSON.stringify(normalise(table, row, String(seeded))))
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

function normalise(table: string, row: Row, seeded: string): Row {
  const kept = Object.entries(row).filter(([name]) => !VOLATILE[table]?.includes(name))
  const cells = Object.fromEntries(kept)
  if (table === 'channels') return withoutTimes(renamed(cells, 'id', seeded))
  if (table === 'abilities') return renamed(cells, 'channel_id', seeded)
  if (table === 'tidegate_base') return renamed(cells, 'row_id', seeded)
  return table === 'tidegate_journal' ? normaliseJournal(cells, seeded) : cells
}

function normaliseJournal(row: Row, seeded: string): Row {
  const id = row['table_name'] === 'abilities' ? 'channel_id' : 'id'
  const parsed = (name: string): Row | null => {
    const text = row[name] as string | null
    if (text === null) return null
    return withoutTimes(renamed(JSON.parse(text) as Row, id, seeded))
  }
  return {
    ...row,
    locator: parsed('locator'),
    before_image: parsed('before_image'),
    after_image: parsed('after_image'),
  }
}

function renamed(row: Row, column: string, seeded: string): Row {
  return plain(row[column]) === seeded ? { ...row, [column]: 'the seeded one' } : row
}

/** Rows of the start state have older times. */
function withoutTimes(row: Row): Row {
  const isNew = Number(plain(row['created_time'])) > 1_700_000_000
  return isNew ? { ...row, created_time: 'now' } : row
}

/** A cell of an image may be a value, or a storage class with the value. */
function plain(cell: unknown): string {
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
