import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConfigFault } from '../errors.ts'
import { fileErrorCode } from './file-error.ts'
import type { Variables } from './variables.ts'

export interface EnvFile {
  readonly variables: Variables
  /** What is probably not meant. */
  readonly doubts: readonly ConfigFault[]
  readonly faults: readonly ConfigFault[]
}

/**
 * Reads `.env` of the folder itself, never of one above it. Gives no variables when there is none;
 * a file that cannot be read is a fault. Nothing is put into the process's environment.
 */
export async function readEnvFile(root: string): Promise<EnvFile> {
  const text = readIfPresent(join(root, '.env'))
  if (typeof text !== 'string') {
    const faults = text === null ? [] : [{ source: '.env', problem: text.problem }]
    return { variables: {}, doubts: [], faults }
  }
  const { parse } = await import('./dotenv.ts')
  const variables = parse(text)
  return { variables, doubts: findCutValues(text, variables), faults: [] }
}

function readIfPresent(path: string): string | { readonly problem: string } | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = fileErrorCode(error)
    return code === 'ENOENT' ? null : { problem: `it cannot be read (${code})` }
  }
}

/**
 * dotenv ends an unquoted value at any `#`, the gateway's own reader only at one after a space: a
 * password or key with `#` would silently be another one here.
 */
function findCutValues(text: string, variables: Variables): readonly ConfigFault[] {
  const cut = new Set<string>()
  for (const line of text.split(/\r\n|\r|\n/)) {
    const match = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*([^\s'"`#](?:[^#]*[^\s#])?)#/.exec(line)
    if (match !== null && variables[match[1]!] === match[2]) cut.add(match[1]!)
  }
  const problem = (name: string) => `${name} is cut at an unquoted "#"; put its value in quotes`
  return [...cut].map((name) => ({ source: '.env', problem: problem(name) }))
}
