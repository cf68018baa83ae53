import type { Plan } from '../apply/plan.ts'
import type { Run } from '../apply/run.ts'
import type { StaleError } from '../errors.ts'
import { planFacts } from '../report/plan.ts'
import { renderStale, type StaleRowFacts } from '../report/plan-stale.ts'
import { renderPlanText } from '../report/plan-text.ts'
import { writtenVerdict } from '../report/plan-phrases.ts'
import { plainText } from '../report/phrase.ts'
import { shellWord } from '../shell-word.ts'
import type { Context } from './context.ts'
import type { Planned } from './plan-input.ts'

export type Shown = Pick<Planned, 'plan' | 'left'>

/** Whether there is neither a row to write nor anything to remember. */
export function isEmptyPlan({ items, memory, forgotten, seeds }: Plan): boolean {
  return items.length + memory.length + forgotten.length + seeds.length === 0
}

export interface PrintOptions {
  readonly command?: string
  /** The command that writes it. */
  readonly next?: string | null
  /** See `PlanTextOptions`. */
  readonly brief?: boolean
}

/** What would be written, and what is left alone. */
export function printPlan(
  { output }: Context,
  { plan, left }: Shown,
  { command = plan.command, next = null, brief = false }: PrintOptions = {},
): void {
  const facts = planFacts(plan, left)
  const status = plan.items.length === 0 ? 'settled' : 'pending'
  output.data({ command, status, next, ...facts })
  output.text(renderPlanText(facts, { width: output.width, colors: output.colors, next, brief }))
}

/** What was written, by which run, and how it is taken back where there is something to take back. */
export function printWritten({ output }: Context, { plan, left }: Shown, run: Run): void {
  const facts = planFacts(plan, left)
  const isUndoable = plan.items.length > 0
  const undo = isUndoable ? `tidegate undo ${run.id} --env ${shellWord(run.environment)}` : null
  output.data({ command: run.command, status: 'changed', run: run.id, undo, ...facts })
  output.text(plainText(writtenVerdict(facts)))
  if (undo !== null) output.text(`run ${run.id}; to take it back: ${undo}`)
}

/** What has moved since the plan was made. */
export function printStale({ output }: Context, command: string, error: StaleError): void {
  const { message, details } = error
  const nextStep = command === 'apply' ? MAKE_ANEW : (error.nextStep ?? null)
  const rows = (details['rows'] ?? []) as readonly StaleRowFacts[]
  const count = Number(details['count'] ?? rows.length)
  output.data({ command, status: 'stale', message, count, rows, nextStep })
  output.text(renderStale({ message, nextStep, rows, count }, output))
}

const MAKE_ANEW = 'make the plan anew with `tidegate plan`, look at it, and apply that'
