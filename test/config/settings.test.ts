import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { loadSettings, type Flags, type Settings } from '../../src/config/settings.ts'
import { ConfigError } from '../../src/errors.ts'
import { load, makeRoot, refuse, type Given } from './load.ts'

test('nothing said gives the defaults', async (context) => {
  const { root, settings } = await load(context, {})
  const { targetOf, variables, ...rest } = settings
  assert.deepEqual(rest, {
    root,
    environment: 'local',
    target: {
      dialect: 'sqlite',
      path: join(root, 'data/one-api.db'),
      label: './data/one-api.db',
      busyTimeoutMs: 5_000,
    },
    targetSource: 'default',
    migrationsFolder: join(root, 'migrations'),
    seedsFolder: join(root, 'seeds'),
    acceptedFile: join(root, 'drift-accepted.json'),
    compareTables: [],
    afterApply: null,
    secretReferences: {},
    restorePoints: 5,
    journalRuns: 100,
    journalDays: 90,
    gateway: 'new-api',
    waitMs: 60_000,
    lockTimeoutMs: 120_000,
    statementTimeoutMs: 60_000,
    connectTimeoutMs: 10_000,
    secrets: [],
    warnings: [],
  })
  assert.deepEqual(Object.keys(variables), [])
  assert.equal(targetOf('local').source, 'default')
})

describe('flags come before variables, those before .env, that before the file', () => {
  const FILE = `{
    environment: 'one', gateway: 'bltcy-fork', migrations: 'm1', seeds: 's1',
    wait: '1s', lockTimeout: '1s', statementTimeout: '1s', connectTimeout: '1s',
    environments: { one: { sqlitePath: 'one.db' } },
  }`
  const sqlite = { ONE_SQLITE_PATH: 'x', TWO_SQLITE_PATH: 'x', THREE_SQLITE_PATH: 'x' }
  const CASES: readonly (readonly [
    name: keyof Settings,
    flag: keyof Flags,
    variable: string,
    texts: readonly [file: string, dotenv: string, env: string, flag: string],
    values: readonly [file: unknown, dotenv: unknown, env: unknown, flag: unknown],
  ])[] = [
    [
      'environment',
      'env',
      'TIDEGATE_ENV',
      ['one', 'two', 'three', 'local'],
      ['one', 'two', 'three', 'local'],
    ],
    [
      'gateway',
      'gateway',
      'TIDEGATE_GATEWAY',
      ['bltcy-fork', 'new-api', 'bltcy-fork', 'new-api'],
      ['bltcy-fork', 'new-api', 'bltcy-fork', 'new-api'],
    ],
    ...(
      [
        ['waitMs', 'wait', 'TIDEGATE_WAIT'],
        ['lockTimeoutMs', 'lockTimeout', 'TIDEGATE_LOCK_TIMEOUT'],
        ['statementTimeoutMs', 'statementTimeout', 'TIDEGATE_STATEMENT_TIMEOUT'],
        ['connectTimeoutMs', 'connectTimeout', 'TIDEGATE_CONNECT_TIMEOUT'],
      ] as const
    ).map(
      ([name, flag, variable]) =>
        [name, flag, variable, ['1s', '2s', '3s', '4m'], [1_000, 2_000, 3_000, 240_000]] as const,
    ),
  ]

  for (const [name, flag, variable, texts, values] of CASES) {
    test(name, async (context) => {
      const [, dotenvText, envText, flagText] = texts
      const dotenv = [`${variable}=${dotenvText}`]
      const env = { ...sqlite, [variable]: envText }
      const given: readonly Given[] = [
        { config: FILE, env: sqlite },
        { config: FILE, env: sqlite, dotenv },
        { config: FILE, env, dotenv },
        { config: FILE, env, dotenv, flags: { [flag]: flagText } },
      ]
      for (const [index, one] of given.entries()) {
        const { settings } = await load(context, one)
        assert.equal(settings[name], values[index], `layer ${index}`)
      }
    })
  }

  test('folders', async (context) => {
    const config = "{ migrations: 'm1', seeds: './s1' }"
    const fromFile = await load(context, { config })
    assert.equal(fromFile.settings.migrationsFolder, join(fromFile.root, 'm1'))
    assert.equal(fromFile.settings.seedsFolder, join(fromFile.root, 's1'))
    const env = { TIDEGATE_MIGRATIONS: 'm2', TIDEGATE_SEEDS: '/s2' }
    const fromEnv = await load(context, { config, env })
    assert.equal(fromEnv.settings.migrationsFolder, join(fromEnv.root, 'm2'))
    assert.equal(fromEnv.settings.seedsFolder, '/s2')
    const flags = { migrations: '../m3', seeds: 's3' }
    const fromFlags = await load(context, { config, env, flags })
    assert.equal(fromFlags.settings.migrationsFolder, join(fromFlags.root, '../m3'))
    assert.equal(fromFlags.settings.seedsFolder, join(fromFlags.root, 's3'))
  })

  test('an empty variable is unset, an empty flag is a fault', async (context) => {
    const { settings } = await load(context, { env: { TIDEGATE_WAIT: '', TIDEGATE_ENV: '' } })
    assert.deepEqual([settings.waitMs, settings.environment], [60_000, 'local'])
    const faults = await refuse(context, { flags: { wait: '', env: '' } })
    assert.deepEqual(
      faults.map((fault) => fault.split(': ')[0]),
      ['--env', '--wait'],
    )
  })

  test('undefined flags are absent', async (context) => {
    const { settings } = await load(context, { flags: { wait: undefined, env: undefined } })
    assert.equal(settings.waitMs, 60_000)
  })
})

