// `util.inspect.custom`, without loading node:util at every start.
const INSPECT = Symbol.for('nodejs.util.inspect.custom')

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

  [INSPECT](): string {
    return SHOWN
  }
}
