import type { DatabaseError } from '../../errors.ts'
import { endedTransactionFailure } from '../failures.ts'
import type { StatementResult } from './statement.ts'

// ROLLBACK includes ROLLBACK TO SAVEPOINT, which cannot be told from ROLLBACK AND CHAIN.
const TRANSACTION_COMMANDS = new Set(['BEGIN', 'START', 'COMMIT', 'ROLLBACK'])

/** Sees whether a transaction lasts until those who began it end it. */
export class TransactionGuard {
  readonly #label: string
  #guarding = false
  #ended: DatabaseError | null = null

  constructor(label: string) {
    this.#label = label
  }

  /** Null while all is well. */
  get failure(): DatabaseError | null {
    return this.#ended
  }

  start(): void {
    this.#guarding = true
  }

  /** @returns the failure when the transaction did not last. */
  release(): DatabaseError | null {
    const ended = this.#ended
    this.#guarding = false
    this.#ended = null
    return ended
  }

  /** Takes note of what the server answered, and of the state that it says it is in. */
  watch(status: string | null, results: readonly StatementResult[]): void {
    if (!this.#guarding) return
    if (status === 'I' || results.some(({ command }) => TRANSACTION_COMMANDS.has(command))) {
      this.#ended ??= endedTransactionFailure(this.#label)
    }
  }
}