describe('.env', () => {
  test('never comes before the environment, not even an empty variable of it', async (context) => {
    const dotenv = ['A=file', 'B=file', 'C=file', 'SQL_DSN=SECRET']
    const env = { A: 'real', B: '', C: undefined, SQL_DSN: '' }
    const { settings } = await load(context, { dotenv, env })
    const { variables } = settings
    assert.deepEqual([variables['A'], variables['B'], variables['C']], ['real', '', 'file'])
    assert.equal(settings.targetSource, 'default')
    assert.equal(variables['constructor'], undefined)
  })

  test('is not put into the environment that was given', async (context) => {
    const env: Record<string, string> = {}
    await load(context, { dotenv: ['TIDEGATE_TEST_ONLY=1'], env })
    assert.deepEqual(env, {})
    assert.equal(process.env['TIDEGATE_TEST_ONLY'], undefined)
  })

  test('that cannot be read is a fault, and what it may say is not missed', async (context) => {
    const root = makeRoot(context)
    mkdirSync(join(root, '.env'))
    const loading = loadSettings({ cwd: root, env: {}, flags: { env: 'production' } })
    await assert.rejects(loading, (error: unknown) => {
      assert.ok(error instanceof ConfigError)
      assert.deepEqual(error.faults, [{ source: '.env', problem: 'it cannot be read (EISDIR)' }])
      return true
    })
  })

  test('that cuts a DSN at "#" says so next to the fault', async (context) => {
    const faults = await refuse(context, { dotenv: ['SQL_DSN=postgres://u:SEC#RET@h/d'] })
    assert.equal(faults.length, 2)
    assert.match(faults[0]!, /^\.env: SQL_DSN is cut at an unquoted "#"/)
    assert.match(faults[1]!, /^SQL_DSN: it names no user/)
  })
})

test('every fault at once, each with its name, and none with its value', async (context) => {
  const faults = await refuse(context, {
    flags: { wait: 'SECRET', gateway: 'SECRET' },
    env: {
      TIDEGATE_LOCK_TIMEOUT: 'SECRET',
      TIDEGATE_CONNECT_TIMEOUT: '0',
      TIDEGATE_MIGRATIONS: 'SECRET\n',
      SQL_DSN: 'postgres://u:SECRET%@h,i:0/d?nothing=1',
    },
    config: "{ waits: 'SECRET', statementTimeout: 'SECRET', environments: { Prod: {} } }",
  })
  assert.deepEqual(
    faults.map((fault) => fault.split(': ')[0]),
    [
      'tidegate.config.mjs',
      'tidegate.config.mjs statementTimeout',
      'tidegate.config.mjs environments',
      '--gateway',
      'TIDEGATE_MIGRATIONS',
      '--wait',
      'TIDEGATE_LOCK_TIMEOUT',
      'TIDEGATE_CONNECT_TIMEOUT',
      'SQL_DSN',
      'SQL_DSN',
      'SQL_DSN',
    ],
  )
})

test('a fault of a setting counts when the database is clear', async (context) => {
  const faults = await refuse(context, { flags: { wait: 'SECRET' } })
  assert.deepEqual(faults, ['--wait: it is no duration: write 500ms, 60s, 2m or 0'])
})

describe('the name of the environment', () => {
  const CASES: readonly (readonly [source: string, given: Given])[] = [
    ['--env', { flags: { env: 'SECRET' } }],
    ['--env', { flags: { env: '__proto__' } }],
    ['--env', { flags: { env: '1a' } }],
    ['TIDEGATE_ENV', { env: { TIDEGATE_ENV: 'a_b' } }],
    ['TIDEGATE_ENV', { env: { TIDEGATE_ENV: 'prod\n' } }],
    ['tidegate.config.mjs environment', { config: "{ environment: 'SECRET' }" }],
  ]

  for (const [source, given] of CASES) {
    test(`${source} ${JSON.stringify(given)}`, async (context) => {
      const faults = await refuse(context, given)
      assert.equal(faults.length, 1)
      assert.match(faults[0]!, /an environment is named with/)
      assert.ok(faults[0]!.startsWith(`${source}: `), faults[0])
    })
  }

  test('constructor is one like any other', async (context) => {
    const faults = await refuse(context, { flags: { env: 'constructor' } })
    assert.match(faults[0]!, /^environment constructor: nothing says/)
  })
})

test('importModule gets the absolute path of the file', async (context) => {
  const root = makeRoot(context)
  writeFileSync(join(root, 'mine.ts'), 'never loaded')
  const paths: string[] = []
  const settings = await loadSettings({
    cwd: root,
    env: {},
    flags: { config: 'mine.ts' },
    importModule: (path) => {
      paths.push(path)
      return Promise.resolve({ default: { wait: '7s' } })
    },
  })
  assert.deepEqual(paths, [join(root, 'mine.ts')])
  assert.equal(settings.waitMs, 7_000)
})
