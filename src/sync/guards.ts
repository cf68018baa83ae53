import type { PlanItem } from '../apply/plan.ts'
import { TidegateError } from '../errors.ts'
import type { SyncWorld } from './world.ts'

/** Below this, half of the rows is no number to judge by. */
const FEW_ROWS = 4

/**
 * A side that lost what both once had was not read as it should, or is not the database that is
 * meant. @throws TidegateError `plan`.
 */
export function assertWhole({ tables, from, to }: SyncWorld): void {
  for (const { shape, counts } of tables) {
    // Those follow from channels.
    if (shape.table === 'abilities' || counts.base === 0) continue
    for (const side of ['from', 'to'] as const) {
      const rows = counts[side]
      const isShort = counts.base >= FEW_ROWS && rows * 2 < counts.base
      if (rows > 0 && !isShort) continue
      const name = side === 'from' ? from.name : to
      const state = rows === 0 ? 'reads as empty' : `is much shorter (${rows} rows)`
      throw new TidegateError(
        'plan',
        `${shape.table} of ${name} ${state}, and had ${counts.base} rows when both sides agreed; nothing is planned`,
        {
          nextStep:
            'check which database this is; if it is meant so, run the command again with --base none',
        },
      )
    }
  }
}

/** @throws TidegateError `plan` naming every row when more would be deleted than may be. */
export function assertFewDeletes(items: readonly PlanItem[], most: number): void {
  const deletes = items.filter(({ operation }) => operation === 'delete')
  if (deletes.length <= most) return
  const names = deletes.map(({ table, key }) => `${table} ${JSON.stringify(key.join(' '))}`)
  throw new TidegateError(
    'plan',
    `${deletes.length} rows would be deleted, and at most ${most} may be: ${names.join(', ')}`,
    { nextStep: `look at them; then allow it with --max-deletes ${deletes.length}` },
  )
}
