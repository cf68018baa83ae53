import { createHash } from 'node:crypto'
import type { Catalog, Database } from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import type { TargetIdentity } from './plan.ts'

const LEDGER = 'tidegate_ledger'

const DIGITS = 16

/**
 * What tells a database from every other one, also from one that was made anew under its name: what
 * its server says of it, and the first migration that it got.
 * @throws TidegateError `ledger` when it has no migration.
 */
export async function readTargetIdentity(
  database: Pick<Database, 'identity' | 'read' | 'dialect' | 'label'>,
  catalog: Catalog,
  environment: string,
): Promise<TargetIdentity> {
  const { dialect, label } = database
  const facts = [await database.identity(), ...(await readBirth(database, catalog, environment))]
  const id = createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, DIGITS)
  return { environment, dialect, label, id }
}

/** Time, name and run of the oldest migration. */
async function readBirth(
  database: Pick<Database, 'read' | 'label'>,
  catalog: Catalog,
  environment: string,
): Promise<readonly string[]> {
  const columns = ['applied_at', 'name', 'run_id'].map((name) => ({ name }))
  const [rows = []] = catalog.has(LEDGER) ? await database.read([{ table: LEDGER, columns }]) : []
  const births = rows.map((row) => row.map((cell) => cell?.text ?? ''))
  const [birth] = births.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (birth !== undefined) return birth
  throw new TidegateError('ledger', `tidegate has never prepared ${database.label}`, {
    nextStep: `run \`tidegate migrate up --env ${environment}\` first`,
  })
}
