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
import { deployEnv, judgeProcess, ROOT } from '../../support/battery-deploy.ts'
import {
  postgresStart,
  sqliteStart,
  withCaseDatabase,
  type CaseDatabase,
  type StartState,
} from '../../support/battery-start.ts'
import { runCli, type CliResult } from '../../support/cli.ts'
import { checkSessions, type Oracle } from '../../support/oracle.ts'

const POINTS = 50

const CONCURRENCY = 2

/** Most of a run is the start of the program; two thirds of the kills come after it. */
const WINDOWS = [0, 0.5, 0.5]

function fractions(count: number, random: Random): number[] {
  return Array.from({ length: count }, (_, index) => {
    const from = WINDOWS[index % WINDOWS.length]!
    return from + (1 - from) * ((index + random()) / count)
  })
}

function spawnDeploy(database: CaseDatabase, killAfterMs: number | null): Promise<CliResult> {
  return runCli(['deploy', '--json'], {
    cwd: ROOT,
    env: deployEnv(database),
    onSpawn: (child) => {
      if (killAfterMs !== null) setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    },
  })
}

/** Milliseconds of an undisturbed run; the first one also fills the caches. */
async function measure(states: StartState): Promise<number> {
  let durationMs = 0
  for (let run = 0; run < 2; run += 1) {
    const database = await states.create()
    const started = performance.now()
    const { code, stderr } = await spawnDeploy(database, null)
    durationMs = performance.now() - started
    if (code !== 0) throw new Error(`an undisturbed deploy failed: ${stderr}`)
    await database.drop()
  }
  return durationMs
}

interface Kill {
  readonly delayMs: number
  readonly states: StartState
  readonly oracle: Oracle
}

function runKill({ delayMs, states, oracle }: Kill): Promise<CaseResult> {
  return runCase(`SIGKILL after ${Math.round(delayMs)} ms`, (problems) =>
    withCaseDatabase(states, problems, async (database) => {
      const result = await spawnDeploy(database, delayMs)
      if (result.signal === null) problems.push(...judgeProcess(result, database).problems)
      const { target } = database
      if (target.dialect === 'postgres') await checkSessions(target, problems)
      const step = await oracle.checkFault(target, problems)
      await oracle.checkRecovery(database, problems)
      return result.signal === null ? 'ended before' : `after ${step}`
    }),
  )
}

async function runKills(dialect: DialectName, { scale, seed, server }: BatteryInput) {
  const options = { start: 'guide', channels: 40 } as const
  const states =
    dialect === 'sqlite' ? await sqliteStart(options) : await postgresStart(server, options)
  const { oracle } = await (dialect === 'sqlite' ? cleanSqlite(states) : cleanPostgres(states))
  const durationMs = await measure(states)
  const random = seededRandom(seed, `kills ${dialect}`)
  const moments = fractions(scaled(POINTS, scale), random)
  const cases = await mapConcurrently(moments, CONCURRENCY, (fraction) =>
    runKill({ delayMs: fraction * durationMs, states, oracle }),
  )
  await states.drop()
  const killed = cases.filter(({ kind }) => kind !== 'ended before').length
  return summarise(cases, `${killed} really killed in a run of ${Math.round(durationMs)} ms`)
}

export const sqliteKills: FaultClass = {
  name: 'sqlite SIGKILL at random moments',
  describe: 'The command line is killed at a random moment of its run.',
  run: (input) => runKills('sqlite', input),
}

export const postgresKills: FaultClass = {
  name: 'postgres SIGKILL at random moments',
  describe: 'The same on PostgreSQL.',
  run: (input) => runKills('postgres', input),
}
