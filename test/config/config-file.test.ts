import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { loadConfigFile } from '../../src/config/config-file.ts'
import { defineConfig } from '../../src/config/define.ts'

function makeRoot(context: TestContext, files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'tidegate-config-'))
  context.after(() => rmSync(root, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(root, name), content)
  return root
}

const asExport = (text: string) => `export default ${text}\n`

test('defineConfig gives back what it gets', () => {
  const config = { wait: '1s' }
  assert.equal(defineConfig(config), config)
})

describe('which file', () => {
  const NAMES = ['config.mjs', 'config.js', 'config.mts', 'config.ts'].map((n) => `tidegate.${n}`)

  test('none is an empty configuration', async (context) => {
    const root = makeRoot(context)
    const file = await loadConfigFile({ root, named: undefined })
    const name = 'tidegate.config.ts'
    assert.deepEqual(file, { name, config: {}, faults: [], isUnread: false })
  })

  test('the first of .ts, .mts, .js and .mjs counts', async (context) => {
    const files: Record<string, string> = { 'package.json': '{"type":"module"}' }
    for (const name of NAMES) {
      files[name] = asExport(`{ seeds: '${name}' }`)
      const { config } = await loadConfigFile({ root: makeRoot(context, files), named: undefined })
      assert.equal(config.seeds, name)
    }
  })

  test('a file in a folder above is not read', async (context) => {
    const root = makeRoot(context, { 'tidegate.config.mjs': asExport("{ seeds: 'x' }") })
    mkdirSync(join(root, 'inner'))
    const { config } = await loadConfigFile({ root: join(root, 'inner'), named: undefined })
    assert.deepEqual(config, {})
  })

  test('--config names another', async (context) => {
    const files = {
      'tidegate.config.mjs': asExport("{ seeds: 'usual' }"),
      'other.mts': asExport("{ seeds: 'other' as string }"),
    }
    const { config, name } = await loadConfigFile({
      root: makeRoot(context, files),
      named: 'other.mts',
    })
    assert.deepEqual([name, config.seeds], ['other.mts', 'other'])
  })

  const REFUSED: readonly (readonly [named: string, source: string, problem: RegExp])[] = [
    ['nowhere.ts', '--config nowhere.ts', /there is no such file/],
    ['other.json', '--config other.json', /must end in one of \.ts, \.mts, \.js, \.mjs/],
    ['folder.ts', '--config folder.ts', /not a file/],
    ['', '--config', /the path is empty/],
    ['a\u001b.ts', '--config', /control character/],
  ]

  for (const [named, source, problem] of REFUSED) {
    test(`--config ${JSON.stringify(named)} is a fault`, async (context) => {
      const root = makeRoot(context, { 'other.json': '{}' })
      mkdirSync(join(root, 'folder.ts'))
      const { faults, isUnread } = await loadConfigFile({ root, named })
      assert.equal(faults[0]?.source, source)
      assert.match(faults[0].problem, problem)
      assert.equal(isUnread, true)
    })
  }

  test('a folder with the usual name is a fault', async (context) => {
    const root = makeRoot(context)
    mkdirSync(join(root, 'tidegate.config.ts'))
    const { faults } = await loadConfigFile({ root, named: undefined })
    assert.deepEqual(faults, [{ source: 'tidegate.config.ts', problem: 'it is not a file' }])
  })
})

describe('a file that cannot be loaded says where, and not what it threw', () => {
  const CASES: readonly (readonly [name: string, content: string, problem: RegExp])[] = [
    ['an error', "\n\nthrow new TypeError('SECRET')", /: TypeError at line 3$/],
    ['a text', "throw 'SECRET'", /: it threw something that is not an Error$/],
    [
      'an error with a telling name',
      "throw Object.assign(new Error('SECRET'), { name: 'SECRET', code: 'SECRET' })",
      /: Error at line 1$/,
    ],
    ['bad syntax', "const SECRET = \n\n'", /: SyntaxError$/],
    ['a missing package', "import 'no-such-package-SECRET'", /: Error ERR_MODULE_NOT_FOUND/],
    [
      'a getter that throws',
      "export default { get wait() { throw new RangeError('SECRET') } }",
      /: RangeError at line 1$/,
    ],
  ]

  for (const [name, content, problem] of CASES) {
    test(name, async (context) => {
      const root = makeRoot(context, { 'tidegate.config.mjs': content })
      const { faults, isUnread } = await loadConfigFile({ root, named: undefined })
      assert.equal(faults.length, 1)
      assert.equal(faults[0]?.source, 'tidegate.config.mjs')
      assert.match(faults[0].problem, problem)
      assert.doesNotMatch(faults[0].problem, /SECRET/)
      assert.equal(isUnread, true)
    })
  }
})

test('TypeScript that Node cannot strip is named', async (context) => {
  const root = makeRoot(context, { 'tidegate.config.ts': '\nenum SECRET { A }\n' })
  const { faults } = await loadConfigFile({ root, named: undefined })
  // Whether Node puts the line into the stack depends on how the process was started.
  const expected =
    /^it cannot be loaded: SyntaxError ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX(?: at line 2)?$/
  assert.equal(faults.length, 1)
  assert.match(faults[0]!.problem, expected)
})

