import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { createMigration } from '../../src/migrate/create.ts'
import { listMigrations, loadMigration } from '../../src/migrate/files.ts'
import { failureOf } from '../support/failures.ts'
import { folderMaker, moduleOf, SHIPPED, SHIPPED_NAMES, writeModules } from './harness.ts'

const makeFolder = folderMaker()

describe('the files of a folder', () => {
  test('the shipped ones', async () => {
    const files = await listMigrations(SHIPPED)
    assert.deepEqual(
      files.map(({ name }) => name),
      SHIPPED_NAMES,
    )
    for (const file of files) {
      assert.match(file.checksum, /^[0-9a-f]{64}$/)
      assert.equal(typeof (await loadMigration(file)).up, 'function')
    }
  })

  test('come in order, without what is no migration', async () => {
    const folder = await makeFolder({
      '0010-second': {},
      '0002-first': {},
      '20261122193000-third': {},
      'README.md': 'text',
      '0002-first.d.ts': 'export {}',
      'data.json': '{}',
    })
    const files = await listMigrations(folder)
    assert.deepEqual(
      files.map(({ name }) => name),
      ['0002-first', '0010-second', '20261122193000-third'],
    )
  })

  test('none', async () => {
    assert.deepEqual(await listMigrations(await makeFolder()), [])
  })

  test('no folder', async () => {
    const error = await failureOf(listMigrations(join(await makeFolder(), 'none')))
    assert.equal(error.code, 'migration')
    assert.match(error.message, /^cannot read the migrations folder .*none$/)
    assert.match(error.nextStep ?? '', /`migrations` in tidegate\.config\.ts/)
  })

  const bad = [
    '1-short.ts',
    '0004.ts',
    '0004-.ts',
    '0004_x.ts',
    '0004-Upper.ts',
    '0004-two--hyphens.ts',
    '0004-a b.js',
    "0004-x'; drop table t.ts",
    '123456789012345-long.ts',
    'helper.ts',
    '0004-ü.ts',
  ]
  for (const name of bad) {
    test(`${name} is no name`, async () => {
      const error = await failureOf(listMigrations(await makeFolder({ [name]: 'export {}' })))
      assert.equal(error.code, 'migration')
      assert.ok(error.message.endsWith(`${name} is not a migration's name`))
      assert.match(error.nextStep ?? '', /0004-what-it-does\.ts/)
    })
  }

  test('line ends do not count, everything else does', async () => {
    const source = moduleOf({ up: `await run('select 1')` })
    const checksumOf = async (text: string) => {
      const [file] = await listMigrations(await makeFolder({ '0001-a': text }))
      return file!.checksum
    }
    const checksum = await checksumOf(source)
    assert.equal(await checksumOf(source.replaceAll('\n', '\r\n')), checksum)
    assert.notEqual(await checksumOf(`${source} `), checksum)
    assert.notEqual(await checksumOf(source.replaceAll('\n', '\r')), checksum)
  })

  test('beside x.ts, x.js runs and x.ts is what the checksum is of', async () => {
    const typescript = moduleOf({ up: '// from ts' })
    const [alone] = await listMigrations(await makeFolder({ '0001-a': typescript }))
    const folder = await makeFolder({
      '0001-a': typescript,
      '0001-a.js': `export default { description: 'from js', async up() {} }`,
    })
    const [both, ...others] = await listMigrations(folder)
    assert.deepEqual(others, [])
    assert.equal(both!.checksum, alone!.checksum)
    assert.equal(both!.path, join(folder, '0001-a.js'))
    assert.equal((await loadMigration(both!)).description, 'from js')
  })

  const broken = {
    'no default export': ['export const up = 1', /no default export with up\(\)/],
    'no up': [`export default { description: 'x' }`, /no default export with up\(\)/],
    'a down that is no function': ['export default { async up() {}, down: 1 }', /with up\(\)/],
    'a syntax error': [`export default { 'sk-test-secret' `, /cannot be loaded \(SyntaxError\)$/],
    'an error while loading': [
      `throw new TypeError('sk-test-secret')`,
      /cannot be loaded \(TypeError\)$/,
    ],
  } as const
  for (const [name, [source, message]] of Object.entries(broken)) {
    test(`${name} is told with the file, not with its text`, async () => {
      const [file] = await listMigrations(await makeFolder({ '0001-a': source }))
      const error = await failureOf(loadMigration(file!))
      assert.equal(error.code, 'migration')
      assert.ok(error.message.startsWith(file!.path))
      assert.match(error.message, message)
      assert.doesNotMatch(`${error.message} ${error.nextStep}`, /sk-test/)
    })
  }
})

describe('create', () => {
  const cases = [
    { last: [], made: '0001-add-usage-index' },
    { last: ['0001-a', '0003-b'], made: '0004-add-usage-index' },
    { last: ['0009-a'], made: '0010-add-usage-index' },
    { last: ['20261122193000-a'], made: '20261122193001-add-usage-index' },
  ]
  for (const { last, made } of cases) {
    test(`after ${last.at(-1) ?? 'none'}`, async () => {
      const folder = await makeFolder(Object.fromEntries(last.map((name) => [name, {}])))
      assert.equal(await createMigration(folder, 'add-usage-index'), join(folder, `${made}.ts`))
      const names = (await listMigrations(folder)).map(({ name }) => name)
      assert.equal(names.at(-1), made)
    })
  }

  test('what it writes is a migration', async () => {
    const folder = await makeFolder()
    const source = await readFile(await createMigration(folder, 'add-usage-index'), 'utf8')
    assert.match(source, /^import \{ defineMigration \} from 'tidegate'\n/)
    // The package cannot be found from a temporary folder.
    await writeModules(folder, {
      '0002-same': source.replace(/^import .*\n/, 'const defineMigration = (one) => one\n'),
    })
    const file = (await listMigrations(folder)).at(-1)!
    const migration = await loadMigration(file)
    assert.equal(migration.description, 'add usage index')
    assert.equal(typeof migration.down, 'function')
  })

  for (const words of ['', 'Upper', 'a b', 'a--b', '-a', 'a-', '../escape', 'a_b', "it's", 'ü']) {
    test(`refuses ${JSON.stringify(words)}`, async () => {
      const folder = await makeFolder()
      const error = await failureOf(createMigration(folder, words))
      assert.equal(error.code, 'usage')
      assert.match(error.nextStep ?? '', /tidegate migrate create add-usage-index/)
      assert.deepEqual(await listMigrations(folder), [])
    })
  }
})
