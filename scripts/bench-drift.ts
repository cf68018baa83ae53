/**
 * Measures `drift` on generated data, SQLite against PostgreSQL, beside a COPY of the same rows:
 * `npm run bench:drift`. The packaged entry is what `npm run build` made last.
 */
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { DriftReport } from '../src/diff/drift-report.ts'
import { createTestDatabase, startPostgres } from '../test/support/postgres.ts'
import { startSlowProxy } from '../test/support/slow-proxy.ts'
import { fillEqualPostgres, fillPostgres, fillSqlite, type Size } from './bench-data.ts'
import { median, PEAK, peakMiB, run } from './bench-run.ts'

const ROOT = join(import.meta.dirname, '..')
const ENTRY = join(ROOT, 'dist/tidegate.js')
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? '5')

const ABILITIES = 'select channel_id, "group", model, enabled, priority, weight, tag from abilities'
const WIDE = 'select * from wide_rows'

interface Run {
  readonly ms: number
  /** Of the named table, by the report's own account. */
  readonly tableMs: number
  readonly bytes: number
  readonly peakMiB: number
  readonly algorithm: string
  readonly findings: number
}

/** `local` is a SQLite file of the folder, unless it is another server's address. */
async function drift(cwd: string, url: string, table: string, local?: string): Promise<Run> {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    ...(local === undefined
      ? { LOCAL_SQLITE_PATH: join(cwd, 'local.db') }
      : { LOCAL_DATABASE_URL: local }),
    PRODUCTION_DATABASE_URL: url,
  }
  const ended = await run(['--import', PEAK, ENTRY, 'drift', '--json'], cwd, env)
  const { stdout, stderr, status, ms } = ended
  if (status !== 2) throw new Error(`drift exited ${status}: ${stdout.slice(0, 2000)} ${stderr}`)
  const report = JSON.parse(stdout) as DriftReport
  const way = report.tables.find((one) => one.table === table)?.way
  return {
    ms,
    tableMs: way?.milliseconds ?? 0,
    bytes: way?.bytes ?? 0,
    peakMiB: peakMiB(ended),
    algorithm: way?.algorithm ?? '–',
    findings: report.findings.filter((one) => one.table === table).length,
  }
}

async function copy(url: string, query: string): Promise<{ ms: number; bytes: number }> {
  const args = [join(ROOT, 'scripts/bench-copy.ts'), url, query]
  const { stdout, stderr, status } = await run(args, ROOT, process.env)
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as { ms: number; bytes: number }
}

const server = await startPostgres()
const folder = await mkdtemp(join(tmpdir(), 'tidegate-bench-'))

async function prepare(name: string, size: Size) {
  const cwd = join(folder, name)
  await mkdir(cwd)
  await writeFile(
    join(cwd, 'tidegate.config.mjs'),
    `export default { compareTables: ['wide_rows'] }\n`,
  )
  await fillSqlite(join(cwd, 'local.db'), size)
  const database = await createTestDatabase(server, { fixture: 'n25' })
  await fillPostgres(database.target, size)
  return { cwd, ...database }
}

const PEER_LIMIT_MS = 180_000

/**
 * Another tool on the same rows, between two PostgreSQL databases, where it is installed. It pairs
 * rows by a number, which has an index here.
 */
async function besideReladiff(cwd: string, url: string, size: Size): Promise<void> {
  const found = spawnSync('reladiff', ['--version'], { encoding: 'utf8' })
  if (found.error !== undefined) {
    console.log(
      '\nreladiff is not installed (`pip install reladiff psycopg2-binary`): not compared',
    )
    return
  }
  const equal = await createTestDatabase(server, { fixture: 'n25' })
  await fillEqualPostgres(equal.target, size)
  for (const one of [equal.url, url]) await query(one, 'create unique index on wide_rows (created)')
  const [left, right] = [equal.url, url].map((one) => one.replace('postgres:', 'postgresql:'))
  const args = [left!, 'wide_rows', right!, 'wide_rows', '-k', 'created', '-c', '%', '--stats']
  const ours = await drift(cwd, url, 'wide_rows', equal.url)
  const theirs = await run(args, cwd, process.env, 'reladiff', PEER_LIMIT_MS)
  if (theirs.status !== 0 && theirs.status !== null) throw new Error(theirs.stderr)
  const took =
    theirs.status === null ? `not done after ${theirs.ms.toFixed(0)}` : theirs.ms.toFixed(0)
  console.log(
    `\n1,000,000 channel-like rows, PostgreSQL against PostgreSQL, whole commands, one run: drift ${ours.ms.toFixed(0)} ms, reladiff ${found.stdout.trim()} ${took} ms`,
  )
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(text)
  await client.end()
}

function beside(name: string, rows: Run[], floors: number[]): void {
  const [table, floor] = [median(rows.map((run) => run.tableMs)), median(floors)]
  const peak = Math.max(...rows.map((run) => run.peakMiB))
  const { algorithm, findings } = rows[0]!
  console.log(
    `| ${name} | ${floor.toFixed(0)} ms | ${table.toFixed(0)} ms | ${(table / floor).toFixed(2)} | ${median(rows.map((run) => run.ms)).toFixed(0)} ms | ${peak.toFixed(0)} MiB | ${algorithm} | ${findings} |`,
  )
}

try {
  console.log(`medians of ${ROUNDS} interleaved rounds, Node ${process.version}\n`)
  console.log(
    '| data | COPY to a client | drift, this table | × COPY | whole command | peak memory | way | findings |',
  )
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
  const cases = [
    [
      '1,000,000 abilities',
      { channels: 10_000, modelsPerChannel: 100, wideRows: 0 },
      'abilities',
      ABILITIES,
    ],
    [
      '1,000,000 channel-like rows',
      { channels: 0, modelsPerChannel: 0, wideRows: 1_000_000 },
      'wide_rows',
      WIDE,
    ],
    [
      '10,000 channels, 200,000 abilities',
      { channels: 10_000, modelsPerChannel: 20, wideRows: 0 },
      'abilities',
      ABILITIES,
    ],
  ] as const
  const slow: string[] = []
  let peer = async (): Promise<void> => undefined
  for (const [name, size, table, query] of cases) {
    const { cwd, url, target } = await prepare(table + size.modelsPerChannel, size)
    const runs: Run[] = []
    const floors: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      floors.push((await copy(url, query)).ms)
      runs.push(await drift(cwd, url, table))
    }
    beside(name, runs, floors)
    if (size.modelsPerChannel === 20) continue
    const proxy = await startSlowProxy(target, { roundTripMs: 80, bandwidth: 20_000_000 })
    const far = new URL(url)
    far.port = String(proxy.target.port)
    const floor = await copy(far.href, query)
    const slowRun = await drift(cwd, far.href, table)
    slow.push(
      `| ${name} | ${floor.ms.toFixed(0)} ms, ${mega(floor.bytes)} | ${slowRun.tableMs.toFixed(0)} ms, ${mega(slowRun.bytes)} | ${(slowRun.tableMs / floor.ms).toFixed(2)} | ${slowRun.algorithm} | ${slowRun.findings} |`,
    )
    await proxy.close()
    if (table === 'wide_rows') peer = () => besideReladiff(cwd, url, size)
  }
  console.log('\nthrough a link of 20 Mbit/s and 80 ms, one run:\n')
  console.log('| data | COPY to a client | drift, this table | × COPY | way | findings |')
  console.log('| --- | --- | --- | --- | --- | --- |')
  console.log(slow.join('\n'))
  await peer()
} finally {
  await rm(folder, { recursive: true, force: true })
  await server.stop()
}

function mega(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
