import type { DialectName } from '../../../src/database/contract.ts'
import {
  mapConcurrently,
  runCase,
  scaled,
  seededRandom,
  summarise,
  type BatteryInput,
  type CaseResult,
  type FaultClass,
  type Random,
} from '../../support/battery.ts'
import { cleanPostgres, cleanSqlite } from '../../support/battery-clean.ts'
import { deployCall, judgeEnding } from '../../support/battery-deploy.ts'
import { killRun, type Clock, type Killed } from '../../support/battery-kill.ts'
import {
  postgresStart,
  sqliteStart,
  withCaseDatabase,
  type StartState,
} from '../../support/battery-start.ts'
import { checkSessions, type Oracle } from '../../support/oracle.ts'

const POINTS = 50

const CONCURRENCY = 2

/** Most of a run is the start of the program, which one kill in five strikes. */
const CLOCKS: readonly Clock[] = ['start', 'connect', 'connect', 'connect', 'connect']

export interface Moment {
  readonly clock: Clock
  /** Of an undisturbed run by that clock. */
  readonly fraction: number
}

export function moments(count: number, random: Random): Moment[] {
  return Array.from({ length: count }, (_, index) => ({
    clock: CLOCKS[index % CLOCKS.length]!,
    fraction: (index + random()) / count,
  }))
}

/** Of an undisturbed run; the first one fills the caches. */
async function measure(states: StartState): Promise<Killed['livedMs']> {
  const lives: Killed['livedMs'][] = []
  for (let run = 0; run < 2; run += 1) {
    const database = await states.create()
    const { code, stderr, livedMs } = await killRun(deployCall(database), null)
    if (code !== 0) throw new Error(`an undisturbed deploy failed: ${stderr}`)
    lives.push(livedMs)
    await database.drop()
  }
  return lives.at(-1)!
}

interface Kills {
  readonly states: StartState
  readonly oracle: Oracle
  readonly livedMs: Killed['livedMs']
}

/** A run that had ended before it was killed is no point: the next one is killed earlier. */
async function runKill(moment: Moment, kills: Kills): Promise<CaseResult> {
  for (let { fraction } = moment; ; fraction *= 0.8) {
    const result = await tryKill({ ...moment, fraction }, kills)
    if (result !== null) return result
  }
}

async function tryKill(
  { clock, fraction }: Moment,
  { states, oracle, livedMs }: Kills,
): Promise<CaseResult | null> {
  const delayMs = fraction * livedMs[clock]
  let wasKilled = true
  const name = `SIGKILL ${Math.round(delayMs)} ms after ${clock}`
  const result = await runCase(name, (problems) =>
    withCaseDatabase(states, problems, async (database) => {
      const killed = await killRun(deployCall(database), { clock, delayMs })
      wasKilled = killed.wasKilled
      if (!wasKilled) problems.push(...judgeEnding(killed, database).problems)
      const { target } = database
      if (target.dialect === 'postgres') await checkSessions(target, problems)
      const step = await oracle.checkFault(target, problems)
      await oracle.checkRecovery(database, problems)
      return `after ${step}`
    }),
  )
  return wasKilled || result.problems.length > 0 ? result : null
}

async function runKills(dialect: DialectName, { scale, seed, server }: BatteryInput) {
  const options = { start: 'guide', channels: 40 } as const
  const states =
    dialect === 'sqlite' ? await sqliteStart(options) : await postgresStart(server, options)
  const { oracle } = await (dialect === 'sqlite' ? cleanSqlite(states) : cleanPostgres(states))
  const livedMs = await measure(states)
  const chosen = moments(scaled(POINTS, scale), seededRandom(seed, `kills ${dialect}`))
  const cases = await mapConcurrently(chosen, CONCURRENCY, (moment) =>
    runKill(moment, { states, oracle, livedMs }),
  )
  await states.drop()
  const { start, connect } = livedMs
  const lives = `a run takes ${Math.round(start)} ms, ${Math.round(connect)} of them connected`
  return summarise(cases, lives)
}

export const sqliteKills: FaultClass = {
  name: 'sqlite SIGKILL at random moments',
  describe:
    'The command line is killed at a random moment of its run, four times of five after it has started to connect.',
  run: (input) => runKills('sqlite', input),
}

export const postgresKills: FaultClass = {
  name: 'postgres SIGKILL at random moments',
  describe: 'The same on PostgreSQL.',
  run: (input) => runKills('postgres', input),
}
