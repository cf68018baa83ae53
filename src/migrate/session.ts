import { Umzug } from 'umzug'
import { TidegateError } from '../errors.ts'
import type { Migration } from './define.ts'
import { loadMigration, type MigrationFile } from './files.ts'
import { isApplied, readLedger } from './ledger.ts'
import type { MigrationStatus } from './plan.ts'
import { type Step, type StepEvent, type StepInput, StepRunner } from './step.ts'

/** One locked run: Umzug gives the order and the events, each step brings its own ledger row. */
export class Session {
  readonly #input: StepInput
  readonly #runner: StepRunner
  readonly steps: StepEvent[] = []
  /** The first error of a step as it was thrown; Umzug wraps it into one that quotes it. */
  #failure: unknown

  constructor(input: StepInput) {
    this.#input = input
    this.#runner = new StepRunner({ ...input, onStep: (event) => this.#report(event) })
  }

  async up(selected: readonly MigrationStatus[]): Promise<void> {
    const loaded = await this.#load(selected)
    await this.#drive(loaded, [], (umzug, names) => umzug.up({ migrations: names }))
  }

  async down(selected: readonly MigrationStatus[]): Promise<void> {
    const loaded = await this.#load(selected)
    for (const { file, migration } of loaded) assertReversible(file, migration)
    const names = loaded.map(({ file }) => file.name)
    await this.#drive(loaded, names, (umzug) => umzug.down({ migrations: names }))
  }

  async #load(selected: readonly MigrationStatus[]): Promise<Step[]> {
    return Promise.all(
      selected.map(async ({ file, record }) => {
        if (file === null)
          throw new TidegateError('internal', 'a migration without a file was chosen')
        return { file, record, migration: await loadMigration(file) }
      }),
    )
  }

  /**
   * Umzug is told that nothing but `executed` is applied: where no lock is held over the whole run
   * another one may be faster, and each step looks for itself, in its own transaction.
   */
  async #drive(
    steps: readonly Step[],
    executed: readonly string[],
    go: (umzug: Umzug, names: string[]) => Promise<unknown>,
  ): Promise<void> {
    if (steps.length === 0) return
    const umzug = new Umzug({
      migrations: steps
        .toSorted((a, b) => (a.file.name < b.file.name ? -1 : 1))
        .map((step) => ({
          name: step.file.name,
          up: () => this.#guard(() => this.#runner.up(step)),
          down: () => this.#guard(() => this.#runner.down(step)),
        })),
      context: {},
      storage: {
        executed: () => Promise.resolve([...executed]),
        logMigration: ({ name }) => this.#assertRecorded(name, 'present'),
        unlogMigration: ({ name }) => this.#assertRecorded(name, 'absent'),
      },
      logger: undefined,
    })
    try {
      await go(
        umzug,
        steps.map(({ file }) => file.name),
      )
    } catch (error) {
      throw this.#failure ?? error
    }
  }

  async #guard(step: () => Promise<void>): Promise<void> {
    try {
      await step()
    } catch (error) {
      this.#failure = error
      throw error
    }
  }

  async #assertRecorded(name: string, expected: 'present' | 'absent'): Promise<void> {
    const ledger = await readLedger(this.#input.database)
    const present = ledger.some((record) => record.name === name && isApplied(record))
    if (present === (expected === 'present')) return
    throw new TidegateError('ledger', `${name} ran, but its ledger row is not ${expected}`, {
      nextStep: 'look at it with `tidegate migrate status`, then run the command again',
    })
  }

  #report(event: StepEvent): void {
    this.steps.push(event)
    this.#input.onStep?.(event)
  }
}

function assertReversible(file: MigrationFile, migration: Migration): void {
  if (migration.down !== undefined) return
  throw new TidegateError('migration', `nothing was reverted: ${file.name} has no down()`, {
    nextStep: 'write a new migration that takes its effect back',
  })
}
