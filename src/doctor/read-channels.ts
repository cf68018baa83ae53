import { type RawBuilder, sql } from 'kysely'
import type { Catalog } from '../database/contract.ts'
import { isWrongStorage } from '../gateway/cells.ts'
import type { ChannelFacts, MultiKeyFacts } from '../gateway/facts.ts'
import { canonicalJson } from '../gateway/json.ts'
import { PLACEHOLDER_PREFIX } from '../gateway/placeholder.ts'
import { hideSecrets } from '../gateway/secret-scan.ts'
import type { Cell, Row } from '../snapshot/model.ts'
import type { TableRead } from '../snapshot/read.ts'
import type { Part } from './read-parts.ts'

const ROUTING_COLUMNS =
  'name type key status models group priority weight tag base_url channel_info other_info'

const OTHER_JSON_COLUMNS = ['settings', 'model_mapping', 'status_code_mapping']

/** Read only to find what the gateway cannot scan. */
const NUMERIC_COLUMNS =
  'created_time test_time response_time balance balance_updated_time used_quota auto_ban'

const COLUMNS = [
  ...ROUTING_COLUMNS.split(' '),
  ...OTHER_JSON_COLUMNS,
  ...NUMERIC_COLUMNS.split(' '),
]

/** They may hold credentials, so the database judges them, and only whether an object is there. */
const SECRET_JSON_COLUMNS = ['setting', 'header_override', 'param_override']

/** Channels by id; all of them without a condition. */
export function channelsPart(
  catalog: Catalog,
  where?: () => RawBuilder<boolean>,
): Part<Map<string, ChannelFacts>> {
  const hidden = SECRET_JSON_COLUMNS.filter((name) => catalog.get('channels')?.has(name))
  return {
    reads: [
      { table: 'channels', columns: COLUMNS, ...(where === undefined ? {} : { where }) },
      PLACEHOLDERS,
      ...hidden.map(noObject),
    ],
    finish: ([rows = [], placeholders = [], ...suspects]) => {
      const invalid = columnsById(hidden, suspects)
      const unset = new Set(placeholders.map(({ locator }) => locator?.['id']))
      return new Map(
        rows.map((row) => {
          const facts = toChannel(row, unset)
          const invalidJson = [...facts.invalidJson, ...(invalid.get(facts.id) ?? [])]
          return [facts.id, { ...facts, invalidJson }]
        }),
      )
    },
  }
}

function columnsById(
  columns: readonly string[],
  rows: readonly (readonly Row[])[],
): ReadonlyMap<string, readonly string[]> {
  const byId = new Map<string, string[]>()
  rows.forEach((found, index) => {
    for (const { locator } of found) {
      const id = locator?.['id'] ?? ''
      byId.set(id, [...(byId.get(id) ?? []), columns[index]!])
    }
  })
  return byId
}

function noObject(column: string): TableRead {
  const text = () => sql`coalesce(${sql.ref(`channels.${column}`)}, '')`
  return {
    table: 'channels',
    columns: [],
    where: () => sql<boolean>`(${text()} <> '' and ${text()} not like '%{%}%')`,
  }
}

const PLACEHOLDERS: TableRead = {
  table: 'channels',
  columns: [],
  where: () => sql<boolean>`channels.key like ${`${PLACEHOLDER_PREFIX}%`}`,
}

function toChannel({ cells, locator }: Row, unset: ReadonlySet<string | undefined>): ChannelFacts {
  const cell = (name: string): Cell => cells.get(name) ?? null
  const status = jsonObject(cell('other_info'))
  const reason = status['status_reason']
  const time = status['status_time']
  return {
    id: locator?.['id'] ?? '',
    name: cell('name'),
    type: cell('type'),
    status: cell('status'),
    models: cell('models'),
    group: cell('group'),
    priority: cell('priority'),
    weight: cell('weight'),
    tag: cell('tag'),
    baseUrl: cell('base_url'),
    key: keyForm(cell('key'), unset.has(locator?.['id'])),
    keys: multiKey(cell('channel_info')),
    invalidJson: OTHER_JSON_COLUMNS.filter((name) => isInvalidJson(cell(name))),
    isInfoReadable: isInfoReadable(cell('channel_info')),
    misread: [...cells]
      .filter(([name, value]) => name !== 'channel_info' && isWrongStorage(value))
      .map(([column, value]) => ({ column, value: hideSecrets(stored(value!)) })),
    statusReason: typeof reason === 'string' ? hideSecrets(reason) : null,
    statusTime: typeof time === 'number' ? String(time) : null,
  }
}

function keyForm(key: Cell, isPlaceholder: boolean): ChannelFacts['key'] {
  if (key === null || key === '') return 'empty'
  return isPlaceholder ? 'placeholder' : 'set'
}

function isInvalidJson(cell: Cell): boolean {
  return cell !== null && cell !== '' && canonicalJson(cell) === null
}

/** NULL is an object without members to the gateway. */
function isInfoReadable(cell: Cell): boolean {
  return cell === null || (!isWrongStorage(cell) && canonicalJson(cell) !== null)
}

function multiKey(info: Cell): MultiKeyFacts | null {
  const members = jsonObject(info)
  if (members['is_multi_key'] !== true) return null
  const statuses = members['multi_key_status_list']
  const list = typeof statuses === 'object' && statuses !== null ? Object.values(statuses) : []
  return {
    size: Number(members['multi_key_size'] ?? 0),
    disabled: list.filter((status) => status !== 1).length,
  }
}

function jsonObject(text: Cell): Readonly<Record<string, unknown>> {
  if (text === null || isInvalidJson(text) || text === '') return {}
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** The text that a marked cell stands for. */
function stored(cell: string): string {
  return cell.slice(cell.indexOf('⟩') + 1)
}
