import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { SqliteTarget } from '../../../src/database/contract.ts'
import {
  tally,
  type BatteryInput,
  type BatteryResult,
  type FaultClass,
} from '../../support/battery.ts'
import { cleanPostgres, cleanSqlite } from '../../support/battery-clean.ts'
import { deployEnv, judgeEnding, ROOT, type Deployed } from '../../support/battery-deploy.ts'
import {
  postgresStart,
  sqliteStart,
  STARTS,
  type CaseDatabase,
  type Start,
} from '../../support/battery-start.ts'
import { runCli } from '../../support/cli.ts'
import { checkSessions, type Oracle } from '../../support/oracle.ts'
import { executeRaw, queryRaw } from '../../support/raw.ts'

/** Starts them all together. */
export function deployTogether(databases: readonly Pick<CaseDatabase, 'env'>[]) {
  return Promise.all(
    databases.map(async (database) => {
      const result = await runCli(['deploy', '--json'], {
        cwd: ROOT,
        env: deployEnv(database),
        timeoutMs: 120_000,
      })
      return judgeEnding(result, database)
    }),
  )
}

/** Every run ends well, and each step is the work of exactly one of them. */
export function checkTogether(runs: readonly Deployed[], problems: string[]): void {
  for (const { code, report, problems: own } of runs) {
    problems.push(...own)
    if (code !== 0) problems.push(`a run ended with ${code}: ${report?.error?.message}`)
  }
  const applied = runs.flatMap(({ report }) => report?.migrations?.applied ?? [])
  const names = tally(applied.toSorted())
  if (applied.length !== 4 || new Set(applied).size !== 4) problems.push(`applied: ${names}`)
  const seeders = runs.filter(({ report }) =>
    report?.seeds?.some(({ rows }) => rows.some(({ outcome }) => outcome !== 'unchanged')),
  )
  if (seeders.length !== 1) problems.push(`${seeders.length} runs say that they seeded`)
}

interface Race {
  readonly runs: number
  readonly problems: string[]
  readonly note: string
}

function summariseRaces(races: readonly Race[]): BatteryResult {
  const sum = (some: readonly Race[]) => some.reduce((total, { runs }) => total + runs, 0)
  return {
    points: sum(races),
    recovered: sum(races.filter(({ problems }) => problems.length === 0)),
    problems: races.flatMap(({ problems }) => problems),
    note: races.map(({ note }) => note).join('; '),
  }
}

async function racePostgres(start: Start, { scale, server }: BatteryInput): Promise<Race> {
  const runs = scale === 1 ? 20 : 6
  const problems: string[] = []
  const states = await postgresStart(server, { start })
  const { oracle } = await cleanPostgres(states)
  const database = await states.create()
  if (database.target.dialect !== 'postgres') throw new Error('made up another dialect')
  checkTogether(await deployTogether(Array.from({ length: runs }, () => database)), problems)
  await checkSessions(database.target, problems)
  await checkEnd(database, oracle, problems)
  await database.drop()
  await states.drop()
  return { runs, problems, note: `${runs} at once (${describeStart(start)})` }
}

async function raceSqlite(journal: 'delete' | 'wal', { scale }: BatteryInput): Promise<Race> {
  const runs = scale === 1 ? 8 : 3
  const problems: string[] = []
  const states = await sqliteStart({ start: 'without', journal })
  const { oracle } = await cleanSqlite(states)
  const database = await states.create()
  const writer = await startWriter(database.target as SqliteTarget)
  checkTogether(await deployTogether(Array.from({ length: runs }, () => database)), problems)
  const written = await writer.stop()
  const [row] = await queryRaw(database.target, 'select sum(used_quota) from channels')
  if (written.failures > 0) problems.push(`the writer failed ${written.failures} times`)
  if (Number(row![0]) !== written.writes) {
    problems.push(`the writer wrote ${written.writes} times, and ${String(row![0])} were kept`)
  }
  // What the writer counted belongs to no state of a deploy.
  await executeRaw(database.target, 'update channels set used_quota = 0')
  await checkEnd(database, oracle, problems)
  await database.drop()
  await states.drop()
  const waited = `the longest took ${Math.round(written.longestMs)} ms`
  return { runs, problems, note: `${runs} and ${written.writes} writes (${journal}; ${waited})` }
}

async function checkEnd(database: CaseDatabase, oracle: Oracle, problems: string[]): Promise<void> {
  const step = await oracle.checkFault(database.target, problems)
  if (step !== 'seed') problems.push(`the runs together came as far as ${step}`)
  await oracle.checkRecovery(database, problems)
}

export function describeStart(start: Start): string {
  return start === 'guide' ? 'the row written by hand' : 'no row yet'
}

interface Written {
  readonly writes: number
  readonly failures: number
  readonly longestMs: number
}

/** A program that writes as the gateway does while it serves requests. */
async function startWriter({ path }: SqliteTarget): Promise<{ stop(): Promise<Written> }> {
  const script = join(ROOT, 'test/support/battery-writer.ts')
  const child = spawn(process.execPath, [script, path], { stdio: ['pipe', 'pipe', 'inherit'] })
  const output: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text))
  await once(child.stdout, 'data')
  return {
    async stop() {
      child.stdin.end()
      await once(child, 'close')
      return JSON.parse(output.join('').trim().split('\n').at(-1)!) as Written
    },
  }
}

export const postgresRace: FaultClass = {
  name: 'postgres deploys started together',
  describe: 'Twenty processes deploy to one database at once.',
  async run(input) {
    const races: Race[] = []
    const starts = input.scale === 1 ? STARTS : (['without'] as const)
    for (const start of starts) races.push(await racePostgres(start, input))
    return summariseRaces(races)
  },
}

export const sqliteRace: FaultClass = {
  name: 'sqlite deploys started together beside a writer',
  describe: 'Eight processes deploy to one file at once while another one writes to it.',
  async run(input) {
    const races: Race[] = []
    const journals = input.scale === 1 ? (['delete', 'wal'] as const) : (['delete'] as const)
    for (const journal of journals) races.push(await raceSqlite(journal, input))
    return summariseRaces(races)
  },
}
