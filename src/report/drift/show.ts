import type { BaseFacts, DriftReport, SideFacts, TableFacts } from '../../diff/drift-report.ts'
import type { CellFinding, Finding, ShownValue } from '../../diff/finding.ts'
import type { DriftReportTexts } from '../../language/drift-texts.ts'
import { joinPhrases, named, type Phrase, type Shown, valued } from '../phrase.ts'

/** Members of a list that a cell shows before it only counts them. */
const MEMBERS = 30

/** The natural key, `"Bltcy旧网关" "55"`; for what has none, what it concerns. */
export function keyPhrase({ key }: Finding, { wholeTable }: DriftReportTexts): Phrase {
  if (key.length === 0) return [wholeTable]
  return joinPhrases(
    key.map((part) => [valued(part)]),
    ' ',
  )
}

/** `priority: "5" → "0" (base "5")`, `models: added "pika", removed "kling"`. */
export function cellPhrase(
  cell: CellFinding,
  finding: Finding,
  report: DriftReport,
  texts: DriftReportTexts,
): Phrase {
  const extra = [
    ...baseOf(cell, texts),
    ...(cell.difference === 'formatting' ? [texts.formatting] : []),
  ]
  const own = cell.class === finding.class ? [] : texts.inParentheses([texts.classes[cell.class]])
  return [...columnPhrase(cell), texts.colon, ...changeOf(cell, report, texts), ...extra, ...own]
}

export function columnPhrase({ column, path }: CellFinding): Phrase {
  return path === null ? [named(column)] : [named(column), ' ', named(path)]
}

function changeOf(cell: CellFinding, { from, to }: DriftReport, texts: DriftReportTexts): Phrase {
  const show = (value: ShownValue): Shown =>
    cell.secret && value !== null ? named(value) : valued(value)
  if (cell.present === 'from') return texts.onlyIn(named(from.name), show(cell.from))
  if (cell.present === 'to') return texts.onlyIn(named(to.name), show(cell.to))
  const members = [
    ...listOf(texts.added, cell.added, texts),
    ...listOf(texts.removed, cell.removed, texts),
  ]
  if (members.length > 0) return joinPhrases(members, texts.comma)
  return [show(cell.from), ' → ', show(cell.to)]
}

function listOf(word: string, members: readonly string[], texts: DriftReportTexts): Phrase[] {
  const shown = members
    .slice(0, MEMBERS)
    .map((member, index): Phrase => [index === 0 ? word : '', valued(member)])
  return members.length > MEMBERS ? [...shown, [texts.more(members.length - MEMBERS)]] : shown
}

function baseOf({ base, secret }: CellFinding, texts: DriftReportTexts): Phrase {
  if (base === undefined) return []
  return texts.base(secret && base !== null ? named(base) : valued(base))
}

/** `local: sqlite data/one-api.db, new-api since 2025-09-09, read 2026-11-22 20:00:00`. */
export function sidePhrase(
  { name, kind, dialect, label, gateway, takenAt }: SideFacts,
  texts: DriftReportTexts,
): Phrase {
  const { colon, comma, sources, unknownGateway, readAt } = texts
  const version: Phrase = gateway === null ? [unknownGateway] : [named(gateway)]
  const read = takenAt.slice(0, 19).replace('T', ' ')
  return [
    named(name),
    `${colon}${dialect ?? sources[kind]} `,
    named(label),
    comma,
    ...version,
    comma,
    ...readAt(named(read)),
  ]
}

export function basePhrase({ kind, label }: BaseFacts, { bases }: DriftReportTexts): Phrase {
  return kind === 'none' || label === null ? [bases[kind]] : [named(label)]
}

/** `complete`, `incomplete: …`, with the rows that are counted only. */
export function statusPhrase(
  { status, reason, unlisted }: TableFacts,
  { statuses, colon, comma, unlistedRows }: DriftReportTexts,
): Phrase {
  const why: Phrase = reason === null ? [] : [colon, named(reason)]
  const rows = unlisted === 0 ? [] : [comma, unlistedRows(unlisted)]
  return [statuses[status], ...why, ...rows]
}

/** `seeds/bltcy-channel.ts:27` */
export function locationText({ location }: Finding): string | null {
  return location === null ? null : `${location.file}:${location.line}`
}

/** `accepted until 2026-12-31 by "ops": "reason"`; null for what nobody accepted. */
export function acceptancePhrase({ acceptance }: Finding, texts: DriftReportTexts): Phrase | null {
  if (acceptance === null) return null
  const { reason, owner, expires } = acceptance
  return texts.accepted(named(expires), valued(owner), valued(reason))
}
