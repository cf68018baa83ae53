import { type Cells, diffCells } from '../diff/cells.ts'
import { type MergeEvent, mergeLines } from '../diff/merge.ts'
import { keyLine } from '../drift/base.ts'
import { isWrongStorage } from '../gateway/cells.ts'
import { isEnvironmentOption, isSecretOption } from '../gateway/secrets.ts'
import { cellsOf, keyParts, keyText } from '../snapshot/cells.ts'
import { decodeLine } from '../snapshot/line.ts'
import type { LineStream } from '../snapshot/line.ts'
import type { MaskSecrets } from '../snapshot/mask.ts'
import { naturalKey } from '../snapshot/model.ts'
import type { ShapeColumn, TableShape } from '../snapshot/shape.ts'
import type { Source } from '../snapshot/source.ts'
import type { Knowledge } from './knowledge.ts'
import { agreedCells, memorable } from './remember.ts'
import { valuesOf } from './values.ts'
import type { Forgotten, FoundRow, KnownRow } from './world.ts'

export interface MergeInput {
  readonly command: 'push' | 'pull'
  readonly from: Source
  readonly to: Source
  readonly mask: MaskSecrets
  readonly knowledge: Knowledge
  /** Who remembers what both sides agree on. */
  readonly seed: string
  /** Of one table, by the text of the key; null without a base. */
  readonly base: ReadonlyMap<string, KnownRow> | null
  /** Columns that are written, without the key. */
  readonly columns: readonly ShapeColumn[]
}

/** A row that both sides share as it is, and of which something else is remembered. */
export interface SharedRow {
  readonly parts: readonly string[]
  readonly cells: string
}

export interface MergedTable {
  readonly rows: readonly FoundRow[]
  readonly shared: readonly SharedRow[]
  readonly gone: readonly Forgotten[]
  readonly counts: { readonly from: number; readonly to: number }
}

/** What separates two tables; equal rows cost nothing but what is remembered of them. */
export async function mergeTable(input: MergeInput, shape: TableShape): Promise<MergedTable> {
  const table = new TableMerge(input, shape)
  const counts = { from: 0, to: 0 }
  const from = table.watching(input.from.lines(shape), 'from')
  const to = table.watching(input.to.lines(shape), 'to')
  for await (const event of mergeLines({ from, to, keys: shape.keyKinds, counts })) {
    table.handle(event)
  }
  return { ...table.result(), counts }
}

/** Nobody but the gateway makes its users, or deletes them. */
const USERS = 'users'

class TableMerge {
  readonly #input: MergeInput
  readonly #shape: TableShape
  readonly #rows: FoundRow[] = []
  /** By the text of the key. */
  readonly #shared = new Map<string, SharedRow>()
  readonly #unseen: Set<string>

  constructor(input: MergeInput, shape: TableShape) {
    this.#input = input
    this.#shape = shape
    const { command, knowledge } = input
    this.#unseen = new Set(command === 'pull' ? knowledge.keys(shape.table) : [])
  }

  /** Looks at the lines of a pull, which remembers also what is equal. */
  watching(lines: LineStream, side: 'from' | 'to'): LineStream {
    return this.#input.command === 'pull' ? this.#watch(lines, side) : lines
  }

