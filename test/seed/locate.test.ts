import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { loadSeeds } from '../../src/seed/files.ts'
import { type LocateSeed, locateSeeds } from '../../src/seed/locate.ts'

const ROOT = join(import.meta.dirname, '../..')

const SEED = `// one: remark: 'in a comment'
const key = 'x' // key: of nothing
/*
 * id: 'one', remark: 'two'
 */
export default {
  description: 'https://a.example // no comment',
  inputs: {},
  rows: ({ remark }) => ({
    channels: [
      {
        id: 'one', type: 1,
        name: 'One', // remark: 'not here'
        remark: 'a',
        models: ['m'],
      },
      {
        id: "two",
        'remark': 'b',
        type: 2, name: 'Two', group: ['default'],
      },
      { id: \`three\`, type: 3, name: 'Three', remark, tag: 'https://b.example' },
    ],
    options: [
      { key: 'ModelRatio', merge: { 'gpt-4o': 1 } },
      {
        key: 'Footer',
        value: 'text',
      },
    ],
  }),
}
`

/** Seed, row and column, and the line in which they are declared. */
const CASES = [
  ['channels:one', 'remark', 14],
  ['channels:one', 'name', 13],
  ['channels:one', 'models', 15],
  ['channels:one', null, 12],
  ['channels:two', 'remark', 19],
  ['channels:two', 'group', 20],
  ['channels:two', null, 18],
  ['channels:three', 'remark', 22],
  ['channels:three', 'tag', 22],
  ['channels:three', 'nowhere', 22],
  ['options:ModelRatio', 'merge', 25],
  ['options:ModelRatio', null, 25],
  ['options:Footer', 'value', 28],
  ['channels:absent', null, 1],
] as const

describe('where a seed declares something', () => {
  let root: string
  let locate: LocateSeed
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'tidegate-locate-'))
    await mkdir(join(root, 'seeds'))
    await writeFile(join(root, 'package.json'), '{"type":"module"}')
    await writeFile(join(root, 'seeds/some.ts'), SEED)
    await writeFile(join(root, 'seeds/lines.ts'), SEED.replaceAll('\n', '\r\n'))
    locate = await locateSeeds(await loadSeeds(join(root, 'seeds'), 'local'), root)
  })
  after(() => rm(root, { recursive: true, force: true }))

  for (const [row, column, line] of CASES) {
    it(`${row} ${column ?? '(the row)'} is in line ${line}`, () => {
      assert.deepEqual(locate('some', row, column), { file: 'seeds/some.ts', line })
      assert.deepEqual(locate('lines', row, column), { file: 'seeds/lines.ts', line })
    })
  }

  it('is nowhere for a seed that there is not', () => {
    assert.equal(locate('other', 'channels:one', null), null)
  })

  it('is nowhere for a seed that the package ships', async () => {
    const shipped = await loadSeeds(join(ROOT, 'seeds'), 'local')
    const name = shipped[0]!.name
    assert.equal((await locateSeeds(shipped, root))(name, 'channels:bltcy', 'models'), null)
    const own = (await locateSeeds(shipped, ROOT))(name, 'channels:bltcy', 'models')
    assert.equal(own?.file, `seeds/${name}.ts`)
  })
})
