import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parsePostgresDsn } from '../../src/config/dsn.ts'

const RUNS = { numRuns: 4_000 }

/** Text that a server takes for a name or password: anything but control characters. */
const text = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 24 })
  .filter((value) => value.isWellFormed() && !/\p{Cc}/u.test(value))

const label = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/)

const host = fc.oneof(
  fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.')),
  fc.ipV4(),
  fc.ipV6(),
  text.map((folder) => `/${folder}`),
)

const fields = fc.record({
  scheme: fc.constantFrom('postgres', 'postgresql'),
  user: text,
  password: text,
  host,
  port: fc.option(fc.integer({ min: 1, max: 65_535 })),
  database: text,
  applicationName: fc.option(text),
})

type Fields = typeof fields extends fc.Arbitrary<infer Value> ? Value : never

function encode(value: Fields): string {
  const isSocket = value.host.startsWith('/')
  const address = value.host.includes(':') && !isSocket ? `[${value.host}]` : value.host
  const query = [
    ...(isSocket ? [`host=${encodeURIComponent(value.host)}`] : []),
    ...(value.applicationName === null
      ? []
      : [`application_name=${encodeURIComponent(value.applicationName)}`]),
  ]
  const login = `${encodeURIComponent(value.user)}:${encodeURIComponent(value.password)}`
  const port = value.port === null ? '' : `:${value.port}`
  const where = `${isSocket ? '' : address}${port}/${encodeURIComponent(value.database)}`
  return `${value.scheme}://${login}@${where}${query.length > 0 ? '?' : ''}${query.join('&')}`
}

test('what is encoded is read back', () => {
  fc.assert(
    fc.property(fields, (value) => {
      const result = parsePostgresDsn(encode(value), { source: 'SQL_DSN', env: {} })
      assert.ok('target' in result, JSON.stringify(result))
      const { user, host, port, database, password } = result.target
      assert.deepEqual(
        { user, host, port, database, password: password?.reveal() },
        {
          user: value.user,
          host: value.host,
          port: value.port ?? 5_432,
          database: value.database,
          password: value.password,
        },
      )
    }),
    RUNS,
  )
})

/** Letters that occur in no message, so that a slice of a password is never there by chance. */
const password = fc.stringMatching(/^[QXZJ0-9]{6,16}$/)

const mutation = fc.record({
  kind: fc.constantFrom('insert', 'replace', 'delete', 'double'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  text: fc.oneof(
    fc.constantFrom('@', '/', '?', '#', '%', ':', '[', ']', ',', '&', '=', ' ', '\n', '\0', '%zz'),
    fc.constantFrom('%40', '\ud800', '://', 'host=', '?sslmode=', '@@'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
  ),
})

function mutate(
  dsn: string,
  { kind, at, text }: typeof mutation extends fc.Arbitrary<infer M> ? M : never,
) {
  const index = Math.floor(at * dsn.length)
  const [before, after] = [dsn.slice(0, index), dsn.slice(index)]
  if (kind === 'insert') return before + text + after
  if (kind === 'replace') return before + text + after.slice(1)
  return kind === 'delete' ? before + after.slice(1) : before + after.slice(0, 8) + after
}

test('a damaged DSN is read or refused, and no fault says a piece of its password', () => {
  let refused = 0
  fc.assert(
    fc.property(password, fc.array(mutation, { minLength: 1, maxLength: 4 }), (secret, steps) => {
      const dsn = `postgres://gate:${secret}@db.example.com:5432/gateway?sslmode=require`
      const result = parsePostgresDsn(steps.reduce(mutate, dsn), { source: 'SQL_DSN', env: {} })
      if ('target' in result) return
      refused += 1
      assert.ok(result.faults.length > 0)
      const said = JSON.stringify(result.faults)
      for (let at = 0; at + 4 <= secret.length; at += 1) {
        const slice = secret.slice(at, at + 4)
        assert.ok(!said.includes(slice), `it says ${slice}`)
      }
    }),
    RUNS,
  )
  assert.ok(refused > RUNS.numRuns / 2, `only ${refused} were refused`)
})

test('any text is read or refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (anything) => {
      for (const dsn of [anything, `postgres://${anything}`, `postgres://u:p@h/d?${anything}`]) {
        const result = parsePostgresDsn(dsn, { source: 'SQL_DSN', env: {} })
        assert.ok('target' in result || result.faults.length > 0)
      }
    }),
    RUNS,
  )
})