  async *#watch(lines: LineStream, side: 'from' | 'to'): LineStream {
    for await (const batch of lines) {
      for (const line of batch) {
        const key = this.#keyOf(line)
        this.#unseen.delete(key)
        if (side === 'from') this.#share(key, line)
      }
      yield batch
    }
  }

  /** Until the row is known to be no shared one. */
  #share(key: string, line: string): void {
    const { columns, knowledge, seed } = this.#input
    const { table } = this.#shape
    const canonical = cellsOf(this.#shape, line)
    if (this.#apart(canonical) !== null || this.#fault(line, [canonical]) !== null) return
    const cells = memorable(this.#shape, canonical)
    const agreed = agreedCells({ columns, cells, open: [], base: null })
    if (agreed === knowledge.rememberedBy(seed, table, key)) return
    this.#shared.set(key, { parts: keyParts(this.#shape, line), cells: agreed })
  }

  handle(event: MergeEvent): void {
    if (event.kind === 'differ') this.#differ(event.from, event.to)
    else if (event.kind === 'missing') this.#missing(event.line)
    else if (event.kind === 'extra') this.#extra(event.line)
    else this.#duplicate(event)
  }

  #differ(from: string, to: string): void {
    const { mask, columns } = this.#input
    const left = valuesOf(this.#shape, from, mask)
    const right = valuesOf(this.#shape, to, mask)
    const rules = columns.map(({ rule }) => rule)
    const { differences, unknown } = diffCells(rules, left.cells, right.cells)
    if (differences.length + unknown === 0) return
    this.#shared.delete(this.#keyOf(from))
    const fault = this.#fault(from, [left.cells, right.cells])
    this.#rows.push({ ...this.#row('changed', from), from: left, to: right, fault })
  }

  #missing(line: string): void {
    this.#shared.delete(this.#keyOf(line))
    if (this.#shape.table === USERS) return
    const from = valuesOf(this.#shape, line, this.#input.mask)
    const fault = this.#fault(line, [from.cells])
    this.#rows.push({ ...this.#row('missing', line), from, fault })
  }

  #extra(line: string): void {
    const { table, unpaired } = this.#shape
    if (table === USERS || unpaired === 'none') return
    const row = this.#row('extra', line)
    if (unpaired === 'left' && !row.isOwned) return
    const to = row.isOwned ? valuesOf(this.#shape, line, this.#input.mask) : null
    this.#rows.push({ ...row, to, fault: this.#fault(line, to === null ? [] : [to.cells]) })
  }

  /** Customers may call two of their tokens alike; that says nothing while nobody else has one. */
  #duplicate({ side, lines, others }: Extract<MergeEvent, { kind: 'duplicate' }>): void {
    this.#shared.delete(this.#keyOf(lines[0]!))
    const { unpaired } = this.#shape
    if (unpaired === 'none' || (unpaired === 'left' && side === 'to' && others.length === 0)) return
    this.#rows.push({ ...this.#row('duplicate', lines[0]!), side, count: lines.length })
  }

  #row(kind: FoundRow['kind'], line: string): FoundRow {
    const { knowledge, seed } = this.#input
    const { table } = this.#shape
    const key = this.#keyOf(line)
    const base = this.#input.base?.get(key) ?? null
    return {
      kind,
      side: null,
      count: 1,
      parts: keyParts(this.#shape, line),
      from: null,
      to: null,
      base: base && { ...base, cells: memorable(this.#shape, base.cells) },
      remembered: knowledge.rememberedBy(seed, table, key),
      isOwned: base !== null || knowledge.isOwned(table, key),
      forgets: knowledge.onTarget(table, key),
      fault: null,
      apart: this.#apart(cellsOf(this.#shape, line)),
    }
  }

  /** The same on both dialects, and in what is remembered. */
  #keyOf(line: string): string {
    return keyLine(decodeLine(keyText(this.#shape, line)).map((cell) => cell?.text ?? null))
  }

  #apart(cells: Cells): FoundRow['apart'] {
    const key = this.#shape.table === 'options' ? (cells.get('key') ?? '') : ''
    if (isSecretOption(key)) return 'secret'
    return isEnvironmentOption(key) ? 'environment' : null
  }

  /** Why a row cannot be written as it is. */
  #fault(line: string, sides: readonly Cells[]): string | null {
    const { columns } = this.#shape
    const key = decodeLine(keyText(this.#shape, line))
    const isNamed = key.every((cell, index) => {
      // Of what an id stands for, its own table says how it should be stored.
      return cell !== null && (cell.storage === 'native' || columns[index]!.reference !== null)
    })
    if (!isNamed) return 'a part of its key is NULL, or stored as something else than it should be'
    const cells = sides.flatMap((side) => [...side.values()])
    if (cells.some(isWrongStorage))
      return 'a value is stored as something that the gateway misreads'
    const isText = (cell: string | null): boolean =>
      cell === null || (cell.isWellFormed() && !cell.includes('\0'))
    const texts = [...cells, ...key.map((cell) => cell?.text ?? null)]
    return texts.every(isText) ? null : 'a value holds a NUL character, or is not valid Unicode'
  }

  result(): Omit<MergedTable, 'counts'> {
    const { knowledge, seed } = this.#input
    const { table } = this.#shape
    const gone = [...this.#unseen].flatMap((key) =>
      knowledge.onTarget(table, key).filter((row) => row.seed === seed),
    )
    return {
      rows: this.#rows,
      shared: [...this.#shared.values()],
      gone: gone.map(({ rowKey }) => ({ seed, rowKey })),
    }
  }
}

/** What `tidegate_base` calls a row. */
export function rowKeyOf(table: string, parts: readonly string[]): string {
  return `${table}:${naturalKey(parts)}`
}
