import { type Route, ROUTE_STAGES, type RouteStage } from '../../doctor/diagnosis.ts'

export type StageState = 'passed' | 'weak' | 'broken' | 'unreached'

/** How far a request comes: a weakened one passes all stages, a refused one ends at its stage. */
export function stageState({ outcome, stage }: Route, at: RouteStage): StageState {
  if (stage === null) return 'passed'
  if (at === stage) return outcome === 'weakened' ? 'weak' : 'broken'
  const isBefore = ROUTE_STAGES.indexOf(at) < ROUTE_STAGES.indexOf(stage)
  return isBefore || outcome === 'weakened' ? 'passed' : 'unreached'
}
