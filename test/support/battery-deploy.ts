import { join } from 'node:path'
import { type Call, type Ended, judgeEnding as judge, runHere, type Ending } from './battery-run.ts'
import type { CaseDatabase } from './battery-start.ts'
import { SEED_ENV } from './cli.ts'

/** The checkout: its migrations and seeds are the ones that are deployed. */
export const ROOT = join(import.meta.dirname, '../..')

export interface DeployReport {
  readonly status?: string
  readonly migrations?: { readonly applied: readonly string[] }
  readonly seeds?: readonly { readonly rows: readonly { readonly outcome: string }[] }[]
}

export type Deployed = Ended<DeployReport>

export function deployEnv(database: Pick<CaseDatabase, 'env'>): Record<string, string> {
  return { ...SEED_ENV, ...database.env }
}

export function deployCall(
  database: Pick<CaseDatabase, 'env'>,
  args: readonly string[] = [],
): Call {
  return { args: ['deploy', '--json', ...args], cwd: ROOT, env: deployEnv(database) }
}

/** `deploy` through the command line's own entry, in this process. */
export function deployHere(
  database: Pick<CaseDatabase, 'env'>,
  args: readonly string[] = [],
): Promise<Deployed> {
  return runHere(deployCall(database, args))
}

/** The same judgement over a process of its own. */
export function judgeEnding(result: Ending, database: Pick<CaseDatabase, 'env'>): Deployed {
  return judge(result, deployCall(database))
}
