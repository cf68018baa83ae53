import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { z } from 'zod'
import type { Catalog, CatalogColumn } from '../database/contract.ts'
import { compareKeys } from '../diff/key-order.ts'
import { TidegateError } from '../errors.ts'
import { recogniseVersion } from '../gateway/versions.ts'
import {
  baseLine,
  type BaseLine,
  endLine,
  headerLine,
  type HeaderLine,
  MAX_SNAPSHOT_BYTES,
  rowLine,
  schemaLine,
  staleLine,
  tableLine,
} from './file-format.ts'
import { encodeLine } from './line.ts'
import type { TableShape } from './shape.ts'
import type { Source, StaleChannel } from './source.ts'

/** What a snapshot file says, checked to its last line. */
export interface Snapshot {
  readonly header: HeaderLine
  readonly catalog: Catalog
  readonly tables: ReadonlyMap<string, SnapshotTable>
  readonly stale: readonly StaleChannel[]
  readonly base: readonly BaseLine[]
}

export interface SnapshotTable {
  readonly columns: readonly string[]
  /** Column to text; one that is not there is NULL. */
  readonly rows: readonly SnapshotRow[]
}

export type SnapshotRow = Readonly<Record<string, string>>

/** @throws TidegateError when it is no snapshot, or not all of one, or was changed by hand. */
export async function readSnapshot(path: string, shown: string): Promise<Snapshot> {
  return parseSnapshot(await readWhole(path, shown), shown)
}

async function readWhole(path: string, shown: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > MAX_SNAPSHOT_BYTES) throw broken(shown, 'is larger than any snapshot')
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof TidegateError) throw error
    throw broken(shown, 'cannot be read')
  }
}

function parseSnapshot(text: string, shown: string): Snapshot {
  const [first = '', ...lines] = text.split('\n')
  const header = parseLine(headerLine, first, shown, 1)
  const rows = checkSeal(text, lines, shown)
  const content: Content = { catalog: new Map(), tables: new Map(), stale: [], base: [] }
  let current: SnapshotRow[] | null = null
  let seen = 0
  lines.slice(0, -2).forEach((line, index) => {
    const number = index + 2
    if (line.startsWith('{"row":')) {
      if (current === null) throw broken(shown, `has a row outside a table in line ${number}`)
      current.push(parseLine(rowLine, line, shown, number).row)
      seen += 1
      return
    }
    current = addLine(content, line, shown, number) ?? current
  })
  if (seen !== rows) throw broken(shown, `holds ${seen} rows and says ${rows}`)
  return { header, ...content }
}

interface Content {
  readonly catalog: Map<string, ReadonlyMap<string, CatalogColumn>>
  readonly tables: Map<string, { columns: readonly string[]; rows: SnapshotRow[] }>
  readonly stale: StaleChannel[]
  readonly base: BaseLine[]
}

/** @returns the rows of the table that the line begins. */
function addLine(
  { catalog, tables, stale, base }: Content,
  line: string,
  shown: string,
  number: number,
): SnapshotRow[] | null {
  if (line.startsWith('{"schema":')) {
    const { schema, columns } = parseLine(schemaLine, line, shown, number)
    const entries = Object.entries(columns).map(([name, column]): [string, CatalogColumn] => [
      name,
      { table: schema, name, ...column },
    ])
    catalog.set(schema, new Map(entries))
    return null
  }
  if (line.startsWith('{"stale":')) {
    const { stale: channel, ...counts } = parseLine(staleLine, line, shown, number)
    stale.push({ channel, ...counts })
    return null
  }
  if (line.startsWith('{"base":')) {
    base.push(parseLine(baseLine, line, shown, number))
    return null
  }
  const { table, columns } = parseLine(tableLine, line, shown, number)
  const rows: SnapshotRow[] = []
  tables.set(table, { columns, rows })
  return rows
}

/** The checksum covers every byte before the last line. @returns how many rows there must be. */
function checkSeal(text: string, lines: readonly string[], shown: string): number {
  const last = lines.at(-2) ?? ''
  const end = parseLine(endLine, last, shown, lines.length)
  const sealed = text.slice(0, text.length - last.length - 1)
  const sha256 = createHash('sha256').update(sealed).digest('hex')
  if (sha256 !== end.sha256) throw broken(shown, 'was changed after it was written')
  return end.rows
}

function parseLine<T extends z.ZodType>(
  schema: T,
  line: string,
  shown: string,
  number: number,
): z.infer<T> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw broken(shown, `ends early or is damaged in line ${number}`)
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const isNewer = number === 1 && isSnapshot(value)
  throw broken(shown, isNewer ? 'is of another version' : `is no snapshot in line ${number}`)
}

function isSnapshot(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'tidegate' in value && 'version' in value
}

function broken(shown: string, problem: string): TidegateError {
  return new TidegateError('usage', `the snapshot file ${shown} ${problem}`, {
    nextStep: 'make it again with `tidegate snapshot save`',
  })
}

/** A snapshot file as one side of a comparison. */
export function snapshotSource(name: string, snapshot: Snapshot): Source {
  const { header, catalog, tables, stale } = snapshot
  return {
    name,
    kind: 'snapshot',
    dialect: header.dialect,
    label: `snapshot of ${header.name}`,
    catalog,
    version: recogniseVersion(catalog),
    takenAt: new Date(header.takenAt),
    keyId: header.fingerprintKey,
    scope: new Set(tables.keys()),
    snapshot: (body) => body(),
    lines: (shape) => snapshotLines(shape, tables.get(shape.table)?.rows ?? []),
    // eslint-disable-next-line typescript/require-await
    async *staleAbilities() {
      yield* stale
    },
    digest: async () => null,
    size: async (table) => ({ rows: tables.get(table)?.rows.length ?? 0, bytes: 0 }),
    link: async () => ({ roundTripMs: 0, bandwidth: Number.POSITIVE_INFINITY }),
    traffic: { bytes: 0, roundTrips: 0 },
  }
}

async function* snapshotLines(
  shape: TableShape,
  rows: readonly SnapshotRow[],
): AsyncGenerator<string[]> {
  yield rows
    .map((row) => encodeLine(shape.columns.map(({ name }) => cellOf(own(row, name)))))
    .toSorted((a, b) => compareKeys(a, b, shape.keyKinds))
}

function own(row: SnapshotRow, name: string): string | null {
  return Object.hasOwn(row, name) ? row[name]! : null
}

function cellOf(text: string | null) {
  return text === null ? null : ({ storage: 'native', text } as const)
}
