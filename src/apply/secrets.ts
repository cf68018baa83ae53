import { TidegateError } from '../errors.ts'
import type { Secret } from '../secret.ts'

/** Where the value of a secret cell comes from. A plan holds only this, never the value. */
export type SecretReference =
  /** A variable of the environment, or its _FILE. */
  | { readonly kind: 'env'; readonly name: string }
  /** A file with nothing but the secret. */
  | { readonly kind: 'file'; readonly path: string }
  /** The left side's own value, which is read when the plan is applied; not in a plan file. */
  | { readonly kind: 'source' }
  /** Something that is obviously no key, for the doctor to find. */
  | { readonly kind: 'placeholder' }
  /** The row keeps what it has. */
  | { readonly kind: 'keep' }

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
