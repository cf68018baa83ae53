import type { LockOptions } from '../database/contract.ts'
import { TidegateError } from '../errors.ts'
import { listMigrations } from './files.ts'
import { readLedger } from './ledger.ts'
import {
  blockersOf,
  isSettled,
  type MigrationStatus,
  planMigrations,
  type Range,
  selectDown,
  selectUp,
} from './plan.ts'
import type { Session } from './session.ts'
import type { StepEvent, StepInput } from './step.ts'

export interface MigrateInput extends StepInput {
  readonly folder: string
  readonly lock: LockOptions
}

export interface UpOptions extends Range {
  readonly allowOutOfOrder?: boolean
}

export interface MigrateResult {
  /** What this run did, in order. */
  readonly steps: readonly StepEvent[]
  /** The state of every migration afterwards. */
  readonly statuses: readonly MigrationStatus[]
}

/** Files against ledger: one query. */
export async function migrationStatus(
  input: Pick<MigrateInput, 'database' | 'folder'>,
): Promise<MigrationStatus[]> {
  const [files, ledger] = await Promise.all([
    listMigrations(input.folder),
    readLedger(input.database),
  ])
  return planMigrations(files, ledger)
}

/**
 * Applies what is pending, each migration in one transaction with its ledger row. With nothing
 * pending it costs one query: no lock, no write. Otherwise the lock is taken first and the ledger
 * is read again.
 * @throws TidegateError `ledger` when the history needs a person, `migration` when a step fails.
 */
export async function migrateUp(input: MigrateInput, options: UpOptions): Promise<MigrateResult> {
  const statuses = await migrationStatus(input)
  assertKnown(statuses, options.to)
  if (isSettled(statuses)) return { steps: [], statuses }
  assertNoBlockers(statuses, options)
  return input.database.withLock(input.lock, async () => {
    const fresh = await migrationStatus(input)
    assertNoBlockers(fresh, options)
    const session = await openSession(input)
    await session.up(selectUp(fresh, options))
    return { steps: session.steps, statuses: await migrationStatus(input) }
  })
}

/**
 * Reverts the newest migration, or as far as `range` says (`to` is reverted too).
 * @throws TidegateError `migration`, before anything is reverted, when one of them has no `down`.
 */
export function migrateDown(input: MigrateInput, range: Range): Promise<MigrateResult> {
  return revert(input, range, (session, selected) => session.down(selected))
}

/** Reverts the newest migration, or as far as `range` says, and applies it again, under one lock. */
export function migrateRedo(input: MigrateInput, range: Range): Promise<MigrateResult> {
  return revert(input, range, async (session, selected) => {
    await session.down(selected)
    await session.up(selected.toReversed())
  })
}

async function revert(
  input: MigrateInput,
  range: Range,
  act: (session: Session, selected: readonly MigrationStatus[]) => Promise<void>,
): Promise<MigrateResult> {
  assertKnown(await migrationStatus(input), range.to)
  return input.database.withLock(input.lock, async () => {
    const statuses = await migrationStatus(input)
    assertNoBlockers(statuses, { allowOutOfOrder: true })
    const selected = selectDown(statuses, range)
    assertFinished(selected)
    const session = await openSession(input)
    await act(session, selected)
    return { steps: session.steps, statuses: await migrationStatus(input) }
  })
}

/** Loaded only when there is something to run: most deploys find nothing pending. */
async function openSession(input: MigrateInput): Promise<Session> {
  const { Session } = await import('./session.ts')
  return new Session(input)
}

function assertNoBlockers(
  statuses: readonly MigrationStatus[],
  { allowOutOfOrder = false }: UpOptions,
): void {
  const blockers = blockersOf(statuses, { allowOutOfOrder })
  const [first] = blockers
  if (first === undefined) return
  const message = blockers.map((blocker) => blocker.message).join('; ')
  throw new TidegateError('ledger', `nothing was run: ${message}`, {
    nextStep: first.nextStep,
    details: { blockers },
  })
}

/** Nobody knows what of a migration that died half-way is there to be reverted. */
function assertFinished(selected: readonly MigrationStatus[]): void {
  const failed = selected.find(({ state }) => state === 'failed')
  if (failed === undefined) return
  const { name } = failed
  throw new TidegateError(
    'ledger',
    `nothing was reverted: ${name} was started and never finished`,
    {
      nextStep: `finish it with \`tidegate migrate up\`, or settle it with \`tidegate migrate repair ${name} --reason "…"\``,
    },
  )
}

/** `to` is compared by its order too: a name that is no migration's would choose by accident. */
export function assertKnown(statuses: readonly MigrationStatus[], to: string | undefined): void {
  if (to === undefined || statuses.some(({ name }) => name === to)) return
  throw new TidegateError('usage', `--to: there is no migration of that name`, {
    nextStep: 'list the names with `tidegate migrate status`',
  })
}
