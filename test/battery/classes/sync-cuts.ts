import {
  mapConcurrently,
  runCase,
  sample,
  seededRandom,
  summarise,
  type BatteryInput,
  type FaultClass,
  type Random,
} from '../../support/battery.ts'
import { runHere } from '../../support/battery-run.ts'
import { withCaseDatabase, type CaseDatabase } from '../../support/battery-start.ts'
import {
  makeWorld,
  SYNC_COMMANDS,
  type SyncCommand,
  type Synced,
  type SyncReport,
  type SyncWorld,
} from '../../support/battery-sync.ts'
import {
  cleanCuts,
  productionOf,
  throughProxy,
  type SeenMessage,
} from '../../support/battery-sync-clean.ts'
import { startFaultProxy, type FrontendVerdict } from '../../support/fault-proxy.ts'
import { checkSessions, sessionsGone } from '../../support/oracle.ts'
import type { SyncOracle } from '../../support/oracle-sync.ts'

const CONCURRENCY = 3

const FEWEST = 3

const VERDICTS = ['cut-before', 'cut-after'] as const

/** Which share of the messages is cut when the whole battery is run. */
const SHARES: Readonly<Record<SyncCommand, number>> = {
  push: 0.1,
  apply: 0.1,
  pull: 1,
  undo: 0.1,
  copy: 0.06,
}

interface Cut {
  readonly message: SeenMessage
  readonly verdict: Exclude<FrontendVerdict, 'forward'>
}

interface Disturbance {
  readonly world: SyncWorld
  readonly oracle: SyncOracle
  readonly cut: Cut
  readonly database: CaseDatabase
  readonly problems: string[]
}

async function disturb(input: Disturbance): Promise<string> {
  const { world, oracle, cut, database, problems } = input
  const production = productionOf(world, database)
  let found: Promise<string> | undefined
  const look = async (): Promise<string> => {
    if (!(await sessionsGone(production))) problems.push('the session outlives its connection')
    return oracle.checkFault(database.target, problems)
  }
  const call = await world.call(database)
  const proxy = await startFaultProxy(production, {
    judge: ({ connection, number }) => {
      const { message, verdict } = cut
      return connection === message.connection && number === message.number ? verdict : 'forward'
    },
    admit: async () => {
      if (proxy.cuts > 0) await (found ??= look())
      return true
    },
  })
  try {
    const ended = await runHere<SyncReport>(throughProxy(call, proxy.target))
    problems.push(...ended.problems)
    if (proxy.cuts === 0) problems.push('the message was never sent')
    await (found ??= look())
    await checkSessions(production, problems)
    const now = await oracle.checkFault(database.target, problems)
    problems.push(...unexpectedEnding(world, ended, now))
    await oracle.checkRecovery(database, now, problems)
    return `${describeEnding(ended)} ${await found}`
  } finally {
    await proxy.close()
  }
}

function describeEnding({ code, report }: Synced): string {
  if (code === 0) return 'done, struck'
  return `${report?.error?.code ?? report?.drift?.status}, struck`
}

/**
 * Who says that all is well has written all; who says that something is wrong has written nothing,
 * unless nobody can know: the undo is not run again by itself.
 */
function unexpectedEnding({ command }: SyncWorld, { code, report }: Synced, now: string): string[] {
  const ending = `it ended with ${code} ${now}: ${report?.error?.code} ${report?.error?.message}`
  if (code === 0) return now === 'after' && report?.error === undefined ? [] : [ending]
  // What was copied could not be compared.
  if (code === 2 && report?.drift?.status === 'incomplete' && now === 'after') return []
  if (code !== 1 || report?.error?.code !== 'connection') return [ending]
  if (now === 'before') return []
  const isNamed = report.error.nextStep?.startsWith('run `tidegate undo 2') === true
  return command === 'copy' || (command === 'undo' && isNamed) ? [] : [ending]
}

/** A COMMIT that is not answered is never left out: nobody but the database knows what it did. */
function choose(all: readonly Cut[], share: number, random: Random): readonly Cut[] {
  if (share === 1) return all
  const isCommit = ({ message, verdict }: Cut): boolean =>
    verdict === 'cut-after' && message.text === 'Q commit'
  const others = all.filter((cut) => !isCommit(cut))
  return [...all.filter(isCommit), ...sample(others, share, random, FEWEST)]
}

async function runCuts(command: SyncCommand, { scale, seed, server }: BatteryInput) {
  const world = await makeWorld({ command, dialect: 'postgres', server })
  const { oracle, points } = await cleanCuts(world)
  const all = points.flatMap((message) => VERDICTS.map((verdict): Cut => ({ message, verdict })))
  const random = seededRandom(seed, `cuts ${command}`)
  const cuts = choose(all, scale * SHARES[command], random)
  // The one production of all pulls shows the sessions of all of them.
  const concurrency = command === 'pull' ? 1 : CONCURRENCY
  const cases = await mapConcurrently(cuts, concurrency, (cut) => {
    const { connection, number, text } = cut.message
    return runCase(`${cut.verdict} ${connection}.${number} (${text})`, (problems) =>
      withCaseDatabase(world, problems, (database) =>
        disturb({ world, oracle, cut, database, problems }),
      ),
    )
  })
  await world.drop()
  return summarise(cases)
}

const DESCRIBE: Readonly<Record<SyncCommand, string>> = {
  push: 'The connection to production is cut before and after a tenth of the messages, also those that only read, of a push that inserts, changes and deletes rows.',
  apply: 'The same with the plan of such a push, from a file.',
  pull: 'The connection to production, which is only read, is cut before and after each message.',
  undo: 'The same as for push with the undo of such a push.',
  copy: 'The same for a copy to an empty database, migrations included.',
}

export const syncCuts: readonly FaultClass[] = SYNC_COMMANDS.map((command) => ({
  name: `${command}: cut at frontend messages`,
  describe: DESCRIBE[command],
  run: (input) => runCuts(command, input),
}))
