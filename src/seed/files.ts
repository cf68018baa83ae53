import { TidegateError } from '../errors.ts'
import { importDefault, listScripts, type Script, type ScriptKind } from '../script-folder.ts'
import type { Seed } from './define.ts'

const KIND: ScriptKind = {
  noun: 'seed',
  name: /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
  example: 'bltcy-channel.ts, in lower-case words joined by hyphens',
}

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
  const scripts = await listScripts(folder, KIND)
  const files = await Promise.all(scripts.map(loadSeed))
  const applying = files.filter(
    ({ seed }) => seed.environments === undefined || seed.environments.includes(environment),
  )
  return order(applying, new Set(files.map(({ name }) => name)))
}

async function loadSeed({ name, path }: Script): Promise<SeedFile> {
  const seed = await importDefault(path, KIND)
  if (!isSeed(seed)) {
    throw new TidegateError('seed', `${path} has no default export with inputs and rows()`, {
      nextStep: 'write `export default defineSeed({ description, inputs: {}, rows: () => ({}) })`',
    })
  }
  return { name, path, seed }
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