describe('what it exports', () => {
  async function load(value: unknown) {
    return loadConfigFile({
      root: import.meta.dirname,
      named: 'config-file.test.ts',
      importModule: () => Promise.resolve(value),
    })
  }

  const UNKNOWN = /known are environment, gateway, .*environments$/
  const NAMING = /named with lower-case letters/
  const REFUSED: readonly (readonly [name: string, exported: unknown, ...faults: RegExp[]])[] = [
    ['an array', [], /^: its default export must be a plain object/],
    ['null', null, /^: its default export must be/],
    ['a text', 'SECRET', /^: its default export must be/],
    ['a function', () => ({}), /^: its default export must be/],
    ['a promise', Promise.resolve({}), /^: its default export must be/],
    ['an object with a prototype', Object.create({ wait: '1s' }), /^: its default export must be/],
    ['a changed prototype', { ['__proto__' as string]: 1 }, UNKNOWN],
    ['an unknown key', { waits: '1s' }, /^: the key waits is not known/],
    ['a key that is no word', { 'SECRET SECRET': '1s' }, /^: a key is not known/],
    ['__proto__', JSON.parse('{"__proto__": {"wait": "1s"}}'), /^: the key __proto__ is not known/],
    ['constructor', { constructor: 'x' }, /^: the key constructor is not known/],
    ['prototype', { prototype: 'x' }, /^: the key prototype is not known/],
    ['a number', { wait: 60 }, /^ wait: it must be a text/],
    ['a duration', { wait: 'SECRET' }, /^ wait: it is no duration: write 500ms, 60s, 2m or 0$/],
    ['no time to connect', { connectTimeout: '0s' }, /^ connectTimeout: it must be longer than 0$/],
    ['a gateway', { gateway: 'SECRET' }, /^ gateway: it must be one of new-api, bltcy-fork$/],
    ['an environment', { environment: 'SECRET' }, /^ environment: an environment is named/],
    ['an empty path', { migrations: '' }, /^ migrations: the path is empty$/],
    ['NUL in a path', { seeds: 'a\0b' }, /^ seeds: the path holds a NUL character$/],
    ['environments as a list', { environments: [] }, /^ environments: it must be a plain object$/],
    ['the name of an environment', { environments: { Prod: {} } }, NAMING],
    ['constructor as one', { environments: { constructor: {} } }, NAMING],
    ['prototype as one', { environments: { prototype: {} } }, NAMING],
    ['__proto__ as one', { environments: JSON.parse('{"__proto__": {}}') }, NAMING],
    [
      'an environment as a text',
      { environments: { a: 'SECRET' } },
      /^ environments\.a: it must be a/,
    ],
    [
      'an unknown key of an environment',
      { environments: { a: { dsn: 'SECRET' } } },
      /^ environments\.a: the key dsn is not known; known are url, sqlitePath$/,
    ],
    [
      'a url that is no text',
      { environments: { a: { url: new URL('postgres://SECRET@h/d') } } },
      /^ environments\.a\.url: it must be a text$/,
    ],
    [
      'everything at once',
      { waits: '1', wait: 1, seeds: '', environments: { A: {}, b: { url: 1, x: 1 } } },
      /the key waits/,
      / wait: /,
      / seeds: /,
      /the key A is no name/,
      /the key x/,
      /environments\.b\.url/,
    ],
  ]

  for (const [name, exported, ...expected] of REFUSED) {
    test(`${name} is a fault`, async () => {
      const file = await load({ default: exported })
      const faults = file.faults.map(({ source, problem }) => {
        assert.ok(source.startsWith('config-file.test.ts'))
        return `${source.slice('config-file.test.ts'.length)}: ${problem}`
      })
      assert.equal(faults.length, expected.length, faults.join('\n'))
      for (const pattern of expected) {
        assert.ok(
          faults.some((fault) => pattern.test(fault)),
          `${pattern} in\n${faults.join('\n')}`,
        )
      }
      assert.doesNotMatch(faults.join('\n'), /SECRET/)
    })
  }

  test('no default export is a fault', async () => {
    for (const module of [{}, { wait: '1s' }, null, undefined, 1]) {
      assert.match((await load(module)).faults[0]?.problem ?? '', /default export/)
    }
  })

  test('undefined is absent', async () => {
    const environments = { a: { url: undefined, sqlitePath: 'x.db' } }
    const { config, faults } = await load({ default: { wait: undefined, environments } })
    assert.deepEqual(faults, [])
    assert.equal('wait' in config, false)
    assert.deepEqual(config.environments?.['a'], { sqlitePath: 'x.db' })
  })

  test('everything it may say', async () => {
    const exported = {
      environment: 'staging',
      environments: { staging: { url: 'postgres://u@h/d', sqlitePath: 'x' }, 'pre-prod': {} },
      migrations: 'm',
      seeds: 's',
      gateway: 'bltcy-fork',
      wait: '0',
      lockTimeout: '1s',
      statementTimeout: '0',
      connectTimeout: '1ms',
    }
    const { config, faults } = await load({ default: exported })
    assert.deepEqual(faults, [])
    const { environments, ...rest } = config
    assert.deepEqual({ ...rest, environments: { ...environments } }, exported)
  })
})
