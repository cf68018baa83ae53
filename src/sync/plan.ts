import type { Plan, PlanItem } from '../apply/plan.ts'
import { TidegateError } from '../errors.ts'
import { hideSecrets } from '../gateway/secret-scan.ts'
import { shellWord } from '../shell-word.ts'
import { naturalKey } from '../snapshot/model.ts'
import { forgottenAbilities, rememberedAbilities, removedAbilities } from './ability-memory.ts'
import type { SyncChoice, SyncPlan } from './choice.ts'
import { assertFewDeletes, assertWhole } from './guards.ts'
import { planRow } from './plan-row.ts'
import type { PlannedRow, RowContext } from './planned-row.ts'
import { Selection } from './select.ts'
import { presentKey, type SyncTable, type SyncWorld } from './world.ts'

export type { LeftRow, SyncChoice, SyncPlan } from './choice.ts'

/**
 * What of the differences is written, and why the rest is not.
 * @throws TidegateError `plan` when a side is not whole, a selector matches nothing, a new channel
 *   has no key, or more rows would be deleted than may be.
 */
export function planSync(world: SyncWorld, choice: SyncChoice): SyncPlan {
  assertWhole(world)
  const selection = new Selection(choice.select, world)
  const inserted = new Set<string>()
  const removed = new Set<string>()
  const rows: PlannedRow[] = []
  for (const table of world.tables) {
    const context: RowContext = { world, choice, selection, table, inserted, removed }
    for (const row of table.rows) {
      const planned = planRow(context, row)
      rows.push(planned)
      if (planned.item !== null) note(planned.item, table, { inserted, removed })
    }
  }
  assertKeys(rows)
  const items = rows.flatMap(({ item }) => item ?? [])
  assertFewDeletes(items, choice.maxDeletes)
  return {
    plan: planOf(world, items, rows),
    left: rows.flatMap(({ left }) => left),
    warnings: [...world.warnings, ...rows.flatMap(({ warnings }) => warnings)],
  }
}

interface Notes {
  readonly inserted: Set<string>
  readonly removed: Set<string>
}

/** What later rows have to know of an earlier one. */
function note(item: PlanItem, { shape }: SyncTable, { inserted, removed }: Notes): void {
  const [name = ''] = JSON.parse(item.changes[0].key) as string[]
  if (item.operation === 'insert') inserted.add(presentKey(shape.table, name))
  for (const parts of removedAbilities(item)) removed.add(naturalKey(parts))
}

function planOf(world: SyncWorld, items: readonly PlanItem[], rows: readonly PlannedRow[]): Plan {
  const isDelete = ({ operation }: PlanItem): boolean => operation === 'delete'
  return {
    command: world.command,
    from: world.from,
    target: world.target,
    gateway: world.gateway,
    keyId: world.keyId,
    items: [...items.filter((item) => !isDelete(item)), ...items.filter(isDelete)],
    memory: [
      ...world.shared,
      ...rows.flatMap(({ memory }) => memory ?? []),
      ...items.flatMap((item) => rememberedAbilities(world, item)),
    ],
    forgotten: [
      ...world.gone,
      ...rows.flatMap(({ forgotten }) => forgotten),
      ...items.flatMap((item) => forgottenAbilities(world, item)),
    ],
    seeds: [],
  }
}

/** A channel without a key would be one that answers nothing. */
function assertKeys(rows: readonly PlannedRow[]): void {
  const lacking = rows.flatMap(({ item, lacksKey }) => (lacksKey && item !== null ? [item] : []))
  const [first] = lacking
  if (first === undefined) return
  const names = lacking.map(({ table, key }) => `${table}/${hideSecrets(key[0] ?? '')}`)
  throw new TidegateError('plan', `the left side has no key for ${names.join(', ')}`, {
    nextStep: `say where it is: --secret ${shellWord(`${names[0]}=env:VARIABLE`)}`,
  })
}
