import type {
  Catalog,
  CatalogColumn,
  DialectName,
  StreamColumn,
  StreamRequest,
} from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import { RUNTIME_TABLES } from '../snapshot/table-specs.ts'
import { copyColumn, type CopyColumn } from './copy-cell.ts'
import { shownGiven } from './given.ts'

export interface CopySide {
  readonly dialect: DialectName
  readonly catalog: Catalog
}

/** One table that both sides have. */
export interface CopyTable {
  readonly table: string
  /** Those that both sides have, the key first. */
  readonly columns: readonly CopyColumn[]
  /** The target's primary key; [] where it has none, or one that the source lacks. */
  readonly key: readonly string[]
  /** Columns that only the source has. */
  readonly lost: readonly CatalogColumn[]
  /** Columns of the target besides its key, each alone, that keep values apart which the source does not. */
  readonly unique: readonly CopyColumn[]
}

export interface CopyScope {
  readonly tables: readonly CopyTable[]
  /** Tables that only the source has. */
  readonly lacking: readonly string[]
  /** Tables of the source that a running gateway writes and nobody asked for. */
  readonly notCopied: readonly string[]
}

/** What is copied. @throws TidegateError `usage` when the source lacks an included table. */
export function scopeOf(from: CopySide, to: CopySide, include: readonly string[]): CopyScope {
  for (const table of include) assertIncluded(from, table)
  const names = [...from.catalog.keys()].filter((table) => !isOurs(table))
  const isLeft = (table: string): boolean => isRuntime(table) && !include.includes(table)
  const wanted = names.filter((table) => !isLeft(table))
  return {
    tables: wanted
      .filter((table) => to.catalog.has(table))
      .map((table) => copyTable(table, from, to)),
    lacking: wanted.filter((table) => !to.catalog.has(table)),
    notCopied: names.filter(isLeft),
  }
}

function assertIncluded({ catalog }: CopySide, table: string): void {
  if (catalog.has(table) && !isOurs(table)) return
  const shown = shownGiven(table, 'TABLE')
  throw new TidegateError('usage', `--include ${shown}: the source has no such table to copy`, {
    nextStep: 'check the name, for example: --include logs',
  })
}

function isOurs(table: string): boolean {
  return table.startsWith('tidegate_')
}

/** `setups` says that the gateway was set up: without it, it asks for that again. */
function isRuntime(table: string): boolean {
  return RUNTIME_TABLES.test(table) && table !== 'setups'
}

function copyTable(table: string, from: CopySide, to: CopySide): CopyTable {
  const [left, right] = [from.catalog.get(table)!, to.catalog.get(table)!]
  const key = primaryKey(right)
  const isKeyed = key.length > 0 && key.every((name) => left.has(name))
  const names = new Set([...(isKeyed ? key : []), ...left.keys()])
  const columns = [...names]
    .filter((name) => right.has(name))
    .map((name) =>
      copyColumn(
        { dialect: from.dialect, column: left.get(name)! },
        { dialect: to.dialect, column: right.get(name)! },
      ),
    )
  return {
    table,
    columns,
    key: isKeyed ? key : [],
    lost: [...left.values()].filter(({ name }) => !right.has(name)),
    unique: columns.filter(
      ({ name, target }) => target.unique && !left.get(name)!.unique && key.join() !== name,
    ),
  }
}

function primaryKey(columns: ReadonlyMap<string, CatalogColumn>): string[] {
  return [...columns.values()]
    .filter(({ keyPosition }) => keyPosition !== null)
    .toSorted((a, b) => a.keyPosition! - b.keyPosition!)
    .map(({ name }) => name)
}

/** Whole rows, nothing hidden; with `extra` after the columns that are copied. */
export function wholeRows(
  { table, columns, key }: CopyTable,
  extra: readonly CatalogColumn[] = [],
): StreamRequest {
  return {
    table,
    columns: [...columns, ...extra].map(({ name, family }): StreamColumn => ({ name, family })),
    keyLength: Math.max(key.length, 1),
  }
}

/**
 * What the target will be once its gateway has made it, as far as the source says that: lengths,
 * and which values may be absent.
 */
export function expectedCatalog(source: Catalog): Catalog {
  return new Map(
    [...source].map(([table, columns]) => [
      table,
      new Map([...columns].map(([name, column]) => [name, { ...column, type: '' }])),
    ]),
  )
}
