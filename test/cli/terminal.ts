import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import process from 'node:process'
import { stripVTControlCharacters } from 'node:util'
import { sourceFlags } from '../support/source-flags.ts'
import type { CallOptions } from './runs.ts'

const ENTRY = join(import.meta.dirname, '../../src/cli/entry.ts')

/** What is waited for on the screen, and what is done then: keys, or something behind its back. */
export type Act = readonly [seen: string, keys: string, meanwhile?: () => Promise<void>]

export interface Session {
  readonly code: number | null
  /** All that was shown, without movements and colours. */
  readonly screen: string
}

export const KEYS_PRESSED = { down: '\u001b[B', space: ' ', enter: '\r', ctrlC: '\u0003' } as const

/** Whether `script` of util-linux is here, which gives a program a real terminal. */
export function hasTerminals(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux')
  } catch {
    return false
  }
}

/** Runs the command line in a terminal, as somebody sits at it. */
export async function inTerminal(
  words: string,
  { cwd, env }: Pick<CallOptions, 'cwd' | 'env'>,
  acts: readonly Act[],
): Promise<Session> {
  const program = [process.execPath, ...sourceFlags(), ENTRY].map((word) => `'${word}'`)
  const command = `${program.join(' ')} ${words}`
  const { PATH, HOME } = process.env
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    cwd,
    env: { PATH, HOME, TERM: 'xterm', ...env },
    timeout: 30_000,
    killSignal: 'SIGKILL',
  })
  let screen = ''
  let left = [...acts]
  child.stdout.on('data', (chunk: Buffer) => {
    screen += stripVTControlCharacters(chunk.toString('utf8'))
    const [[seen, keys, meanwhile] = ['', '']] = left
    if (seen === '' || !screen.includes(seen)) return
    left = left.slice(1)
    const press = (): unknown => child.stdin.write(keys)
    void (meanwhile?.() ?? Promise.resolve()).then(press)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, screen }
}
