import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { createTestDatabase, sharedPostgres } from '../support/postgres.ts'
import { createSqliteFile } from '../support/sqlite.ts'
import { executeRaw } from '../support/raw.ts'
import { callerIn, envOf, testProject } from './runs.ts'

const project = testProject()
const call = callerIn(project)
const startPostgres = sharedPostgres()
const cleanups: (() => Promise<unknown>)[] = []
after(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup()
})

interface Fault {
  readonly name: string
  readonly line?: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly says: RegExp
  readonly next: RegExp
}

async function assertFault({ name, line = 'deploy', env, says, next }: Fault): Promise<void> {
  const { code, stdout, stderr } = await call(line, env)
  assert.equal(code, 1, `${name}: ${stderr}`)
  assert.equal(stdout, '', name)
  assert.match(stderr, says, name)
  assert.match(stderr, next, name)
  assert.ok(!stderr.includes('sk-test'), stderr)
  const document = (await call(`${line} --json`, env)).json()['error'] as Record<string, unknown>
  assert.ok(document['message'] !== '' && document['nextStep'] !== null, name)
}

const dsn = (text: string) => ({ SQL_DSN: `postgres://${text}` })

describe('a connection that cannot be', () => {
  const faults: readonly Fault[] = [
    {
      name: '# in the password',
      env: dsn('u:sk-test#1@h/db'),
      says: /SQL_DSN: an unescaped "#" .*%23/,
      next: /no connection was made/,
    },
    {
      name: '/ in the password',
      env: dsn('u:sk-test/1@h/db'),
      says: /SQL_DSN: an unescaped "\/" .*%2F/,
      next: /no connection was made/,
    },
    {
      name: 'MySQL',
      env: { SQL_DSN: 'root:sk-test@tcp(h)/db' },
      says: /takes it for MySQL, which is not supported/,
      next: /correct what is named/,
    },
    {
      name: 'nothing at all',
      line: 'deploy --env production',
      env: {},
      says: /nothing says where its database is: set one of/,
      next: /no connection was made/,
    },
    {
      name: 'an unreachable port',
      line: 'deploy --wait 1s',
      env: dsn('u:sk-test@127.0.0.1:1/db?sslmode=disable'),
      says: /nothing answers at 127\.0\.0\.1, port 1 .*attempts in 1 s/,
      next: /wait for the server with --wait/,
    },
    {
      name: 'a name that does not resolve',
      line: 'deploy --wait 0s',
      env: dsn('u:sk-test@nowhere.invalid/db'),
      says: /the name nowhere\.invalid does not resolve/,
      next: /check the name/,
    },
    {
      name: 'a bad wait',
      line: 'deploy --wait soon',
      env: dsn('u:sk-test@h/db'),
      says: /--wait: /,
      next: /correct what is named/,
    },
  ]
  for (const fault of faults) it(fault.name, () => assertFault(fault))

  it('a wrong password, a missing database', async () => {
    const { target, ...made } = await createTestDatabase(await startPostgres())
    cleanups.push(() => made.drop())
    const at = `${target.host}:${target.port}`
    const password = target.password?.reveal() ?? ''
    await assertFault({
      name: 'password',
      env: dsn(`${target.user}:sk-test-x@${at}/${target.database}?sslmode=disable`),
      says: /the server refused the password of user/,
      next: /check user and password/,
    })
    await assertFault({
      name: 'database',
      env: dsn(`${target.user}:${password}@${at}/nowhere?sslmode=disable`),
      says: /there is no database nowhere/,
      next: /check the name, or create/,
    })
  })
})

describe("a database that is not a gateway's", () => {
  it('is not seeded, on either dialect, and nothing is made in it', async () => {
    const file = await createSqliteFile()
    const made = await createTestDatabase(await startPostgres())
    cleanups.push(
      () => file.drop(),
      () => made.drop(),
    )
    for (const { target } of [file, made]) {
      await executeRaw(target, 'create table shop (id integer)')
      await assertFault({
        name: target.dialect,
        line: 'seed apply',
        env: envOf(target),
        says: /lacks the gateway's channels, abilities, options, tokens, users/,
        next: /check which database this is/,
      })
      await assertFault({
        name: target.dialect,
        line: 'deploy',
        env: envOf(target),
        says: /not a gateway|gateway's/,
        next: /./,
      })
    }
  })
})

describe('a SQLite file', () => {
  let folder: string
  before(async () => {
    folder = (await project()).folder
    await writeFile(
      join(folder, 'text.db'),
      'this is no database, and long enough to be looked at'.repeat(9),
    )
    await mkdir(join(folder, 'folder.db'))
  })
  const path = (name: string) => ({ SQL_DSN: 'local', SQLITE_PATH: name })
  it('that is none, is a folder, is missing or lies nowhere', async () => {
    await assertFault({
      name: 'text',
      env: path('text.db'),
      says: /the file is not a SQLite database \(text\.db/,
      next: /check the path/,
    })
    await assertFault({
      name: 'folder',
      env: path('folder.db'),
      says: /folder\.db is not a file/,
      next: /check the path/,
    })
    await assertFault({
      name: 'missing',
      line: 'seed plan',
      env: path('no.db'),
      says: /there is no file no\.db/,
      next: /let the gateway or/,
    })
    await assertFault({
      name: 'nowhere',
      env: path('no/no.db'),
      says: /the folder of no\/no\.db does not exist/,
      next: /make the folder/,
    })
    await assertFault({
      name: 'memory',
      env: path(':memory:'),
      says: /a database in memory cannot be kept/,
      next: /./,
    })
  })

  it('that may not be written', async (test) => {
    const file = await createSqliteFile({ fixture: 'n26' })
    cleanups.push(() => file.drop())
    const chattr = promisify(execFile)
    // Rights do not bind root; an immutable file does.
    const isImmutable = await chattr('chattr', ['+i', file.path]).then(
      () => true,
      () => false,
    )
    if (!isImmutable) return test.skip('this machine cannot make a file that root may not write')
    try {
      await assertFault({
        name: 'read-only',
        env: envOf(file.target),
        says: /the file cannot be written|cannot be opened/,
        next: /write the file and its folder/,
      })
      const { code } = await call('migrate status', envOf(file.target))
      assert.equal(code, 2, 'a command that only reads works')
    } finally {
      await chattr('chattr', ['-i', file.path])
    }
  })
})

describe('before connecting', () => {
  it('missing secrets are all told, and no connection is made', async () => {
    let connections = 0
    const server = createServer((socket) => {
      connections += 1
      socket.destroy()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    cleanups.push(() => new Promise((resolve) => server.close(resolve)))
    const { port } = server.address() as AddressInfo
    const env = {
      ...dsn(`u:sk-test@127.0.0.1:${port}/d?sslmode=disable`),
      BLTCY_API_KEY: undefined,
      BLTCY_BASE_URL: undefined,
    }
    for (const line of ['deploy', 'seed plan', 'seed apply', 'seed status']) {
      await assertFault({
        name: line,
        line,
        env,
        says: /2 faults in the configuration:\n {2}- BLTCY_API_KEY: is not set; .*BLTCY_API_KEY_FILE.*\n {2}- BLTCY_BASE_URL: is not set/,
        next: /set the variables, in the environment or in \.env/,
      })
    }
    assert.equal(connections, 0)
  })
})
