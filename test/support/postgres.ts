import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import pg from 'pg'
import type { PostgresTarget } from '../../src/database/contract.ts'
import { Secret } from '../../src/secret.ts'
import { startEmbedded } from './embedded-postgres.ts'
import type { GatewayFixture } from './fixtures.ts'
import { applyFixture } from './raw.ts'

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
  const name = `tidegate_test_${randomBytes(6).toString('hex')}`
  await administer(server, `create database ${name}`)
  const address = new URL(server.url)
  address.pathname = `/${name}`
  const target = targetOf(address.href)
  if (options.fixture !== undefined) await applyFixture(target, options.fixture)
  const drop = () => administer(server, `drop database if exists ${name} with (force)`)
  return { target, url: address.href, drop }
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
