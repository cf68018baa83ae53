import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Ends the words of one call; no word is empty. */
const PRINTER = String.raw`tidegate() { printf '%s\0' "$@"; printf '\0'; }`

/** The words of each call of `tidegate` in a command line, as a shell reads it. */
export async function callsIn(line: string): Promise<string[][]> {
  const { stdout } = await run('sh', ['-c', `${PRINTER}\n${line}`], { env: {} })
  const calls = stdout.split('\0\0').filter((call) => call !== '')
  return calls.map((call) => call.split('\0'))
}
