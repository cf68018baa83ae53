import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { inspect } from 'node:util'
import { parsePostgresDsn, type DsnContext } from '../../src/config/dsn.ts'

const root = mkdtempSync(join(tmpdir(), 'tidegate-dsn-'))
after(() => rmSync(root, { recursive: true, force: true }))
writeFileSync(join(root, 'authority.pem'), 'made up')

function parse(text: string, context: Partial<DsnContext> = {}) {
  return parsePostgresDsn(text, { source: 'SQL_DSN', env: {}, root, ...context })
}

function accept(text: string, context: Partial<DsnContext> = {}) {
  const result = parse(text, context)
  assert.ok('target' in result, JSON.stringify(result))
  return result
}

function refuse(text: string, context: Partial<DsnContext> = {}): readonly string[] {
  const result = parse(text, context)
  assert.ok('faults' in result, 'it was accepted')
  assert.ok(result.faults.length > 0)
  return result.faults.map(({ source, problem }) => `${source}: ${problem}`)
}

describe('fields', () => {
  const FIELDS: readonly (readonly [
    text: string,
    fields: Readonly<Record<string, unknown>>,
    password: string | null,
  ])[] = [
    [
      'postgres://gate:sk-test-1@db.example.com:6432/gateway?sslmode=require',
      {
        dialect: 'postgres',
        user: 'gate',
        host: 'db.example.com',
        port: 6432,
        database: 'gateway',
        tls: 'verified',
        tlsRootCertificate: null,
        channelBinding: false,
        label: 'gate@db.example.com:6432/gateway',
      },
      'sk-test-1',
    ],
    ['postgresql://u:p@h/d', { host: 'h', port: 5432, label: 'u@h:5432/d' }, 'p'],
    ['postgres://u@h/d', { user: 'u' }, null],
    ['postgres://u:@h/d', { user: 'u' }, null],
    ['postgres://u:a:b@h/d', { user: 'u' }, 'a:b'],
    ['postgres://u:a+b@h/d', {}, 'a+b'],
    ['postgres://u:%2512@h/d', {}, '%12'],
    ['postgres://u%40x:%23%2F%3F%40%25@h/d%2Fe', { user: 'u@x', database: 'd/e' }, '#/?@%'],
    ['postgres://u:%E5%AF%86%E7%A0%81@h/%E5%BA%93', { database: '库' }, '密码'],
    ['postgres://u:密码@h/d', {}, '密码'],
    ['postgres://u:p@[::1]:5433/d', { host: '::1', port: 5433, label: 'u@[::1]:5433/d' }, 'p'],
    ['postgres://u:p@[fe80::1%25eth0]/d', { host: 'fe80::1%eth0' }, 'p'],
    ['postgres://u:p@h:1/d?', { port: 1 }, 'p'],
    ['postgres://u:p@h:65535/d', { port: 65535 }, 'p'],
    [
      'postgres://u:p@/d?host=/var/run/postgresql',
      { host: '/var/run/postgresql', tls: 'off', label: 'u@/var/run/postgresql:5432/d' },
      'p',
    ],
    ['postgres://u@:5433/d?host=/cloudsql/a:b:c', { host: '/cloudsql/a:b:c', port: 5433 }, null],
    [
      'postgres://u:p@h/d?connect_timeout=5&application_name=a%20b&TimeZone=Asia/Shanghai',
      { database: 'd' },
      'p',
    ],
    ['postgres://u:p@h/d?sslmode=require&channel_binding=require', { channelBinding: true }, 'p'],
    ['postgres://u:p@h/d?channel_binding=prefer', { channelBinding: true }, 'p'],
    ['postgres://u:p@h/d?channel_binding=disable', { channelBinding: false }, 'p'],
  ]

  for (const [text, fields, password] of FIELDS) {
    test(text, () => {
      const { target } = accept(text)
      for (const [name, value] of Object.entries(fields)) {
        assert.deepEqual({ [name]: target[name as keyof typeof target] }, { [name]: value })
      }
      assert.equal(target.password?.reveal() ?? null, password)
    })
  }

  test('the password is a secret in both its forms, and prints as none', () => {
    const result = accept('postgres://u:sk-test%2Fone@h/d')
    const forms = result.secrets.map((secret) => secret.reveal())
    assert.deepEqual(forms, ['sk-test/one', 'sk-test%2Fone'])
    assert.doesNotMatch(inspect(result, { depth: 9 }) + JSON.stringify(result), /one/)
  })
})

