/**
 * Measures `doctor` on a large gateway, on both dialects: `npm run bench:doctor`. The packaged entry
 * is what `npm run build` made last.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, startPostgres } from '../test/support/postgres.ts'
import { fillEqualPostgres, fillSqlite, type Size } from './bench-data.ts'
import { median, PEAK, peakMiB, run } from './bench-run.ts'

const ENTRY = join(import.meta.dirname, '../dist/tidegate.js')
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? '5')

const SIZE: Size = { channels: 10_000, modelsPerChannel: 100, wideRows: 0, tokens: 100_000 }

const MODELS = ['model-1', 'model-50', 'model-100', 'missing'].flatMap((name) => ['--model', name])

const server = await startPostgres()
const folder = await mkdtemp(join(tmpdir(), 'tidegate-bench-'))

async function measure(name: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { PATH, HOME } = process.env
  const times: number[] = []
  const peaks: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const args = ['--import', PEAK, ENTRY, 'doctor', '--json', ...MODELS]
    const ended = await run(args, folder, { PATH, HOME, ...env })
    if (ended.status !== 2) throw new Error(`doctor exited ${ended.status}: ${ended.stderr}`)
    times.push(ended.ms)
    peaks.push(peakMiB(ended))
  }
  console.log(`| ${name} | ${median(times).toFixed(0)} ms | ${Math.max(...peaks).toFixed(0)} MiB |`)
}

try {
  console.log(`medians of ${ROUNDS} rounds, Node ${process.version}: 10,000 channels, 1,000,000`)
  console.log('abilities, 100,000 tokens in ten groups, four models\n')
  console.log('| database | whole command | peak memory |')
  console.log('| --- | --- | --- |')
  const file = join(folder, 'local.db')
  await fillSqlite(file, SIZE)
  await measure('SQLite', { SQLITE_PATH: file })
  const { target, url } = await createTestDatabase(server, { fixture: 'n25' })
  await fillEqualPostgres(target, SIZE)
  await measure('PostgreSQL', { SQL_DSN: url })
} finally {
  await rm(folder, { recursive: true, force: true })
  await server.stop()
}
