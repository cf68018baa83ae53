import type { ListItem, Nodes, RootContent } from 'mdast'
import { serialise, weight } from './drift/markdown-serialise.ts'
import {
  bullets,
  code,
  html,
  item,
  paragraph,
  phrasing,
  strong,
  table,
  text,
} from './drift/markdown-tree.ts'
import { counted, lined, named } from './phrase.ts'
import type { PlanFacts, PlanRowFacts } from './plan-model.ts'
import {
  abilitiesText,
  cellPhrase,
  leftPhrase,
  planVerdict,
  rowPhrase,
  shownCells,
  SIGNS,
  sidesPhrase,
} from './plan-phrases.ts'

/** GitHub takes 65,536 in a comment; the rest is for what a caller adds. UTF-8 bytes. */
const BUDGET = 60_000

/** From everything to the least; each but the first says what it leaves out. */
const LEVELS = ['full', 'rows', 'counts', 'totals'] as const

type Level = (typeof LEVELS)[number]

const LEFT_OUT: Readonly<Record<Level, string | null>> = {
  full: null,
  rows: 'There is no room for the cells here; the text of the plan has them.',
  counts: 'There is no room for the rows here; the text of the plan has them.',
  totals: 'There is no room for the tables here; the text of the plan has them.',
}

const OPERATIONS = ['insert', 'update', 'delete'] as const

/** For a pull request, in GitHub's Markdown: as detailed as a comment has room, never cut. */
export function renderPlanMarkdown(
  plan: PlanFacts,
  next: string | null,
  maxBytes = BUDGET,
): string {
  let smallest = ''
  for (const level of LEVELS) {
    const tree: Nodes = { type: 'root', children: document(plan, next, level) }
    // Serialising never shortens, and takes far longer than building.
    if (level !== 'totals' && weight(tree) > maxBytes) continue
    smallest = serialise(tree)
    if (new TextEncoder().encode(smallest).length <= maxBytes) break
  }
  return smallest
}

function document(plan: PlanFacts, next: string | null, level: Level): RootContent[] {
  const lacking = LEFT_OUT[level]
  const hasRows = level === 'full' || level === 'rows'
  return [
    paragraph(strong(...phrasing(planVerdict(plan)))),
    paragraph(...phrasing(sidesPhrase(plan))),
    ...(lacking === null ? [] : [paragraph(text(lacking))]),
    ...(level === 'counts' && plan.rows.length > 0 ? [countsTable(plan.rows)] : []),
    ...(hasRows ? [...rowItems(plan, level), ...leftItems(plan)] : []),
    ...(next === null ? [] : [paragraph(code(lined(next)))]),
  ]
}

/** Tables × what is done to their rows. */
function countsTable(rows: readonly PlanRowFacts[]): RootContent {
  const lines = [...Map.groupBy(rows, (row) => row.table)].map(([name, found]) => [
    [code(named(name))],
    ...OPERATIONS.map((operation) => [
      text(String(found.filter((row) => row.operation === operation).length)),
    ]),
  ])
  return table([['table', 'new', 'changed', 'to delete'].map((word) => [text(word)]), ...lines])
}

function rowItems(plan: PlanFacts, level: Level): RootContent[] {
  if (plan.rows.length === 0) return []
  return [bullets(plan.rows.map((row) => rowItem(row, plan, level)))]
}

function rowItem(row: PlanRowFacts, plan: PlanFacts, level: Level): ListItem {
  const sign = { type: 'inlineCode', value: SIGNS[row.operation] } as const
  const id = { type: 'inlineCode', value: row.id } as const
  const head = paragraph(sign, text(' '), ...phrasing([...rowPhrase(row, plan), ' · ']), id)
  const abilities = abilitiesText(row)
  const details = [
    ...shownCells(row).map((cell) => paragraph(...phrasing(cellPhrase(cell, plan)))),
    ...(abilities === null ? [] : [paragraph(text(abilities))]),
  ]
  if (level !== 'full' || details.length === 0) return item(head)
  return item(head, bullets(details.map((detail) => item(detail))))
}

function leftItems({ left }: PlanFacts): RootContent[] {
  if (left.length === 0) return []
  const lines = left.map((row) => item(paragraph(...phrasing(leftPhrase(row)))))
  return [
    html(`<details>\n<summary>${counted(left.length, 'row')} left alone</summary>`),
    bullets(lines),
    html('</details>'),
  ]
}
