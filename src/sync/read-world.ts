import type { Remembered, TargetIdentity } from '../apply/plan.ts'
import { readTargetIdentity } from '../apply/target-identity.ts'
import type { CatalogColumn, DatabaseReader } from '../database/contract.ts'
import { type Base, readRemembered } from '../drift/base.ts'
import { TidegateError } from '../errors.ts'
import type { Fingerprinter } from '../snapshot/fingerprint.ts'
import { maskSecrets } from '../snapshot/mask.ts'
import { naturalKey } from '../snapshot/model.ts'
import type { ShapeColumn, TableShape } from '../snapshot/shape.ts'
import type { Source } from '../snapshot/source.ts'
import { Knowledge } from './knowledge.ts'
import { type MergedTable, type MergeInput, mergeTable, rowKeyOf } from './merge-table.ts'
import { countNamed, readRowIds, readTargetRows, type TargetInput } from './read-target.ts'
import { chooseTables } from './tables.ts'
import {
  type Forgotten,
  type FoundRow,
  type KnownRow,
  presentKey,
  type SyncRow,
  type SyncTable,
  type SyncWorld,
} from './world.ts'
import { withOwnCells } from './own-cells.ts'

/** One side of `push` and `pull`. */
export interface SyncSide {
  readonly source: Source
  /** Null: a snapshot file. */
  readonly reader: DatabaseReader | null
  /** What a snapshot is one of; the source's own name when absent. */
  readonly environment?: string
}

export interface ReadWorldInput {
  readonly command: 'push' | 'pull'
  /** Where rows come from. */
  readonly from: SyncSide
  /** The database that is changed. */
  readonly to: SyncSide & { readonly reader: DatabaseReader }
  /** Null: the default set. */
  readonly tables: readonly string[] | null
  /** Tables of the configuration that are compared besides the gateway's. */
  readonly named: readonly string[]
  readonly fingerprinter: Fingerprinter | null
  /** A snapshot that both sides once were; null leaves it to what tidegate remembers. */
  readonly base: Base | null
  /** Whether what tidegate remembers is the base. */
  readonly useMemory: boolean
  readonly target: TargetIdentity
  /** Called when a table was read, with its rows on the left side. */
  readonly onTable?: (table: string, rows: number) => void
}

/**
 * Reads what separates both sides, each in one moment of it, through readers that cannot write.
 * Memory follows the rows that differ, and what is remembered.
 * @throws DatabaseError when a table cannot be read to its end: it is never taken for empty.
 */
export function readSyncWorld(input: ReadWorldInput): Promise<SyncWorld> {
  const { from, to } = input
  return from.source.snapshot(() => to.source.snapshot(() => new WorldReader(input).read()))
}

class WorldReader {
  readonly #input: ReadWorldInput
  readonly #target: TargetInput
  readonly #shared: Remembered[] = []
  readonly #gone: Forgotten[] = []
  readonly #present = new Map<string, number>()

  constructor(input: ReadWorldInput) {
    this.#input = input
    const { to, fingerprinter } = input
    this.#target = { reader: to.reader, catalog: to.source.catalog, fingerprinter }
  }

  async read(): Promise<SyncWorld> {
    const { command, from, to, tables, named, target } = this.#input
    const seeds = await this.#seeds()
    const knowledge = await this.#knowledge(seeds)
    const chosen = chooseTables({ from: from.source, to: to.source, tables, named })
    const read: SyncTable[] = []
    for (const shape of chosen.shapes) read.push(await this.#table(shape, seeds.own, knowledge))
    return {
      command,
      from: { name: from.source.name, kind: from.source.kind },
      to: to.source.name,
      target,
      gateway: to.source.version?.label ?? null,
      keyId: this.#input.fingerprinter?.keyId ?? null,
      tables: withOwnCells(read),
      seed: seeds.own,
      shared: this.#shared,
      gone: this.#gone,
      abilities: knowledge.rowKeys(seeds.own, 'abilities'),
      present: this.#present,
      warnings: chosen.warnings,
    }
  }

  /** Under which names both sides remember what they agreed on. */
  async #seeds(): Promise<Seeds> {
    const { command, from, target } = this.#input
    if (command === 'pull') {
      const pulled = `pull:${from.environment ?? from.source.name}`
      return { pulled, pushed: `push:${target.id}`, own: pulled }
    }
    const id = await identityOf(from)
    const pushed = id === null ? null : `push:${id}`
    return { pulled: `pull:${target.environment}`, pushed, own: pushed ?? 'push' }
  }

