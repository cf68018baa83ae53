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

export const FAULT_CLASSES: readonly FaultClass[] = [
  sqliteStatements,
  sqliteKills,
  postgresKills,
  postgresCuts,
  postgresCutsAtOnce,
  postgresGone,
  sqliteRace,
  postgresRace,
  pgBouncer,
  ...syncCuts,
  ...syncStatements,
  restoreSteps,
  syncKills,
]