describe('TLS', () => {
  const CASES: readonly (readonly [host: string, query: string, tls: string, warns: boolean])[] = [
    ['db.example.com', '', 'verified', false],
    ['db.example.com', 'sslmode=allow', 'verified', false],
    ['db.example.com', 'sslmode=prefer', 'verified', false],
    ['db.example.com', 'sslmode=require', 'verified', false],
    ['db.example.com', 'sslmode=verify-ca', 'verified', false],
    ['db.example.com', 'sslmode=verify-full', 'verified', false],
    ['db.example.com', 'sslmode=no-verify', 'unverified', true],
    ['db.example.com', 'sslmode=disable', 'off', true],
    ['10.0.0.1', '', 'off', false],
    ['10.0.0.1', 'sslmode=allow', 'off', false],
    ['10.0.0.1', 'sslmode=prefer', 'off', false],
    ['10.0.0.1', 'sslmode=require', 'verified', false],
    ['10.0.0.1', 'sslmode=no-verify', 'unverified', true],
    ['10.0.0.1', 'sslmode=disable', 'off', false],
    ['10.0.0.1', 'sslrootcert=system', 'verified', false],
    ['10.0.0.1', 'sslmode=prefer&sslrootcert=system', 'off', false],
    ['postgres.railway.internal', '', 'off', false],
    ['134744072', '', 'verified', false],
    ['', 'host=/tmp&sslmode=verify-full', 'off', false],
  ]

  for (const [host, query, tls, warns] of CASES) {
    test(`${host} ${query} is ${tls}`, () => {
      const { target, warnings } = accept(`postgres://u:sk-test-1@${host}/d?${query}`)
      assert.equal(target.tls, tls)
      assert.equal(warnings.length, warns ? 1 : 0)
      for (const warning of warnings) assert.match(warning, /^SQL_DSN: /)
    })
  }

  test('sslrootcert becomes an absolute path', () => {
    const { target } = accept('postgres://u:p@db.example.com/d?sslrootcert=authority.pem')
    assert.equal(target.tlsRootCertificate, join(root, 'authority.pem'))
  })
})

