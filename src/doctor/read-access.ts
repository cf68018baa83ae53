import { sql } from 'kysely'
import type { Catalog, DatabaseReader } from '../database/contract.ts'
import { canonicalCell } from '../gateway/cells.ts'
import { columnRule } from '../gateway/columns.ts'
import type { TokenFacts, UserFacts } from '../gateway/facts.ts'
import { decodeField } from '../snapshot/line.ts'
import type { Cell } from '../snapshot/model.ts'
import { readRows } from '../snapshot/read.ts'

/** Which tokens a run is about. */
export interface AccessScope {
  readonly token: string | null
  readonly user: string | null
}

export interface Access {
  readonly tokens: readonly TokenFacts[]
  /** By id. */
  readonly users: ReadonlyMap<string, UserFacts>
}

/**
 * Live tokens and their users, each table streamed once: every enabled token, or those that the
 * scope names, whatever their status.
 */
export async function readAccess(
  reader: DatabaseReader,
  catalog: Catalog,
  scope: AccessScope,
): Promise<Access> {
  const named = scope.user === null ? null : await usersNamed(reader, catalog, scope.user)
  const unfit = await idsWhere(reader, catalog, 'tokens', UNFINDABLE_KEY)
  const tokens: TokenFacts[] = []
  for await (const cells of liveRows(reader, catalog, 'tokens', TOKEN_COLUMNS)) {
    const token = toToken(cells, unfit)
    if (isAsked(token, scope, named)) tokens.push(token)
  }
  const owners = new Set(tokens.map(({ userId }) => userId))
  const accepting = await idsWhere(reader, catalog, 'users', ACCEPTS_UNPRICED)
  const users = new Map<string, UserFacts>()
  for await (const cells of liveRows(reader, catalog, 'users', USER_COLUMNS)) {
    const user = toUser(cells, accepting)
    if (owners.has(user.id) || user.name === scope.user) users.set(user.id, user)
  }
  return { tokens, users }
}

const TOKEN_COLUMNS = (
  'id name user_id status expired_time remain_quota unlimited_quota group model_limits_enabled ' +
  'model_limits models allow_ips subnet cross_group_retry'
).split(' ')

const USER_COLUMNS = ['id', 'username', 'status', 'role', 'group', 'quota']

interface Condition {
  readonly column: string
  readonly text: ReturnType<typeof sql<boolean>>
}

/** Keys stay where they are: the gateway cuts `sk-` off and then splits what it got at `-`. */
const UNFINDABLE_KEY: Condition = {
  column: 'key',
  text: sql<boolean>`(
    cast(tokens.key as text) like '%-%'
    or length(trim(cast(tokens.key as text))) < 3
    or trim(cast(tokens.key as text)) <> cast(tokens.key as text)
  )`,
}

/** The rest of this column is the user's own, with secrets of web hooks in it. */
const ACCEPTS_UNPRICED: Condition = {
  column: 'setting',
  text: sql<boolean>`replace(users.setting, ' ', '') like '%"accept_unset_model_ratio_model":true%'`,
}

async function idsWhere(
  reader: DatabaseReader,
  catalog: Catalog,
  table: string,
  { column, text }: Condition,
): Promise<ReadonlySet<string>> {
  if (catalog.get(table)?.has(column) !== true) return new Set()
  const [rows = []] = await reader.read([{ table, columns: [{ name: 'id' }], where: () => text }])
  return new Set(rows.map(([id]) => id?.text ?? ''))
}

async function usersNamed(
  reader: DatabaseReader,
  catalog: Catalog,
  name: string,
): Promise<ReadonlySet<string>> {
  const where = () => sql<boolean>`users.username = ${name}`
  const [rows = []] = await readRows(reader, catalog, null, [
    { table: 'users', columns: [], where },
  ])
  return new Set(rows.map(({ locator }) => locator?.['id'] ?? ''))
}

function isAsked(
  { name, status, userId }: TokenFacts,
  scope: AccessScope,
  users: ReadonlySet<string> | null,
): boolean {
  if (users !== null && !users.has(userId ?? '')) return false
  if (scope.token !== null) return name === scope.token
  return users !== null || status === '1'
}

interface Cells {
  /** Null also for a column that this version lacks. */
  readonly get: (column: string) => Cell
  readonly has: (column: string) => boolean
}

async function* liveRows(
  reader: DatabaseReader,
  catalog: Catalog,
  table: string,
  wanted: readonly string[],
): AsyncGenerator<Cells> {
  const known = catalog.get(table)!
  const columns = wanted.flatMap((name) => known.get(name) ?? [])
  const rules = columns.map(({ name }) => columnRule(table, name))
  const places = new Map(columns.map(({ name }, index) => [name, index]))
  const has = (column: string): boolean => places.has(column)
  const lines = reader.stream({
    table,
    columns,
    keyLength: 1,
    ...(known.has('deleted_at') ? { whereNull: 'deleted_at' } : {}),
  })
  for await (const batch of lines) {
    for (const line of batch) {
      const fields = line.split('\t')
      const get = (column: string): Cell => {
        const place = places.get(column)
        return place === undefined
          ? null
          : canonicalCell(rules[place]!, decodeField(fields[place]!))
      }
      yield { get, has }
    }
  }
}

function toToken({ get: cell, has }: Cells, unfindable: ReadonlySet<string>): TokenFacts {
  const id = cell('id') ?? ''
  // one-api has one list and no switch: an empty one allows everything.
  const limits = has('model_limits') ? cell('model_limits') : cell('models')
  const hasSwitch = has('model_limits_enabled')
  return {
    id,
    name: cell('name'),
    userId: cell('user_id'),
    status: cell('status'),
    expiredTime: cell('expired_time'),
    remainQuota: cell('remain_quota'),
    isUnlimited: cell('unlimited_quota') === 'true',
    group: cell('group'),
    limitsEnabled: hasSwitch ? cell('model_limits_enabled') === 'true' : (limits ?? '') !== '',
    limits,
    allowIps: has('allow_ips') ? cell('allow_ips') : cell('subnet'),
    crossGroupRetry: cell('cross_group_retry') === 'true',
    isKeyFindable: !unfindable.has(id),
  }
}

function toUser({ get: cell }: Cells, accepting: ReadonlySet<string>): UserFacts {
  const id = cell('id') ?? ''
  return {
    id,
    name: cell('username'),
    status: cell('status'),
    role: cell('role'),
    group: cell('group'),
    quota: cell('quota'),
    acceptsUnpriced: accepting.has(id),
  }
}
