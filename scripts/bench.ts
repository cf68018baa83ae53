/**
 * Measures what docs/performance.md promises, side by side in one run: `deploy` with nothing to do
 * on a local PostgreSQL against `node -e 0`, the queries on the wire, and the peak memory.
 * `npm run bench` builds nothing: the packaged entry is what `npm run build` made last.
 */
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, startPostgres } from '../test/support/postgres.ts'
import { runCli, SEED_ENV } from '../test/support/cli.ts'
import { countStatements } from '../test/support/wire.ts'

const ROOT = join(import.meta.dirname, '..')
const ENTRY = join(ROOT, 'dist/tidegate.js')
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? '30')

/** Milliseconds of one process from start to end. */
function timeProcess(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): number {
  const started = performance.now()
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, env })
  if (status !== 0) throw new Error(`${args.join(' ')} exited ${status}: ${stderr.toString()}`)
  return performance.now() - started
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

/** Interleaved, so that a noisy moment hits all of them. */
function compare(candidates: Readonly<Record<string, () => number>>): Record<string, number> {
  const times = new Map(Object.keys(candidates).map((name) => [name, [] as number[]]))
  for (let round = 0; round < ROUNDS + 2; round += 1) {
    for (const [name, run] of Object.entries(candidates)) {
      const ms = run()
      // The first two rounds fill the compile cache.
      if (round >= 2) times.get(name)!.push(ms)
    }
  }
  return Object.fromEntries([...times].map(([name, values]) => [name, median(values)]))
}

/** Peak resident memory in MiB, by the process's own account. */
function peakMemory(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): number {
  const report = `data:text/javascript,process.on('exit',()=>console.error('peak '+process.resourceUsage().maxRSS))`
  const { stderr } = spawnSync(process.execPath, ['--import', report, ...args], { cwd, env })
  return Number(/peak (\d+)/.exec(stderr.toString())?.[1]) / 1024
}

const server = await startPostgres()
// An empty folder: the migrations and seeds are those that the package ships.
const cwd = await mkdtemp(join(tmpdir(), 'tidegate-bench-'))
try {
  const { target, url } = await createTestDatabase(server, { fixture: 'zeo' })
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...SEED_ENV, SQL_DSN: url }
  const first = await runCli(['deploy'], { cwd, env, packaged: true })
  if (first.code !== 0) throw new Error(first.stderr)

  const times = compare({
    'node -e 0': () => timeProcess(['-e', '0'], cwd, env),
    'tidegate --version': () => timeProcess([ENTRY, '--version'], cwd, env),
    'tidegate migrate up': () => timeProcess([ENTRY, 'migrate', 'up'], cwd, env),
    'tidegate deploy': () => timeProcess([ENTRY, 'deploy'], cwd, env),
  })
  const wire = await countStatements(target)
  const queries: Record<string, number> = {}
  for (const command of ['migrate up', 'deploy']) {
    const before = wire.statements().length
    const dsn = new URL(url)
    dsn.port = String(wire.target.port)
    await runCli(command.split(' '), { cwd, env: { ...env, SQL_DSN: dsn.href }, packaged: true })
    queries[`tidegate ${command}`] = wire.statements().length - before
  }
  await wire.close()

  const base = times['node -e 0']!
  console.log(
    `medians of ${ROUNDS} interleaved rounds, Node ${process.version}, nothing to do, PostgreSQL on 127.0.0.1\n`,
  )
  console.log('| command | wall time | × node -e 0 | queries after connect | peak memory |')
  console.log('| --- | --- | --- | --- | --- |')
  for (const [name, ms] of Object.entries(times)) {
    const args = name.startsWith('node') ? ['-e', '0'] : [ENTRY, ...name.split(' ').slice(1)]
    const memory = peakMemory(args, cwd, env)
    console.log(
      `| \`${name}\` | ${ms.toFixed(0)} ms | ${(ms / base).toFixed(2)} | ${queries[name] ?? '–'} | ${memory.toFixed(0)} MiB |`,
    )
  }
} finally {
  await rm(cwd, { recursive: true, force: true })
  await server.stop()
}
