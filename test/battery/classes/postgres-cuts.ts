import type { PostgresTarget } from '../../../src/database/contract.ts'
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
import { cleanPostgres, through, type CleanPostgres } from '../../support/battery-clean.ts'
import { deployHere, type Deployed } from '../../support/battery-deploy.ts'
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

/** As few as give every kind of statement something to do: every message is a case. */
const CHANNELS: Readonly<Record<Start, number>> = { guide: 1, without: 2 }

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

/**
 * What comes after the cut: the server is `back` when its end of the connection is gone and the
 * state has been read, it is there `at once`, or it is `gone`.
 */
type Mode = 'back' | 'at once' | 'gone'

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
      if (mode === 'at once' || proxy.cuts === 0) return true
      await (found ??= look())
      return mode === 'back'
    },
  })
  try {
    const wait = mode === 'gone' ? ['--wait', '0s'] : []
    const deployed = await deployHere(through(proxy.target), wait)
    problems.push(...deployed.problems)
    if (proxy.cuts === 0) problems.push('the message was never sent')
    problems.push(...unexpectedEnding(mode, deployed))
    const step = await (found ?? look())
    await checkSessions(target, problems)
    await oracle.checkRecovery(database, problems)
    const ending = deployed.code === 0 ? 'went on by itself' : deployed.report?.error?.code
    return mode === 'at once' ? `${ending}` : `${ending} after ${step}`
  } finally {
    await proxy.close()
  }
}

/** One cut is healed by the run itself; from a server that is gone it says so. */
function unexpectedEnding(mode: Mode, { code, report }: Deployed): string[] {
  const ending = `it ended with ${code}: ${report?.error?.code} ${report?.error?.message}`
  // A cut that comes when all is done harms nobody.
  if (code === 0) return []
  if (mode !== 'gone') return [`it did not go on by itself: ${ending}`]
  return code === 1 && report?.error?.code === 'connection' ? [] : [ending]
}

interface Selection {
  readonly mode: Mode
  readonly verdicts: readonly Cut['verdict'][]
  /** Which share of the messages is cut when the whole battery is run. */
  readonly shares: Partial<Record<Start, number>>
}

async function runCuts({ scale, seed, server }: BatteryInput, selection: Selection) {
  const { mode, verdicts, shares } = selection
  const random = seededRandom(seed, `cuts ${mode}`)
  const cases: CaseResult[] = []
  for (const start of STARTS) {
    const share = scale * (shares[start] ?? 0)
    if (share === 0) continue
    const states = await postgresStart(server, { start, channels: CHANNELS[start] })
    const clean = await cleanPostgres(states)
    const all = clean.messages.flatMap((_, index) =>
      verdicts.map((verdict): Cut => ({ start, number: index + 1, verdict })),
    )
    const cuts = share === 1 ? all : sample(all, share, random)
    const run = (cut: Cut) => runCut(cut, mode, states, clean)
    cases.push(...(await mapConcurrently(cuts, CONCURRENCY, run)))
    await states.drop()
  }
  return summarise(cases)
}

const BOTH = ['cut-before', 'cut-after'] as const

export const postgresCuts: FaultClass = {
  name: 'postgres cut at every frontend message',
  describe:
    'The connection is cut before and after each message that the client sends, from the startup packet to the last, and the server can be reached again when it has noticed. Where the seed inserts its row instead of adopting one, at a quarter of the messages.',
  run: (input) =>
    runCuts(input, { mode: 'back', verdicts: BOTH, shares: { guide: 1, without: 0.25 } }),
}

export const postgresCutsAtOnce: FaultClass = {
  name: 'postgres cut and reached again at once',
  describe:
    'The same after a quarter of the messages, and the client is back while the server still works on what it got.',
  run: (input) =>
    runCuts(input, { mode: 'at once', verdicts: ['cut-after'], shares: { guide: 0.25 } }),
}

export const postgresGone: FaultClass = {
  name: 'postgres gone from a frontend message on',
  describe:
    'The same before and after an eighth of the messages, and the server is not reached again: deploy gives up.',
  run: (input) => runCuts(input, { mode: 'gone', verdicts: BOTH, shares: { guide: 0.125 } }),
}
