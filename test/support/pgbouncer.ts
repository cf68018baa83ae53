import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PostgresTarget } from '../../src/database/contract.ts'

/** The program, where it is installed. */
export function findPgBouncer(): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, 'pgbouncer')).find((path) => existsSync(path)) ?? null
}

export interface PgBouncer {
  /** A target behind it. */
  behind(target: PostgresTarget): PostgresTarget
  stop(): Promise<void>
}

/** Starts it in transaction mode in front of the server, with few sessions for many clients. */
export async function startPgBouncer(program: string, server: PostgresTarget): Promise<PgBouncer> {
  const folder = await mkdtemp(join(tmpdir(), 'tidegate-pgbouncer-'))
  const port = await findFreePort()
  const file = (name: string) => join(folder, name)
  const password = server.password?.reveal() ?? ''
  await writeFile(file('users'), `"${server.user}" "${password}"\n`, { mode: 0o600 })
  await writeFile(file('pgbouncer.ini'), configuration(file, port, server), { mode: 0o600 })
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  if (user.length > 0) giveToNobody([folder, file('users'), file('pgbouncer.ini')])
  const child = spawn(program, [...user, file('pgbouncer.ini')], { stdio: 'ignore' })
  const stop = async (): Promise<void> => {
    await end(child)
    await rm(folder, { recursive: true, force: true })
  }
  if (!(await answers(child, port))) {
    const log = await readFile(file('log'), 'utf8').catch(() => 'nothing was logged')
    await stop()
    throw new Error(`PgBouncer did not start: ${log}`)
  }
  return { behind: (target) => ({ ...target, host: '127.0.0.1', port }), stop }
}

function configuration(file: (name: string) => string, port: number, server: PostgresTarget) {
  return `[databases]
* = host=${server.host} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${file('users')}
logfile = ${file('log')}
pidfile = ${file('pid')}
pool_mode = transaction
default_pool_size = 2
max_client_conn = 100
`
}

function giveToNobody(paths: readonly string[]): void {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  for (const path of paths) chownSync(path, id('-u'), id('-g'))
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function answers(child: ChildProcess, port: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < 5_000 && child.exitCode === null; waitedMs += 20) {
    const socket = connect(port, '127.0.0.1')
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (connected) return true
    await sleep(20)
  }
  return false
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  await closed
}
