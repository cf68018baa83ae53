import type { GatewayName } from '../config/define.ts'
import type { Run } from '../apply/run.ts'
import type { Database } from '../database/contract.ts'
import { retryTransaction } from '../database/retry.ts'
import { TidegateError } from '../errors.ts'
import { DatabaseMigrationContext } from './context.ts'
import type { Migration } from './define.ts'
import type { MigrationFile } from './files.ts'
import { aroundMigration, inMigration, NOTHING_KEPT, PART_KEPT } from './in-migration.ts'
import {
  deleteRecord,
  ensureLedger,
  isApplied,
  type LedgerRecord,
  readLedger,
  writeRecord,
} from './ledger.ts'

export interface StepInput {
  readonly database: Database
  readonly gateway: GatewayName
  readonly run: Run
  readonly onStep?: (event: StepEvent) => void
}

export interface StepEvent {
  readonly name: string
  readonly direction: 'up' | 'down'
  readonly durationMs: number
}

export interface Step {
  readonly file: MigrationFile
  readonly record: LedgerRecord | null
  readonly migration: Migration
}

/** Runs single migrations, each with its ledger row in its own transaction. */
export class StepRunner {
  readonly #input: StepInput

  constructor(input: StepInput) {
    this.#input = input
  }

  async up(step: Step): Promise<void> {
    const started = performance.now()
    const ran = await aroundMigration(step.file, 'up', leftOf(step), () =>
      step.migration.transaction === false
        ? this.#upWithoutTransaction(step, started)
        : this.#upInTransaction(step, started),
    )
    if (ran) this.#report(step, 'up', started)
  }

  #upInTransaction(step: Step, started: number): Promise<boolean> {
    const { database } = this.#input
    return retryTransaction(() =>
      database.transaction(async () => {
        await ensureLedger(database)
        if (await this.#isRecorded(step)) return false
        const context = this.#context(step)
        await this.#run(step, 'up', () => step.migration.up(database.queries, context))
        await writeRecord(database, this.#record(step, 'applied', started, context.notes))
        return true
      }),
    )
  }

  async #upWithoutTransaction(step: Step, started: number): Promise<boolean> {
    const { database } = this.#input
    await this.#assertSession(step)
    await database.transaction(() => ensureLedger(database))
    if (await this.#isRecorded(step)) return false
    const context = this.#context(step)
    if (step.record?.state === 'started' && (await this.#recover(step, context))) {
      await this.#commitRecord(this.#record(step, 'applied', started, context.notes))
      return true
    }
    await this.#commitRecord(this.#record(step, 'started', started, context.notes))
    await this.#run(step, 'up', () => step.migration.up(database.queries, context))
    await this.#commitRecord(this.#record(step, 'applied', started, context.notes))
    return true
  }

  async #commitRecord(record: LedgerRecord): Promise<void> {
    const { database } = this.#input
    await database.transaction(() => writeRecord(database, record))
  }

  /** A step that died half-way: whether its effect is there. Without `verify` nobody can know. */
  async #recover({ file, migration }: Step, context: DatabaseMigrationContext): Promise<boolean> {
    if (migration.verify === undefined) {
      throw new TidegateError('migration', `${file.name} was started and never finished`, {
        nextStep: `look at the database, then run \`tidegate migrate repair ${file.name} --reason "…"\` with --applied or --not-applied`,
      })
    }
    return inMigration(file, 'verify', () =>
      migration.verify!(this.#input.database.queries, context),
    )
  }

  async #assertSession({ file }: Step): Promise<void> {
    if ((await this.#input.database.capabilities()).sessions) return
    throw new TidegateError(
      'migration',
      `${file.name} does not run in a transaction and the connection goes through a transaction pooler`,
      { nextStep: "give the direct address of the server, not the pooler's" },
    )
  }

  async down(step: Step): Promise<void> {
    const started = performance.now()
    const ran = await aroundMigration(step.file, 'down', leftOf(step), () => this.#revert(step))
    if (ran) this.#report(step, 'down', started)
  }

  /** @returns false when another run has reverted it meanwhile. */
  async #revert(step: Step): Promise<boolean> {
    const { database } = this.#input
    const revert = async (): Promise<boolean> => {
      if (!(await this.#isRecorded(step))) return false
      const context = this.#context(step)
      await this.#run(step, 'down', () => step.migration.down!(database.queries, context))
      await deleteRecord(database, step.file.name)
      return true
    }
    if (step.migration.transaction !== false) {
      return retryTransaction(() => database.transaction(revert))
    }
    await this.#assertSession(step)
    return revert()
  }

  #run(step: Step, direction: StepEvent['direction'], body: () => Promise<void>): Promise<void> {
    return inMigration(step.file, direction, body, leftOf(step))
  }

  async #isRecorded({ file }: Step): Promise<boolean> {
    const ledger = await readLedger(this.#input.database)
    return ledger.some((record) => record.name === file.name && isApplied(record))
  }

  #context({ file, record }: Step): DatabaseMigrationContext {
    const { database, gateway, run } = this.#input
    const notes = record?.notes ?? new Map<string, string>()
    return new DatabaseMigrationContext({ database, gateway, run, name: file.name, notes })
  }

  #record(
    { file }: Step,
    state: LedgerRecord['state'],
    started: number,
    notes: ReadonlyMap<string, string>,
  ): LedgerRecord {
    const { run } = this.#input
    return {
      name: file.name,
      checksum: file.checksum,
      state,
      appliedAt: new Date().toISOString(),
      durationMs: Math.round(performance.now() - started),
      runId: run.id,
      toolVersion: run.toolVersion,
      notes,
      reason: null,
    }
  }

  #report({ file }: Step, direction: StepEvent['direction'], started: number): void {
    const durationMs = Math.round(performance.now() - started)
    this.#input.onStep?.({ name: file.name, direction, durationMs })
  }
}

function leftOf({ migration }: Step): string {
  return migration.transaction === false ? PART_KEPT : NOTHING_KEPT
}
