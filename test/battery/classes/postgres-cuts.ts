import type { PostgresTarget } from '../../../src/database/contract.ts'
import {
  mapConcurrently,
  runCase,
  sample,
  seededRandom,
  summarise,
  type BatteryInput,
  type FaultClass,
} from '../../support/battery.ts'
import { cleanPostgres, through, type CleanPostgres } from '../../support/battery-clean.ts'
import { deployHere } from '../../support/battery-deploy.ts'
import {
  postgresStart,
  STARTS,
  withCaseDatabase,
  type CaseDatabase,
  type Start,
  type StartState,
} from '../../support/battery-start.ts'
import { startFaultProxy, type FrontendVerdict } from '../../support/fault-proxy.ts'
import { checkSessions, sessionsGone, type Oracle } from '../../support/oracle.ts'

const CONCURRENCY = 3

interface Cut {
  readonly start: Start
  readonly number: number
  readonly verdict: Exclude<FrontendVerdict, 'forward'>
}

async function runCut(cut: Cut, mode: Mode, states: StartState, clean: CleanPostgres) {
  const message = clean.messages[cut.number - 1]!
  const name = `${cut.start} ${cut.verdict} ${cut.number} (${message})`
  return runCase(name, (problems) =>
    withCaseDatabase(states, problems, (database) =>
      disturb({ database, cut, mode, oracle: clean.oracle, problems }),
    ),
  )
}

/** Whether the server can be reached again after the cut. */
type Mode = 'back' | 'gone'

interface Disturbance {
  readonly database: CaseDatabase
  readonly cut: Cut
  readonly mode: Mode
  readonly oracle: Oracle
  readonly problems: string[]
}

async function disturb({ database, cut, mode, oracle, problems }: Disturbance): Promise<string> {
  const target = database.target as PostgresTarget
  let found: Promise<string> | undefined
  const look = async (): Promise<string> => {
    if (!(await sessionsGone(target))) problems.push('the session outlives its connection')
    return oracle.checkFault(target, problems)
  }
  const proxy = await startFaultProxy(target, {
    judge: ({ connection, number }) =>
      connection === 1 && number === cut.number ? cut.verdict : 'forward',
    admit: async () => {
      if (found === undefined && !cutWasMade()) return true
      await (found ??= look())
      return mode === 'back'
    },
  })
  const cutWasMade = () => proxy.cuts > 0
  try {
    const wait = mode === 'gone' ? ['--wait', '0s'] : []
    const deployed = await deployHere(through(proxy.target), wait)
    problems.push(...deployed.problems)
    if (!cutWasMade()) problems.push('the message was never sent')
    const step = await (found ??= look())
    await checkSessions(target, problems)
    await oracle.checkRecovery(database, problems)
    const ending = deployed.code === 0 ? 'went on by itself' : deployed.report?.error?.code
    return `${ending} (after ${step})`
  } finally {
    await proxy.close()
  }
}

async function runCuts({ scale, seed, server }: BatteryInput, mode: Mode, share: number) {
  const random = seededRandom(seed, `cuts ${mode}`)
  const starts = new Map<Start, { states: StartState; clean: CleanPostgres }>()
  for (const start of STARTS) {
    const states = await postgresStart(server, { start, channels: 2 })
    starts.set(start, { states, clean: await cleanPostgres(states) })
  }
  const all = [...starts].flatMap(([start, { clean }]) =>
    clean.messages.flatMap((_, index): Cut[] => [
      { start, number: index + 1, verdict: 'cut-before' },
      { start, number: index + 1, verdict: 'cut-after' },
    ]),
  )
  const cuts = share * scale === 1 ? all : sample(all, share * scale, random)
  const cases = await mapConcurrently(cuts, CONCURRENCY, (cut) => {
    const { states, clean } = starts.get(cut.start)!
    return runCut(cut, mode, states, clean)
  })
  for (const { states } of starts.values()) await states.drop()
  return summarise(cases)
}

export const postgresCuts: FaultClass = {
  name: 'postgres cut at every frontend message',
  describe:
    'The connection is cut before and after each message that the client sends, from the startup packet to the last; the server can be reached again.',
  run: (input) => runCuts(input, 'back', 1),
}

export const postgresGone: FaultClass = {
  name: 'postgres gone from a frontend message on',
  describe:
    'The same, at a quarter of the messages, and the server cannot be reached any more: deploy gives up.',
  run: (input) => runCuts(input, 'gone', 0.25),
}
