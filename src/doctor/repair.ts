import { recordRun, type Run } from '../apply/run.ts'
import { SecretValues } from '../apply/secrets.ts'
import { applyChanges } from '../apply/writer.ts'
import type { Catalog, Database, LockOptions } from '../database/contract.ts'
import { retryTransaction } from '../database/retry.ts'
import { StaleError, TidegateError } from '../errors.ts'
import { Fingerprinter } from '../snapshot/fingerprint.ts'
import { type ChannelRepair, lateSequences, readRepairs } from './repair-plan.ts'
import type { RuleId } from './rule-table.ts'

/** Repairs are planned anew when a row changed between plan and write; more often is no coincidence. */
const PLAN_ATTEMPTS = 5

export interface RepairInput {
  readonly database: Database
  readonly run: Run
  readonly lock: LockOptions
  /** Those that are found, or those that a person names; see `repairsOf`. */
  readonly rules: readonly RuleId[]
}

/** What was written for one channel, or for one id that no channel has. */
export interface Repaired {
  readonly rule: RuleId
  readonly channelId: string
  /** Columns of the channel itself. */
  readonly columns: readonly string[]
  /** Abilities. */
  readonly insert: number
  readonly update: number
  readonly remove: number
}

export interface RepairResult {
  readonly channels: readonly Repaired[]
  /** Tables whose sequence was moved. */
  readonly sequences: readonly string[]
  /** See `RepairPlan.skipped`. */
  readonly skipped: readonly string[]
  /** The database was read again after the last write, and nothing is left to repair. */
  readonly verified: true
}

/**
 * Repairs what these rules find, one transaction per channel, journalled as `doctor:<rule>`. When
 * nothing is wrong nothing is written and no lock is taken. Afterwards everything is read again.
 * @throws TidegateError `stale` when rows keep changing under the run, `value` when a group or a
 *   model does not fit its column; other channels may be repaired by then.
 */
export async function applyRepairs(input: RepairInput): Promise<RepairResult> {
  const { database, lock } = input
  const catalog = await database.catalog()
  if (!catalog.has('tidegate_journal')) throw unprepared()
  const repairer = new Repairer(input, catalog)
  if (await repairer.isSettled()) return repairer.result()
  return database.withLock(lock, async () => {
    for (let attempt = 1; attempt <= PLAN_ATTEMPTS; attempt += 1) {
      await repairer.writeOpen()
      if (await repairer.isSettled()) return repairer.result()
    }
    throw unsettled()
  })
}

class Repairer {
  readonly #input: RepairInput
  readonly #catalog: Catalog
  readonly #fingerprinter = new Fingerprinter()
  readonly #channels: Repaired[] = []
  readonly #sequences: string[] = []
  readonly #skipped = new Set<string>()

  constructor(input: RepairInput, catalog: Catalog) {
    this.#input = input
    this.#catalog = catalog
  }

  result(): RepairResult {
    const [channels, sequences] = [this.#channels, this.#sequences]
    return { channels, sequences, skipped: [...this.#skipped], verified: true }
  }

  async isSettled(): Promise<boolean> {
    const { database, rules } = this.#input
    this.#skipped.clear()
    for await (const { channels, skipped } of readRepairs(database, this.#catalog, rules)) {
      if (channels.length > 0) return false
      for (const id of skipped) this.#skipped.add(id)
    }
    return (await lateSequences(database, rules)).length === 0
  }

  async writeOpen(): Promise<void> {
    const { database, rules } = this.#input
    for await (const { channels } of readRepairs(database, this.#catalog, rules)) {
      for (const repair of channels) await this.#writeIfCurrent(repair)
    }
    for (const table of await lateSequences(database, rules)) await this.#advance(table)
  }

  /** A stale repair is left to the next round, which plans it anew. */
  async #writeIfCurrent(repair: ChannelRepair): Promise<void> {
    try {
      await retryTransaction(() => this.#write(repair))
      this.#channels.push(summarise(repair))
    } catch (error) {
      if (!(error instanceof StaleError)) throw error
    }
  }

  async #write({ rule, changes }: ChannelRepair): Promise<void> {
    const { database, run } = this.#input
    await database.transaction(() =>
      applyChanges({
        database,
        catalog: this.#catalog,
        fingerprinter: this.#fingerprinter,
        changes,
        secrets: new SecretValues(),
        run,
        source: `doctor:${rule}`,
      }),
    )
  }

  /** To ask for an id moves the sequence past all others. It costs that one id. */
  async #advance(table: string): Promise<void> {
    const { database, run } = this.#input
    await retryTransaction(() =>
      database.transaction(async () => {
        await recordRun(database, run)
        await database.nextIds(table, 1)
      }),
    )
    this.#sequences.push(table)
  }
}

function summarise({ rule, channelId, changes }: ChannelRepair): Repaired {
  const rebuild = changes.find((change) => change.kind === 'rebuild')
  return {
    rule,
    channelId,
    columns: changes.flatMap((change) =>
      change.kind === 'update' ? change.cells.map(({ column }) => column) : [],
    ),
    insert: rebuild?.insert.length ?? 0,
    update: rebuild?.update.length ?? 0,
    remove: rebuild?.remove.length ?? 0,
  }
}

function unprepared(): TidegateError {
  return new TidegateError(
    'ledger',
    'the tables in which repairs are journalled do not exist yet',
    {
      nextStep: 'make them first: tidegate migrate up',
    },
  )
}

function unsettled(): TidegateError {
  const message = `after ${PLAN_ATTEMPTS} rounds rows of channels and abilities still keep changing`
  return new TidegateError('stale', message, {
    nextStep: 'look for a program that writes the same rows, then run the command again',
  })
}
