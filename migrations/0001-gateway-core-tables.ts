import { type CreateTableBuilder, type Kysely, sql } from 'kysely'
import { defineMigration, TidegateError } from 'tidegate'

/**
 * The gateway's own core tables. Where they exist they are adopted and left alone; an empty
 * database gets them as the gateway's AutoMigrate makes them (new-api of 2025-09, and what its
 * Bltcy fork adds), so that a developer or a test can start before the gateway. The gateway adds
 * what a later version of it needs when it starts.
 */

const CORE = ['channels', 'abilities', 'options', 'tokens', 'users'] as const

type Dialect = 'sqlite' | 'postgres'
type Build = CreateTableBuilder<string, string>
type Column = (table: Build, name: string, dialect: Dialect) => Build

interface Modifiers {
  readonly notNull?: boolean
  readonly unique?: boolean
  readonly default?: string | number
}

function column(types: Readonly<Record<Dialect, string>>, modifiers: Modifiers = {}): Column {
  return (table, name, dialect) =>
    table.addColumn(name, sql.raw(types[dialect]) as never, (built) => {
      let result = built
      if (modifiers.notNull) result = result.notNull()
      if (modifiers.unique) result = result.unique()
      if (modifiers.default !== undefined) result = result.defaultTo(modifiers.default)
      return result
    })
}

const same = (type: string): Record<Dialect, string> => ({ sqlite: type, postgres: type })

const id: Column = (table, name, dialect) =>
  table.addColumn(name, dialect === 'sqlite' ? 'integer' : 'bigserial', (built) =>
    built.primaryKey(),
  )
const int = (modifiers?: Modifiers): Column =>
  column({ sqlite: 'integer', postgres: 'bigint' }, modifiers)
const text = (modifiers?: Modifiers): Column => column(same('text'), modifiers)
const varchar = (length: number, modifiers?: Modifiers): Column =>
  column(same(`varchar(${length})`), modifiers)
/** A Go string with a size but no type: bounded on PostgreSQL only. */
const sized = (length: number, modifiers?: Modifiers): Column =>
  column({ sqlite: 'text', postgres: `varchar(${length})` }, modifiers)
const char = (length: number): Column => column(same(`char(${length})`))
const bool: Column = column({ sqlite: 'numeric', postgres: 'boolean' })
const float: Column = column({ sqlite: 'real', postgres: 'numeric' })
const ratio: Column = column(same('real'), { default: 1 })
const json: Column = column(same('json'))
const time: Column = column({ sqlite: 'datetime', postgres: 'timestamptz' })

interface Table {
  readonly columns: Readonly<Record<string, Column>>
  /** What the Bltcy fork adds. */
  readonly fork?: Readonly<Record<string, Column>>
  readonly primaryKey?: readonly string[]
  /** Index name to column. */
  readonly indexes?: Readonly<Record<string, string>>
  readonly forkIndexes?: Readonly<Record<string, string>>
}

