import { readdir } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TidegateError } from './errors.ts'

/** What lies in a folder of scripts, for the rules of its names and for messages. */
export interface ScriptKind {
  readonly noun: 'migration' | 'seed'
  readonly name: RegExp
  /** How to name a file. */
  readonly example: string
}

export interface Script {
  /** The file name without its ending. */
  readonly name: string
  /** The file that is imported. */
  readonly path: string
  /** The TypeScript source where there is one, else the same as `path`. */
  readonly source: string
}

/**
 * The scripts of a folder by name; [] for an empty one. Where `x.js` lies beside its source `x.ts`,
 * as in a package, the first is what runs.
 * @throws TidegateError when the folder cannot be read or a script has no proper name.
 */
export async function listScripts(folder: string, kind: ScriptKind): Promise<Script[]> {
  const endings = new Map<string, Set<string>>()
  for (const entry of await readFolder(folder, kind)) {
    const { name, ext } = parse(entry)
    if (!/^\.[cm]?[jt]s$/.test(ext) || name.endsWith('.d')) continue
    if (!kind.name.test(name) || ext.length > 3) throw badName(join(folder, entry), kind)
    endings.set(name, (endings.get(name) ?? new Set()).add(ext))
  }
  const scripts = [...endings].map(([name, found]) => ({
    name,
    path: join(folder, name + (found.has('.js') ? '.js' : '.ts')),
    source: join(folder, name + (found.has('.ts') ? '.ts' : '.js')),
  }))
  return scripts.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

async function readFolder(folder: string, { noun }: ScriptKind): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch {
    throw new TidegateError(noun, `cannot read the ${noun}s folder ${folder}`, {
      nextStep: `set \`${noun}s\` in tidegate.config.ts, or run the command from the project root`,
    })
  }
}

function badName(path: string, { noun, example }: ScriptKind): TidegateError {
  return new TidegateError(noun, `${path} is not a ${noun}'s name`, {
    nextStep: `name it like ${example}, ending in .ts or .js, or move it out of the folder`,
  })
}

/**
 * The default export of a script; undefined when it has none.
 * @throws TidegateError when it cannot be loaded; what it threw may quote anything and is not told.
 */
export async function importDefault(path: string, { noun }: ScriptKind): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown }
    return module.default
  } catch (error) {
    const kind = error instanceof Error ? error.name : 'error'
    throw new TidegateError(noun, `${path} cannot be loaded (${kind})`, {
      nextStep: `run \`node --check ${path}\``,
      cause: error,
    })
  }
}
