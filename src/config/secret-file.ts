import { closeSync, fstatSync, openSync, readFileSync, type Stats } from 'node:fs'
import { platform } from 'node:os'
import { resolve } from 'node:path'
import type { ConfigFault } from '../errors.ts'
import { Secret } from '../secret.ts'
import { fileErrorCode } from './file-error.ts'
import { describeBadLine, describeBadText } from './text-rules.ts'

/** A secret that was read, with what is to be said about its file; or why it was not. */
export type SecretReading =
  | { readonly secret: Secret; readonly warnings: readonly string[] }
  | { readonly fault: ConfigFault }

const LARGEST_BYTES = 64 * 1024

/**
 * Reads the secret that lies in a file; one line break at its end is cut. `variable` is the one
 * that named the file. A fault says the variable and the path, never the content.
 */
export function readSecretFile(variable: string, path: string, root: string): SecretReading {
  const badPath = describeBadLine(path)
  if (badPath !== null) return fault(variable, `its path ${badPath}`)
  const file = readBytes(resolve(root, path))
  if ('problem' in file) return fault(variable, `the file ${path} ${file.problem}`)
  const text = decodeUtf8(file.bytes)
  if (text === null) return fault(variable, `the content of ${path} is not UTF-8`)
  const value = text.replace(/\r?\n$/, '')
  const bad = value === '' ? 'is empty' : describeBadText(value)
  if (bad !== null) return fault(variable, `the content of ${path} ${bad}`)
  return { secret: new Secret(value), warnings: describeMode(variable, path, file.mode) }
}

function fault(source: string, problem: string): SecretReading {
  return { fault: { source, problem } }
}

type FileBytes =
  { readonly bytes: Uint8Array; readonly mode: number } | { readonly problem: string }

function readBytes(path: string): FileBytes {
  try {
    const descriptor = openSync(path, 'r')
    try {
      const stats = fstatSync(descriptor)
      const problem = describeKind(stats)
      return problem === null ? { bytes: readFileSync(descriptor), mode: stats.mode } : { problem }
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    return { problem: `cannot be read (${fileErrorCode(error)})` }
  }
}

function describeKind(stats: Stats): string | null {
  // A FIFO is what `<(command)` of a shell gives: a secret that never lies on the disk.
  if (!stats.isFile() && !stats.isFIFO()) return 'is not a file'
  return stats.size > LARGEST_BYTES ? 'is larger than 64 KiB' : null
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

function describeMode(variable: string, path: string, mode: number): readonly string[] {
  // Windows has no such bits; Node makes them up.
  if ((mode & 0o044) === 0 || platform() === 'win32') return []
  return [`${variable}: others on this machine can read ${path}; run \`chmod 600\` on it`]
}
