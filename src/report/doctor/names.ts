import type { CacheMode } from '../../gateway/routing.ts'
import type { DoctorWords } from '../../language/doctor-words.ts'
import { named, type Phrase } from '../phrase.ts'

/** Names of cache modes, as one word where these are all that were evaluated. */
export function modeNames(
  modes: readonly CacheMode[],
  evaluated: readonly CacheMode[],
  { modes: names, everyMode }: DoctorWords,
): string {
  const isEvery = evaluated.length > 1 && evaluated.every((mode) => modes.includes(mode))
  return isEvery ? everyMode : modes.map((mode) => names[mode]).join(', ')
}

export function groupPhrase(group: string | null, { route }: DoctorWords): Phrase {
  return group === null ? [route.unknownGroup] : [named(group)]
}
