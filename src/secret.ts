import { inspect } from 'node:util'

const SHOWN = '[secret]'

/**
 * A value that cannot be printed by accident: string conversion, JSON and `util.inspect` show
 * `[secret]`. Only `reveal()` gives the value, and only the code that hands it to a driver or to
 * the redactor calls it.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return SHOWN
  }

  toJSON(): string {
    return SHOWN
  }

  [inspect.custom](): string {
    return SHOWN
  }
}
