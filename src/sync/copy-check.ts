import type { CatalogColumn, DatabaseReader } from '../database/contract.ts'
import { columnRule } from '../gateway/columns.ts'
import { hideSecrets } from '../gateway/secret-scan.ts'
import type { RawCell } from '../gateway/storage.ts'
import { decodeLine } from '../snapshot/line.ts'
import { type CopyColumn, misfitOf } from './copy-cell.ts'
import { CopyProblems } from './copy-problems.ts'
import { type CopyScope, type CopyTable, wholeRows } from './copy-scope.ts'

export interface CopyCheck {
  /** Rows of each table that is copied. */
  readonly tables: readonly TableRows[]
  readonly problems: CopyProblems
}

export interface TableRows {
  readonly table: string
  readonly rows: number
}

type Rows = AsyncIterable<readonly (RawCell | null)[]>

/** Reads everything once, to say what the target would refuse or keep otherwise than it is. */
export async function checkCopy(
  reader: Pick<DatabaseReader, 'stream' | 'catalog'>,
  scope: CopyScope,
): Promise<CopyCheck> {
  const problems = new CopyProblems()
  const tables: TableRows[] = []
  for (const table of scope.tables) {
    const rows = await checkRows(reader, table, problems)
    tables.push({ table: table.table, rows })
    for (const column of table.unique) await checkUnique(reader, { table, column }, problems)
  }
  for (const table of scope.lacking) {
    const rows = await countRows(reader, table)
    if (rows === 0) continue
    const problem = `the target has no such table, and ${rows === 1 ? 'a row is' : `${rows} rows are`} in it`
    problems.add({ table, row: null, column: null, problem })
  }
  return { tables, problems }
}

/** Whole rows of a table, as they lie in the source. */
export async function* rowsOf(
  reader: Pick<DatabaseReader, 'stream'>,
  request: Parameters<DatabaseReader['stream']>[0],
): Rows {
  for await (const lines of reader.stream(request)) yield* lines.map(decodeLine)
}

/** Of any table, by one column of it. */
export async function countRows(
  reader: Pick<DatabaseReader, 'stream' | 'catalog'>,
  table: string,
): Promise<number> {
  const columns = [...(await reader.catalog()).get(table)!.values()]
  const { name, family } = columns.find(({ keyPosition }) => keyPosition === 1) ?? columns[0]!
  let rows = 0
  const request = { table, columns: [{ name, family }], keyLength: 1 }
  for await (const lines of reader.stream(request)) rows += lines.length
  return rows
}

async function checkRows(
  reader: Pick<DatabaseReader, 'stream'>,
  table: CopyTable,
  problems: CopyProblems,
): Promise<number> {
  const lost = table.lost.map((column) => ({ column, rows: 0 }))
  let rows = 0
  let previous: string | null = null
  for await (const raw of rowsOf(reader, wholeRows(table, table.lost))) {
    rows += 1
    const key = table.key.length === 0 ? null : keyOf(table, raw)
    for (const [column, problem] of misfitsOf(table, raw, key !== null && key === previous)) {
      problems.add({ table: table.table, row: labelOf(table, raw, rows), column, problem })
    }
    previous = key
    lost.forEach((one, index) => {
      if (!isDefault(one.column, raw[table.columns.length + index] ?? null)) one.rows += 1
    })
  }
  addLost(table, lost, problems)
  return rows
}

function misfitsOf(
  { columns }: CopyTable,
  raw: readonly (RawCell | null)[],
  isRepeated: boolean,
): [column: string | null, problem: string][] {
  const misfits: [string | null, string][] = []
  columns.forEach((column, index) => {
    const problem = misfitOf(column, raw[index] ?? null)
    if (problem !== null) misfits.push([column.name, problem])
  })
  if (isRepeated) misfits.push([null, 'has the primary key of another row'])
  return misfits
}

function addLost(
  { table }: CopyTable,
  lost: readonly { readonly column: CatalogColumn; readonly rows: number }[],
  problems: CopyProblems,
): void {
  for (const { column, rows } of lost) {
    if (rows === 0) continue
    const problem = `the target has no such column, and ${rows === 1 ? 'a row has' : `${rows} rows have`} a value in it`
    problems.add({ table, row: null, column: column.name, problem })
  }
}

/** What a gateway writes that does not use the column. */
function isDefault({ table, name, family }: CatalogColumn, raw: RawCell | null): boolean {
  if (raw === null || ['', '0', 'false'].includes(raw.text)) return true
  return columnRule(table, name, family).onCreate === raw.text
}

/** In the order of the column, equal values follow each other. */
async function checkUnique(
  reader: Pick<DatabaseReader, 'stream'>,
  { table, column }: { readonly table: CopyTable; readonly column: CopyColumn },
  problems: CopyProblems,
): Promise<void> {
  const all = wholeRows(table)
  const key = all.columns.slice(0, all.keyLength).filter(({ name }) => name !== column.name)
  const columns = [{ name: column.name, family: column.family }, ...key]
  const request = { table: table.table, columns, keyLength: columns.length }
  let previous: string | null = null
  for await (const [cell = null, ...others] of rowsOf(reader, request)) {
    if (cell !== null && cell.text === previous) {
      const row = labelOf({ ...table, key: key.map(({ name }) => name) }, others, null)
      const problem = 'holds a value that another row has, where each may be there once'
      problems.add({ table: table.table, row, column: column.name, problem })
    }
    previous = cell?.text ?? null
  }
}

function keyOf({ key }: CopyTable, raw: readonly (RawCell | null)[]): string {
  return JSON.stringify(raw.slice(0, key.length).map((cell) => cell?.text ?? null))
}

/** For people; without a key, the place of the row among all. */
function labelOf(
  { table, key }: Pick<CopyTable, 'table' | 'key'>,
  raw: readonly (RawCell | null)[],
  place: number | null,
): string | null {
  if (key.length === 0) return place === null ? null : `row ${place}`
  const parts = key.map((name, index) => {
    const text = raw[index]?.text ?? 'NULL'
    return columnRule(table, name).role === 'secret' ? '[secret]' : hideSecrets(text)
  })
  return parts.join('/')
}
