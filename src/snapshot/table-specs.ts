/** How a table is compared. */
export interface TableSpec {
  readonly key: readonly (string | Reference)[]
  /** Compared columns; every known and unknown one of a configuration role when absent. */
  readonly columns?: readonly string[]
  readonly references?: readonly Reference[]
  readonly whereNull?: string
  /** See `TableShape`. */
  readonly unpaired?: 'all' | 'left' | 'none'
}

/** A column that holds an id, and what stands for it in another database. */
export interface Reference {
  readonly name: string
  readonly column: string
  readonly table: string
  readonly show: string
}

const CHANNEL = { column: 'channel_id', table: 'channels' } as const
const USER = { name: 'user', column: 'user_id', table: 'users', show: 'username' } as const
const VENDOR = { name: 'vendor', column: 'vendor_id', table: 'vendors', show: 'name' } as const

/** How the gateway's own tables are compared. Abilities: only what is not derived from channels. */
export const TABLE_SPECS: Readonly<Record<string, TableSpec>> = {
  channels: { key: ['name', 'type'] },
  options: { key: ['key'] },
  abilities: {
    key: [
      { ...CHANNEL, name: 'channel', show: 'name' },
      { ...CHANNEL, name: 'channel type', show: 'type' },
      'group',
      'model',
    ],
    unpaired: 'none',
  },
  models: { key: ['model_name'], references: [VENDOR], whereNull: 'deleted_at' },
  vendors: { key: ['name'], whereNull: 'deleted_at' },
  prefill_groups: { key: ['name'], whereNull: 'deleted_at' },
  // A token without a group takes its owner's (new-api middleware/auth.go:265).
  users: {
    key: ['username'],
    columns: ['group', 'status'],
    whereNull: 'deleted_at',
    unpaired: 'left',
  },
  tokens: { key: [USER, 'name'], whereNull: 'deleted_at', unpaired: 'left' },
}

/** Compared where a database has it; forks define it differently. */
export const OPTIONAL_TABLES = ['model_pricing'] as const

/** What a running gateway writes: never compared, and no news either. */
export const RUNTIME_TABLES =
  /^(?:logs|quota_data|tasks|midjourneys|top_ups|redemptions|passkey_credentials|two_fa.*|subscription_.*|system_.*|checkins|perf_metrics|casbin_rule|setups|tidegate_.*)$/
