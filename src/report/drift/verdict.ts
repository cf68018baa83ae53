import type { DriftReport } from '../../diff/drift-report.ts'
import type { FindingClass } from '../../diff/finding.ts'
import type { DriftReportTexts } from '../../language/drift-texts.ts'
import { joinPhrases, named, type Phrase, plainText } from '../phrase.ts'

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
export function verdictLine(report: DriftReport, texts: DriftReportTexts): string {
  return plainText(verdictPhrase(report, texts))
}

export function verdictPhrase(report: DriftReport, texts: DriftReportTexts): Phrase {
  if (report.verdict.status === 'incomplete') return incompleteVerdict(report, texts)
  const { counts } = report.verdict
  const main = total(counts, MAIN_CLASSES)
  const asides = ASIDE_CLASSES.filter((name) => counts[name] > 0)
  if (main > 0) return [headline(report, texts), ...aside(counts, asides, texts)]
  if (counts.pending > 0) {
    const rest = asides.filter((name) => name !== 'pending')
    const pending = texts.verdict.pending(counts.pending, named(report.to.name))
    return [...pending, ...aside(counts, rest, texts)]
  }
  return asides.length > 0
    ? [texts.verdict.expected, ...aside(counts, asides, texts)]
    : agreement(report, texts)
}

/** Second line: what the first one rests on; null when there is nothing to say. */
export function verdictNote(report: DriftReport, texts: DriftReportTexts): string | null {
  const { base, secrets, omitted, verdict } = report
  const { twoWay, secretsAsState, converged, unlisted } = texts.verdict
  const notes = [
    ...(base.kind === 'none' ? [twoWay] : []),
    ...(secrets.compared === 'state' ? [secretsAsState] : []),
    ...(verdict.converged > 0 ? [converged(verdict.converged)] : []),
    ...(omitted > 0 ? [unlisted(omitted)] : []),
  ]
  return notes.length === 0 ? null : notes.join(' · ')
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
  texts: DriftReportTexts,
): string {
  return classes
    .filter((name) => counts[name] > 0)
    .map((name) => texts.ofClass(counts[name], texts.classes[name]))
    .join(texts.comma)
}

function headline(report: DriftReport, texts: DriftReportTexts): string {
  const { counts } = report.verdict
  const isDrift = total(counts, ['conflict', 'drift', 'unmanaged']) > 0
  const isDifferent = total(counts, ['different', 'schema']) > 0
  const what = isDrift ? 'drift' : isDifferent ? 'different' : 'attention'
  return texts.verdict.headline(what, {
    count: total(counts, MAIN_CLASSES),
    areRows: total(counts, ['integrity', 'schema', 'acceptance']) === 0,
    tables: mainTables(report),
    classes: countClasses(counts, MAIN_CLASSES, texts),
  })
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
  texts: DriftReportTexts,
): string[] {
  return classes.map((name) => ` · ${texts.ofClass(counts[name], texts.classes[name])}`)
}

function agreement({ from, to, tables }: DriftReport, texts: DriftReportTexts): Phrase {
  const compared = tables.filter(({ status }) => status === 'complete')
  const rows = compared.reduce((sum, table) => sum + (table.from ?? table.to ?? 0), 0)
  const size = { tables: compared.length, rows }
  return texts.verdict.agreement(named(from.name), named(to.name), size)
}

function incompleteVerdict({ tables, verdict }: DriftReport, texts: DriftReportTexts): Phrase {
  const failed = tables.filter(({ status }) => status === 'incomplete')
  const shown: Phrase[] = failed
    .slice(0, NAMED_TABLES)
    .map(({ table, reason }) =>
      reason === null ? [named(table)] : [named(table), ...texts.inParentheses([named(reason)])],
    )
  const { incomplete, moreTables, part } = texts.verdict
  const more = failed.length > NAMED_TABLES ? [moreTables(failed.length - NAMED_TABLES)] : []
  const told = [...joinPhrases(shown, texts.comma), ...more]
  const found = total(verdict.counts, [...MAIN_CLASSES, ...ASIDE_CLASSES])
  return incomplete(failed.length === 0 ? [part] : told, found)
}
