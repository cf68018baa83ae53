import { type Cell, type Cells, kindsOf } from './model-cells.ts'
import type { RealSide } from './model-side.ts'
import { type Memory, placeOf, type Rows } from './model-state.ts'

export interface RealEntry {
  readonly runId: string
  readonly seq: number
  readonly source: string
  readonly operation: 'insert' | 'update' | 'delete'
  readonly place: string
  readonly columns: readonly string[]
  readonly undoneBy: string | null
}

/** One database as it is, in the words of the model. */
export interface RealState {
  readonly rows: Rows
  readonly memory: ReadonlyMap<string, Memory>
  readonly runs: readonly { readonly id: string; readonly command: string }[]
  /** In the order of run and number. */
  readonly entries: readonly RealEntry[]
}

const GATEWAY = ['channels', 'abilities', 'options'] as const

const OURS = ['tidegate_base', 'tidegate_runs', 'tidegate_journal'] as const

export async function readState(side: RealSide): Promise<RealState> {
  const found = await side.select([...GATEWAY, ...OURS])
  const rowsOf = (table: string): Cells[] => found.get(table)!.map(toCells)
  const rows: Rows = new Map(
    GATEWAY.flatMap((table) => rowsOf(table).map((cells) => [placeOf(table, cells), cells])),
  )
  const runs = rowsOf('tidegate_runs').map(({ id, command }) => ({ id: id!, command: command! }))
  return {
    rows,
    memory: new Map(rowsOf('tidegate_base').map((cells) => [cells['row_key']!, toMemory(cells)])),
    runs: runs.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    entries: rowsOf('tidegate_journal').map(toEntry).toSorted(inOrder),
  }
}

function toCells(row: Record<string, unknown>): Cells {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toCell(value)]))
}

function toCell(value: unknown): Cell {
  if (value === null) return null
  if (typeof value === 'boolean') return value ? '1' : '0'
  return typeof value === 'bigint' ? value.toString() : textOf(value)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function toMemory(row: Cells): Memory {
  const { table_name: table, row_key: rowKey, cells: json } = row
  const [name] = JSON.parse(rowKey!.slice(table!.length + 1)) as [string]
  const all = JSON.parse(json!) as Cells
  const known = Object.keys(kindsOf(table!, name)).filter((column) => column in all)
  const cells = Object.fromEntries(known.map((column) => [column, all[column]!]))
  return { runId: row['run_id']!, rowId: row['row_id']!, cells }
}

function toEntry(row: Cells): RealEntry {
  return {
    runId: row['run_id']!,
    seq: Number(row['seq']),
    source: row['source']!,
    operation: row['operation'] as RealEntry['operation'],
    place: placeOf(row['table_name']!, JSON.parse(row['locator']!) as Cells),
    columns: JSON.parse(row['columns']!) as string[],
    undoneBy: row['undone_by'] ?? null,
  }
}

function inOrder(a: RealEntry, b: RealEntry): number {
  if (a.runId !== b.runId) return a.runId < b.runId ? -1 : 1
  return a.seq - b.seq
}
