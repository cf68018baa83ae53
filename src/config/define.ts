/** Gateways whose tables the first migration can make. */
export const GATEWAYS = ['new-api', 'bltcy-fork'] as const

export type GatewayName = (typeof GATEWAYS)[number]

/** Where the database of one environment is. `undefined` reads as absent, as in `process.env`. */
export interface EnvironmentConfig {
  /** `postgres://…`, `sqlite:…` or `file:…`; best without a password. */
  readonly url?: string | undefined
  /** Path of a SQLite file, relative to the root. Read when `url` is absent or empty. */
  readonly sqlitePath?: string | undefined
}

/** What `tidegate.config.ts` may say. Flags and variables of the environment come before it. */
export interface TidegateConfig {
  /** Environment used when neither `--env` nor `TIDEGATE_ENV` says one; `local`. */
  readonly environment?: string | undefined
  /** Name of an environment to where its database is. */
  readonly environments?: Readonly<Record<string, EnvironmentConfig>> | undefined
  /** Folder, relative to the root; `./migrations`. */
  readonly migrations?: string | undefined
  /** Folder, relative to the root; `./seeds`. */
  readonly seeds?: string | undefined
  /** File of accepted differences, relative to the root; `./drift-accepted.json`. */
  readonly accepted?: string | undefined
  /** Tables of your own that `drift` compares besides the gateway's; they need a key. */
  readonly compareTables?: readonly string[] | undefined
  /** Whose tables migration 0001 makes in an empty database; `new-api`. */
  readonly gateway?: GatewayName | undefined
  /** How long `deploy` waits for the database; `60s`. */
  readonly wait?: string | undefined
  /** How long a run waits for the lock; `120s`. */
  readonly lockTimeout?: string | undefined
  /** How long one statement may take, `0` for as long as it needs; `60s`. */
  readonly statementTimeout?: string | undefined
  /** How long one attempt to connect may take; `10s`. */
  readonly connectTimeout?: string | undefined
  /**
   * Where the secrets of rows come from when `push`, `pull` and `plan` write them: the row
   * (`channels/NAME`, `channels/NAME/COLUMN`) to `env:VARIABLE` or `file:PATH`.
   */
  readonly secrets?: Readonly<Record<string, string>> | undefined
  /** How many restore points of a SQLite file are kept, 0 for none; 5. */
  readonly restorePoints?: number | undefined
  /** How many runs the journal keeps; 100. */
  readonly journalRuns?: number | undefined
  /** How many days the journal keeps a run; 90. */
  readonly journalDays?: number | undefined
  /** Shell command that runs after a run has changed the database, such as a restart; none. */
  readonly afterApply?: string | undefined
}

/** Gives the configuration back as it is; it exists so that an editor knows the type. */
export function defineConfig(config: TidegateConfig): TidegateConfig {
  return config
}
