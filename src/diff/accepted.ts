import { complete, type FindingContext } from './build-finding.ts'
import type { Acceptance, CellFinding, Finding } from './finding.ts'
import { severityOf, worstClass } from './severity.ts'
import { pinOfFinding } from './shown.ts'

/** One difference that a person accepted. Written once, and compared with what is found later. */
export interface AcceptedEntry extends Acceptance {
  /** Name of the right side. */
  readonly environment: string
  readonly table: string
  readonly key: readonly string[]
  /** Null accepts the finding as a whole: a row that is missing or extra, duplicates, abilities. */
  readonly column: string | null
  readonly path: string | null
  /** Of the cell, or of the whole finding (`pinOfFinding`). */
  readonly pin: string
}

interface AcceptedInput {
  readonly entries: readonly AcceptedEntry[]
  /** Name of the right side; entries for others are left alone. */
  readonly environment: string
  /** `YYYY-MM-DD`. */
  readonly today: string
  readonly context: FindingContext
}

/** The accepted list during one comparison. */
export class AcceptedList {
  readonly #entries: ReadonlyMap<string, readonly AcceptedEntry[]>
  readonly #expired: readonly AcceptedEntry[]
  readonly #context: FindingContext
  /** Entries whose place was found, with the accepted value or with another one. */
  readonly #found = new Set<AcceptedEntry>()

  constructor({ entries, environment, today, context }: AcceptedInput) {
    const own = entries.filter((entry) => entry.environment === environment)
    const valid = own.filter(({ expires }) => expires >= today)
    this.#entries = Map.groupBy(valid, ({ table, key, column, path }) =>
      placeOf({ table, key }, column, path),
    )
    this.#expired = own.filter(({ expires }) => expires < today)
    this.#context = context
  }

  /** The finding with what is accepted of it; class and severity follow from the rest. */
  apply(finding: Finding): Finding {
    return finding.kind === 'changed' ? this.#applyToCells(finding) : this.#applyToWhole(finding)
  }

  /**
   * Entries that have expired, and those that no finding needed: to be asked when every finding has
   * been applied. Of tables that were not compared nobody can say that.
   */
  findings(compared: ReadonlySet<string>): Finding[] {
    const unused = [...this.#entries.values()]
      .flat()
      .filter((entry) => !this.#found.has(entry) && compared.has(entry.table))
    return [
      ...this.#expired.map((entry) => this.#complain(entry, `accepted until ${entry.expires}`)),
      ...unused.map((entry) => this.#complain(entry, 'accepted, and no such difference is left')),
    ]
  }

  #applyToCells(finding: Finding): Finding {
    const matches = finding.cells.map((cell) => this.#match(finding, cell))
    const cells = finding.cells.map((cell, index): CellFinding =>
      matches[index]?.isAccepted ? { ...cell, class: 'accepted' } : cell,
    )
    const message = withOthers(finding.message, matches)
    const worst = worstClass(cells.map((cell) => cell.class))
    if (worst === null || matches.every((match) => match === null)) return finding
    const acceptance = worst === 'accepted' ? firstToExpire(matches) : null
    return {
      ...finding,
      cells,
      message,
      class: worst,
      severity: severityOf(worst, cells),
      acceptance,
    }
  }

  #applyToWhole(finding: Finding): Finding {
    const pin = pinOfFinding(finding, this.#context.hash)
    const match = this.#match(finding, { column: null, path: null, pin })
    if (match === null) return finding
    if (!match.isAccepted) return { ...finding, message: withOthers(finding.message, [match]) }
    const cells = finding.cells.map((cell): CellFinding => ({ ...cell, class: 'accepted' }))
    const acceptance = firstToExpire([match])
    return { ...finding, cells, class: 'accepted', severity: 'note', acceptance }
  }

  /** Null when nobody ever accepted anything in this place. */
  #match(finding: Finding, cell: Pinned): Match | null {
    const entries = this.#entries.get(placeOf(finding, cell.column, cell.path))
    if (entries === undefined) return null
    for (const entry of entries) this.#found.add(entry)
    const accepted = entries.find(({ pin }) => pin === cell.pin)
    return { cell, isAccepted: accepted !== undefined, entry: accepted ?? entries[0]! }
  }

  #complain(entry: AcceptedEntry, what: string): Finding {
    const { table, key, column, path, pin, reason, owner, expires } = entry
    const names = [
      table,
      ...key,
      ...(column === null ? [] : [column]),
      ...(path === null ? [] : [path]),
    ]
    const message = `${names.join(' ')} was ${what} (${owner}: ${reason})`
    return complete(
      this.#context,
      {
        kind: 'acceptance',
        class: 'acceptance',
        table,
        key,
        side: null,
        message,
        cells: [],
        acceptance: { reason, owner, expires },
      },
      [column, path, pin],
    )
  }
}

interface Pinned {
  readonly column: string | null
  readonly path: string | null
  readonly pin: string
}

interface Match {
  readonly cell: Pinned
  readonly entry: AcceptedEntry
  /** False when the entry was made for another value. */
  readonly isAccepted: boolean
}

function placeOf(
  { table, key }: Pick<Finding, 'table' | 'key'>,
  column: string | null,
  path: string | null,
): string {
  return JSON.stringify([table, key, column, path])
}

function withOthers(message: string, matches: readonly (Match | null)[]): string {
  const others = matches.filter((match) => match !== null && !match.isAccepted)
  if (others.length === 0) return message
  const said = others.map((match) => {
    const { cell, entry } = match!
    const what =
      cell.column === null ? '' : ` for ${cell.column}${cell.path === null ? '' : `.${cell.path}`}`
    return `another value${what} had been accepted (${entry.owner}, until ${entry.expires})`
  })
  return `${message}; ${said.join('; ')}`
}

function firstToExpire(matches: readonly (Match | null)[]): Acceptance | null {
  const entries = matches.flatMap((match) => (match?.isAccepted ? [match.entry] : []))
  const [first] = entries.toSorted((a, b) => (a.expires < b.expires ? -1 : 1))
  if (first === undefined) return null
  const { reason, owner, expires } = first
  return { reason, owner, expires }
}
