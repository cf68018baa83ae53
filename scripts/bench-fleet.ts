/**
 * Measures `deploy` for a fleet on one PostgreSQL server against `deploy` for one environment. The
 * packaged entry is what `npm run build` made last; BENCH_DATABASES says how many there are.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { SEED_ENV } from '../test/support/cli.ts'
import { administer, createTestDatabase, startPostgres } from '../test/support/postgres.ts'
import { PEAK, peakMiB, run } from './bench-run.ts'

const ENTRY = join(import.meta.dirname, '../dist/tidegate.js')
const DATABASES = Number(process.env['BENCH_DATABASES'] ?? '200')
const PARALLEL = 8

const server = await startPostgres()
// An empty folder: the migrations and seeds are those that the package ships.
const folder = await mkdtemp(join(tmpdir(), 'tidegate-bench-'))

/** Databases `fleet_1` … from one template, and the variables that lead to them. */
async function createFleet(): Promise<Record<string, string>> {
  const { target } = await createTestDatabase(server, { fixture: 'zeo' })
  const env: Record<string, string> = {}
  for (let index = 1; index <= DATABASES; index += 1) {
    await administer(server, `create database fleet_${index} template ${target.database}`)
    const url = new URL(server.url)
    url.pathname = `/fleet_${index}`
    env[`FLEET_${index}_DATABASE_URL`] = url.href
  }
  return env
}

/** Runs `body` and counts the sessions of tidegate meanwhile; the most at any moment. */
async function countSessions<T>(body: () => Promise<T>): Promise<readonly [T, number]> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  let most = 0
  const ended = new AbortController()
  const count = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      const { rows } = await client.query<{ sessions: number }>(
        `select count(*)::int as sessions from pg_stat_activity where application_name like 'tidegate %'`,
      )
      most = Math.max(most, rows[0]!.sessions)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  const counting = count()
  try {
    return [await body(), most]
  } finally {
    ended.abort()
    await counting
    await client.end()
  }
}

async function measure(fleet: NodeJS.ProcessEnv, name: string, words: string): Promise<void> {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, ...SEED_ENV, ...fleet }
  const args = ['--import', PEAK, ENTRY, 'deploy', '--quiet', ...words.split(' ')]
  const [ended, sessions] = await countSessions(() => run(args, folder, env))
  if (ended.status !== 0) throw new Error(`${words}: ${ended.stdout}${ended.stderr}`)
  const each = (ended.ms / (words.includes('*') ? DATABASES : 1)).toFixed(0)
  const memory = peakMiB(ended).toFixed(0)
  console.log(`| ${name} | ${ended.ms.toFixed(0)} ms | ${each} ms | ${memory} MiB | ${sessions} |`)
}

try {
  const fleet = await createFleet()
  console.log(`${DATABASES} databases on one PostgreSQL at 127.0.0.1, Node ${process.version}\n`)
  console.log('| run | wall time | for each | peak memory | most sessions |')
  console.log('| --- | --- | --- | --- | --- |')
  const all = `--env fleet-* --parallel ${PARALLEL}`
  await measure(fleet, 'one environment, first run', '--env fleet-1')
  await measure(fleet, 'one environment, nothing to do', '--env fleet-1')
  await measure(fleet, 'the fleet, first run', all)
  await measure(fleet, 'the fleet, nothing to do', all)
  await measure(fleet, 'the fleet with --json, nothing to do', `${all} --json`)
} finally {
  await rm(folder, { recursive: true, force: true })
  await server.stop()
}
