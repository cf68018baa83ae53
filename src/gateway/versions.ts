import { CORE_TABLES } from './columns.ts'

/** Table name to column name to whatever is known of the column. */
export type TableColumns = ReadonlyMap<string, ReadonlyMap<string, unknown>>

interface KnownVersion {
  readonly id: string
  readonly family: 'bltcy-fork' | 'new-api' | 'one-api'
  readonly label: string
  /** Any of these columns, as `table.column`, proves the version. */
  readonly columns: readonly string[]
}

/**
 * Newest first, first match wins: AutoMigrate never drops a column, so an upgraded database still
 * has the old ones. Dates are those on which the column landed upstream.
 */
const VERSIONS = [
  {
    id: 'bltcy-fork',
    family: 'bltcy-fork',
    label: 'the Bltcy fork of new-api',
    columns: ['abilities.workflow_price', 'channels.channel_ratio', 'tokens.external_user_id'],
  },
  newApi('new-api-2026-04', '2026-04-26', 'users.last_login_at'),
  newApi('new-api-2025-12', '2025-12-12', 'tokens.cross_group_retry'),
  newApi('new-api-2025-11', '2025-11-23', 'users.discord_id'),
  newApi(
    'new-api-2025-09',
    '2025-09-09',
    'channels.settings',
    'channels.header_override',
    'channels.remark',
  ),
  newApi('new-api-2025-07-18', '2025-07-18', 'users.stripe_customer'),
  newApi('new-api-2025-07-12', '2025-07-12', 'channels.channel_info'),
  newApi('new-api-2025-06', '2025-06-16', 'users.remark'),
  newApi('new-api-2025-03', '2025-03-31', 'channels.param_override'),
  newApi('new-api-2024-12', '2024-12-15', 'channels.setting'),
  newApi('new-api-2024-11', '2024-11-30', 'channels.tag', 'abilities.tag'),
  newApi('new-api-2024-09', '2024-09-18', 'tokens.group'),
  newApi('new-api-2024-03', '2024-03-11', 'tokens.deleted_at'),
  {
    id: 'one-api',
    family: 'one-api',
    label: 'one-api',
    // The last one is in every version: the first ones had none of the others.
    columns: ['tokens.subnet', 'channels.config', 'users.lark_id', 'abilities.channel_id'],
  },
] as const satisfies readonly KnownVersion[]

export type GatewayVersionId = (typeof VERSIONS)[number]['id']

/** What a database's columns say about the gateway that made it. */
export interface GatewayVersion {
  readonly id: GatewayVersionId
  readonly family: 'bltcy-fork' | 'new-api' | 'one-api'
  /** As people read it: "new-api since 2025-09-09". */
  readonly label: string
  /** The column that proves it: "channels.settings". */
  readonly evidence: string
}

/**
 * The newest version whose columns are there; null when a core table is missing, which is no
 * gateway's database or not yet one.
 */
export function recogniseVersion(tables: TableColumns): GatewayVersion | null {
  if (missingCoreTables(tables).length > 0) return null
  for (const { id, family, label, columns } of VERSIONS) {
    const evidence = columns.find((column) => hasColumn(tables, column))
    if (evidence !== undefined) return { id, family, label, evidence }
  }
  return null
}

/** The tables that every version has and this database lacks; [] for a gateway's database. */
export function missingCoreTables(tables: TableColumns): string[] {
  return CORE_TABLES.filter((table) => !tables.has(table))
}

function hasColumn(tables: TableColumns, path: string): boolean {
  const [table = '', column = ''] = path.split('.')
  return tables.get(table)?.has(column) ?? false
}

function newApi<const Id extends string>(id: Id, since: string, ...columns: string[]) {
  return { id, family: 'new-api', label: `new-api since ${since}`, columns } as const
}
