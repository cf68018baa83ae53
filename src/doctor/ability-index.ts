import { canonicalCell, isWrongStorage } from '../gateway/cells.ts'
import { columnRule } from '../gateway/columns.ts'
import type { AbilityFacts } from '../gateway/facts.ts'
import { decodeField } from '../snapshot/line.ts'
import type { Cell } from '../snapshot/model.ts'

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
  readonly #known = new Map<string, Map<string, Cell>>()

  /**
   * @param columns in the order of the lines; the first three are channel_id, group and model
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

  /** One line of `LineStream`. */
  add(line: string): void {
    const fields = line.split('\t')
    const channelId = this.#cell('channel_id', fields[0]!) ?? ''
    const group = this.#cell('group', fields[1]!) ?? ''
    const model = this.#cell('model', fields[2]!) ?? ''
    const cell = (name: string): Cell => {
      const place = this.#columns.indexOf(name)
      return place === -1 ? null : this.#cell(name, fields[place]!)
    }
    this.groups.add(group)
    if (!this.#channels.has(channelId)) {
      this.orphans.set(channelId, (this.orphans.get(channelId) ?? 0) + 1)
    }
    const enabled = cell('enabled')
    if (isWrongStorage(enabled)) this.#countMisread(channelId, enabled!)
    if (this.#models !== null && !this.#models.has(model)) return
    const [priority, weight] = [cell('priority'), cell('weight')]
    this.#keep({ group, model, channelId, enabled, priority, weight })
  }

  of(group: string, model: string): readonly AbilityFacts[] {
    return this.#pairs.get(model)?.get(group) ?? []
  }

  /** Each value is decoded once, and every row that has it shares the text. */
  #cell(column: string, field: string): Cell {
    let known = this.#known.get(column)
    if (known === undefined) this.#known.set(column, (known = new Map()))
    const before = known.get(field)
    if (before !== undefined) return before
    const cell = canonicalCell(columnRule('abilities', column), decodeField(field))
    known.set(field, cell)
    return cell
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
