import { statSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { checkConfig, type CheckedConfig } from './config-shape.ts'
import { fileErrorCode } from './file-error.ts'
import { describeBadLine } from './text-rules.ts'

/** Looked for in this order; the first that exists counts. */
const CONFIG_FILES = [
  'tidegate.config.ts',
  'tidegate.config.mts',
  'tidegate.config.js',
  'tidegate.config.mjs',
] as const

const EXTENSIONS: readonly string[] = ['.ts', '.mts', '.js', '.mjs']

const MISSING = 'there is no such file'

export interface ConfigFile extends CheckedConfig {
  /** For messages: its name, or as `--config` gave it. The usual name when there is none. */
  readonly name: string
  /** Whether there may be more in the file than `config` says, as it could not be loaded. */
  readonly isUnread: boolean
}

export interface ConfigFileRequest {
  readonly root: string
  /** What `--config` says. */
  readonly named: string | undefined
  readonly importModule?: ((path: string) => Promise<unknown>) | undefined
}

/**
 * Loads the configuration file of the root, or the one that `--config` names; no file is an empty
 * configuration. A file that throws is a fault that does not quote what it threw.
 */
export async function loadConfigFile(request: ConfigFileRequest): Promise<ConfigFile> {
  const { root, named, importModule = importFile } = request
  const found = named === undefined ? findConfigFile(root) : locateNamed(root, named)
  if (found === null) return { name: CONFIG_FILES[0], config: {}, faults: [], isUnread: false }
  const { name, path } = found
  if (path === null) return unread(name, found.problem)
  try {
    const module: unknown = await importModule(path)
    const exported = typeof module === 'object' && module !== null ? { ...module } : {}
    const config = checkConfig('default' in exported ? exported.default : undefined, name)
    return { name, ...config, isUnread: false }
  } catch (error) {
    return unread(name, `it cannot be loaded: ${describeThrown(error, path)}`)
  }
}

function unread(name: string, problem: string): ConfigFile {
  return { name, config: {}, faults: [{ source: name, problem }], isUnread: true }
}

function importFile(path: string): Promise<unknown> {
  return import(pathToFileURL(path).href)
}

type Found =
  | { readonly name: string; readonly path: string }
  | { readonly name: string; readonly path: null; readonly problem: string }

function findConfigFile(root: string): Found | null {
  for (const name of CONFIG_FILES) {
    const problem = describeFile(join(root, name))
    if (problem === null) return { name, path: join(root, name) }
    if (problem !== MISSING) return { name, path: null, problem }
  }
  return null
}

function locateNamed(root: string, named: string): Found {
  const bad = describeBadLine(named)
  if (bad !== null) return { name: '--config', path: null, problem: `the path ${bad}` }
  const path = resolve(root, named)
  const problem = EXTENSIONS.includes(extname(named))
    ? describeFile(path)
    : `its name must end in one of ${EXTENSIONS.join(', ')}`
  return problem === null
    ? { name: named, path }
    : { name: `--config ${named}`, path: null, problem }
}

function describeFile(path: string): string | null {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats === undefined) return MISSING
    return stats.isFile() ? null : 'it is not a file'
  } catch (error) {
    return `it cannot be read (${fileErrorCode(error)})`
  }
}

/** Only what cannot hold a value of the environment: the kind of error, Node's code, the line. */
function describeThrown(error: unknown, path: string): string {
  if (!(error instanceof Error)) return 'it threw something that is not an Error'
  const name = /^(?:[A-Z][A-Za-z]{0,30})?Error$/.test(error.name) ? error.name : 'Error'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const line = findLine(error.stack ?? '', `${pathToFileURL(path).href}:`)
  return [name, /^ERR_[A-Z_]{1,60}$/.test(code) ? ` ${code}` : '', line].join('')
}

function findLine(stack: string, location: string): string {
  const at = stack.indexOf(location)
  const digits = at === -1 ? null : /^\d{1,6}(?=\D|$)/.exec(stack.slice(at + location.length))
  return digits === null ? '' : ` at line ${digits[0]}`
}
