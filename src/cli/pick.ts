import type { Plan, PlanItem } from '../apply/plan.ts'
import { TidegateError } from '../errors.ts'
import { joinPhrases, plainText } from '../report/phrase.ts'
import { cellPhrase, rowPhrase, SIGNS } from '../report/plan-phrases.ts'
import { planFacts } from '../report/plan.ts'
import type { PlanFacts, PlanRowFacts } from '../report/plan-model.ts'
import type { Context } from './context.ts'

/** What can be chosen: a cell of a row that exists, else the whole row. */
interface Pickable {
  readonly id: string
  readonly column: string | null
  readonly name: string
}

/** Whether a row (column null), or a cell of it, is to be written. */
export type Picked = (item: PlanItem, column: string | null) => boolean

/**
 * Lets a person choose rows and cells of a plan; all are chosen at first.
 * @throws TidegateError `usage` where nobody can be asked, `interrupted` when they leave with Ctrl-C.
 */
export async function pickItems({ output, terminal }: Context, plan: Plan): Promise<Picked> {
  if (terminal === null || output.json) {
    throw new TidegateError('usage', 'nobody can be asked here what to pick', {
      nextStep: 'name rows and cells with --select TABLE/NAME or --select TABLE/NAME/COLUMN',
    })
  }
  const { default: checkbox, Separator } = await import('@inquirer/checkbox')
  const facts = planFacts(plan, [])
  const shown = (name: string): string => output.redactor.redact(name)
  const choices = facts.rows.flatMap((row) => {
    const pickables = pickablesOf(row, facts)
    const isRow = pickables[0]?.column === null
    const head = isRow ? [] : [new Separator(shown(titleOf(row, facts)))]
    const options = pickables.map((value) => ({ value, name: shown(value.name), checked: true }))
    return [...head, ...options]
  })
  const message = `What shall be written to ${facts.to.environment}?`
  return pickedBy(await answered(checkbox({ message, choices, pageSize: PAGE }, terminal)))
}

const PAGE = 20

async function answered<T>(question: Promise<T>): Promise<T> {
  try {
    return await question
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ExitPromptError') throw error
    throw new TidegateError('interrupted', 'nothing was chosen; nothing was written')
  }
}

function pickablesOf(row: PlanRowFacts, facts: PlanFacts): Pickable[] {
  const { id, operation, cells } = row
  const written = cells.filter(({ secret }) => secret !== 'keep')
  const columns = Map.groupBy(written, ({ column }) => column)
  if (operation !== 'update' || columns.size === 0) {
    return [{ id, column: null, name: titleOf(row, facts) }]
  }
  return [...columns].map(([column, members]) => {
    const phrases = members.map((cell) => cellPhrase(cell, facts))
    return { id, column, name: plainText(joinPhrases(phrases, '; ')) }
  })
}

function titleOf(row: PlanRowFacts, facts: PlanFacts): string {
  return `${SIGNS[row.operation]} ${plainText(rowPhrase(row, facts))}`
}

function pickedBy(chosen: readonly Pickable[]): Picked {
  const places = Map.groupBy(chosen, ({ id }) => id)
  return ({ id }, column) => {
    const place = places.get(id) ?? []
    return place.some((one) => column === null || one.column === column)
  }
}
