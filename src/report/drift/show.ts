import type { BaseFacts, DriftReport, SideFacts, TableFacts } from '../../diff/drift-report.ts'
import type { CellFinding, Finding, ShownValue } from '../../diff/finding.ts'
import { counted, joinPhrases, named, type Phrase, type Shown, valued } from './phrase.ts'

/** Members of a list that a cell shows before it only counts them. */
const MEMBERS = 30

/** The natural key, `"Bltcy旧网关" "55"`; for what has none, what it concerns. */
export function keyPhrase({ key }: Finding): Phrase {
  if (key.length === 0) return ['(the whole table)']
  return joinPhrases(
    key.map((part) => [valued(part)]),
    ' ',
  )
}

/** `priority: "5" → "0" (base "5")`, `models: added "pika", removed "kling"`. */
export function cellPhrase(cell: CellFinding, finding: Finding, report: DriftReport): Phrase {
  const extra = [...baseOf(cell), ...formattingOf(cell)]
  const own = cell.class === finding.class ? [] : [` (${cell.class})`]
  return [...columnPhrase(cell), ': ', ...changeOf(cell, report), ...extra, ...own]
}

export function columnPhrase({ column, path }: CellFinding): Phrase {
  return path === null ? [named(column)] : [named(column), ' ', named(path)]
}

function changeOf(cell: CellFinding, { from, to }: DriftReport): Phrase {
  const show = (value: ShownValue): Shown =>
    cell.secret && value !== null ? named(value) : valued(value)
  if (cell.present === 'from') return ['only in ', named(from.name), ', ', show(cell.from)]
  if (cell.present === 'to') return ['only in ', named(to.name), ', ', show(cell.to)]
  const members = [...listOf('added', cell.added), ...listOf('removed', cell.removed)]
  if (members.length > 0) return joinPhrases(members, ', ')
  return [show(cell.from), ' → ', show(cell.to)]
}

function listOf(word: string, members: readonly string[]): Phrase[] {
  const shown = members
    .slice(0, MEMBERS)
    .map((member, index): Phrase => [index === 0 ? `${word} ` : '', valued(member)])
  return members.length > MEMBERS ? [...shown, [`${members.length - MEMBERS} more`]] : shown
}

function baseOf({ base, secret }: CellFinding): Phrase {
  if (base === undefined) return []
  return [' (base ', secret && base !== null ? named(base) : valued(base), ')']
}

function formattingOf({ difference }: CellFinding): Phrase {
  return difference === 'formatting' ? [' (same meaning, but the gateway does not trim)'] : []
}

/** `local: sqlite data/one-api.db, new-api since 2025-09-09, read 2026-11-22 20:00:00`. */
export function sidePhrase({ name, kind, dialect, label, gateway, takenAt }: SideFacts): Phrase {
  const version: Phrase = gateway === null ? ['unknown gateway'] : [named(gateway)]
  const read = takenAt.slice(0, 19).replace('T', ' ')
  return [
    named(name),
    `: ${dialect ?? kind} `,
    named(label),
    ', ',
    ...version,
    ', read ',
    named(read),
    ' UTC',
  ]
}

export function basePhrase({ kind, label }: BaseFacts): Phrase {
  if (kind === 'none') return ['none']
  return label === null ? [kind] : [named(label)]
}

/** `complete`, `incomplete: …`, with the rows that are counted only. */
export function statusPhrase({ status, reason, unlisted }: TableFacts): Phrase {
  const why: Phrase = reason === null ? [] : [': ', named(reason)]
  const rows = unlisted === 0 ? [] : [`, ${counted(unlisted, 'row')} of customers not listed`]
  return [status, ...why, ...rows]
}

/** `seeds/bltcy-channel.ts:27` */
export function locationText({ location }: Finding): string | null {
  return location === null ? null : `${location.file}:${location.line}`
}

/** `accepted until 2026-12-31 by "ops": "reason"`; null for what nobody accepted. */
export function acceptancePhrase({ acceptance }: Finding): Phrase | null {
  if (acceptance === null) return null
  const { reason, owner, expires } = acceptance
  return ['accepted until ', named(expires), ' by ', valued(owner), ': ', valued(reason)]
}
