import type { Diagnosis, Scope } from '../../doctor/diagnosis.ts'
import { SEVERITIES } from '../../doctor/rule-table.ts'
import type { DoctorTexts } from '../../language/catalogue.ts'
import type { DoctorWords } from '../../language/doctor-words.ts'
import { joinPhrases, named, type Phrase, plainText } from '../phrase.ts'
import { counted, listed, sentence } from './sentences.ts'

/** First line of every report, as text. */
export function verdictLine(diagnosis: Diagnosis, texts: DoctorTexts): string {
  return plainText(verdictPhrase(diagnosis, texts))
}

/** First line of every report, to be understood without the rest. */
export function verdictPhrase({ verdict }: Diagnosis, { ui }: DoctorTexts): Phrase {
  const words = ui.verdict
  const counts = SEVERITIES.filter((severity) => verdict.counts[severity] > 0).map((severity) =>
    counted(words.counts[severity], verdict.counts[severity]),
  )
  const status = verdict.status === 'healthy' ? [words.healthy] : [words.unhealthy]
  const isSaid = verdict.status === 'unhealthy' && counts.length > 0
  const found = joinPhrases(isSaid ? counts : [status, ...counts], words.comma)
  return [...found, words.colon, ...routability(verdict, words)]
}

function routability(
  { pairs, unroutable }: Diagnosis['verdict'],
  words: DoctorWords['verdict'],
): Phrase {
  if (pairs === 0) return [words.noPairs]
  if (unroutable === 0) return counted(words.allServed, pairs)
  return pairs === 1 ? [words.onlyNotServed] : sentence(words.notServed, { unroutable, pairs })
}

/** Which database, which gateway, what was asked for. */
export function wherePhrases(diagnosis: Diagnosis, { ui }: DoctorTexts): Phrase[] {
  const { environment, database, takenAt, scope } = diagnosis
  const place = sentence(ui.where.database, {
    environment: named(environment),
    dialect: [database.dialect],
    label: named(database.label),
    time: named(`${takenAt.slice(0, 19).replace('T', ' ')} UTC`),
  })
  const narrowed = joinPhrases(scopePhrases(scope, ui), ui.verdict.comma)
  const only = narrowed.length === 0 ? [] : [sentence(ui.where.narrowed, { scope: narrowed })]
  return [place, gatewayPhrase(diagnosis, ui), ...only]
}

function gatewayPhrase({ gateway }: Diagnosis, { where: words }: DoctorWords): Phrase {
  if (gateway === null) return [words.unknownGateway]
  const { version, evidence } = gateway
  return sentence(words.gateway, { version: named(version), evidence: named(evidence) })
}

/** `type 55 is Bltcy in this gateway (1 channel)`, for each number in use. */
export function typePhrases({ gateway }: Diagnosis, { ui }: DoctorTexts): Phrase[] {
  const words = ui.where
  return (gateway?.types ?? []).map(({ number, meaning, channels }) => {
    const values = { number: named(number), channels: counted(words.channels, channels) }
    return meaning === null
      ? sentence(words.unknownType, values)
      : sentence(words.type, { ...values, meaning: named(meaning) })
  })
}

/** Models that a heading names. */
const MODELS = 10

function scopePhrases(scope: Scope, { where: words, finding }: DoctorWords): Phrase[] {
  const one = (word: 'path' | 'token' | 'user' | 'group'): Phrase[] => {
    const value = scope[word]
    return value === null ? [] : [sentence(words[word], { [word]: named(value) })]
  }
  const names = scope.models.map((model) => [named(model)])
  const models = sentence(words.models, { models: listed(names, MODELS, finding.more) })
  return [
    ...one('path'),
    ...(names.length === 0 ? [] : [models]),
    ...one('token'),
    ...one('user'),
    ...one('group'),
  ]
}
