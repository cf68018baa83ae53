import type { DriftReport } from '../../diff/drift-report.ts'
import type { FindingClass } from '../../diff/finding.ts'
import { counted, joinPhrases, named, type Phrase, plainText } from './phrase.ts'

/** Somebody has to look at these; the others are mentioned after them. */
export const MAIN_CLASSES = [
  'conflict',
  'drift',
  'different',
  'integrity',
  'schema',
  'unmanaged',
  'acceptance',
] as const satisfies readonly FindingClass[]

/** Nobody has to act on these; reports list them apart. */
export const APART_CLASSES = [
  'environment',
  'runtime',
  'accepted',
] as const satisfies readonly FindingClass[]

const ASIDE_CLASSES = ['pending', ...APART_CLASSES] as const satisfies readonly FindingClass[]

/** Tables that the first line names before it only counts them. */
const NAMED_TABLES = 3

/** First line of every report for people, to be understood without the rest. */
export function verdictLine(report: DriftReport): string {
  return plainText(verdictPhrase(report))
}

export function verdictPhrase(report: DriftReport): Phrase {
  if (report.verdict.status === 'incomplete') return incompleteVerdict(report)
  const { counts } = report.verdict
  const main = total(counts, MAIN_CLASSES)
  const asides = ASIDE_CLASSES.filter((name) => counts[name] > 0)
  if (main > 0) return [headline(report), ...aside(counts, asides)]
  if (counts.pending > 0) {
    const rest = asides.filter((name) => name !== 'pending')
    return [
      `Pending: ${counted(counts.pending, 'row')} to bring to `,
      named(report.to.name),
      ...aside(counts, rest),
    ]
  }
  return asides.length > 0
    ? ['No drift beyond what is expected', ...aside(counts, asides)]
    : agreement(report)
}

/** Second line: what the first one rests on; null when there is nothing to say. */
export function verdictNote(report: DriftReport): string | null {
  const phrase = verdictNotePhrase(report)
  return phrase === null ? null : plainText(phrase)
}

export function verdictNotePhrase(report: DriftReport): Phrase | null {
  const { base, secrets, omitted, verdict } = report
  const notes: string[] = []
  if (base.kind === 'none') notes.push('two-way: no base says which side changed')
  if (secrets.compared === 'state') notes.push('secrets compared only as set or empty')
  if (verdict.converged > 0) {
    notes.push(`${counted(verdict.converged, 'cell')} changed on both sides to the same value`)
  }
  if (omitted > 0) notes.push(`${counted(omitted, 'finding')} counted and not listed`)
  return notes.length === 0 ? null : [notes.join(' · ')]
}

export function total(
  counts: Readonly<Record<FindingClass, number>>,
  classes: readonly FindingClass[],
): number {
  return classes.reduce((sum, name) => sum + counts[name], 0)
}

/** `2 drift, 1 unmanaged`; '' when there are none. */
export function countClasses(
  counts: Readonly<Record<FindingClass, number>>,
  classes: readonly FindingClass[],
): string {
  return classes
    .filter((name) => counts[name] > 0)
    .map((name) => `${counts[name]} ${name}`)
    .join(', ')
}

function headline(report: DriftReport): string {
  const { counts } = report.verdict
  const isDrift = total(counts, ['conflict', 'drift', 'unmanaged']) > 0
  const isDifferent = total(counts, ['different', 'schema']) > 0
  const word = isDrift ? 'Drift' : isDifferent ? 'Different' : 'Attention'
  const noun = total(counts, ['integrity', 'schema', 'acceptance']) > 0 ? 'finding' : 'row'
  const main = counted(total(counts, MAIN_CLASSES), noun)
  const where = counted(mainTables(report), 'table')
  return `${word}: ${main} in ${where} (${countClasses(counts, MAIN_CLASSES)})`
}

/** Findings that are not listed are of tables that only the verdict counts. */
function mainTables({ findings, omitted, verdict }: DriftReport): number {
  if (omitted > 0) return verdict.tables
  const isMain = (name: FindingClass) => (MAIN_CLASSES as readonly FindingClass[]).includes(name)
  return new Set(findings.filter((one) => isMain(one.class)).map(({ table }) => table)).size
}

function aside(
  counts: Readonly<Record<FindingClass, number>>,
  classes: readonly FindingClass[],
): string[] {
  return classes.map((name) => ` · ${counts[name]} ${name}`)
}

function agreement({ from, to, tables }: DriftReport): Phrase {
  const compared = tables.filter(({ status }) => status === 'complete')
  const rows = compared.reduce((sum, table) => sum + (table.from ?? table.to ?? 0), 0)
  const size = `${counted(compared.length, 'table')}, ${counted(rows, 'row')}`
  return ['No drift: ', named(from.name), ' and ', named(to.name), ` agree (${size})`]
}

function incompleteVerdict({ tables, verdict }: DriftReport): Phrase {
  const failed = tables.filter(({ status }) => status === 'incomplete')
  const shown: Phrase[] = failed
    .slice(0, NAMED_TABLES)
    .map(({ table, reason }) =>
      reason === null ? [named(table)] : [named(table), ' (', named(reason), ')'],
    )
  const more = failed.length > NAMED_TABLES ? [` and ${failed.length - NAMED_TABLES} more`] : []
  const what: Phrase = failed.length === 0 ? ['a part'] : [...joinPhrases(shown, ', '), ...more]
  const found = total(verdict.counts, [...MAIN_CLASSES, ...ASIDE_CLASSES])
  const soFar = found === 0 ? 'no difference so far' : `so far ${counted(found, 'difference')}`
  return ['Incomplete: ', ...what, ` could not be compared · ${soFar}`]
}
