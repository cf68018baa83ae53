import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import type { PostgresTarget } from '../../src/database/contract.ts'
import { openDatabase } from '../../src/database/open.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { databaseFailureOf } from '../support/failures.ts'
import { createTestDatabase, testPostgres, type PostgresDatabase } from '../support/postgres.ts'
import { hasOpenssl, startTlsFront, type TlsFront } from '../support/tls.ts'

const server = await testPostgres()

const skip = hasOpenssl() ? false : 'there is no openssl to make a certificate with'

describe('TLS', { skip }, () => {
  let made: PostgresDatabase
  let front: TlsFront
  before(async () => {
    made = await createTestDatabase(server)
    front = await startTlsFront(made.target)
  })
  after(async () => {
    await front.close()
    await made.drop()
  })

  const at = (host: string, more: Partial<PostgresTarget>): PostgresTarget => ({
    ...made.target,
    host,
    port: front.port,
    ...more,
  })
  const works = async (target: PostgresTarget): Promise<void> => {
    const database = await openDatabase(target, OPEN_OPTIONS)
    await sql`select 1`.execute(database.queries)
    await database.transaction(async () => undefined)
    await database.close()
  }
  const fails = (target: PostgresTarget) => databaseFailureOf(openDatabase(target, OPEN_OPTIONS))

  test('verified, with the authority and the name of the certificate', () =>
    works(at('localhost', { tls: 'verified', tlsRootCertificate: front.certificate })))

  test('verified, under another name', async () => {
    const target = at('127.0.0.1', { tls: 'verified', tlsRootCertificate: front.certificate })
    const { facts } = await fails(target)
    assert.deepEqual([facts.sqlState, facts.retry], ['ERR_TLS_CERT_ALTNAME_INVALID', 'never'])
  })

  test('verified, without the authority: says both ways out', async () => {
    const error = await fails(at('localhost', { tls: 'verified' }))
    assert.deepEqual([error.code, error.facts.retry], ['connection', 'never'])
    assert.match(error.message, /^the certificate of localhost is not trusted/)
    assert.match(error.nextStep ?? '', /sslrootcert=FILE.*sslmode=no-verify/)
  })

  test('verified, with a certificate file that is not there', async () => {
    const target = at('localhost', { tls: 'verified', tlsRootCertificate: '/no/such.pem' })
    const error = await fails(target)
    assert.match(error.message, /^the certificate file \/no\/such\.pem cannot be read/)
  })

  test('unverified takes any certificate', () => works(at('127.0.0.1', { tls: 'unverified' })))

  test('off asks for none', () => works(at('127.0.0.1', { tls: 'off' })))

  for (const tls of ['verified', 'unverified'] as const) {
    test(`${tls}, of a server without TLS: never in clear`, async () => {
      const error = await fails({ ...made.target, tls })
      assert.deepEqual([error.facts.sqlState, error.facts.retry], ['TLS_NOT_OFFERED', 'never'])
      assert.match(error.nextStep ?? '', /sslmode=disable/)
    })
  }
})
