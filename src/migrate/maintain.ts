import { TidegateError } from '../errors.ts'
import { DatabaseMigrationContext } from './context.ts'
import { loadMigration, type MigrationFile } from './files.ts'
import { inMigration } from './in-migration.ts'
import { deleteRecord, ensureLedger, type LedgerRecord, writeRecord } from './ledger.ts'
import { blockersOf, type MigrationStatus } from './plan.ts'
import { assertKnown, type MigrateInput, migrationStatus } from './runner.ts'

export interface Verification {
  readonly name: string
  /** `unverifiable`: the migration has no verify(), only its checksum was compared. */
  readonly outcome: 'holds' | 'broken' | 'unverifiable' | MigrationStatus['state']
  readonly message: string
}

/** Compares checksums and asks every applied migration whether its effect is there. No writes. */
export async function verifyMigrations(input: MigrateInput): Promise<Verification[]> {
  const results: Verification[] = []
  for (const status of await migrationStatus(input)) {
    if (status.state === 'pending') continue
    results.push(await verifyOne(input, status))
  }
  return results
}

async function verifyOne(input: MigrateInput, status: MigrationStatus): Promise<Verification> {
  const { name, file, state } = status
  if (state !== 'applied' || file === null) {
    const [blocker] = blockersOf([status], { allowOutOfOrder: false })
    return { name, outcome: state, message: blocker?.message ?? 'started and never finished' }
  }
  const effect = await effectIsThere(input, status, file)
  if (effect === null) {
    return {
      name,
      outcome: 'unverifiable',
      message: 'checksum equal; it brings no check of its effect',
    }
  }
  return effect
    ? { name, outcome: 'holds', message: 'checksum equal, effect present' }
    : { name, outcome: 'broken', message: 'checksum equal, but its effect is not in the database' }
}

async function effectIsThere(
  { database, gateway, run }: MigrateInput,
  { name, record }: Pick<MigrationStatus, 'name' | 'record'>,
  file: MigrationFile,
): Promise<boolean | null> {
  const migration = await loadMigration(file)
  if (migration.verify === undefined) return null
  const notes = record?.notes ?? new Map<string, string>()
  const context = new DatabaseMigrationContext({ database, gateway, run, name, notes })
  return inMigration(file, 'verify', () => migration.verify!(database.queries, context))
}

export interface RepairOptions {
  readonly name: string
  /** Why; kept in the ledger. */
  readonly reason: string
  /** For a migration that died half-way and has no verify(): what a person found. */
  readonly claim?: 'applied' | 'not-applied' | undefined
}

export interface RepairResult {
  readonly name: string
  readonly action: 'checksum-accepted' | 'record-removed' | 'marked-applied'
  /** The ledger row as it was. */
  readonly before: LedgerRecord
}

/**
 * Mends one ledger row after a person decided: accepts an edited file, forgets a migration whose
 * file is gone, settles one that died half-way. Never runs a migration.
 * @throws TidegateError `ledger` when there is nothing to repair.
 */
export async function repairMigration(
  input: MigrateInput,
  options: RepairOptions,
): Promise<RepairResult> {
  return input.database.withLock(input.lock, async () => {
    const statuses = await migrationStatus(input)
    const status = statuses.find(({ name }) => name === options.name)
    if (status === undefined || status.record === null || status.state === 'applied') {
      throw new TidegateError('ledger', `there is nothing to repair about that migration`, {
        nextStep: 'see `tidegate migrate status`',
      })
    }
    const repair = await decideRepair(input, status, status.record, options)
    await input.database.transaction(repair.write)
    return { name: status.name, action: repair.action, before: status.record }
  })
}

interface Repair {
  readonly action: RepairResult['action']
  readonly write: () => Promise<void>
}

async function decideRepair(
  input: MigrateInput,
  status: MigrationStatus,
  record: LedgerRecord,
  { reason, claim }: RepairOptions,
): Promise<Repair> {
  const { database } = input
  const remove: Repair = {
    action: 'record-removed',
    write: () => deleteRecord(database, status.name),
  }
  if (status.file === null) return remove
  const accepted = { ...record, checksum: status.file.checksum, reason }
  if (status.state === 'altered') {
    return { action: 'checksum-accepted', write: () => writeRecord(database, accepted) }
  }
  const there = await effectIsThere(input, status, status.file)
  const settled = there ?? claimed(status.name, claim)
  if (!settled) return remove
  const applied: LedgerRecord = { ...accepted, state: 'applied' }
  return { action: 'marked-applied', write: () => writeRecord(database, applied) }
}

function claimed(name: string, claim: RepairOptions['claim']): boolean {
  if (claim !== undefined) return claim === 'applied'
  throw new TidegateError('ledger', `${name} has no verify(), so its effect cannot be looked up`, {
    nextStep: 'look at the database and say --applied or --not-applied',
  })
}

/**
 * Marks pending migrations as applied without running them, for a database that already has their
 * effect. Each one that has a verify() must find its effect.
 * @throws TidegateError `ledger`, before anything is written, when one does not.
 */
export async function baseline(
  input: MigrateInput,
  options: { readonly to?: string | undefined; readonly reason: string },
): Promise<string[]> {
  return input.database.withLock(input.lock, async () => {
    const statuses = await migrationStatus(input)
    assertKnown(statuses, options.to)
    const pending = statuses.filter(
      ({ state, name }) => state === 'pending' && (options.to === undefined || name <= options.to),
    )
    const files = pending.flatMap(({ file }) => (file === null ? [] : [file]))
    for (const file of files) await assertEffect(input, file)
    if (files.length > 0) {
      await input.database.transaction(async () => {
        await ensureLedger(input.database)
        for (const file of files) {
          await writeRecord(input.database, baselineRecord(input, file, options.reason))
        }
      })
    }
    return files.map(({ name }) => name)
  })
}

async function assertEffect(input: MigrateInput, file: MigrationFile): Promise<void> {
  const there = await effectIsThere(input, { name: file.name, record: null }, file)
  if (there !== false) return
  throw new TidegateError('ledger', `${file.name} is not in this database; nothing was marked`, {
    nextStep: 'run it with `tidegate migrate up`, or baseline up to an earlier one with --to',
  })
}

function baselineRecord(
  { run }: MigrateInput,
  { name, checksum }: MigrationFile,
  reason: string,
): LedgerRecord {
  return {
    name,
    checksum,
    state: 'applied',
    appliedAt: run.startedAt.toISOString(),
    durationMs: 0,
    runId: run.id,
    toolVersion: run.toolVersion,
    notes: new Map(),
    reason,
  }
}
