import type { Diagnosis, RouteTier } from '../../doctor/diagnosis.ts'
import type { DoctorWords } from '../../language/doctor-words.ts'
import { joinPhrases, named, type Phrase, valued } from '../phrase.ts'
import { percent } from './percent.ts'
import { sentence } from './sentences.ts'
import { SIGNS } from './signs.ts'

/** Channels of one priority that are drawn. */
const CHANNELS = 10

/** Priorities that are drawn. */
const TIERS = 5

export interface Tier {
  readonly title: Phrase
  /** `✓ 8 "Bltcy旧网关", type 55 (Bltcy), 50%`. */
  readonly channels: readonly Phrase[]
}

export function tiersOf(
  tiers: readonly RouteTier[],
  { gateway }: Diagnosis,
  { route: words, finding }: DoctorWords,
): Tier[] {
  const meanings = new Map(gateway?.types.map(({ number, meaning }) => [number, meaning]))
  const drawn = tiers.slice(0, TIERS).map(({ priority, channels }, index) => {
    const rest = channels.length - CHANNELS
    const lines = channels
      .slice(0, CHANNELS)
      .map((channel) => channelPhrase(channel, meanings.get(channel.type ?? '') ?? null, words))
    return {
      title: sentence(index === 0 ? words.first : words.retry, { priority: named(priority) }),
      channels: rest > 0 ? [...lines, sentence(finding.more, { count: rest })] : lines,
    }
  })
  const rest = tiers.length - TIERS
  if (rest <= 0) return drawn
  return [...drawn, { title: sentence(finding.more, { count: rest }), channels: [] }]
}

function channelPhrase(
  { id, name, type, chance, fault }: RouteTier['channels'][number],
  meaning: string | null,
  words: DoctorWords['route'],
): Phrase {
  const sign = fault === null ? SIGNS.passed : SIGNS.broken
  const isMissing = name === null && type === null
  const meant: Phrase = meaning === null ? [] : [' (', named(meaning), ')']
  const parts: Phrase[] = [
    [`${sign} `, named(id), ...(name === null ? [] : [' ', valued(name)])],
    ...(isMissing ? [[words.noSuchChannel]] : []),
    ...(type === null ? [] : [[...sentence(words.type, { type: named(type) }), ...meant]]),
    [percent(chance)],
    ...(fault === null ? [] : [[fault]]),
  ]
  return joinPhrases(parts, ', ')
}
