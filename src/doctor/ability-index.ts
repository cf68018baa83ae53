import { canonicalCell, isWrongStorage } from '../gateway/cells.ts'
import { columnRule } from '../gateway/columns.ts'
import type { AbilityFacts } from '../gateway/facts.ts'
import { decodeField } from '../snapshot/line.ts'
import type { Cell } from '../snapshot/model.ts'

type DerivedCells = Pick<AbilityFacts, 'enabled' | 'priority' | 'weight'>

/** What is kept of `abilities` while its rows pass by once: a million of them must fit. */
export class AbilityIndex {
  readonly groups = new Set<string>()
  /** Rows of a channel id that no channel has. */
  readonly orphans = new Map<string, number>()
  /** Rows whose `enabled` the gateway does not read as a boolean. */
  readonly misread = new Map<string, { rows: number; value: string }>()
  readonly #pairs = new Map<string, Map<string, AbilityFacts[]>>()
  readonly #columns: readonly string[]
  readonly #channels: ReadonlyMap<string, unknown>
  readonly #models: ReadonlySet<string> | null
  readonly #groups = new Map<string, string>()
  readonly #names = new Map<string, string>()
  #last: { readonly text: string; readonly cells: DerivedCells } = {
    text: '',
    cells: { enabled: null, priority: null, weight: null },
  }

  /**
   * @param columns in the order of the lines, after group and model
   * @param models of which the rows are kept; null for all
   */
  constructor(
    columns: readonly string[],
    channels: ReadonlyMap<string, unknown>,
    models: ReadonlySet<string> | null,
  ) {
    this.#columns = columns
    this.#channels = channels
    this.#models = models
  }

  /** Abilities of one channel id: a field and lines of `LineStream`. */
  add(owner: string, lines: readonly string[]): void {
    const channelId = cellOf('channel_id', owner) ?? ''
    if (!this.#channels.has(channelId)) {
      this.orphans.set(channelId, (this.orphans.get(channelId) ?? 0) + lines.length)
    }
    for (const line of lines) this.#addLine(channelId, line)
  }

  #addLine(channelId: string, line: string): void {
    const groupEnd = line.indexOf('\t')
    const modelEnd = line.indexOf('\t', groupEnd + 1)
    const group = shared(this.#groups, 'group', line.slice(0, groupEnd))
    const model = shared(this.#names, 'model', line.slice(groupEnd + 1, modelEnd))
    const derived = this.#derivedCells(line.slice(modelEnd + 1))
    this.groups.add(group)
    if (isWrongStorage(derived.enabled)) this.#countMisread(channelId, derived.enabled!)
    if (this.#models !== null && !this.#models.has(model)) return
    this.#keep({ group, model, channelId, ...derived })
  }

  /** Most abilities of a channel have the same. */
  #derivedCells(text: string): DerivedCells {
    if (this.#last.text === text) return this.#last.cells
    const fields = text.split('\t')
    const cell = (name: string): Cell => {
      const place = this.#columns.indexOf(name)
      return place === -1 ? null : cellOf(name, fields[place]!)
    }
    const [enabled, priority, weight] = [cell('enabled'), cell('priority'), cell('weight')]
    this.#last = { text, cells: { enabled, priority, weight } }
    return this.#last.cells
  }

  of(group: string, model: string): readonly AbilityFacts[] {
    return this.#pairs.get(model)?.get(group) ?? []
  }

  #countMisread(channelId: string, enabled: string): void {
    const value = enabled.slice(enabled.indexOf('⟩') + 1)
    const before = this.misread.get(channelId)
    if (before === undefined) this.misread.set(channelId, { rows: 1, value })
    else before.rows += 1
  }

  #keep(ability: AbilityFacts): void {
    let groups = this.#pairs.get(ability.model)
    if (groups === undefined) this.#pairs.set(ability.model, (groups = new Map()))
    const rows = groups.get(ability.group)
    if (rows === undefined) groups.set(ability.group, [ability])
    else rows.push(ability)
  }
}

function cellOf(column: string, field: string): Cell {
  return canonicalCell(columnRule('abilities', column), decodeField(field))
}

/** Each name is decoded once, and every row that has it shares the text. */
function shared(known: Map<string, string>, column: string, field: string): string {
  const before = known.get(field)
  if (before !== undefined) return before
  const name = cellOf(column, field) ?? ''
  known.set(field, name)
  return name
}
