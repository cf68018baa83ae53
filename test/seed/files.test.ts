import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { loadSeeds } from '../../src/seed/files.ts'
import { everythingOf, failureOf } from '../support/failures.ts'

const made: string[] = []
after(async () => {
  for (const folder of made) await rm(folder, { recursive: true, force: true })
})

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tidegate-seeds-'))
  made.push(folder)
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return folder
}

function seedText(more: object = {}): string {
  return `export default { description: '', inputs: {}, rows: () => ({}), ...${JSON.stringify(more)} }`
}

describe('the seeds of a folder', () => {
  const orders = [
    { name: 'by name', files: { 'b.ts': {}, 'a.ts': {}, 'c-2.ts': {} }, order: ['a', 'b', 'c-2'] },
    {
      name: 'after those they depend on',
      files: { 'a.ts': { dependsOn: ['c'] }, 'b.ts': { dependsOn: ['a'] }, 'c.ts': {} },
      order: ['c', 'a', 'b'],
    },
    {
      name: 'a dependency of two comes once',
      files: { 'a.ts': { dependsOn: ['z', 'y'] }, 'y.ts': { dependsOn: ['z'] }, 'z.ts': {} },
      order: ['z', 'y', 'a'],
    },
    {
      name: 'only those of the environment, and those of every one',
      files: {
        'a.ts': { environments: ['production'] },
        'b.ts': { environments: ['local', 'x'] },
        'c.ts': {},
      },
      order: ['b', 'c'],
    },
    { name: 'none', files: {}, order: [] },
  ]
  for (const { name, files, order } of orders) {
    it(name, async () => {
      const texts = Object.entries(files).map(([file, more]) => [file, seedText(more)])
      const folder = await folderOf(Object.fromEntries(texts) as Record<string, string>)
      assert.deepEqual(
        (await loadSeeds(folder, 'local')).map((seed) => seed.name),
        order,
      )
    })
  }

  it('other files are passed over', async () => {
    const folder = await folderOf({
      'a.ts': seedText(),
      'a.d.ts': 'x',
      'README.md': 'x',
      'b.js': seedText(),
    })
    assert.deepEqual(
      (await loadSeeds(folder, 'local')).map(({ name }) => name),
      ['a', 'b'],
    )
  })

  const refused = [
    {
      name: 'a circle',
      files: { 'a.ts': seedText({ dependsOn: ['b'] }), 'b.ts': seedText({ dependsOn: ['a'] }) },
      message: /in a circle: a → b → a$/,
    },
    {
      name: 'one that depends on itself',
      files: { 'a.ts': seedText({ dependsOn: ['a'] }) },
      message: /in a circle: a → a$/,
    },
    {
      name: 'an unknown dependency',
      files: { 'a.ts': seedText({ dependsOn: ['zzz'] }) },
      message: /the seed a depends on zzz, which does not exist$/,
    },
    {
      name: 'a dependency of another environment',
      files: { 'a.ts': seedText({ dependsOn: ['b'] }), 'b.ts': seedText({ environments: ['x'] }) },
      message: /depends on b, which does not apply in this environment$/,
    },
    {
      name: 'no default export',
      files: { 'a.ts': 'export const x = 1' },
      message: /a\.ts has no default export/,
    },
    {
      name: 'no rows()',
      files: { 'a.ts': 'export default { inputs: {} }' },
      message: /no default export with inputs and rows/,
    },
    {
      name: 'null inputs',
      files: { 'a.ts': 'export default { inputs: null, rows() {} }' },
      message: /no default export with inputs/,
    },
    {
      name: 'a syntax error',
      files: { 'a.ts': 'export default {' },
      message: /a\.ts cannot be loaded \(SyntaxError\)$/,
    },
    {
      name: 'one that throws, whatever its words are',
      files: { 'a.ts': `throw new RangeError('sk-test-quoted')` },
      message: /a\.ts cannot be loaded \(RangeError\)$/,
    },
    {
      name: 'a bad name',
      files: { 'Bad Name.ts': seedText() },
      message: /Bad Name\.ts is not a seed's name$/,
    },
  ] as const
  for (const { name, files, message } of refused) {
    it(`${name} is refused`, async () => {
      const error = await failureOf(loadSeeds(await folderOf(files), 'local'))
      assert.equal(error.code, 'seed')
      assert.match(error.message, message)
      assert.ok(error.nextStep)
      const { message: shown, nextStep, details } = error
      assert.ok(
        !JSON.stringify({ shown, nextStep, details }).includes('sk-test'),
        everythingOf(error),
      )
    })
  }

  it('a folder that is not there is refused', async () => {
    const error = await failureOf(loadSeeds('/nowhere/seeds', 'local'))
    assert.match(error.message, /cannot read the seeds folder \/nowhere\/seeds/)
  })
})
