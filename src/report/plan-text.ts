import pc from 'picocolors'
import { layOut, type TextLine } from './drift/text-lines.ts'
import { lined, plainText } from './phrase.ts'
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

export interface PlanTextOptions {
  /** Columns of the terminal; Infinity when the output is no terminal. */
  readonly width: number
  readonly colors: boolean
  /** What to run next; null for nothing. */
  readonly next: string | null
  /** New rows only by their names, and not all of many: of a plan that nobody is asked about. */
  readonly brief?: boolean
}

type Colors = ReturnType<typeof pc.createColors>

/** Rows that are left alone and listed; all are counted. */
const LEFT_SHOWN = 100

/** New rows that are named where nobody is asked about them. */
const NEW_SHOWN = 20

/** The plan for a terminal; every value in it is escaped before it is coloured. */
export function renderPlanText(plan: PlanFacts, options: PlanTextOptions): string {
  const paint = pc.createColors(options.colors)
  const { next, brief = false } = options
  const command = next === null ? [] : [{ text: `$ ${lined(next).shown}`, whole: true }]
  const blocks: TextLine[][] = [
    [
      { indent: 0, text: plainText(planVerdict(plan)), paint: paint.bold },
      { indent: 0, text: plainText(sidesPhrase(plan)) },
    ],
    brief ? briefLines(plan, paint) : plan.rows.flatMap((row) => rowLines(row, plan, paint)),
    leftLines(plan, paint),
    command.map((line) => ({ indent: 0, ...line, paint: paint.cyan })),
  ]
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => layOut(lines, options.width))
    .join('\n\n')
}

function briefLines(plan: PlanFacts, paint: Colors): TextLine[] {
  const made = plan.rows.filter(({ operation }) => operation === 'insert')
  const rest = plan.rows.filter(({ operation }) => operation !== 'insert')
  const more = made.length - NEW_SHOWN
  return [
    ...rest.flatMap((row) => rowLines(row, plan, paint)),
    ...made.slice(0, NEW_SHOWN).map((row) => headLine(row, plan, paint)),
    ...(more > 0 ? [{ indent: 0, text: `+ and ${more} more` }] : []),
  ]
}

function headLine(row: PlanRowFacts, plan: PlanFacts, paint: Colors): TextLine {
  const color = { insert: paint.green, update: paint.yellow, delete: paint.red }[row.operation]
  const text = `${SIGNS[row.operation]} ${plainText(rowPhrase(row, plan))} ${row.id}`
  return { indent: 0, hang: 2, text, paint: color }
}

function rowLines(row: PlanRowFacts, plan: PlanFacts, paint: Colors): TextLine[] {
  const abilities = abilitiesText(row)
  return [
    headLine(row, plan, paint),
    ...shownCells(row).map((cell) => ({
      indent: 4,
      hang: 2,
      text: plainText(cellPhrase(cell, plan)),
    })),
    ...(abilities === null ? [] : [{ indent: 4, text: abilities }]),
  ]
}

function leftLines({ left }: PlanFacts, paint: Colors): TextLine[] {
  if (left.length === 0) return []
  const more = left.length - LEFT_SHOWN
  const lines = left.slice(0, LEFT_SHOWN).map((row) => `${plainText(leftPhrase(row))} ${row.id}`)
  return [
    { indent: 0, text: 'Left alone:', paint: paint.bold },
    ...lines.map((text) => ({ indent: 2, hang: 2, text })),
    ...(more > 0 ? [{ indent: 2, text: `and ${more} more` }] : []),
  ]
}
