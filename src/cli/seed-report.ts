import { abilityFacts, cellFacts, type SeedFacts } from '../report/model.ts'
import type { SeedPlan } from '../seed/plan.ts'

/** A plan as it is reported: no secrets, no locators but the row's own id. */
export function seedFacts({ seed, rows, state, lastRunId, warnings }: SeedPlan): SeedFacts {
  return {
    name: seed.name,
    description: seed.description,
    state,
    lastRun: lastRunId,
    rows: rows.map(({ base, label, rowId, outcome, changes }) => ({
      table: base.table,
      row: base.rowKey,
      label,
      id: rowId,
      outcome,
      cells: cellFacts(changes),
      abilities: abilityFacts(changes),
    })),
    warnings,
  }
}
