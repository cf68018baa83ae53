import type { Check, Route } from '../../doctor/diagnosis.ts'
import type { DoctorWords } from '../../language/doctor-words.ts'
import type { StageState } from './route-stages.ts'

/** Signs that are told apart without colours. */
export const SIGNS = {
  passed: '✓',
  weak: '!',
  broken: '✗',
  unreached: '·',
} as const satisfies Record<StageState, string>

export const CHECK_SIGNS = {
  ok: SIGNS.passed,
  failed: SIGNS.broken,
  info: SIGNS.unreached,
} as const satisfies Record<Check['result'], string>

/** `✓`, `! A3`, `✗ 503 A1`, `✗ crash A6`; `·` where nobody asks. */
export function routeSign(route: Route | null, { outcomes }: DoctorWords): string {
  if (route === null) return SIGNS.unreached
  const { outcome, status, rule } = route
  const sign = { served: SIGNS.passed, weakened: SIGNS.weak, refused: SIGNS.broken }
  const parts =
    outcome === 'crash' ? [SIGNS.broken, outcomes.crash] : [sign[outcome], status?.toString()]
  return [...parts, rule].filter((part) => part !== undefined && part !== null).join(' ')
}
