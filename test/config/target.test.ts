import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { loadSettings } from '../../src/config/settings.ts'
import { ConfigError } from '../../src/errors.ts'
import { load, makeRoot, refuse, type Given } from './load.ts'

const PRODUCTION = 'postgres://gate:sk-test-prod@db.example.com/gateway'
const OTHER = 'postgres://gate:sk-test-other@other.example.com/gateway'

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

describe('secrets', () => {
  test('the password is given in both forms', async (context) => {
    const env = { SQL_DSN: 'postgres://u:sk-test%2Fprod@h/d' }
    const { settings } = await load(context, { env })
    const forms = settings.secrets.map((secret) => secret.reveal())
    assert.deepEqual(forms, ['sk-test/prod', 'sk-test%2Fprod'])
  })

  test("a password file of the environment's own", async (context) => {
    const root = makeRoot(context)
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
      /^SQL_DSN: the connection is not encrypted and its host not private/,
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