  async #knowledge({ pulled, pushed }: Seeds): Promise<Knowledge> {
    const { command, from, to } = this.#input
    const remembered = async ({ reader, source }: SyncSide) =>
      reader === null ? [] : readRemembered(reader, source.catalog)
    const [left, right] = [await remembered(from), await remembered(to)]
    return new Knowledge({ command, from: left, to: right, pulled, pushed })
  }

  async #table(shape: TableShape, seed: string, knowledge: Knowledge): Promise<SyncTable> {
    const { command, from, to, fingerprinter, onTable } = this.#input
    const base = await this.#base(shape, knowledge)
    const columns = this.#columns(shape)
    const mask = maskSecrets(fingerprinter)
    const sides = { from: from.source, to: to.source }
    const input: MergeInput = { command, ...sides, mask, knowledge, seed, base, columns }
    const merged = await mergeTable(input, shape)
    await this.#remember(shape, merged, seed)
    await this.#countPresent(shape, merged.rows)
    onTable?.(shape.table, merged.counts.from)
    return {
      shape,
      columns,
      required: this.#targetColumns(shape, ({ nullable }) => !nullable),
      json: this.#targetColumns(shape, ({ family }) => family === 'json'),
      counts: { ...merged.counts, base: base?.size ?? 0 },
      hasBase: base !== null,
      rows: await this.#withTarget(shape, merged.rows),
    }
  }

  async #base(
    shape: TableShape,
    knowledge: Knowledge,
  ): Promise<ReadonlyMap<string, KnownRow> | null> {
    const { base, useMemory } = this.#input
    if (base !== null) {
      const rows = await base.rows(shape)
      return new Map([...rows].map(([key, cells]) => [key, { cells, isPartial: false }]))
    }
    if (!useMemory || !knowledge.hasBase()) return null
    const keys = knowledge.keys(shape.table)
    return new Map(keys.map((key) => [key, knowledge.baseOf(shape.table, key)!]))
  }

  /** Without ids, which mean nothing in another database. */
  #columns({ table, columns, keyLength }: TableShape): ShapeColumn[] {
    const { from, to } = this.#input
    const isId = ({ column, reference }: ShapeColumn): boolean =>
      reference === null &&
      [from, to].some(({ source }) => source.catalog.get(table)?.get(column)?.keyPosition != null)
    return columns.slice(keyLength).filter((column) => !isId(column))
  }

  #targetColumns({ table }: TableShape, isWanted: (column: CatalogColumn) => boolean): Set<string> {
    const columns = [...(this.#target.catalog.get(table)?.values() ?? [])]
    return new Set(columns.filter(isWanted).map(({ name }) => name))
  }

  async #remember(shape: TableShape, { shared, gone }: MergedTable, seed: string): Promise<void> {
    const { table } = shape
    const keys = shared.map(({ parts }) => parts)
    // Of abilities there may be many, and they have no id.
    const ids = table === 'abilities' ? null : await readRowIds(this.#target, shape, keys)
    for (const { parts, cells } of shared) {
      const key = naturalKey(parts)
      const rowId = ids === null ? key : ids.get(key)
      if (rowId === undefined) continue
      this.#shared.push({ seed, rowKey: rowKeyOf(table, parts), table, key, rowId, cells })
    }
    this.#gone.push(...gone)
  }

  async #countPresent({ columns }: TableShape, rows: readonly FoundRow[]): Promise<void> {
    const values = rows.filter(({ fault }) => fault === null).map(({ from }) => from?.texts)
    for (const { name, reference, rule } of columns) {
      if (reference === null || rule.table === 'abilities') continue
      const names = values.map((texts) => texts?.get(name) ?? '').filter((text) => text !== '')
      const counts = await countNamed(this.#target, reference, names)
      for (const [text, count] of counts) {
        this.#present.set(presentKey(reference.table, text), count)
      }
    }
  }

  async #withTarget(shape: TableShape, rows: readonly FoundRow[]): Promise<SyncRow[]> {
    const isWritten = ({ kind, isOwned, fault, apart }: FoundRow): boolean =>
      fault === null && apart === null && (kind === 'changed' || (kind === 'extra' && isOwned))
    const keys = rows.filter(isWritten).map(({ parts }) => parts)
    const found = await readTargetRows(this.#target, shape, keys)
    return rows.map((row) => {
      const target = isWritten(row) ? (found.get(naturalKey(row.parts)) ?? null) : null
      const isLost = isWritten(row) && target === null
      const fault = isLost ? 'it cannot be found by its key' : row.fault
      return { ...row, fault, target, own: new Map() }
    })
  }
}

interface Seeds {
  readonly pulled: string
  readonly pushed: string | null
  /** The one under which this plan remembers. */
  readonly own: string
}

/** Tells the left side from others of its name; null when it has nothing of its own. */
async function identityOf({ source, reader }: SyncSide): Promise<string | null> {
  if (reader === null) return null
  try {
    return (await readTargetIdentity(reader, source.catalog, source.name)).id
  } catch (error) {
    if (error instanceof TidegateError && error.code === 'ledger') return null
    throw error
  }
}
