import type { Catalog, Database } from '../database/contract.ts'
import type { Change } from '../diff/change.ts'
import type { Fingerprinter } from '../snapshot/fingerprint.ts'
import { checkAbilities } from './check-abilities.ts'
import { checkInserts } from './check-inserts.ts'
import { checkRows } from './check-rows.ts'
import { lockTouched } from './locks.ts'
import { findReferredIds } from './references.ts'
import { StaleRows } from './stale.ts'

export interface PreconditionInput {
  readonly database: Database
  readonly catalog: Catalog
  /** Null when the cells of secret columns only say that they are set. */
  readonly fingerprinter: Fingerprinter | null
  readonly changes: readonly Change[]
}

/**
 * Reads again, inside the caller's transaction, every row that the plan was made from, and locks
 * it against other writers until the transaction ends.
 * @returns the ids of the rows that the plan refers to and does not insert itself, by `rowKey`.
 * @throws StaleError when a row is not what the plan saw, TidegateError `value` when a row that the
 *   plan refers to does not exist.
 */
export async function assertUnchanged(input: PreconditionInput): Promise<Map<string, string>> {
  await lockTouched(input)
  const stale = new StaleRows()
  await checkRows(input, stale)
  await checkAbilities(input, stale)
  const ids = await findReferredIds(input, input.changes)
  await checkInserts(input, ids, stale)
  stale.assertNone()
  return ids
}
