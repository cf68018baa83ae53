import { readdir } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TidegateError } from '../errors.ts'
import type { Seed } from './define.ts'

const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

export interface SeedFile {
  /** The file name without its ending. */
  readonly name: string
  readonly path: string
  readonly seed: Seed
}

/**
 * The seeds of a folder that apply in an environment, each after those it depends on, else by
 * name; [] for an empty folder.
 * @throws TidegateError `seed` for a folder that cannot be read, a file that is no seed, an unknown
 *   or a circular dependency.
 */
export async function loadSeeds(folder: string, environment: string): Promise<SeedFile[]> {
  const paths = seedPaths(folder, await readFolder(folder))
  const files = await Promise.all(paths.map(loadSeed))
  const applying = files.filter(
    ({ seed }) => seed.environments === undefined || seed.environments.includes(environment),
  )
  return order(applying, new Set(files.map(({ name }) => name)))
}

async function readFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch {
    throw new TidegateError('seed', `cannot read the seeds folder ${folder}`, {
      nextStep: 'set `seeds` in tidegate.config.ts, or run the command from the project root',
    })
  }
}

function seedPaths(folder: string, entries: readonly string[]): string[] {
  const names = new Map<string, string>()
  for (const entry of entries.toSorted()) {
    const { name, ext } = parse(entry)
    if (!/^\.[cm]?[jt]s$/.test(ext) || name.endsWith('.d')) continue
    if (!NAME.test(name) || ext.length > 3) {
      throw new TidegateError('seed', `${join(folder, entry)} is not a seed's name`, {
        nextStep:
          'name it in lower-case words joined by hyphens, ending in .ts or .js, or move it out of the folder',
      })
    }
    if (!names.has(name)) names.set(name, join(folder, entry))
  }
  return [...names.values()]
}

async function loadSeed(path: string): Promise<SeedFile> {
  const module = (await importFile(path)) as { default?: unknown }
  if (!isSeed(module.default)) {
    throw new TidegateError('seed', `${path} has no default export with inputs and rows()`, {
      nextStep: 'write `export default defineSeed({ description, inputs: {}, rows: () => ({}) })`',
    })
  }
  return { name: parse(path).name, path, seed: module.default }
}

async function importFile(path: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(path).href)
  } catch (error) {
    const kind = error instanceof Error ? error.name : 'error'
    throw new TidegateError('seed', `${path} cannot be loaded (${kind})`, {
      nextStep: `run \`node --check ${path}\``,
      cause: error,
    })
  }
}

function isSeed(value: unknown): value is Seed {
  if (typeof value !== 'object' || value === null) return false
  const { inputs, rows } = value as Partial<Seed>
  return typeof inputs === 'object' && inputs !== null && typeof rows === 'function'
}

function order(files: readonly SeedFile[], known: ReadonlySet<string>): SeedFile[] {
  const byName = new Map(files.map((file) => [file.name, file]))
  const ordered = new Map<string, SeedFile>()
  const visit = (file: SeedFile, path: readonly string[]): void => {
    if (ordered.has(file.name)) return
    if (path.includes(file.name)) throw circular([...path, file.name])
    for (const name of file.seed.dependsOn ?? []) {
      const dependency = byName.get(name)
      if (dependency !== undefined) visit(dependency, [...path, file.name])
      else throw unknownDependency(file.name, name, known.has(name))
    }
    ordered.set(file.name, file)
  }
  for (const file of files) visit(file, [])
  return [...ordered.values()]
}

function circular(path: readonly string[]): TidegateError {
  return new TidegateError('seed', `seeds depend on each other in a circle: ${path.join(' → ')}`, {
    nextStep: 'remove one `dependsOn`',
  })
}

function unknownDependency(seed: string, name: string, elsewhere: boolean): TidegateError {
  const problem = elsewhere ? 'does not apply in this environment' : 'does not exist'
  return new TidegateError('seed', `the seed ${seed} depends on ${name}, which ${problem}`, {
    nextStep: 'correct `dependsOn` or `environments`',
  })
}
