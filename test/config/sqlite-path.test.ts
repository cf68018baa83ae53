import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseSqlitePath } from '../../src/config/sqlite-path.ts'

const context = { source: 'SQLITE_PATH', root: '/srv/gateway' }

describe('accepted', () => {
  const CASES: readonly (readonly [
    text: string,
    path: string,
    label: string,
    busyTimeoutMs: number,
    warnings: readonly string[],
  ])[] = [
    ['one-api.db', '/srv/gateway/one-api.db', 'one-api.db', 5000, []],
    ['./data/one-api.db', '/srv/gateway/data/one-api.db', './data/one-api.db', 5000, []],
    ['/data/one-api.db', '/data/one-api.db', '/data/one-api.db', 5000, []],
    ['../x.db', '/srv/x.db', '../x.db', 5000, []],
    ['数据/网关.db', '/srv/gateway/数据/网关.db', '数据/网关.db', 5000, []],
    ['100%.db', '/srv/gateway/100%.db', '100%.db', 5000, []],
    ['x.db?_busy_timeout=30000', '/srv/gateway/x.db', 'x.db', 30000, []],
    ['x.db?_busy_timeout=0', '/srv/gateway/x.db', 'x.db', 0, []],
    ['x.db?', '/srv/gateway/x.db', 'x.db', 5000, []],
    [
      'x.db?cache=shared&_busy_timeout=7&a-b&x?y',
      '/srv/gateway/x.db',
      'x.db',
      7,
      [
        'SQLITE_PATH: the parameter cache is ignored',
        'SQLITE_PATH: a parameter of the path is ignored',
        'SQLITE_PATH: a parameter of the path is ignored',
      ],
    ],
    ['sqlite:x.db', '/srv/gateway/x.db', 'sqlite:x.db', 5000, []],
    ['sqlite:./a/x.db?_busy_timeout=9', '/srv/gateway/a/x.db', 'sqlite:./a/x.db', 9, []],
    ['sqlite:/a/x.db', '/a/x.db', 'sqlite:/a/x.db', 5000, []],
    ['sqlite:///a/x.db', '/a/x.db', 'sqlite:///a/x.db', 5000, []],
    ['sqlite:////a/x.db', '/a/x.db', 'sqlite:////a/x.db', 5000, []],
    ['file:./x%20y.db', '/srv/gateway/x y.db', 'file:./x%20y.db', 5000, []],
    ['file:///a/%3F.db', '/a/?.db', 'file:///a/%3F.db', 5000, []],
  ]

  for (const [text, path, label, busyTimeoutMs, warnings] of CASES) {
    test(text, () => {
      const target = { dialect: 'sqlite', path, label, busyTimeoutMs }
      assert.deepEqual(parseSqlitePath(text, context), { target, warnings })
    })
  }
})

describe('refused', () => {
  const CASES: readonly (readonly [text: string, problem: RegExp])[] = [
    ['', /the path is empty/],
    ['?_busy_timeout=1', /the path is empty/],
    ['sqlite:', /the path is empty/],
    ['x\0.db', /NUL/],
    ['x\n.db', /control character/],
    ['x.db\n', /whitespace or a line break/],
    [' x.db', /whitespace/],
    ['file:x%00.db', /NUL/],
    ['file:x%zz.db', /a literal "%" as %25/],
    ['file://data/x.db', /write sqlite:\.\/relative/],
    ['sqlite://x.db', /write sqlite:\.\/relative/],
    [':memory:', /in memory/],
    ['file::memory:?cache=shared', /in memory/],
    ['x.db?_busy_timeout=', /number of milliseconds/],
    ['x.db?_busy_timeout=soon', /number of milliseconds/],
    ['x.db?_busy_timeout=-1', /number of milliseconds/],
    ['x.db?_busy_timeout=1e3', /number of milliseconds/],
    ['x.db?_busy_timeout=2147483648', /number of milliseconds/],
    ['x.db?_busy_timeout=1&_busy_timeout=2', /more than once/],
  ]

  for (const [text, problem] of CASES) {
    test(JSON.stringify(text), () => {
      const result = parseSqlitePath(text, context)
      assert.ok('faults' in result)
      assert.equal(result.faults.length, 1)
      assert.equal(result.faults[0]?.source, 'SQLITE_PATH')
      assert.match(result.faults[0].problem, problem)
    })
  }

  test('every fault at once', () => {
    const result = parseSqlitePath('?_busy_timeout=x', context)
    assert.equal('faults' in result && result.faults.length, 2)
  })
})
