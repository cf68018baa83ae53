import { createHash, randomBytes } from 'node:crypto'
import { after } from 'node:test'
import pg from 'pg'
import type { PostgresTarget } from '../../src/database/contract.ts'
import { Secret } from '../../src/secret.ts'
import { startEmbedded } from './embedded-postgres.ts'
import { type GatewayFixture, readFixture } from './fixtures.ts'
import { executeRaw } from './raw.ts'

export interface PostgresServer {
  /** Address of the superuser, with the database `postgres`. */
  readonly url: string
}

export interface RunningPostgres extends PostgresServer {
  /** Ends the server and removes its folder. May be called again. */
  stop(): Promise<void>
}

/** A server of its own on a free port of 127.0.0.1, for at most 200 connections. */
export function startPostgres(): Promise<RunningPostgres> {
  return startEmbedded()
}

let shared: Promise<RunningPostgres> | undefined

/**
 * The server of a test file: the one at TEST_POSTGRES_URL, else one that is stopped after the
 * tests. To be called at the top of the file, outside any test.
 */
export function testPostgres(): Promise<PostgresServer> {
  return sharedPostgres()()
}

/** The same, started when it is first asked for. */
export function sharedPostgres(): () => Promise<PostgresServer> {
  const url = process.env['TEST_POSTGRES_URL']
  if (url) return async () => ({ url })
  after(async () => {
    const server = await shared
    await server?.stop()
  })
  return () => (shared ??= startPostgres())
}

export interface PostgresDatabase {
  readonly target: PostgresTarget
  readonly url: string
  /** Ends its sessions and drops it. */
  drop(): Promise<void>
}

/** A new database; without a fixture an empty one. */
export async function createTestDatabase(
  server: PostgresServer,
  options: { readonly fixture?: GatewayFixture | undefined } = {},
): Promise<PostgresDatabase> {
  if (options.fixture === undefined) return createDatabase(server)
  const text = await readFixture('postgres', options.fixture)
  const template = `tidegate_fixture_${createHash('sha256').update(text).digest('hex').slice(0, 12)}`
  return createDatabase(server, template).catch(async (error: { readonly code?: string }) => {
    if (error.code !== NO_SUCH_DATABASE) throw error
    await createTemplate(server, template, text)
    return createDatabase(server, template)
  })
}

const [NO_SUCH_DATABASE, DUPLICATE_DATABASE] = ['3D000', '42P04']

/** A copy of the template, file by file: through the log, as by default, it takes twice as long. */
async function createDatabase(
  server: PostgresServer,
  template = 'template1',
): Promise<PostgresDatabase> {
  const name = `tidegate_test_${randomBytes(6).toString('hex')}`
  await administer(server, `create database ${name} template ${template} strategy file_copy`)
  const address = new URL(server.url)
  address.pathname = `/${name}`
  const drop = () => administer(server, `drop database if exists ${name} with (force)`)
  return { target: targetOf(address.href), url: address.href, drop }
}

/** Of all test files on the server: it gets its name when it is whole, from whoever is first. */
async function createTemplate(
  server: PostgresServer,
  template: string,
  text: string,
): Promise<void> {
  const made = await createDatabase(server)
  await executeRaw(made.target, text)
  try {
    await administer(server, `alter database ${made.target.database} rename to ${template}`)
  } catch (error) {
    await made.drop()
    if ((error as { readonly code?: string }).code !== DUPLICATE_DATABASE) throw error
  }
}

/** The target of an address that uses no TLS. */
export function targetOf(url: string): PostgresTarget {
  const { hostname, port, username, password, pathname } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const user = decodeURIComponent(username)
  const database = decodeURIComponent(pathname.slice(1))
  return {
    dialect: 'postgres',
    host,
    port: Number(port || 5432),
    user,
    database,
    password: password === '' ? null : new Secret(decodeURIComponent(password)),
    tls: 'off',
    tlsRootCertificate: null,
    channelBinding: false,
    label: `${user}@${host}:${port || 5432}/${database}`,
  }
}

/** Runs statements as the superuser. */
export async function administer(server: PostgresServer, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
