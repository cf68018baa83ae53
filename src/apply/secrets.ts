import { TidegateError } from '../errors.ts'
import type { Secret } from '../secret.ts'

/** The secrets that a plan needs when it is applied; a plan itself holds only fingerprints. */
export class SecretValues {
  readonly #values = new Map<string, Secret>()

  set(table: string, key: string, column: string, value: Secret): void {
    this.#values.set(JSON.stringify([table, key, column]), value)
  }

  reveal(table: string, key: string, column: string): string {
    const value = this.#values.get(JSON.stringify([table, key, column]))
    if (value === undefined) {
      throw new TidegateError('internal', `no value is known for the secret ${table}.${column}`)
    }
    return value.reveal()
  }
}
