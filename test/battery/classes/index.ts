import type { FaultClass } from '../../support/battery.ts'
import { postgresKills, sqliteKills } from './kills.ts'
import { pgBouncer } from './pgbouncer.ts'
import { postgresCuts, postgresCutsAtOnce, postgresGone } from './postgres-cuts.ts'
import { postgresRace, sqliteRace } from './races.ts'
import { sqliteStatements } from './sqlite-statements.ts'
import { syncCuts } from './sync-cuts.ts'
import { syncKills } from './sync-kills.ts'
import { restoreSteps } from './sync-restore.ts'
import { syncStatements } from './sync-statements.ts'

const DEPLOY_CLASSES: readonly FaultClass[] = [
  sqliteStatements,
  sqliteKills,
  postgresKills,
  postgresCuts,
  postgresCutsAtOnce,
  postgresGone,
  sqliteRace,
  postgresRace,
  pgBouncer,
]

export const FAULT_CLASSES: readonly FaultClass[] = [
  ...DEPLOY_CLASSES,
  ...syncCuts,
  ...syncStatements,
  restoreSteps,
  syncKills,
]

/** Of the classes that there are one of for each command, the seed chooses two. */
export function someClasses(seed: number): readonly FaultClass[] {
  const turn = seed % syncCuts.length
  const next = (turn + 1) % syncCuts.length
  return [...DEPLOY_CLASSES, syncCuts[turn]!, syncStatements[next]!, restoreSteps, syncKills]
}