const TABLES: Readonly<Record<string, Table>> = {
  channels: {
    columns: {
      id,
      type: int({ default: 0 }),
      key: text({ notNull: true }),
      open_ai_organization: text(),
      test_model: text(),
      status: int({ default: 1 }),
      name: text(),
      weight: int({ default: 0 }),
      created_time: int(),
      test_time: int(),
      response_time: int(),
      base_url: text({ default: '' }),
      other: text(),
      balance: float,
      balance_updated_time: int(),
      models: text(),
      group: varchar(64, { default: 'default' }),
      used_quota: int({ default: 0 }),
      model_mapping: text(),
      status_code_mapping: varchar(1024, { default: '' }),
      priority: int({ default: 0 }),
      auto_ban: int({ default: 1 }),
      other_info: text(),
      tag: text(),
      setting: text(),
      param_override: text(),
      header_override: text(),
      remark: varchar(255),
      channel_info: json,
      settings: text(),
    },
    fork: { channel_ratio: ratio },
    indexes: { idx_channels_name: 'name', idx_channels_tag: 'tag' },
  },
  abilities: {
    columns: {
      group: varchar(64, { notNull: true }),
      model: varchar(255, { notNull: true }),
      channel_id: int({ notNull: true }),
      enabled: bool,
      priority: int({ default: 0 }),
      weight: int({ default: 0 }),
      tag: text(),
    },
    fork: { workflow_price: column(same('integer')), channel_ratio: ratio },
    primaryKey: ['group', 'model', 'channel_id'],
    indexes: {
      idx_abilities_channel_id: 'channel_id',
      idx_abilities_priority: 'priority',
      idx_abilities_tag: 'tag',
      idx_abilities_weight: 'weight',
    },
  },
  options: { columns: { key: text({ notNull: true }), value: text() }, primaryKey: ['key'] },
  tokens: {
    columns: {
      id,
      user_id: int(),
      key: char(48),
      status: int({ default: 1 }),
      name: text(),
      created_time: int(),
      accessed_time: int(),
      expired_time: int({ default: -1 }),
      remain_quota: int({ default: 0 }),
      unlimited_quota: bool,
      model_limits_enabled: bool,
      model_limits: varchar(1024, { default: '' }),
      allow_ips: text({ default: '' }),
      used_quota: int({ default: 0 }),
      group: text({ default: '' }),
      deleted_at: time,
    },
    fork: { external_user_id: varchar(64) },
    indexes: {
      idx_tokens_deleted_at: 'deleted_at',
      idx_tokens_name: 'name',
      idx_tokens_user_id: 'user_id',
    },
    forkIndexes: { idx_tokens_external_user_id: 'external_user_id' },
  },
  users: {
    columns: {
      id,
      username: text({ unique: true }),
      password: text({ notNull: true }),
      display_name: text(),
      role: int({ default: 1 }),
      status: int({ default: 1 }),
      email: text(),
      github_id: text(),
      oidc_id: text(),
      wechat_id: text(),
      telegram_id: text(),
      access_token: char(32),
      quota: int({ default: 0 }),
      used_quota: int({ default: 0 }),
      request_count: int({ default: 0 }),
      group: varchar(64, { default: 'default' }),
      aff_code: varchar(32),
      aff_count: int({ default: 0 }),
      aff_quota: int({ default: 0 }),
      aff_history: int({ default: 0 }),
      inviter_id: int(),
      deleted_at: time,
      linux_do_id: text(),
      setting: text(),
      remark: varchar(255),
      stripe_customer: varchar(64),
    },
    indexes: {
      idx_users_deleted_at: 'deleted_at',
      idx_users_display_name: 'display_name',
      idx_users_email: 'email',
      idx_users_git_hub_id: 'github_id',
      idx_users_inviter_id: 'inviter_id',
      idx_users_linux_do_id: 'linux_do_id',
      idx_users_oidc_id: 'oidc_id',
      idx_users_stripe_customer: 'stripe_customer',
      idx_users_telegram_id: 'telegram_id',
      idx_users_username: 'username',
      idx_users_we_chat_id: 'wechat_id',
    },
  },
  models: {
    columns: {
      id,
      model_name: sized(128, { notNull: true }),
      description: text(),
      icon: varchar(128),
      tags: varchar(255),
      vendor_id: int(),
      endpoints: text(),
      status: int({ default: 1 }),
      sync_official: int({ default: 1 }),
      created_time: int(),
      updated_time: int(),
      deleted_at: time,
      name_rule: int({ default: 0 }),
    },
    indexes: { idx_models_deleted_at: 'deleted_at', idx_models_vendor_id: 'vendor_id' },
  },
  vendors: {
    columns: {
      id,
      name: sized(128, { notNull: true }),
      description: text(),
      icon: varchar(128),
      status: int({ default: 1 }),
      created_time: int(),
      updated_time: int(),
      deleted_at: time,
    },
    indexes: { idx_vendors_deleted_at: 'deleted_at' },
  },
  prefill_groups: {
    columns: {
      id,
      name: sized(64, { notNull: true }),
      type: sized(32, { notNull: true }),
      items: json,
      description: varchar(255),
      created_time: int(),
      updated_time: int(),
      deleted_at: time,
    },
    indexes: { idx_prefill_groups_deleted_at: 'deleted_at', idx_prefill_groups_type: 'type' },
  },
  setups: {
    columns: {
      id,
      version: varchar(50, { notNull: true }),
      initialized_at: column(same('bigint'), { notNull: true }),
    },
  },
}

