import type { ColumnRule, CompareKind } from './column-rule.ts'
import { KNOWN_COLUMNS } from './known-columns.ts'
import { saysSecret } from './secret-words.ts'

export {
  COLUMN_ROLES,
  COMPARE_KINDS,
  type ColumnRole,
  type ColumnRule,
  type CompareKind,
} from './column-rule.ts'

/** Families of column types; the database's catalog uses the same words. */
export type ColumnFamily =
  'integer' | 'number' | 'boolean' | 'text' | 'json' | 'time' | 'bytes' | 'other'

/** How to find a row in another database (`naturalKey`) and in its own (`primaryKey`). */
export interface TableKeys {
  readonly naturalKey: readonly string[]
  readonly primaryKey: readonly string[]
}

/** Tables that every version has. */
export const CORE_TABLES = ['channels', 'abilities', 'options', 'tokens', 'users'] as const

export type GatewayTable =
  (typeof CORE_TABLES)[number] | 'models' | 'vendors' | 'prefill_groups' | 'setups'

/**
 * Keys of the gateway's tables; undefined for any other table. Only options, users and live prefill
 * groups enforce their natural key; `channel_id` in one must be mapped through the channel's own.
 */
export const GATEWAY_TABLES: Readonly<Record<GatewayTable, TableKeys>> &
  Readonly<Record<string, TableKeys | undefined>> = {
  channels: { naturalKey: ['name', 'type'], primaryKey: ['id'] },
  abilities: {
    naturalKey: ['group', 'model', 'channel_id'],
    primaryKey: ['group', 'model', 'channel_id'],
  },
  options: { naturalKey: ['key'], primaryKey: ['key'] },
  tokens: { naturalKey: ['key'], primaryKey: ['id'] },
  users: { naturalKey: ['username'], primaryKey: ['id'] },
  models: { naturalKey: ['model_name'], primaryKey: ['id'] },
  vendors: { naturalKey: ['name'], primaryKey: ['id'] },
  prefill_groups: { naturalKey: ['name'], primaryKey: ['id'] },
  setups: { naturalKey: ['id'], primaryKey: ['id'] },
}

const TEXT_LIKE: ReadonlySet<CompareKind> = new Set([
  'text',
  'csv-set',
  'json',
  'json-map',
  'url',
  'channel-info',
])

const RULES = knownRules()

/** Families of which a column can hold a secret. */
const SECRET_FAMILIES: ReadonlySet<ColumnFamily> = new Set(['text', 'json', 'other'])

/**
 * The rule of a column. A column that only a fork has is configuration, compared by its family; as
 * text when that is not known. It is a secret when its name says so.
 */
export function columnRule(
  table: string,
  column: string,
  family: ColumnFamily = 'other',
): ColumnRule {
  const known = RULES.get(table)?.get(column)
  if (known !== undefined) return known
  // tidegate's own tables hold no secret in a column of its own.
  const isOurs = table.startsWith('tidegate_')
  const isSecret = !isOurs && SECRET_FAMILIES.has(family) && saysSecret(column)
  const compare = isSecret || family === 'other' ? 'text' : family
  return {
    table,
    name: column,
    compare,
    role: isSecret ? 'secret' : 'config',
    emptyIsNull: TEXT_LIKE.has(compare),
    onCreate: undefined,
  }
}

/** Whether a gateway's own version has the column; a fork may have added any other. */
export function isKnownColumn(table: string, column: string): boolean {
  return RULES.get(table)?.has(column) ?? false
}

function knownRules(): ReadonlyMap<string, ReadonlyMap<string, ColumnRule>> {
  return new Map(
    Object.entries(KNOWN_COLUMNS).map(([table, columns]) => [
      table,
      new Map(
        Object.entries(columns).map(([name, [compare, role, onCreate]]) => [
          name,
          { table, name, compare, role, emptyIsNull: isEmptyNull(table, name, compare), onCreate },
        ]),
      ),
    ]),
  )
}

/** An empty base URL stands for the type's own, NULL for none (new-api model/channel.go:414). */
function isEmptyNull(table: string, name: string, compare: CompareKind): boolean {
  return TEXT_LIKE.has(compare) && !(table === 'channels' && name === 'base_url')
}
