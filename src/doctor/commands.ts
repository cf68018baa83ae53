import { shellWord } from '../shell-word.ts'
import type { Repair } from './diagnosis.ts'
import type { World } from './world.ts'

/** A command of tidegate on the database that was looked at. */
export function command({ environment }: Pick<World, 'environment'>, words: string): Repair {
  return { kind: 'command', command: `tidegate ${words} --env ${shellWord(environment)}` }
}

export function sqlRepair(...statements: readonly string[]): Repair {
  return { kind: 'sql', statements }
}

/** A text as both dialects write it. */
export function sqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}
