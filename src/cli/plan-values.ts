import type { Plan } from '../apply/plan.ts'
import type { SecretValues } from '../apply/secrets.ts'
import { readSecretFile } from '../config/secret-file.ts'
import type { Settings } from '../config/settings.ts'
import { readSecret } from '../config/variables.ts'
import type { DatabaseReader } from '../database/contract.ts'
import { loadReferences } from '../sync/secrets.ts'
import type { Context } from './context.ts'

export interface ValueSources {
  readonly settings: Settings
  /** The left side; null when it is no database. */
  readonly source: DatabaseReader | null
}

/** Loads every secret that a plan writes; from here on none of them can be printed. */
export async function loadValues(
  { output }: Context,
  { settings, source }: ValueSources,
  plan: Plan,
): Promise<SecretValues> {
  const { variables, root } = settings
  const { values, secrets, warnings } = await loadReferences(plan, {
    readSecret: (name) => readSecret(variables, name, root),
    readFile: (path) => readSecretFile('--secret', path, root),
    source,
    sourceCatalog: (await source?.catalog()) ?? null,
  })
  output.redactor.add(secrets)
  for (const warning of warnings) output.warn(warning)
  return values
}
