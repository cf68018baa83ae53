import { listRuns, newestToUndo } from '../apply/journal-runs.ts'
import { pruneJournal } from '../apply/prune.ts'
import { newRun, type Run } from '../apply/run.ts'
import { planUndo, undoRun, type UndoPlan } from '../apply/undo-run.ts'
import type { Settings } from '../config/settings.ts'
import type { Database } from '../database/contract.ts'
import { DatabaseError, TidegateError } from '../errors.ts'
import { hideSecrets } from '../gateway/secret-scan.ts'
import { escapeText } from '../report/escape.ts'
import { renderRuns, renderUndo } from '../report/undo.ts'
import { confirm } from './confirm.ts'
import { type Context, runFacts } from './context.ts'
import { type ConnectOptions, withDatabase } from './with-database.ts'
import { EXIT_CODES } from './exit-codes.ts'
import { prepareReload, reportAndReload } from './reload.ts'

const CONNECT: ConnectOptions = {
  missingFile: 'fail',
  wait: false,
  command: 'undo',
  // A second attempt would find nothing left to undo, or choose another run.
  onLostConnection: 'stop',
}

/** What `undo` does. */
export async function runUndo(context: Context): Promise<void> {
  assertOneTask(context)
  const settings = await context.settings()
  if (context.flag('list'))
    return inJournal(context, settings, (database) => list(context, database))
  if (context.flag('prune')) {
    return inJournal(context, settings, (database) => prune(context, settings, database))
  }
  const run = newRun(runFacts(settings, 'undo'))
  const reload = prepareReload(context, settings)
  const result = await inJournal(context, settings, (database) =>
    undo(context, settings, { database, run }),
  )
  if (result === null) return
  if (result.left.length > 0) context.exitCode = EXIT_CODES.found
  const isChanged = result.units.length > 0
  await reportAndReload(context, isChanged ? reload : null, () => report(context, result, run))
}

function assertOneTask(context: Context): void {
  const tasks = ['list', 'prune', 'run'].filter(
    (name) => context.flag(name) || context.string(name) !== undefined,
  )
  if (tasks.length < 2) return
  throw new TidegateError('usage', '--list, --prune and the name of a run exclude each other', {
    nextStep: 'give one of them',
  })
}

function inJournal<T>(
  context: Context,
  settings: Settings,
  body: (database: Database) => Promise<T>,
): Promise<T> {
  return withDatabase(context, settings, CONNECT, async (database) => {
    if ((await database.catalog()).has('tidegate_journal')) return body(database)
    throw new TidegateError('journal', 'this database has no journal: tidegate never wrote to it', {
      nextStep: 'check which database the run is connected to: tidegate migrate status',
    })
  })
}

async function list({ output }: Context, database: Database): Promise<void> {
  const runs = await listRuns(database)
  output.data({ command: 'undo --list', runs })
  output.text(renderRuns(runs, output))
}

async function prune(context: Context, settings: Settings, database: Database): Promise<void> {
  const { journalRuns: keepRuns, journalDays: keepDays } = settings
  const pruned = await pruneJournal(database, { keepRuns, keepDays }, new Date())
  context.output.data({ command: 'undo --prune', ...pruned })
  context.output.text(`${pruned.runs} runs and ${pruned.entries} rows dropped from the journal`)
}

interface Undoing {
  readonly database: Database
  readonly run: Run
}

/** Null when nothing was written: there was nothing, it was only shown, or somebody said no. */
async function undo(
  context: Context,
  settings: Settings,
  { database, run }: Undoing,
): Promise<UndoPlan | null> {
  const runId = context.string('run') ?? newestToUndo(await listRuns(database))?.id
  if (runId === undefined) {
    context.output.data({ command: 'undo', status: 'settled', run: null, units: [], left: [] })
    context.output.text('nothing to undo')
    return null
  }
  const plan = await planUndo(database, runId, run.journalKey)
  if (plan.units.length === 0 || context.flag('dry-run')) {
    showPlan(context, plan)
    return null
  }
  context.output.text(describe(plan))
  const question = `Undo run ${runId} in ${settings.environment} (${settings.target.label})?`
  if (await confirm(context, question)) {
    return write(context, settings, { database, run, runId }).catch((error: unknown) => {
      throw namingRun(error, runId)
    })
  }
  context.output.note('nothing was undone')
  return null
}

async function write(
  context: Context,
  settings: Settings,
  { database, run, runId }: Undoing & { readonly runId: string },
): Promise<UndoPlan> {
  const result = await undoRun({ database, runId, run, lock: context.lock(settings) })
  const { journalRuns: keepRuns, journalDays: keepDays } = settings
  await pruneJournal(database, { keepRuns, keepDays }, run.startedAt)
  return result
}

/** It may be undone: whoever runs the command again without a name would undo another run. */
function namingRun(error: unknown, runId: string): unknown {
  if (!(error instanceof DatabaseError) || error.facts.retry !== 'connection') return error
  const nextStep = `run \`tidegate undo ${runId}\`: it says so if that run is undone already`
  return new DatabaseError('connection', error.message, error.facts, nextStep)
}

function showPlan(context: Context, plan: UndoPlan): void {
  const isFound = plan.units.length + plan.left.length > 0
  const status = plan.units.length > 0 ? 'pending' : 'settled'
  context.output.data({ command: 'undo', status, ...facts(plan) })
  context.output.text(isFound ? describe(plan) : `run ${escapeText(plan.runId)} is undone already`)
  if (isFound) context.exitCode = EXIT_CODES.found
}

function describe({ runId, units, left }: UndoPlan): string {
  return `run ${escapeText(runId)}\n${renderUndo(units, left)}`
}

/** A key of a row may be a text in which somebody has put a secret. */
function facts({ runId, units, left }: UndoPlan) {
  const hidden = (some: UndoPlan['units']) =>
    some.map(({ rows }) => ({
      rows: rows.map((row) => ({ ...row, name: row.name === null ? null : hideSecrets(row.name) })),
    }))
  return { run: runId, units: hidden(units), left: hidden(left) }
}

function report({ output }: Context, result: UndoPlan, run: Run): void {
  const { id: undoneBy, environment } = run
  const status = result.units.length > 0 ? 'changed' : 'unchanged'
  output.data({ command: 'undo', status, undoneBy, ...facts(result) })
  const rows = result.units.reduce((sum, unit) => sum + unit.rows.length, 0)
  output.text(
    `${rows} rows put back; \`tidegate undo ${undoneBy} --env ${environment}\` takes that back`,
  )
  if (result.left.length > 0) output.text(renderUndo([], result.left))
}
