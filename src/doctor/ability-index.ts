import { isWrongStorage } from '../gateway/cells.ts'
import type { AbilityFacts } from '../gateway/facts.ts'
import type { AbilityRow } from '../snapshot/source.ts'

type DerivedCells = Pick<AbilityFacts, 'enabled' | 'priority' | 'weight'>

/** What is kept of `abilities` while its rows pass by once: a million of them must fit. */
export class AbilityIndex {
  readonly groups = new Set<string>()
  /** Rows of a channel id that no channel has. */
  readonly orphans = new Map<string, number>()
  /** Rows whose `enabled` the gateway does not read as a boolean. */
  readonly misread = new Map<string, { rows: number; value: string }>()
  readonly #pairs = new Map<string, Map<string, AbilityFacts[]>>()
  readonly #models: ReadonlySet<string> | null
  readonly #texts = new Map<string, string>()

  /** @param models of which the rows are kept; null for all */
  constructor(models: ReadonlySet<string> | null) {
    this.#models = models
  }

  add(channelId: string, abilities: readonly AbilityRow[]): void {
    for (const { group, model, cells } of abilities) {
      const derived = derivedOf(cells)
      this.groups.add(group)
      if (isWrongStorage(derived.enabled)) this.#countMisread(channelId, derived.enabled!)
      if (this.#models !== null && !this.#models.has(model)) continue
      this.#keep({ group: this.#shared(group), model: this.#shared(model), channelId, ...derived })
    }
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

  /** Every row that has a name shares its text. */
  #shared(text: string): string {
    const before = this.#texts.get(text)
    if (before === undefined) this.#texts.set(text, text)
    return before ?? text
  }
}

function derivedOf(cells: AbilityRow['cells']): DerivedCells {
  return {
    enabled: cells.get('enabled') ?? null,
    priority: cells.get('priority') ?? null,
    weight: cells.get('weight') ?? null,
  }
}
