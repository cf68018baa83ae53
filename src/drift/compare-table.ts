import type { ComparisonWay, TableFacts } from '../diff/drift-report.ts'
import {
  changedFinding,
  duplicateFinding,
  type FindingContext,
  oneSidedFinding,
} from '../diff/build-finding.ts'
import { type Cells, cellsOfRow, diffCells } from '../diff/cells.ts'
import { classifyCell } from '../diff/classify.ts'
import { compareCells } from '../gateway/cells.ts'
import { type MergeEvent, mergeLines } from '../diff/merge.ts'
import { cellsOf, keyParts, keyText } from '../snapshot/cells.ts'
import type { LineStream } from '../snapshot/line.ts'
import type { MaskSecrets } from '../snapshot/mask.ts'
import type { TableShape } from '../snapshot/shape.ts'
import type { Base } from './base.ts'
import type { FindingCollector } from './collector.ts'
import { chooseWay, openStreams, type Sides, type Way } from './way.ts'

export interface TableInput extends Sides {
  readonly base: Base | null
  readonly mask: MaskSecrets
  readonly context: FindingContext
  readonly collector: FindingCollector
}

/** Compares one table in the order of its key. @throws what a side throws that cannot be read. */
export async function compareTable(input: TableInput, shape: TableShape): Promise<TableFacts> {
  const started = performance.now()
  const before = received(input)
  const base = input.base === null ? null : await input.base.rows(shape)
  const way = await chooseWay(input, shape)
  const table = new TableComparison(input, shape, base)
  const streams = await openStreams(input, shape, way)
  const counts = { from: 0, to: 0 }
  const from = base === null ? streams.from : table.remembering(streams.from)
  const events = mergeLines({ from, to: streams.to, keys: shape.keyKinds, counts })
  for await (const event of events) table.handle(event)
  table.countConverged()
  const after = received(input)
  return {
    table: shape.unpaired === 'none' ? `${shape.table} (own columns)` : shape.table,
    ...completeness(shape),
    from: streams.rows?.from ?? counts.from,
    to: streams.rows?.to ?? counts.to,
    unlisted: table.unlisted,
    way: wayFacts(way, before, after, performance.now() - started),
  }
}

function completeness({ unmapped }: TableShape): Pick<TableFacts, 'status' | 'reason'> {
  if (unmapped.length === 0) return { status: 'complete', reason: null }
  const reason = `nobody knows how to compare the types of ${unmapped.join(', ')}`
  return { status: 'incomplete', reason }
}

/** What both sides have received so far. */
export function received({ from, to }: TableInput) {
  const [left, right] = [from.traffic, to.traffic]
  return { bytes: left.bytes + right.bytes, roundTrips: left.roundTrips + right.roundTrips }
}

export function wayFacts(
  { algorithm, reason }: Way,
  before: ReturnType<typeof received>,
  after: ReturnType<typeof received>,
  milliseconds: number,
): ComparisonWay {
  return {
    algorithm,
    reason,
    bytes: after.bytes - before.bytes,
    scans: algorithm === 'buckets' ? 2 : 1,
    roundTrips: after.roundTrips - before.roundTrips,
    milliseconds: Math.round(milliseconds),
  }
}

/** Turns what separates two streams into findings. */
class TableComparison {
  readonly #input: TableInput
  readonly #shape: TableShape
  readonly #base: ReadonlyMap<string, Cells> | null
  /** Left lines of rows that the base has, until they are known to differ. */
  readonly #remembered = new Map<string, string>()
  unlisted = 0

  constructor(input: TableInput, shape: TableShape, base: ReadonlyMap<string, Cells> | null) {
    this.#input = input
    this.#shape = shape
    this.#base = base
  }

  async *remembering(lines: LineStream): LineStream {
    for await (const batch of lines) {
      for (const line of batch) {
        const key = keyText(this.#shape, line)
        if (this.#base?.has(key) === true) this.#remembered.set(key, line)
      }
      yield batch
    }
  }

  handle(event: MergeEvent): void {
    switch (event.kind) {
      case 'differ':
        this.#differ(event.from, event.to)
        return
      case 'missing':
        this.#oneSided('from', event.line)
        return
      case 'extra':
        this.#oneSided('to', event.line)
        return
      case 'duplicate':
        this.#duplicate(event)
    }
  }

  #differ(from: string, to: string): void {
    const { context, collector } = this.#input
    const key = this.#forget(from)
    const base = this.#base?.get(key) ?? null
    const [left, right] = [this.#cells(from), this.#cells(to)]
    const { differences, unknown } = diffCells(this.#rules(), left, right)
    collector.unknown += unknown
    const changed = new Set(differences.map(({ column }) => column))
    if (base !== null) this.#converge(left, base, changed)
    const finding = changedFinding(context, { ...this.#place(to), differences, base })
    if (finding !== null) collector.add(finding)
  }

  #oneSided(side: 'from' | 'to', line: string): void {
    const { unpaired } = this.#shape
    const key = side === 'from' ? this.#forget(line) : keyText(this.#shape, line)
    if (unpaired === 'none') return
    if (unpaired === 'left' && side === 'to') {
      this.unlisted += 1
      return
    }
    const isKnown = this.#base?.has(key) ?? false
    const all = cellsOfRow(this.#rules(), this.#cells(line), side)
    const cells = all.filter((cell) => Boolean(cell[side]))
    this.#input.collector.add(
      oneSidedFinding(this.#input.context, { ...this.#place(line), side, cells, isKnown }),
    )
  }

  /** Customers may call two of their tokens alike; that says nothing while nobody else has one. */
  #duplicate(event: Extract<MergeEvent, { kind: 'duplicate' }>): void {
    const { unpaired } = this.#shape
    const { side, lines, others } = event
    for (const line of side === 'from' ? lines : others) this.#forget(line)
    if (unpaired === 'none') return
    if (unpaired === 'left' && side === 'to' && others.length === 0) {
      this.unlisted += lines.length
      return
    }
    const place = this.#place(lines[0]!)
    this.#input.collector.add(
      duplicateFinding(this.#input.context, {
        ...place,
        side,
        rows: lines.length,
        others: others.length,
      }),
    )
  }

  /** Rows that are equal on both sides may both have left the base. */
  countConverged(): void {
    for (const [key, line] of this.#remembered) {
      this.#converge(this.#cells(line), this.#base!.get(key)!, new Set())
    }
  }

  #converge(cells: Cells, base: Cells, differing: ReadonlySet<string>): void {
    for (const rule of this.#rules()) {
      const value = cells.get(rule.name)
      const was = base.get(rule.name)
      if (value === undefined || was === undefined || differing.has(rule.name)) continue
      const isEqual = (a: string | null, b: string | null) =>
        compareCells(rule, a, b) !== 'different'
      const found = classifyCell({ from: value, to: value, base: was, hasBase: true }, isEqual)
      if (found === 'converged' && rule.role !== 'secret') this.#input.collector.converged += 1
    }
  }

  #rules() {
    return this.#shape.columns.map(({ rule }) => rule)
  }

  #cells(line: string): Cells {
    return this.#input.mask(this.#shape, cellsOf(this.#shape, line))
  }

  #place(line: string) {
    return { table: this.#shape.table, key: keyParts(this.#shape, line) }
  }

  #forget(line: string): string {
    const key = keyText(this.#shape, line)
    this.#remembered.delete(key)
    return key
  }
}
