import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { loadSettings, type Flags, type Settings } from '../../src/config/settings.ts'
import { ConfigError } from '../../src/errors.ts'

interface Given {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly flags?: Flags
  /** Lines of `.env`. */
  readonly dotenv?: readonly string[]
  /** What the configuration file exports, as source text. */
  readonly config?: string
}

async function load(context: TestContext, given: Given) {
  const root = mkdtempSync(join(tmpdir(), 'tidegate-settings-'))
  context.after(() => rmSync(root, { recursive: true, force: true }))
  const { env = {}, flags = {}, dotenv, config } = given
  if (dotenv !== undefined) writeFileSync(join(root, '.env'), dotenv.join('\n'))
  if (config !== undefined) {
    writeFileSync(join(root, 'tidegate.config.mjs'), `export default ${config}`)
  }
  return { root, settings: await loadSettings({ cwd: root, env, flags }) }
}

async function refuse(context: TestContext, given: Given): Promise<readonly string[]> {
  const error = await load(context, given).then(
    () => assert.fail('it was accepted'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof ConfigError, String(error))
  assert.doesNotMatch(JSON.stringify(error.details) + error.message, /SECRET/)
  return error.faults.map(({ source, problem }) => `${source}: ${problem}`)
}

const PRODUCTION = 'postgres://gate:sk-test-prod@db.example.com/gateway'
const OTHER = 'postgres://gate:sk-test-other@other.example.com/gateway'

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

describe('where the database is', () => {
  const config = `{ environments: {
    production: { url: 'postgres://gate@file.example.com/gateway', sqlitePath: 'not-this.db' },
    small: { url: undefined, sqlitePath: 'small.db' },
    local: { url: 'sqlite:./mine.db' },
  } }`
  const production = { env: 'production' }
  const CASES: readonly (readonly [name: string, given: Given, label: string, source: string])[] = [
    [
      'its own SQL_DSN first',
      {
        flags: production,
        env: {
          PRODUCTION_SQL_DSN: PRODUCTION,
          PRODUCTION_SQLITE_PATH: 'x.db',
          SQL_DSN: OTHER,
          DATABASE_URL: OTHER,
        },
        config,
      },
      'gate@db.example.com:5432/gateway',
      'PRODUCTION_SQL_DSN',
    ],
    [
      'its own DATABASE_URL, of a name with "-"',
      { flags: { env: 'pre-prod' }, env: { PRE_PROD_DATABASE_URL: PRODUCTION, SQL_DSN: OTHER } },
      'gate@db.example.com:5432/gateway',
      'PRE_PROD_DATABASE_URL',
    ],
    [
      'its own SQLITE_PATH',
      { flags: production, env: { PRODUCTION_SQLITE_PATH: 'p.db', SQL_DSN: OTHER }, config },
      'p.db',
      'PRODUCTION_SQLITE_PATH',
    ],
    [
      'SQL_DSN of the process',
      { flags: production, env: { PRODUCTION_SQL_DSN: '', SQL_DSN: PRODUCTION }, config },
      'gate@db.example.com:5432/gateway',
      'SQL_DSN',
    ],
    [
      'DATABASE_URL of the process',
      { env: { TIDEGATE_ENV: 'production', SQL_DSN: '', DATABASE_URL: PRODUCTION }, config },
      'gate@db.example.com:5432/gateway',
      'DATABASE_URL',
    ],
    [
      'SQLITE_PATH of the process',
      { env: { SQLITE_PATH: 'x.db?_busy_timeout=30000' }, config },
      'x.db',
      'SQLITE_PATH',
    ],
    [
      'url of the file',
      { flags: production, config },
      'gate@file.example.com:5432/gateway',
      'tidegate.config.mjs environments.production.url',
    ],
    [
      'sqlitePath of the file',
      { flags: { env: 'small' }, config },
      'small.db',
      'tidegate.config.mjs environments.small.sqlitePath',
    ],
    [
      'local of the file',
      { config },
      'sqlite:./mine.db',
      'tidegate.config.mjs environments.local.url',
    ],
    [
      'DATABASE_URL as sqlite:',
      { env: { DATABASE_URL: 'sqlite:x.db' } },
      'sqlite:x.db',
      'DATABASE_URL',
    ],
    [
      'DATABASE_URL as file:',
      { env: { DATABASE_URL: 'file:///x.db' } },
      'file:///x.db',
      'DATABASE_URL',
    ],
    [
      'postgresql:// in SQL_DSN',
      { env: { SQL_DSN: PRODUCTION.replace('postgres:', 'postgresql:') } },
      'gate@db.example.com:5432/gateway',
      'SQL_DSN',
    ],
    ['SQL_DSN=local', { env: { SQL_DSN: 'local' } }, './data/one-api.db', 'SQL_DSN'],
    [
      'SQL_DSN=local in production is what was asked for',
      { env: { TIDEGATE_ENV: 'production', SQL_DSN: 'local' }, config },
      './data/one-api.db',
      'SQL_DSN',
    ],
    [
      'SQL_DSN=local… with SQLITE_PATH',
      { env: { SQL_DSN: 'localhost', SQLITE_PATH: 'x.db' } },
      'x.db',
      'SQLITE_PATH',
    ],
    [
      "an environment's own local with its own path",
      {
        flags: production,
        env: {
          PRODUCTION_SQL_DSN: 'local',
          PRODUCTION_SQLITE_PATH: 'p.db',
          SQLITE_PATH: 'x.db',
        },
      },
      'p.db',
      'PRODUCTION_SQLITE_PATH',
    ],
    ['.env', { dotenv: [`SQL_DSN=${PRODUCTION}`] }, 'gate@db.example.com:5432/gateway', 'SQL_DSN'],
  ]

  for (const [name, given, label, source] of CASES) {
    test(name, async (context) => {
      const { settings } = await load(context, given)
      assert.equal(settings.target.label, label)
      assert.equal(settings.targetSource, source)
      assert.deepEqual(settings.warnings, [])
    })
  }

  test("the gateway's busy timeout is kept", async (context) => {
    const env = { SQLITE_PATH: 'a/x.db?_busy_timeout=30000&mode=rwc' }
    const { root, settings } = await load(context, { env })
    assert.deepEqual(settings.target, {
      dialect: 'sqlite',
      path: join(root, 'a/x.db'),
      label: 'a/x.db',
      busyTimeoutMs: 30_000,
    })
    assert.deepEqual(settings.warnings, ['SQLITE_PATH: the parameter mode is ignored'])
  })

  test('an environment with nothing set is a fault that names what to set', async (context) => {
    assert.deepEqual(await refuse(context, { flags: production }), [
      'environment production: nothing says where its database is: set one of ' +
        'PRODUCTION_SQL_DSN, PRODUCTION_DATABASE_URL, PRODUCTION_SQLITE_PATH, ' +
        'SQL_DSN, DATABASE_URL, SQLITE_PATH, or environments.production.url in tidegate.config.ts',
    ])
  })

  const REFUSED: readonly (readonly [name: string, given: Given, fault: RegExp])[] = [
    [
      'a DSN of MySQL in SQL_DSN',
      { env: { SQL_DSN: 'root:SECRET@tcp(db:3306)/oneapi' } },
      /^SQL_DSN: it is neither postgres:\/\/ nor local, .* MySQL, which is not supported$/,
    ],
    [
      'a DSN of MySQL stays a fault when DATABASE_URL would do',
      { env: { SQL_DSN: 'root:SECRET@tcp(db:3306)/oneapi', DATABASE_URL: PRODUCTION } },
      /^SQL_DSN: it is neither/,
    ],
    ['sqlite: in SQL_DSN', { env: { SQL_DSN: 'sqlite:SECRET.db' } }, /^SQL_DSN: it is neither/],
    ['blanks in SQL_DSN', { env: { SQL_DSN: ' ' } }, /^SQL_DSN: it is neither/],
    [
      'MySQL in DATABASE_URL',
      { env: { DATABASE_URL: 'mysql://u:SECRET@h/d' } },
      /^DATABASE_URL: MySQL is not supported/,
    ],
    [
      'a bare path in DATABASE_URL',
      { env: { DATABASE_URL: './SECRET.db' } },
      /^DATABASE_URL: it starts with none of postgres:\/\/, postgresql:\/\/, sqlite: and file:$/,
    ],
    [
      'a url of the file',
      { config: "{ environments: { local: { url: 'postgres://u:SEC/RET@h/d' } } }" },
      /^tidegate\.config\.mjs environments\.local\.url: an unescaped "\/"/,
    ],
    [
      'a path in memory',
      { env: { SQL_DSN: 'local', SQLITE_PATH: ':memory:' } },
      /^SQLITE_PATH: a database in memory/,
    ],
  ]

  for (const [name, given, fault] of REFUSED) {
    test(`${name} is a fault`, async (context) => {
      const faults = await refuse(context, given)
      assert.equal(faults.length, 1)
      assert.match(faults[0]!, fault)
    })
  }
})

describe('another environment', () => {
  const env = {
    SQL_DSN: OTHER,
    SQLITE_PATH: 'unprefixed.db',
    PGPASSWORD: 'sk-test-unprefixed',
    STAGING_SQL_DSN: 'local',
    PRODUCTION_DATABASE_URL: 'postgres://gate@db.example.com/gateway',
  }

  test('has its own variables and the file only', async (context) => {
    const config = "{ environments: { demo: { sqlitePath: 'demo.db' } } }"
    const { settings } = await load(context, { env, config })
    assert.equal(settings.targetSource, 'SQL_DSN')
    const production = settings.targetOf('production')
    assert.equal(production.source, 'PRODUCTION_DATABASE_URL')
    assert.equal('password' in production.target && production.target.password, null)
    assert.equal(settings.targetOf('staging').target.label, './data/one-api.db')
    assert.equal(settings.targetOf('demo').target.label, 'demo.db')
    assert.equal(settings.targetOf('local').source, 'SQL_DSN')
  })

  test('without any of them is a fault that names only its own variables', async (context) => {
    const { settings } = await load(context, { env })
    assert.throws(
      () => settings.targetOf('canary'),
      (error: unknown) =>
        error instanceof ConfigError &&
        error.message ===
          'environment canary: nothing says where its database is: set one of CANARY_SQL_DSN, ' +
            'CANARY_DATABASE_URL, CANARY_SQLITE_PATH, or environments.canary.url in tidegate.config.ts',
    )
  })

  test('with a malformed DSN or name is a fault', async (context) => {
    const { settings } = await load(context, { env: { ...env, BAD_SQL_DSN: 'SECRET' } })
    for (const name of ['bad', 'Bad', '', '__proto__']) {
      assert.throws(() => settings.targetOf(name), ConfigError)
    }
  })

  test('local has its default, whatever the process has', async (context) => {
    const { settings } = await load(context, { env: { ...env, TIDEGATE_ENV: 'production' } })
    assert.equal(settings.targetOf('local').source, 'default')
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
    const root = mkdtempSync(join(tmpdir(), 'tidegate-settings-'))
    context.after(() => rmSync(root, { recursive: true, force: true }))
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

describe('secrets', () => {
  test('the password is given in both forms', async (context) => {
    const env = { SQL_DSN: 'postgres://u:sk-test%2Fprod@h/d' }
    const { settings } = await load(context, { env })
    const forms = settings.secrets.map((secret) => secret.reveal())
    assert.deepEqual(forms, ['sk-test/prod', 'sk-test%2Fprod'])
  })

  test("a password file of the environment's own", async (context) => {
    const root = mkdtempSync(join(tmpdir(), 'tidegate-settings-'))
    context.after(() => rmSync(root, { recursive: true, force: true }))
    writeFileSync(join(root, 'password'), 'sk-test-file\n', { mode: 0o600 })
    const env = {
      TIDEGATE_ENV: 'production',
      SQL_DSN: 'postgres://u@db.example.com/d',
      PRODUCTION_DATABASE_PASSWORD_FILE: 'password',
      PGPASSWORD: 'sk-test-env',
    }
    const settings = await loadSettings({ cwd: root, env, flags: {} })
    const { target, secrets } = settings
    assert.equal(target.dialect === 'postgres' && target.password?.reveal(), 'sk-test-file')
    assert.deepEqual(
      secrets.map((secret) => secret.reveal()),
      ['sk-test-file'],
    )
  })
})

describe('warnings', () => {
  const CASES: readonly (readonly [name: string, given: Given, ...warnings: RegExp[]])[] = [
    [
      'SQL_DSN and DATABASE_URL differ',
      { env: { SQL_DSN: PRODUCTION, DATABASE_URL: OTHER } },
      /^SQL_DSN and DATABASE_URL differ: SQL_DSN is used, as the gateway does$/,
    ],
    ['SQL_DSN and DATABASE_URL are the same', { env: { SQL_DSN: OTHER, DATABASE_URL: OTHER } }],
    [
      'plain text over a public network',
      { env: { SQL_DSN: `${PRODUCTION}?sslmode=disable` } },
      /^SQL_DSN: its host is not private and the connection not encrypted/,
    ],
    [
      '--env production with SQL_DSN of .env',
      { flags: { env: 'production' }, dotenv: [`SQL_DSN=${OTHER}`] },
      /^--env production uses SQL_DSN of \.env; set PRODUCTION_SQL_DSN when that is another/,
    ],
    [
      '--env production with SQL_DSN of the process',
      { flags: { env: 'production' }, env: { SQL_DSN: OTHER } },
    ],
    [
      '--env production where .env is of production',
      { flags: { env: 'production' }, dotenv: [`SQL_DSN=${OTHER}`, 'TIDEGATE_ENV=production'] },
    ],
    ['--env local with SQL_DSN of .env', { flags: { env: 'local' }, dotenv: ['SQL_DSN=local'] }],
    ['a cut value', { dotenv: ['X=a#b'] }, /^\.env: X is cut at an unquoted "#"/],
  ]

  for (const [name, given, ...expected] of CASES) {
    test(name, async (context) => {
      const { settings } = await load(context, given)
      assert.equal(settings.warnings.length, expected.length, settings.warnings.join('\n'))
      for (const [index, warning] of settings.warnings.entries()) {
        assert.match(warning, expected[index]!)
        assert.doesNotMatch(warning, /sk-test/)
      }
    })
  }
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
  const root = mkdtempSync(join(tmpdir(), 'tidegate-settings-'))
  context.after(() => rmSync(root, { recursive: true, force: true }))
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
