import { isKnownColumn } from './columns.ts'
import type { GatewayVersion } from './versions.ts'

/** What one-api has and new-api never reads; AutoMigrate leaves them in an upgraded database. */
const ONE_API_COLUMNS: ReadonlySet<string> = new Set([
  'channels.config',
  'channels.system_prompt',
  'tokens.models',
  'tokens.subnet',
  'users.lark_id',
])

/** Whether a column is only there because an older gateway made it. */
export function isLeftover(table: string, column: string, version: GatewayVersion | null): boolean {
  const isUpgraded = version !== null && version.family !== 'one-api'
  return isUpgraded && ONE_API_COLUMNS.has(`${table}.${column}`)
}

const FORK_COLUMNS: ReadonlySet<string> = new Set([
  'abilities.channel_ratio',
  'abilities.workflow_price',
  'channels.channel_ratio',
  'tokens.external_user_id',
])

/** Whether one-api or new-api has the column in some version; a fork may have added any other. */
export function isUpstreamColumn(table: string, column: string): boolean {
  return isKnownColumn(table, column) && !FORK_COLUMNS.has(`${table}.${column}`)
}
