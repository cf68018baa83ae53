import { newRun } from '../apply/run.ts'
import { planRepairs, type RepairPlan, repairsOf } from '../doctor/repair-plan.ts'
import { applyRepairs, type RepairResult } from '../doctor/repair.ts'
import { RULE_IDS, type RuleId } from '../doctor/rule-table.ts'
import { TidegateError } from '../errors.ts'
import { escapeText } from '../report/escape.ts'
import { abilityFacts, cellFacts } from '../report/model.ts'
import { renderTable } from '../report/table.ts'
import { type Context, runFacts } from './context.ts'
import { type ConnectOptions, withDatabase } from './with-database.ts'
import { EXIT_CODES } from './exit-codes.ts'
import { prepareReload } from './reload.ts'

/** Enabling again is a decision: somebody, or the gateway, had a reason to disable it. */
const ONLY_WHEN_NAMED: ReadonlySet<RuleId> = new Set(['C7'])

const CONNECT: ConnectOptions = {
  missingFile: 'fail',
  wait: false,
  command: 'doctor',
  onLostConnection: 'again',
}

/** `--fix`: writes the repairs of the rules that are named, or with `--dry-run` shows them. */
export async function runFixes(context: Context): Promise<void> {
  const rules = rulesToFix(context.string('fix') ?? '')
  const settings = await context.settings()
  if (context.flag('dry-run')) {
    const plan = await withDatabase(context, settings, CONNECT, (database) =>
      planRepairs(database, rules),
    )
    printPlan(context, plan)
    return
  }
  const reload = prepareReload(context, settings)
  const run = newRun(runFacts(settings, 'doctor --fix'))
  const result = await withDatabase(context, settings, CONNECT, (database) =>
    applyRepairs({ database, run, rules, lock: context.lock(settings) }),
  )
  noteResult(context, run.id, result)
  if (result.channels.length > 0) await reload?.()
}

/** `A5,C2`; every safe repair for an empty text. */
function rulesToFix(text: string): RuleId[] {
  const named = text.split(/[\s,]+/).filter((word) => word !== '')
  if (named.length === 0)
    return RULE_IDS.filter((rule) => isFixable(rule) && !ONLY_WHEN_NAMED.has(rule))
  return named.map((word) => {
    const rule = RULE_IDS.find((id) => id === word.toUpperCase())
    if (rule !== undefined && isFixable(rule)) return rule
    throw new TidegateError('usage', '--fix: this is no rule whose finding can be repaired here', {
      nextStep: `use ${RULE_IDS.filter(isFixable).join(', ')}; for the others a finding says what to run`,
    })
  })
}

function isFixable(rule: RuleId): boolean {
  return repairsOf(rule).length > 0
}

/** Exit code 2 when something would be written. */
function printPlan(context: Context, { channels, sequences, skipped }: RepairPlan): void {
  const { output } = context
  const repairs = channels.map(({ rule, channelId, changes }) => ({
    rule,
    channel: channelId,
    cells: cellFacts(changes),
    abilities: abilityFacts(changes),
  }))
  warnSkipped(context, skipped)
  const isOpen = repairs.length + sequences.length > 0
  output.data({
    command: 'doctor --fix',
    status: isOpen ? 'pending' : 'settled',
    repairs,
    sequences,
  })
  output.text(isOpen ? planTable(context, repairs, sequences) : 'nothing to repair')
  if (isOpen) context.exitCode = EXIT_CODES.found
}

interface PlannedRepair {
  readonly rule: RuleId
  readonly channel: string
  readonly cells: ReturnType<typeof cellFacts>
  readonly abilities: ReturnType<typeof abilityFacts>
}

function planTable(
  { output }: Context,
  repairs: readonly PlannedRepair[],
  sequences: readonly string[],
): string {
  const rows = repairs.map(({ rule, channel, cells, abilities }) => [
    rule,
    escapeText(channel),
    [
      ...cells.map(({ column, before, after }) => `${column}: ${show(before)} → ${show(after)}`),
      counts(abilities),
    ]
      .filter((line) => line !== '')
      .join('\n'),
  ])
  const moved = sequences.map((table) => ['S1', '', `the sequence of ${escapeText(table)}`])
  return renderTable(['rule', 'channel', 'would be written'], [...rows, ...moved], output)
}

function show(value: string | null): string {
  return value === null ? 'NULL' : JSON.stringify(escapeText(value))
}

function counts({ insert, update, remove }: PlannedRepair['abilities']): string {
  return insert + update + remove === 0 ? '' : `abilities: +${insert} ~${update} -${remove}`
}

/** On stderr: the report that follows is of the database as it is now. */
function noteResult(context: Context, runId: string, result: RepairResult): void {
  const { channels, sequences, skipped } = result
  warnSkipped(context, skipped)
  for (const { rule, channelId, columns, ...abilities } of channels) {
    const parts = [columns.join(', '), counts(abilities)].filter((part) => part !== '')
    context.output.note(`${rule}: channel ${escapeText(channelId)}: ${parts.join('; ')}`)
  }
  for (const table of sequences)
    context.output.note(`S1: the sequence of ${escapeText(table)} moved`)
  const isDone = channels.length + sequences.length > 0
  context.output.note(isDone ? `repaired by run ${runId}` : 'nothing to repair')
}

function warnSkipped({ output }: Context, skipped: readonly string[]): void {
  if (skipped.length === 0) return
  output.warn(
    `channels ${skipped.slice(0, 20).join(', ')} hold values that the gateway cannot read (C11, A7): correct those first`,
  )
}
