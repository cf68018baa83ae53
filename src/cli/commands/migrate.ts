import { relative } from 'node:path'
import { newRun } from '../../apply/run.ts'
import { DIALECTS, type DialectName } from '../../database/contract.ts'
import { TidegateError } from '../../errors.ts'
import { createMigration } from '../../migrate/create.ts'
import { listMigrations } from '../../migrate/files.ts'
import { baseline, repairMigration, verifyMigrations } from '../../migrate/maintain.ts'
import {
  type MigrateInput,
  type MigrateResult,
  migrateDown,
  migrateRedo,
  migrateUp,
  migrationStatus,
} from '../../migrate/runner.ts'
import {
  renderMigrationStatus,
  renderPreview,
  renderVerification,
} from '../../report/migrations.ts'
import type { CommandDefinition } from '../command.ts'
import { type Context, runFacts } from '../context.ts'
import { type ConnectOptions, withDatabase } from '../with-database.ts'
import { EXIT_CODES } from '../exit-codes.ts'
import { migrateInput } from '../migrate-input.ts'
import { LOCK_OPTION, RANGE_OPTIONS, REASON_OPTION } from '../options.ts'

export const migrateCommands: readonly CommandDefinition[] = [
  {
    command: 'up',
    describe: 'apply what is pending',
    options: {
      ...RANGE_OPTIONS,
      ...LOCK_OPTION,
      'allow-out-of-order': {
        type: 'boolean',
        default: false,
        describe: 'also run migrations that sort before an applied one',
      },
    },
    examples: [['$0 migrate up --step 1', 'only the next one']],
    run: runUp,
  },
  {
    command: 'down',
    describe: 'revert the newest migration, or as many as you say',
    options: { ...RANGE_OPTIONS, ...LOCK_OPTION },
    examples: [['$0 migrate down --to 0003-repair-padded-lists', 'back to before that one']],
    run: runDown,
  },
  {
    command: 'redo',
    describe: 'revert the newest migration and apply it again',
    options: { ...RANGE_OPTIONS, ...LOCK_OPTION },
    run: runRedo,
  },
  {
    command: 'status',
    describe: 'show the state of every migration; exit 2 when one is not applied',
    examples: [['$0 migrate status --json', 'for a script']],
    run: runStatus,
  },
  {
    command: 'plan',
    describe: 'print the SQL of pending migrations without running it; exit 2 when one is pending',
    options: {
      dialect: {
        choices: DIALECTS,
        describe: 'print all migrations for this dialect, without connecting',
      },
    },
    examples: [['$0 migrate plan --dialect postgres', 'for a review']],
    run: runPlan,
  },
  {
    command: 'create <name>',
    describe: 'write the next migration file',
    examples: [['$0 migrate create add-usage-index', 'migrations/0004-add-usage-index.ts']],
    run: runCreate,
  },
  {
    command: 'verify',
    describe:
      'check that every applied migration is unedited and its effect still there; else exit 2',
    run: runVerify,
  },
  {
    command: 'repair <name>',
    describe:
      'mend the ledger: accept an edited file, forget a missing one, settle a half-done one',
    options: {
      ...REASON_OPTION,
      ...LOCK_OPTION,
      applied: { type: 'boolean', conflicts: 'not-applied', describe: 'half-done: it is done' },
      'not-applied': { type: 'boolean', describe: 'half-done: it is not done' },
    },
    examples: [['$0 migrate repair 0004-x --reason "only a comment changed"', 'accept the edit']],
    run: runRepair,
  },
  {
    command: 'baseline',
    describe:
      'mark pending migrations as applied without running them, where their effect is there',
    options: {
      to: { type: 'string', requiresArg: true, describe: 'the last one to mark' },
      ...REASON_OPTION,
      ...LOCK_OPTION,
    },
    run: runBaseline,
  },
]

const READ: ConnectOptions = {
  missingFile: 'fail',
  wait: false,
  command: 'migrate',
  onLostConnection: 'again',
}

const WRITE: ConnectOptions = { ...READ, missingFile: 'create' }

/** A lost COMMIT of a revert must not lead to a second one. */
const WRITE_ONCE: ConnectOptions = { ...READ, onLostConnection: 'stop' }

function range(context: Context): { to: string | undefined; step: number | undefined } {
  const step = context.number('step')
  if (step !== undefined && !(Number.isSafeInteger(step) && step > 0)) {
    throw new TidegateError('usage', '--step takes a whole number from 1 up')
  }
  return { to: context.string('to'), step }
}

async function withMigrations<T>(
  context: Context,
  connect: ConnectOptions,
  command: string,
  body: (input: MigrateInput) => Promise<T>,
): Promise<T> {
  const settings = await context.settings()
  const run = newRun(runFacts(settings, command))
  return withDatabase(context, settings, connect, (database) =>
    body(migrateInput(context, settings, database, run)),
  )
}

