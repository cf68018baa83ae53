import { rm } from 'node:fs/promises'
import type { DialectName } from '../../../src/database/contract.ts'
import {
  mapConcurrently,
  runCase,
  sample,
  seededRandom,
  summarise,
  type BatteryInput,
  type CaseResult,
  type FaultClass,
} from '../../support/battery.ts'
import { killRun, type Killed } from '../../support/battery-kill.ts'
import { restoreWorld } from '../../support/battery-restore.ts'
import { type Call, judgeEnding, leaks } from '../../support/battery-run.ts'
import { withCaseDatabase } from '../../support/battery-start.ts'
import { makeWorld, type SyncCommand } from '../../support/battery-sync.ts'
import { cleanCuts, cleanEnds } from '../../support/battery-sync-clean.ts'
import { checkSessions } from '../../support/oracle.ts'
import type { PostgresServer } from '../../support/postgres.ts'
import { moments, type Moment } from './kills.ts'

/** For each command, when the whole battery is run. */
const POINTS = 6

/** Commands of a smaller battery, at least. */
const FEWEST = 1

const COMMANDS: readonly (readonly [SyncCommand, DialectName])[] = [
  ['push', 'postgres'],
  ['push', 'sqlite'],
  ['apply', 'postgres'],
  ['pull', 'postgres'],
  ['undo', 'postgres'],
  ['copy', 'postgres'],
]

/** One command on databases of its own. */
interface Victim {
  readonly name: string
  /** Of an undisturbed run. */
  readonly livedMs: Killed['livedMs']
  /** Whether it says when it connects; else its clock starts with the process. */
  readonly tells: boolean
  readonly concurrency: number
  /** Gives `body` a call, and checks afterwards what it left. @returns what was left. */
  strike(problems: string[], body: (call: Call) => Promise<void>): Promise<string>
  drop(): Promise<void>
}

async function syncVictim(
  command: SyncCommand,
  dialect: DialectName,
  server: PostgresServer,
): Promise<Victim> {
  const world = await makeWorld({ command, dialect, server })
  // Of a copy the migrations are steps of their own.
  const oracle = command === 'copy' ? (await cleanCuts(world)).oracle : await cleanEnds(world)
  const name = `${command} (${dialect})`
  const first = await world.create()
  const livedMs = await measure(await world.call(first))
  await first.drop()
  return {
    name,
    livedMs,
    tells: true,
    concurrency: command === 'pull' ? 1 : 2,
    strike: (problems, body) =>
      withCaseDatabase(world, problems, async (database) => {
        await body(await world.call(database))
        const { target } = command === 'pull' ? { target: world.from } : database
        if (target.dialect === 'postgres') await checkSessions(target, problems)
        const found = await oracle.checkFault(database.target, problems)
        await oracle.checkRecovery(database, found, problems)
        return found
      }),
    drop: () => world.drop(),
  }
}

async function restoreVictim(server: PostgresServer): Promise<Victim> {
  const world = await restoreWorld(server, 'delete')
  const first = world.create()
  const livedMs = await measure(world.call(first))
  await rm(first, { recursive: true })
  return {
    name: 'restore',
    livedMs,
    tells: false,
    concurrency: 2,
    strike: async (problems, body) => {
      const folder = world.create()
      await body(world.call(folder))
      const found = await world.checkFault(folder, problems)
      await world.checkRecovery(folder, problems)
      await rm(folder, { recursive: true })
      return found
    },
    drop: () => world.drop(),
  }
}

async function measure(call: Call): Promise<Killed['livedMs']> {
  const { code, stderr, livedMs } = await killRun(call, null)
  if (code !== 0) throw new Error(`an undisturbed ${call.args[0]} failed: ${stderr}`)
  return livedMs
}

/** A run that had ended before it was killed is no point: the next one is killed earlier. */
async function kill(victim: Victim, moment: Moment): Promise<CaseResult> {
  const clock = victim.tells ? moment.clock : 'start'
  for (let { fraction } = moment; ; fraction *= 0.8) {
    const delayMs = fraction * victim.livedMs[clock]
    let wasKilled = true
    const name = `${victim.name}: SIGKILL ${Math.round(delayMs)} ms after ${clock}`
    const result = await runCase(name, (problems) =>
      victim.strike(problems, async (call) => {
        const killed = await killRun(call, { clock, delayMs })
        ;({ wasKilled } = killed)
        problems.push(...(wasKilled ? leaks(killed, call.env) : judgeEnding(killed, call).problems))
      }),
    )
    if (wasKilled || result.problems.length > 0) return result
  }
}

async function runKills({ scale, seed, server }: BatteryInput) {
  const random = seededRandom(seed, 'sync kills')
  const cases: CaseResult[] = []
  const makers = [
    ...COMMANDS.map(
      ([command, dialect]) =>
        () =>
          syncVictim(command, dialect, server),
    ),
    () => restoreVictim(server),
  ]
  const chosen = scale === 1 ? makers : sample(makers, scale, random, FEWEST)
  const all = moments(chosen.length * Math.max(1, Math.round(POINTS * scale)), random)
  for (const [turn, make] of chosen.entries()) {
    const victim = await make()
    const own = all.filter((_, index) => index % chosen.length === turn)
    const run = (moment: Moment) => kill(victim, moment)
    cases.push(...(await mapConcurrently(own, victim.concurrency, run)))
    await victim.drop()
  }
  return summarise(cases)
}

export const syncKills: FaultClass = {
  name: 'push, apply, pull, undo, copy and restore: SIGKILL at random moments',
  describe:
    'The command line is killed at a random moment of its run, most times after it has started to connect.',
  run: runKills,
}
