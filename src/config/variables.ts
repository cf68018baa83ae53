import type { ConfigFault } from '../errors.ts'
import { Secret } from '../secret.ts'
import { readSecretFile, type SecretReading } from './secret-file.ts'
import { describeBadText } from './text-rules.ts'

export type { SecretReading }

/** Variables of the environment by name, as `process.env` gives them. */
export type Variables = Readonly<Record<string, string | undefined>>

/** A text that was read, or why it was not. */
export type TextReading = { readonly text: string } | { readonly fault: ConfigFault }

/**
 * The value of a variable that may be printed. Null when it is unset or empty; a fault when it
 * holds NUL or a lone surrogate, or starts or ends with whitespace.
 */
export function readText(variables: Variables, name: string): TextReading | null {
  const text = variables[name]
  if (text === undefined || text === '') return null
  const bad = describeBadText(text)
  return bad === null ? { text } : { fault: { source: name, problem: `its value ${bad}` } }
}

/**
 * The secret that NAME holds, or that lies in the file which NAME_FILE names (relative to `root`).
 * Null when neither is set. Both set, an empty one, an unreadable file and a malformed value are
 * faults; none of them says the value.
 */
export function readSecret(variables: Variables, name: string, root: string): SecretReading | null {
  const fileName = `${name}_FILE`
  const value = variables[name]
  const path = variables[fileName]
  if (value === undefined && path === undefined) return null
  if (value && path) return both(name, fileName)
  if (path) return readSecretFile(fileName, path, root)
  if (value) return checkSecret(name, value)
  return {
    fault: { source: value === undefined ? fileName : name, problem: 'it is set but empty' },
  }
}

/** Wraps a secret whose value is already at hand; `source` names it in a fault. */
export function checkSecret(source: string, value: string): SecretReading {
  const bad = describeBadText(value)
  if (bad !== null) return { fault: { source, problem: `its value ${bad}` } }
  return { secret: new Secret(value), warnings: [] }
}

function both(name: string, fileName: string): SecretReading {
  return { fault: { source: name, problem: `${fileName} is set too: keep one of them` } }
}
