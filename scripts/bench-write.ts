/**
 * Measures how fast a plan is written: the 100,000 abilities of 1,000 channels, against COPY FROM
 * of the same rows on PostgreSQL, and against a prepared insert in a loop on SQLite, each in one
 * transaction: `npm run bench:write`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import Sqlite from 'better-sqlite3'
import { from as copyFrom } from 'pg-copy-streams'
import { Journal } from '../src/apply/journal.ts'
import { newRun } from '../src/apply/run.ts'
import { SecretValues } from '../src/apply/secrets.ts'
import { applyChanges } from '../src/apply/writer.ts'
import type { Database, PostgresTarget, SqliteTarget, Target } from '../src/database/contract.ts'
import { openDatabase } from '../src/database/open.ts'
import { diffAbilities } from '../src/diff/abilities.ts'
import type { Change } from '../src/diff/change.ts'
import { migrateUp } from '../src/migrate/runner.ts'
import { naturalKey } from '../src/snapshot/model.ts'
import { createTestDatabase, startPostgres } from '../test/support/postgres.ts'
import { executeRaw, queryRaw, withPostgres } from '../test/support/raw.ts'
import { fillEqualPostgres, fillSqlite, type Size } from './bench-data.ts'
import { median } from './bench-run.ts'

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? '5')

const SIZE: Size = { channels: 1000, modelsPerChannel: 100, wideRows: 0 }

const MODELS = Array.from({ length: SIZE.modelsPerChannel }, (_, index) => `model-${index + 1}`)

const CHANNELS = Array.from({ length: SIZE.channels }, (_, index) => String(index + 1))

const LOCK = { timeoutMs: 10_000 }

const EMPTY = 'delete from abilities; delete from tidegate_journal; delete from tidegate_runs;'

const run = (command: string) =>
  newRun({ command, environment: 'bench', toolVersion: '0.0.0-bench' })

/** What `push` plans for channels that have lost their abilities. */
const CHANGES = CHANNELS.map((id): Change => {
  const cells = { models: MODELS.join(','), group: 'default', status: '1' }
  const channel = { ...cells, priority: '0', weight: '0', tag: `tag-${id}` }
  const key = naturalKey([`channel ${id}`, '1'])
  const source = new Map(Object.entries(channel))
  return diffAbilities({ key, channelId: id, channel: source, current: [] })!
})

/** Milliseconds, of which the journal took `journalMs`. */
interface Written {
  readonly ms: number
  readonly journalMs: number
}

let journalMs = 0
const aroundAll = Reflect.get(Journal.prototype, 'aroundAll')
Journal.prototype.aroundAll = async function journalled(batch, write) {
  const started = performance.now()
  let writeMs = 0
  await aroundAll.call(this, batch, async () => {
    const begun = performance.now()
    await write()
    writeMs = performance.now() - begun
  })
  journalMs += performance.now() - started - writeMs
}

async function writePlan(database: Database): Promise<Written> {
  const catalog = await database.catalog()
  const plan = { changes: CHANGES, fingerprinter: null, secrets: new SecretValues() }
  const input = { ...plan, database, catalog, run: run('push'), source: 'bench' }
  journalMs = 0
  const started = performance.now()
  await database.withLock(LOCK, () => database.transaction(() => applyChanges(input)))
  return { ms: performance.now() - started, journalMs }
}

async function copyRows(target: PostgresTarget): Promise<number> {
  const lines = CHANNELS.flatMap((id) =>
    MODELS.map((model) => `default\t${model}\t${id}\tt\t0\t0\ttag-${id}\n`),
  )
  const data = Buffer.from(lines.join(''))
  return withPostgres(target, async (client) => {
    const started = performance.now()
    await client.query('begin')
    const text =
      'copy abilities ("group", model, channel_id, enabled, priority, weight, tag) from stdin'
    await pipeline([data], client.query(copyFrom(text)))
    await client.query('commit')
    return performance.now() - started
  })
}

function insertRows({ path }: SqliteTarget): number {
  const handle = new Sqlite(path)
  const started = performance.now()
  const insert = handle.prepare(
    'insert into abilities ("group", model, channel_id, enabled, priority, weight, tag) values (?, ?, ?, ?, ?, ?, ?)',
  )
  handle.exec('begin immediate')
  for (const id of CHANNELS) {
    for (const model of MODELS) insert.run('default', model, Number(id), 1, 0, 0, `tag-${id}`)
  }
  handle.exec('commit')
  const ms = performance.now() - started
  handle.close()
  return ms
}

async function measure(name: string, target: Target, base: () => number | Promise<number>) {
  const database = await openDatabase(target, {
    applicationName: 'tidegate-bench',
    missingFile: 'fail',
    connectTimeoutMs: 10_000,
    statementTimeoutMs: 60_000,
  })
  await migrateUp(
    {
      database,
      folder: join(import.meta.dirname, '../migrations'),
      gateway: 'new-api',
      run: run('migrate up'),
      lock: LOCK,
    },
    {},
  )
  const [bases, plans, alone]: number[][] = [[], [], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    await executeRaw(target, EMPTY)
    bases!.push(await base())
    await executeRaw(target, EMPTY)
    const { ms, journalMs } = await writePlan(database)
    plans!.push(ms)
    alone!.push(ms - journalMs)
    const [[rows]] = (await queryRaw(target, 'select count(*) from abilities')) as [[unknown]]
    if (Number(rows) !== CHANNELS.length * MODELS.length) throw new Error('abilities are missing')
  }
  await database.close()
  const [floor, whole, without] = [bases!, plans!, alone!].map(median) as [number, number, number]
  const ratio = (ms: number): string => `${ms.toFixed(0)} ms (${(ms / floor).toFixed(1)} ×)`
  console.log(`| ${name} | ${floor.toFixed(0)} ms | ${ratio(whole)} | ${ratio(without)} |`)
}

const server = await startPostgres()
const folder = await mkdtemp(join(tmpdir(), 'tidegate-bench-'))
try {
  console.log(
    `medians of ${ROUNDS} interleaved rounds, Node ${process.version}: 100,000 abilities\n`,
  )
  console.log('| database | bare rows | plan | without its journal |')
  console.log('| --- | --- | --- | --- |')
  const path = join(folder, 'local.db')
  await fillSqlite(path, SIZE)
  const sqlite: SqliteTarget = { dialect: 'sqlite', path, label: 'local.db', busyTimeoutMs: 5000 }
  await measure('SQLite', sqlite, () => insertRows(sqlite))
  const { target } = await createTestDatabase(server, { fixture: 'n25' })
  await fillEqualPostgres(target, SIZE)
  await measure('PostgreSQL', target, () => copyRows(target))
} finally {
  await rm(folder, { recursive: true, force: true })
  await server.stop()
}
