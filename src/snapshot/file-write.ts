import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { CatalogColumn } from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import { CORE_TABLES } from '../gateway/columns.ts'
import { replaceFile } from '../replace-file.ts'
import { cellsOf } from './cells.ts'
import { type BaseLine, type HeaderLine, type SchemaLine, SNAPSHOT_VERSION } from './file-format.ts'
import type { MaskSecrets } from './mask.ts'
import type { Cell } from './model.ts'
import { shapeTables, type TableShape } from './shape.ts'
import type { Source } from './source.ts'

export interface SnapshotInput {
  readonly source: Source
  /** Tables of the configuration that are compared besides the gateway's. */
  readonly named: readonly string[]
  /** Tables that hold customers' names and are left out unless they are asked for. */
  readonly withCustomers: boolean
  /** What seeds last applied there. */
  readonly base: readonly BaseLine[]
  readonly mask: MaskSecrets
}

export interface SnapshotFacts {
  readonly outcome: 'written' | 'unchanged'
  readonly tables: readonly { readonly table: string; readonly rows: number }[]
  readonly bytes: number
}

/**
 * Writes what a comparison needs of a database. The file is replaced as a whole, and left alone
 * when nothing but the time would differ. @throws DatabaseError when a table cannot be read to its
 * end: then nothing is written.
 */
export async function saveSnapshot(path: string, input: SnapshotInput): Promise<SnapshotFacts> {
  const { lines, tables } = await input.source.snapshot(() => snapshotLines(input))
  const text = seal(lines)
  const facts = { tables, bytes: Buffer.byteLength(text) }
  if (body(await existing(path)) === body(text)) return { outcome: 'unchanged', ...facts }
  await write(path, text)
  return { outcome: 'written', ...facts }
}

async function snapshotLines(input: SnapshotInput) {
  const { source } = input
  const { shapes } = shapeTables(source.catalog, source.catalog, input.named)
  const wanted = shapes.filter(({ unpaired }) => input.withCustomers || unpaired !== 'left')
  const lines: object[] = [headerOf(source), ...schemaLines(source, wanted)]
  const tables: { table: string; rows: number }[] = []
  for (const shape of wanted) {
    const rows = await rowLines(input, shape)
    const columns = shape.columns.map(({ name }) => name)
    lines.push({ table: shape.table, columns, keyLength: shape.keyLength }, ...rows)
    tables.push({ table: shape.table, rows: rows.length })
  }
  for await (const { channel, ...counts } of source.staleAbilities({
    progress: { rows: 0 },
    buckets: 0,
  })) {
    lines.push({ stale: maskKey(input, wanted, 'channels', channel), ...counts })
  }
  return { lines: [...lines, ...input.base.map((line) => maskBase(input, wanted, line))], tables }
}

/** Names as the rows have them: a secret in one is hidden here too. */
function maskKey(
  { mask }: SnapshotInput,
  shapes: readonly TableShape[],
  table: string,
  key: readonly Cell[],
): readonly Cell[] {
  const shape = shapes.find((one) => one.table === table)
  if (shape === undefined) return key
  const names = shape.columns.slice(0, key.length).map(({ name }) => name)
  const cells = new Map(names.map((name, index) => [name, key[index] ?? null]))
  return [...mask(shape, cells).values()]
}

function maskBase(
  input: SnapshotInput,
  shapes: readonly TableShape[],
  { key, cells, ...line }: BaseLine,
): BaseLine {
  const shape = shapes.find(({ table }) => table === line.table)
  const masked = shape === undefined ? null : input.mask(shape, new Map(Object.entries(cells)))
  return {
    ...line,
    key: [...maskKey(input, shapes, line.table, key)],
    cells: masked === null ? cells : Object.fromEntries(masked),
  }
}

function headerOf({ name, dialect, takenAt, keyId }: Source): HeaderLine {
  return {
    tidegate: 'snapshot',
    version: SNAPSHOT_VERSION,
    name,
    dialect,
    takenAt: takenAt.toISOString(),
    fingerprintKey: keyId,
  }
}

/** Of the compared tables, and of those that tell the gateway's version. */
function schemaLines({ catalog }: Source, shapes: readonly TableShape[]): SchemaLine[] {
  const tables = [...new Set([...CORE_TABLES, ...shapes.map(({ table }) => table)])].toSorted()
  return tables.flatMap((table) => {
    const columns = catalog.get(table)
    if (columns === undefined) return []
    return [{ schema: table, columns: Object.fromEntries([...columns].map(describeColumn)) }]
  })
}

function describeColumn([name, column]: readonly [string, CatalogColumn]) {
  const { type, family, maxLength, nullable, keyPosition, unique } = column
  return [name, { type, family, maxLength, nullable, keyPosition, unique }] as const
}

async function rowLines({ source, mask }: SnapshotInput, shape: TableShape): Promise<object[]> {
  const rows: object[] = []
  for await (const lines of source.lines(shape)) {
    for (const line of lines) {
      const cells = [...mask(shape, cellsOf(shape, line))].filter(([, cell]) => cell !== null)
      rows.push({ row: Object.fromEntries(cells) })
    }
  }
  return rows
}

function seal(lines: readonly object[]): string {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  const rows = lines.filter((line) => 'row' in line).length
  const sha256 = createHash('sha256').update(text).digest('hex')
  return `${text}${JSON.stringify({ end: 'snapshot', rows, sha256 })}\n`
}

/** All but the first and the last line, which tell the time and the checksum of everything. */
function body(text: string | null): string | null {
  if (text === null) return null
  const lines = text.split('\n')
  const header = (lines[0] ?? '').replace(/"takenAt":"[^"]*"/, '')
  return [header, ...lines.slice(1, -2)].join('\n')
}

async function existing(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null)
}

async function write(path: string, text: string): Promise<void> {
  try {
    await replaceFile(path, text)
  } catch (error) {
    throw new TidegateError('usage', 'the snapshot file cannot be written', {
      nextStep: 'check that its folder exists and may be written to',
      cause: error,
    })
  }
}
