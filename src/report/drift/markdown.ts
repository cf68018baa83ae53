import type { Nodes, RootContent } from 'mdast'
import type { DriftReport } from '../../diff/drift-report.ts'
import { driftTexts } from '../../language/drift.ts'
import type { DriftReportTexts } from '../../language/drift-texts.ts'
import type { Language } from '../../language/language.ts'
import { countsTable, type Detail, findingSections } from './markdown-sections.ts'
import { footer, type RunFacts } from './markdown-footer.ts'
import { serialise, weight } from './markdown-serialise.ts'
import { html, paragraph, phrasing, strong, text } from './markdown-tree.ts'
import { verdictNote, verdictPhrase } from './verdict.ts'

/** What a text may have: characters count as UTF-16 units and as UTF-8 bytes. */
export type MarkdownBudget = { readonly maxCharacters: number } | { readonly maxBytes: number }

/** GitHub takes 65,536 in a comment; the rest is for what a caller adds. */
export const COMMENT_BUDGET = { maxCharacters: 60_000 } as const

/** GitHub drops a job summary above 1,024 KiB as a whole. */
export const SUMMARY_BUDGET = { maxBytes: 1_000 * 1_024 } as const

export interface MarkdownOptions extends RunFacts {
  readonly budget?: MarkdownBudget
  /** English when absent. */
  readonly language?: Language
}

/** From everything to the least; each but the first says what it leaves out. */
const LEVELS: readonly (Detail | 'counts' | 'totals')[] = [
  'full',
  'columns',
  'keys',
  'counts',
  'totals',
]

/**
 * A comment or a job summary in GitHub's Markdown, as detailed as the budget allows; the least
 * detailed one, of about 3,000 characters, is given whatever the budget.
 */
export function renderDriftMarkdown(report: DriftReport, options: MarkdownOptions = {}): string {
  const { budget = COMMENT_BUDGET, language = 'en' } = options
  const texts = driftTexts(language).report
  let smallest = ''
  for (const detail of LEVELS) {
    const tree: Nodes = { type: 'root', children: document(report, options, detail, texts) }
    // Serialising never shortens, and takes far longer than building.
    if (detail !== 'totals' && weight(tree) > limitOf(budget)) continue
    smallest = serialise(tree)
    if (fits(smallest, budget)) break
  }
  return smallest
}

/** First line of a comment, by which the next run finds it; the names cannot end it. */
export function driftMarker(from: string, to: string): string {
  return `<!-- tidegate:drift:from=${markerName(from)}:to=${markerName(to)} -->`
}

function markerName(name: string): string {
  const safe = name.replaceAll(
    /[^A-Za-z0-9._-]/gsu,
    (character) => `%${character.codePointAt(0)!.toString(16)}.`,
  )
  return safe.slice(0, 400)
}

function document(
  report: DriftReport,
  options: MarkdownOptions,
  detail: (typeof LEVELS)[number],
  texts: DriftReportTexts,
): RootContent[] {
  const note = verdictNote(report, texts)
  const { lacks, shortened } = texts.markdown
  const lacking = lacks[LEVELS.indexOf(detail) - 1]
  return [
    html(driftMarker(report.from.name, report.to.name)),
    paragraph(strong(...phrasing(verdictPhrase(report, texts)))),
    ...(note === null ? [] : [paragraph(text(note))]),
    ...(lacking === undefined ? [] : [paragraph(text(shortened(lacking)))]),
    ...(detail === 'totals' ? [] : [countsTable(report, texts)]),
    ...(detail === 'totals' || detail === 'counts' ? [] : findingSections(report, detail, texts)),
    ...footer(report, options, texts),
  ]
}

function limitOf(budget: MarkdownBudget): number {
  return 'maxBytes' in budget ? budget.maxBytes : budget.maxCharacters
}

/** UTF-8 never has fewer bytes than UTF-16 has units. */
function fits(markdown: string, budget: MarkdownBudget): boolean {
  return new TextEncoder().encode(markdown).length <= limitOf(budget)
}