describe('refusals', () => {
  const CASES: readonly (readonly [text: string, ...problems: RegExp[]])[] = [
    ['', /does not start with postgres/],
    ['mysql://u:SECRETpw@h/d', /does not start with postgres/],
    ['Postgres://u:SECRETpw@h/d', /does not start with postgres/],
    ['u:SECRETpw@h/d', /does not start with postgres/],
    ['host=h user=u password=SECRETpw dbname=d', /keyword form/],
    ['postgres://h/d', /names no user/],
    ['postgres://u:SECRETpw/h/d', /names no user/],
    ['postgres://u:12/SECRETpw@h/d', /"\/".*write \/ as %2F/],
    ['postgres://u:12#SECRETpw@h/d', /"#".*write # as %23/],
    ['postgres://u:12?SECRETpw@h/d', /"\?".*write \? as %3F/],
    ['postgres://u:12@SECRETpw@h/d', /"@".*write @ as %40/],
    ['postgres://u:1#2/3?SECRET@pw@h/d', /%40/, /%2F/, /%3F/, /%23/],
    ['postgres://u:p@h/d?application_name=SECRET@pw', /"@"|"\/"/, /./, /./],
    ['postgres://u:p@h/d#SECRETpw', /unescaped "#"/],
    ['postgres://u:SECRET%pw@h/d', /password holds a "%".*write % as %25/],
    ['postgres://u:SECRETpw%@h/d', /password holds a "%"/],
    ['postgres://u:SECRETpw%2@h/d', /password holds a "%"/],
    ['postgres://u:SECRETpw%FF@h/d', /password holds a "%"/],
    ['postgres://u%zz:SECRETpw@h/d', /user name holds a "%"/],
    ['postgres://u:SECRETpw@h/d%zz', /database name holds a "%"/],
    ['postgres://u:SECRET%00pw@h/d', /password holds a control character/],
    ['postgres://u:SECRET%0Apw@h/d', /password holds a control character/],
    ['postgres://u:SECRET%C2%85pw@h/d', /password holds a control character/],
    ['postgres://u%00:SECRETpw@h/d', /user name holds a control character/],
    ['postgres://u:SECRETpw@h/d%1B', /database name holds a control character/],
    ['postgres://u:SECRETpw@h/d\n', /control character or a line break/],
    ['postgres://u:SECRET\0pw@h/d', /control character/],
    ['postgres://u:SECRET pw@h/d', /whitespace/],
    [' postgres://u:SECRETpw@h/d', /does not start with/],
    ['postgres://u:SECRET\ud800pw@h/d', /not valid Unicode/],
    ['postgres://:SECRETpw@h/d', /user name is missing/],
    ['postgres://u:SECRETpw@/d', /names no host/],
    ['postgres://u:SECRETpw@:5432/d', /names no host/],
    ['postgres://u:SECRETpw@h', /database name is missing/],
    ['postgres://u:SECRETpw@h/', /database name is missing/],
    ['postgres://u:SECRETpw@h?sslmode=require', /database name is missing/],
    ['postgres://u:SECRETpw@h/a/b', /database name holds an unescaped "\/"/],
    ['postgres://u:SECRETpw@h1,h2/d', /more than one host/],
    ['postgres://u:SECRETpw@h1:1,h2:2/d', /more than one host/],
    ['postgres://u:SECRETpw@h:0/d', /port/],
    ['postgres://u:SECRETpw@h:65536/d', /port/],
    ['postgres://u:SECRETpw@h:/d', /port/],
    ['postgres://u:p@h:SECRETpw/d', /port/],
    ['postgres://u:SECRETpw@h:+1/d', /port/],
    ['postgres://u:SECRETpw@::1/d', /host and port/],
    ['postgres://u:SECRETpw@[::1/d', /host and port/],
    ['postgres://u:SECRETpw@[::1]x/d', /host and port/],
    ['postgres://u:SECRETpw@[::zz]/d', /neither a host name nor an address/],
    ['postgres://u:SECRETpw@[127.0.0.1]/d', /neither a host name nor an address/],
    ['postgres://u:SECRETpw@h%2Fx/d', /neither a host name nor an address/],
    ['postgres://u:SECRETpw@h..x/d', /neither a host name nor an address/],
    ['postgres://u:SECRETpw@h/d?host=/tmp', /a host and, with the parameter host/],
    ['postgres://u:SECRETpw@/d?host=h', /parameter host must be the folder/],
    ['postgres://u:SECRETpw@h/d?sslmode=on', /sslmode must be one of disable, allow/],
    ['postgres://u:SECRETpw@h/d?sslmode', /sslmode must be one of/],
    ['postgres://u:SECRETpw@h/d?sslmode=require&sslmode=disable', /sslmode is given more than/],
    ['postgres://u:SECRETpw@h/d?TimeZone=UTC&timezone=UTC', /timezone is given more than once/],
    ['postgres://u:SECRETpw@h/d?ssl=false', /the parameter ssl is not supported/],
    ['postgres://u:SECRETpw@h/d?password=SECRETother', /the parameter password is not supported/],
    ['postgres://u:SECRETpw@h/d?constructor=1', /the parameter constructor is not supported/],
    ['postgres://u:SECRETpw@h/d?a-b=1', /a query parameter is not supported/],
    ['postgres://u:SECRETpw@h/d?&', /a query parameter/, /a query parameter/],
    ['postgres://u:SECRETpw@h/d?connect_timeout=soon', /a number of seconds/],
    ['postgres://u:SECRETpw@h/d?application_name=%00', /application_name must be a text/],
    ['postgres://u:SECRETpw@h/d?sslrootcert=%00', /sslrootcert must be a path or system/],
    ['postgres://u:SECRETpw@h/d?channel_binding=yes', /one of disable, prefer, require/],
    ['postgres://u:SECRETpw@h/d?sslrootcert=', /sslrootcert must be a path or system/],
    ['postgres://u:SECRETpw@h/d?sslrootcert=SECRET.pem', /sslrootcert names cannot.*ENOENT/],
    ['postgres://u:SECRETpw@h/d?sslmode=disable&channel_binding=require', /needs TLS/],
    [
      'postgres://u:SECRETpw%@h,i:99999/?x=1&sslmode=maybe',
      /the parameter x/,
      /sslmode must be/,
      /password holds/,
      /more than one host/,
      /database name is missing/,
    ],
  ]

  for (const [text, ...problems] of CASES) {
    test(JSON.stringify(text), () => {
      const faults = refuse(text)
      assert.equal(faults.length, problems.length, faults.join('\n'))
      for (const problem of problems) {
        assert.ok(
          faults.some((fault) => problem.test(fault)),
          `${problem} in\n${faults.join('\n')}`,
        )
      }
      assert.doesNotMatch(faults.join('\n'), /SECRET|pw/)
      for (const fault of faults) assert.match(fault, /^SQL_DSN: /)
    })
  }
})

describe('a password from elsewhere', () => {
  const DSN = 'postgres://u@db.example.com/d'
  writeFileSync(join(root, 'own'), 'sk-test-own\n', { mode: 0o600 })
  writeFileSync(join(root, 'shared'), 'sk-test-shared', { mode: 0o600 })
  writeFileSync(join(root, 'open'), 'sk-test-open', { mode: 0o644 })
  const all = {
    PRE_PROD_DATABASE_PASSWORD_FILE: 'own',
    DATABASE_PASSWORD_FILE: 'shared',
    PGPASSWORD: 'sk-test-env',
  }
  const environment = 'pre-prod'
  const CASES: readonly (readonly [
    name: string,
    context: Partial<DsnContext>,
    password: string | null,
  ])[] = [
    ['none', {}, null],
    ['its own file comes first', { env: all, environment }, 'sk-test-own'],
    ['then the shared file', { env: all }, 'sk-test-shared'],
    ['then PGPASSWORD', { env: { PGPASSWORD: 'sk-test-env' }, environment }, 'sk-test-env'],
    ['empty ones do not count', { env: { PGPASSWORD: '', DATABASE_PASSWORD_FILE: '' } }, null],
    ['another environment has its own', { env: all, environment, current: false }, 'sk-test-own'],
    [
      'another environment does not get the unprefixed ones',
      { env: { ...all, PRE_PROD_DATABASE_PASSWORD_FILE: '' }, environment, current: false },
      null,
    ],
  ]

  for (const [name, context, password] of CASES) {
    test(name, () => {
      const { target, secrets, warnings } = accept(DSN, context)
      assert.equal(target.password?.reveal() ?? null, password)
      assert.deepEqual(
        secrets.map((secret) => secret.reveal()),
        password === null ? [] : [password],
      )
      assert.deepEqual(warnings, [])
    })
  }

  test("the DSN's own password comes before all", () => {
    const { target } = accept('postgres://u:sk-test-dsn@h/d', { env: all, environment })
    assert.equal(target.password?.reveal(), 'sk-test-dsn')
  })

  test('a file that others can read is a warning', () => {
    const { warnings } = accept(DSN, { env: { DATABASE_PASSWORD_FILE: 'open' } })
    assert.equal(warnings.length, 1)
    assert.match(warnings[0]!, /^DATABASE_PASSWORD_FILE: others on this machine can read open/)
  })

  test('a file that is not there is a fault with the name of its variable', () => {
    const faults = refuse(DSN, { env: { DATABASE_PASSWORD_FILE: 'nowhere' } })
    assert.deepEqual(faults, ['DATABASE_PASSWORD_FILE: the file nowhere cannot be read (ENOENT)'])
  })

  test('a malformed PGPASSWORD is a fault that does not say it', () => {
    const faults = refuse(DSN, { env: { PGPASSWORD: 'sk-test-env\n' } })
    assert.deepEqual(faults, [
      'PGPASSWORD: its value starts or ends with whitespace or a line break',
    ])
  })
})
