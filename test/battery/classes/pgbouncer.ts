import type { PostgresTarget } from '../../../src/database/contract.ts'
import { openDatabase } from '../../../src/database/open.ts'
import type { BatteryInput, BatteryResult, FaultClass } from '../../support/battery.ts'
import { cleanPostgres, through } from '../../support/battery-clean.ts'
import { observe } from '../../support/battery-observer.ts'
import { postgresStart, STARTS, type Start } from '../../support/battery-start.ts'
import { OPEN_OPTIONS } from '../../support/databases.ts'
import { findPgBouncer, startPgBouncer, type PgBouncer } from '../../support/pgbouncer.ts'
import { targetOf } from '../../support/postgres.ts'
import { checkTogether, deployTogether, describeStart } from './races.ts'

const RUNS = 10

const FEWER_RUNS = 6

/** In the second race a third of the runs go past it, to the same lock. */
async function race(start: Start, bouncer: PgBouncer, { scale, server }: BatteryInput) {
  const runs = scale === 1 ? RUNS : FEWER_RUNS
  const problems: string[] = []
  const states = await postgresStart(server, { start })
  const { oracle } = await cleanPostgres(states)
  const database = await states.create()
  const target = database.target as PostgresTarget
  const pooled = bouncer.behind(target)
  await checkPooled(pooled, problems)
  const isDirect = (index: number) => start === 'without' && index % 3 === 2
  const environments = Array.from({ length: runs }, (_, index) =>
    through(isDirect(index) ? target : pooled),
  )
  checkTogether(await deployTogether(environments), problems)
  await checkPool(target, problems)
  const step = await oracle.checkFault(target, problems)
  if (step !== 'seed') problems.push(`the runs together came as far as ${step}`)
  return {
    runs,
    problems,
    start,
    finish: () => oracle.checkRecovery(database, problems),
    states,
    database,
  }
}

async function checkPooled(pooled: PostgresTarget, problems: string[]): Promise<void> {
  const database = await openDatabase(pooled, OPEN_OPTIONS)
  const { sessions } = await database.capabilities()
  await database.close()
  if (sessions) problems.push('the pooler was not noticed')
}

/** The pooler keeps its sessions; they must hold nothing that a client has left. */
async function checkPool(target: PostgresTarget, problems: string[]): Promise<void> {
  const { rows } = await (
    await observe(target)
  ).query<{ locks: number; open: number; all: number }>(`
    select
      (select count(*)::int from pg_locks where locktype = 'advisory' and database =
        (select oid from pg_database where datname = current_database())) as locks,
      count(*) filter (where state like 'idle in transaction%')::int as open,
      count(*)::int as all
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`)
  const { locks, open, all } = rows[0]!
  if (locks > 0) problems.push(`${locks} advisory locks are left`)
  if (open > 0) problems.push(`${open} sessions idle in a transaction`)
  if (all === 0) problems.push('no session of the pooler is there: nothing went through it')
}

async function runBehind(program: string, input: BatteryInput): Promise<BatteryResult> {
  const bouncer = await startPgBouncer(program, targetOf(input.server.url))
  const races: Awaited<ReturnType<typeof race>>[] = []
  try {
    const starts = input.scale === 1 ? STARTS : (['without'] as const)
    for (const start of starts) races.push(await race(start, bouncer, input))
  } finally {
    await bouncer.stop()
  }
  for (const { finish, states, database } of races) {
    await finish()
    await database.drop()
    await states.drop()
  }
  const sum = (some: typeof races) => some.reduce((total, { runs }) => total + runs, 0)
  return {
    points: sum(races),
    recovered: sum(races.filter(({ problems }) => problems.length === 0)),
    problems: races.flatMap(({ problems }) => problems),
    note: races.map(describeRace).join('; '),
  }
}

function describeRace({ runs, start }: { readonly runs: number; readonly start: Start }): string {
  const past = start === 'without' ? ', a third of them past it' : ''
  return `${runs} at once (${describeStart(start)}${past})`
}

export const pgBouncer: FaultClass = {
  name: 'postgres deploys started together behind PgBouncer',
  describe:
    'Ten processes deploy at once through PgBouncer in transaction mode; the second time a third of them go past it.',
  async run(input) {
    const program = findPgBouncer()
    if (program !== null) return runBehind(program, input)
    const skipped = `pgbouncer is not installed; ${2 * RUNS} runs were not made`
    return { points: 0, recovered: 0, problems: [], note: '', skipped }
  },
}
