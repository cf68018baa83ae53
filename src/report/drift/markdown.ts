import type { Nodes, RootContent } from 'mdast'
import { gfmTableToMarkdown } from 'mdast-util-gfm-table'
import { toMarkdown } from 'mdast-util-to-markdown'
import type { DriftReport } from '../../diff/drift-report.ts'
import { countsTable, type Detail, findingSections } from './markdown-sections.ts'
import { footer, type RunFacts } from './markdown-footer.ts'
import { html, paragraph, phrasing, strong, text } from './markdown-tree.ts'
import { verdictNotePhrase, verdictPhrase } from './verdict.ts'

/** What a text may have: characters count as UTF-16 units and as UTF-8 bytes. */
export type MarkdownBudget = { readonly maxCharacters: number } | { readonly maxBytes: number }

/** GitHub takes 65,536 in a comment; the rest is for what a caller adds. */
export const COMMENT_BUDGET = { maxCharacters: 60_000 } as const

/** GitHub drops a job summary above 1,024 KiB as a whole. */
export const SUMMARY_BUDGET = { maxBytes: 1_000 * 1_024 } as const

export interface MarkdownOptions extends RunFacts {
  readonly budget?: MarkdownBudget
}

/** From everything to the least; each says what it leaves out. */
const LEVELS: readonly { readonly detail: Detail | 'counts' | 'totals'; readonly lacks: string }[] =
  [
    { detail: 'full', lacks: '' },
    { detail: 'columns', lacks: 'values and commands' },
    { detail: 'keys', lacks: 'values, commands and columns' },
    { detail: 'counts', lacks: 'the findings themselves' },
    { detail: 'totals', lacks: 'the findings and the tables themselves' },
  ]

/**
 * A comment or a job summary in GitHub's Markdown, as detailed as the budget allows; the least
 * detailed one, of about 3,000 characters, is given whatever the budget.
 */
export function renderDriftMarkdown(report: DriftReport, options: MarkdownOptions = {}): string {
  const { budget = COMMENT_BUDGET } = options
  let smallest = ''
  for (const { detail, lacks } of LEVELS) {
    const tree: Nodes = { type: 'root', children: document(report, options, detail, lacks) }
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
  detail: (typeof LEVELS)[number]['detail'],
  lacks: string,
): RootContent[] {
  const note = verdictNotePhrase(report)
  const shortened = `Shortened to fit: ${lacks} are left out. The whole report is in the artifact of this run, or run the command with --format html.`
  return [
    html(driftMarker(report.from.name, report.to.name)),
    paragraph(strong(...phrasing(verdictPhrase(report)))),
    ...(note === null ? [] : [paragraph(...phrasing(note))]),
    ...(lacks === '' ? [] : [paragraph(text(shortened))]),
    ...(detail === 'totals' ? [] : [countsTable(report)]),
    ...(detail === 'totals' || detail === 'counts' ? [] : findingSections(report, detail)),
    ...footer(report, options),
  ]
}

function serialise(tree: Nodes): string {
  const extensions = [gfmTableToMarkdown({ tablePipeAlign: false })]
  return toMarkdown(tree, { extensions, bullet: '-', resourceLink: true }).trimEnd()
}

function limitOf(budget: MarkdownBudget): number {
  return 'maxBytes' in budget ? budget.maxBytes : budget.maxCharacters
}

/** UTF-8 never has fewer bytes than UTF-16 has units. */
function fits(markdown: string, budget: MarkdownBudget): boolean {
  return new TextEncoder().encode(markdown).length <= limitOf(budget)
}

/** Characters that a tree has at least: its texts, the marks of code and of list items. */
function weight(node: Nodes): number {
  if ('children' in node) {
    const own = node.type === 'listItem' ? 3 : 0
    return node.children.reduce((sum, child) => sum + weight(child), own)
  }
  return 'value' in node ? node.value.length + (node.type === 'inlineCode' ? 2 : 0) : 0
}
