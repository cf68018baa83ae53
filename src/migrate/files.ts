import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TidegateError } from '../errors.ts'
import type { Migration } from './define.ts'

/** `0003-repair-padded-lists` or `20261122193000-add-index`: sorts by name, needs no quoting. */
const NAME = /^\d{4,14}-[a-z0-9]+(?:-[a-z0-9]+)*$/

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
  const sources = groupByName(folder, await readFolder(folder))
  const files = await Promise.all(
    [...sources].map(async ([name, endings]) => ({
      name,
      path: join(folder, name + (endings.has('.js') ? '.js' : '.ts')),
      checksum: await checksum(join(folder, name + (endings.has('.ts') ? '.ts' : '.js'))),
    })),
  )
  return files.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

async function readFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch {
    throw new TidegateError('migration', `cannot read the migrations folder ${folder}`, {
      nextStep: 'set `migrations` in tidegate.config.ts, or run the command from the project root',
    })
  }
}

function groupByName(folder: string, entries: readonly string[]): Map<string, Set<string>> {
  const sources = new Map<string, Set<string>>()
  for (const entry of entries) {
    const { name, ext } = parse(entry)
    if (!/^\.[cm]?[jt]s$/.test(ext) || name.endsWith('.d')) continue
    if (!NAME.test(name) || ext.length > 3) {
      throw new TidegateError('migration', `${join(folder, entry)} is not a migration's name`, {
        nextStep: 'name it like 0004-what-it-does.ts, or move it out of the folder',
      })
    }
    sources.set(name, (sources.get(name) ?? new Set()).add(ext))
  }
  return sources
}

async function checksum(path: string): Promise<string> {
  const source = await readFile(path, 'utf8')
  return createHash('sha256').update(source.replaceAll('\r\n', '\n')).digest('hex')
}

/** Imports one migration. @throws TidegateError `migration` when it exports something else. */
export async function loadMigration(file: MigrationFile): Promise<Migration> {
  const module = (await importFile(file)) as { default?: unknown }
  const migration = module.default
  if (!isMigration(migration)) {
    throw new TidegateError('migration', `${file.path} has no default export with up()`, {
      nextStep: 'write `export default defineMigration({ description, async up(db) { … } })`',
    })
  }
  return migration
}

async function importFile(file: MigrationFile): Promise<unknown> {
  try {
    return await import(pathToFileURL(file.path).href)
  } catch (error) {
    const kind = error instanceof Error ? error.name : 'error'
    throw new TidegateError('migration', `${file.path} cannot be loaded (${kind})`, {
      nextStep: `run \`node --check ${file.path}\``,
      cause: error,
    })
  }
}

function isMigration(value: unknown): value is Migration {
  if (typeof value !== 'object' || value === null) return false
  const { up, down, verify } = value as Partial<Migration>
  const optional = [down, verify].every((f) => f === undefined || typeof f === 'function')
  return typeof up === 'function' && optional
}
