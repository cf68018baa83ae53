import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { environmentNames, matchEnvironments } from '../../src/config/environment-names.ts'
import { findEnvironments } from '../../src/config/find-environments.ts'
import { loadSettings } from '../../src/config/settings.ts'
import { ConfigError } from '../../src/errors.ts'
import { makeRoot } from './load.ts'

const DSN = 'postgres://gate:sk-test-SECRET@db.example/gateway'

describe('environments that are known', () => {
  const CASES: readonly (readonly [
    name: string,
    variables: Readonly<Record<string, string>>,
    more: readonly string[],
  ])[] = [
    [
      'by each variable',
      { A_SQL_DSN: 'x', B_DATABASE_URL: 'x', C_SQLITE_PATH: 'x' },
      ['a', 'b', 'c'],
    ],
    ['with "-" for "_"', { PROD_EU_SQL_DSN: 'x', PROD_EU_SQLITE_PATH: 'x' }, ['prod-eu']],
    ['not by an empty variable', { A_SQL_DSN: '' }, []],
    ['not by a variable without a name', { SQL_DSN: 'x', _SQL_DSN: 'x' }, []],
    ['not by a name in lower case', { prod_SQL_DSN: 'x' }, []],
    ['not by a name that is none', { '1A_SQL_DSN': 'x', 'A.B_SQL_DSN': 'x' }, []],
    ["not by the gateway's variable for its logs", { LOG_SQL_DSN: 'x' }, []],
    ['by the file', {}, []],
  ]
  for (const [name, variables, more] of CASES) {
    test(name, () => {
      const config = { environments: { staging: { url: DSN }, local: {} } }
      const expected = ['local', 'production', 'staging', ...more].toSorted()
      assert.deepEqual(environmentNames({ variables, config }, 'local'), expected)
    })
  }

  test('the one that the process runs in', () => {
    const names = environmentNames({ variables: {}, config: {} }, 'staging')
    assert.deepEqual(names, ['local', 'production', 'staging'])
  })
})

describe('what a pattern matches', () => {
  const NAMES = ['local', 'prod-eu', 'prod-us', 'prod-us-2', 'staging']
  const environments = NAMES.map((name) => ({ name, secrets: [] }))
  const CASES: readonly (readonly [pattern: string, names: readonly string[]])[] = [
    ['prod-*', ['prod-eu', 'prod-us', 'prod-us-2']],
    ['*', ['prod-eu', 'prod-us', 'prod-us-2', 'staging']],
    ['*us*', ['prod-us', 'prod-us-2']],
    ['*-*-*', ['prod-us-2']],
    ['p*u', ['prod-eu']],
    ['staging*', ['staging']],
    ['prod-us,prod-eu', ['prod-eu', 'prod-us']],
    ['prod-us, prod-us,prod-*', ['prod-eu', 'prod-us', 'prod-us-2']],
    ['local,*', NAMES],
  ]
  for (const [pattern, names] of CASES) {
    test(pattern, () => {
      const { matched, faults } = matchEnvironments(pattern, environments, 'local')
      assert.deepEqual([matched.map(({ name }) => name), faults], [names, []])
    })
  }

  test('as a regular expression would', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 6 })
    const part = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(text, part, (name, pattern) => {
        const { matched } = matchEnvironments(pattern, [{ name, secrets: [] }], null)
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name)
        assert.equal(matched.length === 1, expected)
      }),
      { numRuns: 500 },
    )
  })

  for (const pattern of ['test-*', 'prod-eu,test', 'prod-eu,', ',', 'sk-test-SECRET*']) {
    test(`${pattern} is refused, with the names that there are`, () => {
      const [fault] = matchEnvironments(pattern, environments, null).faults
      assert.match(fault?.problem ?? '', /; those with a database: local, prod-eu, .*staging$/)
      assert.doesNotMatch(fault?.problem ?? '', /SECRET/)
    })
  }
})

describe('environments with a database', () => {
  const CONFIG = `export default { environments: { 'prod-eu': { sqlitePath: 'eu.db' }, empty: {} } }`

  async function find(root: string, env: Readonly<Record<string, string>>, pattern = '*') {
    const found = await findEnvironments(pattern, null, { cwd: root, env, flags: {} })
    return found.map(({ name }) => name)
  }

  test('local only when its file exists or something says where it is', async (context) => {
    const root = makeRoot(context)
    writeFileSync(join(root, 'tidegate.config.mjs'), CONFIG)
    assert.deepEqual(await find(root, {}), ['prod-eu'])
    assert.deepEqual(await find(root, { SQLITE_PATH: 'x.db' }), ['local', 'prod-eu'])
    mkdirSync(join(root, 'data'))
    writeFileSync(join(root, 'data/one-api.db'), '')
    assert.deepEqual(await find(root, {}), ['local', 'prod-eu'])
  })

  test('one whose DSN is wrong is matched: its run says what is wrong', async (context) => {
    const root = makeRoot(context)
    assert.deepEqual(await find(root, { PROD_US_SQL_DSN: 'mysql://x' }), ['prod-us'])
  })

  test('with their passwords', async (context) => {
    const input = { cwd: makeRoot(context), env: { PROD_US_SQL_DSN: DSN }, flags: {} }
    const [found] = await findEnvironments('*', null, input)
    assert.deepEqual(
      found?.secrets.map((secret) => secret.reveal()),
      ['sk-test-SECRET'],
    )
  })

  test('a pattern that matches nothing is a fault of the configuration', async (context) => {
    const root = makeRoot(context)
    await assert.rejects(find(root, { PROD_US_SQL_DSN: DSN }, 'test-*'), (error) => {
      assert.ok(error instanceof ConfigError)
      assert.match(error.message, /^--env: test-\* matches no environment; .*: prod-us$/)
      return true
    })
  })

  test('a visited one is not led to the database of the one that the process runs in', async (context) => {
    const root = makeRoot(context)
    writeFileSync(join(root, 'tidegate.config.mjs'), CONFIG)
    const pathOf = async (name: string, visits: boolean, env = {}) => {
      const input = { cwd: root, env: { SQLITE_PATH: 'home.db', ...env }, flags: { env: name } }
      const { target } = await loadSettings({ ...input, visits })
      return target.label
    }
    assert.equal(await pathOf('prod-eu', true), 'eu.db')
    assert.equal(await pathOf('prod-eu', false), 'home.db')
    assert.equal(await pathOf('local', true), 'home.db')
    assert.equal(await pathOf('prod-eu', true, { TIDEGATE_ENV: 'prod-eu' }), 'home.db')
  })
})
