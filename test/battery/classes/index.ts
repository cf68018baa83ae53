import type { FaultClass } from '../../support/battery.ts'
import { postgresCuts, postgresGone } from './postgres-cuts.ts'

export const FAULT_CLASSES: readonly FaultClass[] = [postgresCuts, postgresGone]
