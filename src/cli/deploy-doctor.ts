import type { Settings } from '../config/settings.ts'
import type { Database } from '../database/contract.ts'
import type { Finding } from '../doctor/diagnosis.ts'
import { examineDeclared } from '../doctor/examine-declared.ts'
import type { SeedApplyResult } from '../seed/apply.ts'
import { cacheModes } from './cache-modes.ts'
import type { Context } from './context.ts'
import type { RouteProblem } from './route-problem.ts'

/** The doctor's errors about what was just deployed; warnings are left to `doctor` itself. */
export async function routeProblems(
  context: Context,
  settings: Settings,
  seeded: Pick<SeedApplyResult, 'plans' | 'catalog' | 'version'> & { readonly database: Database },
): Promise<RouteProblem[]> {
  const { environment, variables } = settings
  const modes = cacheModes(context, settings)
  const findings = await examineDeclared({ ...seeded, environment, variables, modes })
  const errors = findings.filter(isError)
  // Nearly always there are none, and then no text is needed.
  if (errors.length === 0) return []
  const { describeProblem } = await import('./route-problem.ts')
  return errors.map((finding) => describeProblem(finding, modes, context.language))
}

function isError({ severity }: Finding): boolean {
  return severity === 'error' || severity === 'critical'
}