async function runUp(context: Context): Promise<void> {
  const options = { ...range(context), allowOutOfOrder: context.flag('allow-out-of-order') }
  const result = await withMigrations(context, WRITE, 'migrate up', async (input) => ({
    runId: input.run.id,
    ...(await migrateUp(input, options)),
  }))
  const applied = result.statuses
    .filter(({ record }) => record?.runId === result.runId)
    .map(({ name }) => name)
  const total = result.statuses.filter(({ state }) => state === 'applied').length
  context.output.data({
    command: 'migrate up',
    status: applied.length > 0 ? 'changed' : 'unchanged',
    applied,
    migrations: statusFacts(result.statuses),
  })
  context.output.text(
    applied.length > 0 ? `applied ${applied.join(', ')}` : `nothing pending, ${total} in place`,
  )
}

async function runDown(context: Context): Promise<void> {
  const options = range(context)
  const result = await withMigrations(context, WRITE_ONCE, 'migrate down', (input) =>
    migrateDown(input, options),
  )
  reportSteps(context, 'migrate down', result)
}

async function runRedo(context: Context): Promise<void> {
  const options = range(context)
  const result = await withMigrations(context, WRITE_ONCE, 'migrate redo', (input) =>
    migrateRedo(input, options),
  )
  reportSteps(context, 'migrate redo', result)
}

function reportSteps(
  { output }: Context,
  command: string,
  { steps, statuses }: MigrateResult,
): void {
  output.data({
    command,
    status: steps.length > 0 ? 'changed' : 'unchanged',
    steps,
    migrations: statusFacts(statuses),
  })
  const words = { up: 'applied', down: 'reverted' } as const
  const lines = steps.map(({ name, direction }) => `${words[direction]} ${name}`)
  output.text(lines.length > 0 ? lines.join('\n') : 'nothing is applied')
}

async function runStatus(context: Context): Promise<void> {
  const statuses = await withMigrations(context, READ, 'migrate status', migrationStatus)
  context.output.data({ command: 'migrate status', migrations: statusFacts(statuses) })
  context.output.text(renderMigrationStatus(statusFacts(statuses), context.output))
  if (statuses.some(({ state }) => state !== 'applied')) context.exitCode = EXIT_CODES.found
}

function statusFacts(statuses: MigrateResult['statuses']) {
  return statuses.map(({ name, state, record }) => ({
    name,
    state,
    appliedAt: record?.appliedAt ?? null,
    durationMs: record?.durationMs ?? null,
    run: record?.runId ?? null,
    reason: record?.reason ?? null,
  }))
}

async function runPlan(context: Context): Promise<void> {
  const settings = await context.settings()
  const dialect = context.string('dialect') as DialectName | undefined
  const { previewMigration } = await import('../../migrate/preview.ts')
  const files = dialect === undefined ? await pendingFiles(context) : await allFiles(settings)
  const previews = []
  for (const file of files) {
    previews.push(
      await previewMigration(file, dialect ?? settings.target.dialect, settings.gateway),
    )
  }
  context.output.data({ command: 'migrate plan', migrations: previews })
  context.output.text(renderPreview(previews))
  if (dialect === undefined && files.length > 0) context.exitCode = EXIT_CODES.found
}

async function pendingFiles(context: Context) {
  const statuses = await withMigrations(context, READ, 'migrate plan', migrationStatus)
  return statuses.flatMap(({ file, state }) =>
    file !== null && (state === 'pending' || state === 'out-of-order') ? [file] : [],
  )
}

async function allFiles({ migrationsFolder }: { readonly migrationsFolder: string }) {
  return listMigrations(migrationsFolder)
}

async function runCreate(context: Context): Promise<void> {
  const { migrationsFolder, root } = await context.settings()
  const path = relative(root, await createMigration(migrationsFolder, context.string('name') ?? ''))
  context.output.data({ command: 'migrate create', path })
  context.output.text(path)
}

async function runVerify(context: Context): Promise<void> {
  const results = await withMigrations(context, READ, 'migrate verify', verifyMigrations)
  context.output.data({ command: 'migrate verify', migrations: results })
  context.output.text(renderVerification(results, context.output))
  const isFine = results.every(({ outcome }) => outcome === 'holds' || outcome === 'unverifiable')
  if (!isFine) context.exitCode = EXIT_CODES.found
}

async function runRepair(context: Context): Promise<void> {
  const claim = context.flag('applied')
    ? 'applied'
    : context.flag('not-applied')
      ? 'not-applied'
      : undefined
  const options = {
    name: context.string('name') ?? '',
    reason: context.string('reason') ?? '',
    claim,
  } as const
  const result = await withMigrations(context, WRITE_ONCE, 'migrate repair', (input) =>
    repairMigration(input, options),
  )
  const before = { ...result.before, notes: Object.fromEntries(result.before.notes) }
  context.output.data({ command: 'migrate repair', ...result, before })
  context.output.text(`${result.name}: ${result.action.replaceAll('-', ' ')}`)
}

async function runBaseline(context: Context): Promise<void> {
  const options = { to: context.string('to'), reason: context.string('reason') ?? '' }
  const marked = await withMigrations(context, WRITE_ONCE, 'migrate baseline', (input) =>
    baseline(input, options),
  )
  context.output.data({ command: 'migrate baseline', marked })
  context.output.text(marked.length > 0 ? `marked ${marked.join(', ')}` : 'nothing was pending')
}
