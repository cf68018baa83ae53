import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TidegateError } from '../errors.ts'
import { listMigrations } from './files.ts'

const WORDS = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/** Writes the next numbered migration file from a template. @returns its path. */
export async function createMigration(folder: string, words: string): Promise<string> {
  if (!WORDS.test(words)) {
    throw new TidegateError('usage', 'a migration is named in lower-case words joined by hyphens', {
      nextStep: 'for example: tidegate migrate create add-usage-index',
    })
  }
  const last = (await listMigrations(folder)).at(-1)?.name ?? '0000'
  const digits = /^\d+/.exec(last)?.[0] ?? '0000'
  const number = String(BigInt(digits) + 1n).padStart(digits.length, '0')
  if (number.length > digits.length) {
    throw new TidegateError('migration', `no number sorts after ${last}`, {
      nextStep: 'start a longer series by hand, for example 99990001-name.ts',
    })
  }
  const path = join(folder, `${number}-${words}.ts`)
  await writeFile(path, template(words.replaceAll('-', ' ')), { flag: 'wx' })
  return path
}

function template(description: string): string {
  return `import { defineMigration } from 'tidegate'

// The gateway owns its tables and alters them at every start: make only tables of your own, and
// no views, triggers, indexes or constraints on the gateway's.
export default defineMigration({
  description: '${description}',

  async up(db) {
    await db.schema.createTable('my_table').addColumn('id', 'integer').execute()
  },

  async down(db) {
    await db.schema.dropTable('my_table').execute()
  },
})
`
}
