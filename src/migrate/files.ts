import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { TidegateError } from '../errors.ts'
import { importDefault, listScripts, type ScriptKind } from '../script-folder.ts'
import type { Migration } from './define.ts'

/** `0003-repair-padded-lists` or `20261122193000-add-index`: sorts by name, needs no quoting. */
const KIND: ScriptKind = {
  noun: 'migration',
  name: /^\d{4,14}-[a-z0-9]+(?:-[a-z0-9]+)*$/,
  example: '0004-what-it-does.ts',
}

export interface MigrationFile {
  /** The ledger's key: the file name without its ending. */
  readonly name: string
  /** The file that is imported. */
  readonly path: string
  /** SHA-256 (hex) of the source with line ends as LF. */
  readonly checksum: string
}

/**
 * The migrations of a folder in order; [] for an empty folder. Where a package ships `x.js` beside
 * its source `x.ts`, the first runs and the second is what the checksum is of, so that a checkout
 * and a package agree on one ledger.
 * @throws TidegateError `migration` when the folder cannot be read or a file has no proper name.
 */
export async function listMigrations(folder: string): Promise<MigrationFile[]> {
  const scripts = await listScripts(folder, KIND)
  return Promise.all(
    scripts.map(async ({ name, path, source }) => ({
      name,
      path,
      checksum: await checksum(source),
    })),
  )
}

async function checksum(path: string): Promise<string> {
  const source = await readFile(path, 'utf8')
  return createHash('sha256').update(source.replaceAll('\r\n', '\n')).digest('hex')
}

/** Imports one migration. @throws TidegateError `migration` when it exports something else. */
export async function loadMigration(file: MigrationFile): Promise<Migration> {
  const migration = await importDefault(file.path, KIND)
  if (!isMigration(migration)) {
    throw new TidegateError('migration', `${file.path} has no default export with up()`, {
      nextStep: 'write `export default defineMigration({ description, async up(db) { … } })`',
    })
  }
  return migration
}

function isMigration(value: unknown): value is Migration {
  if (typeof value !== 'object' || value === null) return false
  const { up, down, verify } = value as Partial<Migration>
  const optional = [down, verify].every((f) => f === undefined || typeof f === 'function')
  return typeof up === 'function' && optional
}
