import { shellWord } from '../shell-word.ts'
import type { Repair } from './diagnosis.ts'
import type { World } from './world.ts'

/**
 * A command of tidegate on the database that was looked at. Where tidegate never wrote, its own
 * tables come first: what it writes is journalled in them.
 */
export function command(
  { environment, catalog }: Pick<World, 'environment' | 'catalog'>,
  words: string,
): Repair {
  const tidegate = (text: string) => `tidegate ${text} --env ${shellWord(environment)}`
  if (catalog.has('tidegate_journal')) return { kind: 'command', command: tidegate(words) }
  const isSeed = words.startsWith('seed apply')
  const text = isSeed
    ? tidegate(words.replace('seed apply', 'deploy'))
    : `${tidegate('migrate up')} && ${tidegate(words)}`
  return { kind: 'command', command: text }
}

export function sqlRepair(...statements: readonly string[]): Repair {
  return { kind: 'sql', statements }
}

/** A text as both dialects write it. */
export function sqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}