type Db = Kysely<Record<string, Record<string, unknown>>>

async function makeTable(db: Db, name: string, dialect: Dialect, fork: boolean): Promise<void> {
  const table = TABLES[name]!
  const columns = { ...table.columns, ...(fork ? table.fork : {}) }
  let builder: Build = db.schema.createTable(name)
  for (const [columnName, add] of Object.entries(columns)) {
    builder = add(builder, columnName, dialect)
  }
  if (table.primaryKey) {
    builder = builder.addPrimaryKeyConstraint(`${name}_pkey`, table.primaryKey as never)
  }
  await builder.execute()
  const indexes = { ...table.indexes, ...(fork ? table.forkIndexes : {}) }
  for (const [index, indexed] of Object.entries(indexes)) {
    await db.schema.createIndex(index).on(name).column(indexed).execute()
  }
}

async function makeUniqueIndexes(db: Db): Promise<void> {
  const { schema } = db
  await schema.createIndex('idx_tokens_key').unique().on('tokens').column('key').execute()
  for (const name of ['access_token', 'aff_code']) {
    await schema.createIndex(`idx_users_${name}`).unique().on('users').column(name).execute()
  }
  await schema
    .createIndex('uk_model_name_delete_at')
    .unique()
    .on('models')
    .columns(['model_name', 'deleted_at'])
    .execute()
  await schema
    .createIndex('uk_vendor_name_delete_at')
    .unique()
    .on('vendors')
    .columns(['name', 'deleted_at'])
    .execute()
  await schema
    .createIndex('uk_prefill_name')
    .unique()
    .on('prefill_groups')
    .column('name')
    .where(sql.ref('deleted_at'), 'is', null)
    .execute()
}

function assertGatewayOrEmpty(present: readonly string[]): void {
  const missing = CORE.filter((name) => !present.includes(name))
  const theirs = present.filter((name) => !name.startsWith('tidegate_'))
  if (missing.length === 0 || theirs.length === 0) return
  throw new TidegateError(
    'not-a-gateway',
    `the database has ${theirs.length} tables but not the gateway's ${missing.join(', ')}`,
    { nextStep: 'check which database the run is connected to: it is named in the first line' },
  )
}

export default defineMigration({
  description: "the gateway's core tables: adopted where they exist, made in an empty database",

  async up(db, context) {
    const present = [...(await context.catalog()).keys()]
    assertGatewayOrEmpty(present)
    if (CORE.every((name) => present.includes(name))) {
      context.notes.set('tables', 'adopted')
      return
    }
    const fork = context.gateway === 'bltcy-fork'
    for (const name of Object.keys(TABLES)) await makeTable(db, name, context.dialect, fork)
    await makeUniqueIndexes(db)
    context.notes.set('tables', 'made')
  },

  /** Adopted tables stay; tables that this migration made go only while they are empty. */
  async down(db, context) {
    if (context.notes.get('tables') !== 'made') return
    for (const name of Object.keys(TABLES)) {
      const row = await db
        .selectFrom(name)
        .select(sql`1`.as('one'))
        .limit(1)
        .executeTakeFirst()
      if (row === undefined) continue
      throw new TidegateError(
        'migration',
        `the gateway's table ${name} holds rows; nothing was dropped`,
        {
          nextStep: 'keep the tables, or empty them by hand first',
        },
      )
    }
    for (const name of Object.keys(TABLES)) await db.schema.dropTable(name).execute()
  },

  async verify(_db, context) {
    const catalog = await context.catalog()
    return CORE.every((name) => catalog.has(name))
  },
})
