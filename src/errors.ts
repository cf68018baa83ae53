/**
 * Everything that tidegate throws on purpose. An error says what failed and where (`message`) and
 * what to do next (`nextStep`); it never carries text that a database server wrote, because that
 * text quotes row values.
 */

export const ERROR_CODES = [
  'usage',
  'config',
  'connection',
  'database',
  'not-a-gateway',
  'lock-busy',
  'migration',
  'ledger',
  'seed',
  'identity',
  'value',
  'stale',
  'plan',
  'journal',
  'restore',
  'interrupted',
  'github',
  'gateway',
  'internal',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

export interface TidegateErrorOptions {
  /** One command or one action. */
  readonly nextStep?: string
  /**
   * Facts for `--json`: names, numbers, states. Never a secret; values of rows only in the mini-diff
   * of a StaleError, where what looks like a secret is hidden.
   */
  readonly details?: Readonly<Record<string, unknown>>
  /** Kept for programs; never printed. */
  readonly cause?: unknown
}

export class TidegateError extends Error {
  readonly code: ErrorCode
  readonly nextStep: string | undefined
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: TidegateErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.nextStep = options.nextStep
    this.details = options.details ?? {}
  }
}

/** One fault of the configuration: the variable, flag or file it comes from, and what is wrong. */
export interface ConfigFault {
  readonly source: string
  readonly problem: string
}

/** Every fault of the configuration, reported at once. */
export class ConfigError extends TidegateError {
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[], nextStep?: string) {
    const list = faults.map(({ source, problem }) => `${source}: ${problem}`)
    const message =
      list.length === 1
        ? list[0]!
        : `${list.length} faults in the configuration:\n${list.map((line) => `  - ${line}`).join('\n')}`
    super('config', message, {
      details: { faults },
      ...(nextStep === undefined ? {} : { nextStep }),
    })
    this.faults = faults
  }
}

/** What may be done about a failed statement or connection. */
export const RETRY_CLASSES = ['connection', 'transaction', 'lock', 'never'] as const

export type RetryClass = (typeof RETRY_CLASSES)[number]

export interface DatabaseErrorFacts {
  /** SQLSTATE of PostgreSQL, or SQLite's result code such as `SQLITE_BUSY`, or a socket code. */
  readonly sqlState: string | null
  readonly retry: RetryClass
  readonly schema?: string
  readonly table?: string
  readonly column?: string
  readonly constraint?: string
}

/**
 * A statement or a connection failed. Built only from an allow-list of the driver's fields: the
 * driver's own message, detail, hint, where and stack may quote rows and are dropped.
 */
export class DatabaseError extends TidegateError {
  readonly facts: DatabaseErrorFacts

  constructor(
    code: Extract<ErrorCode, 'connection' | 'database' | 'lock-busy'>,
    message: string,
    facts: DatabaseErrorFacts,
    nextStep?: string,
  ) {
    super(code, message, {
      details: { ...facts },
      ...(nextStep === undefined ? {} : { nextStep }),
    })
    this.facts = facts
  }
}

/** The deadline passed while someone else held the lock. Exit code 75: try again. */
export class LockBusyError extends TidegateError {
  constructor(message: string, details: Readonly<Record<string, unknown>>) {
    super('lock-busy', message, {
      details,
      nextStep: 'run the command again, or look at the holder with `tidegate lock status`',
    })
  }
}

/** The database no longer holds what the plan was made from; nothing was written. */
export class StaleError extends TidegateError {
  constructor(
    message: string,
    details: Readonly<Record<string, unknown>>,
    nextStep = 'run the command again; it plans anew',
  ) {
    super('stale', message, { details, nextStep })
  }
}
