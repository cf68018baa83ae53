import { DatabaseError, LockBusyError, type DatabaseErrorFacts } from '../../errors.ts'
import { describeWait, LOCK_BACKOFF, pollUntil } from '../backoff.ts'
import type { LockHolder, LockOptions, LockStatus } from '../contract.ts'
import type { PostgresConnection } from './connection.ts'
import type { PostgresSession } from './session.ts'

/** SQL of the key: one lock for each schema of each database. */
export const LOCK_KEY = `
  hashtextextended('tidegate:' || current_database() || ':' || coalesce(current_schema(), ''), 0)`

const HEARTBEAT_MS = 5_000

/** Holds the session's lock while `body` runs. See `Database.withLock`. */
export async function withLock<T>(
  session: PostgresSession,
  options: LockOptions,
  body: () => Promise<T>,
): Promise<T> {
  if (session.lock !== null) return body()
  const lease = await acquire(session, options)
  session.lock = options
  const heartbeat = lease === 'session' ? startHeartbeat(session.connection) : undefined
  try {
    const result = await body()
    if (lease === 'session') await release(session)
    return result
  } catch (error) {
    if (lease === 'session') await release(session).catch(() => undefined)
    throw error
  } finally {
    clearInterval(heartbeat)
    session.lock = null
  }
}

/** Whether a pooler gives this connection another session for each transaction. */
export async function isPooled(session: PostgresSession): Promise<boolean> {
  if (session.pooled === null) {
    const [row] = await session.connection.rows('select pg_backend_pid()')
    session.pooled = row![0] !== session.connection.processId
  }
  return session.pooled
}

/** Whether the lock is held, and by whom. */
export async function lockStatus(session: PostgresSession): Promise<LockStatus> {
  const holder = await findHolder(session)
  return { kind: 'advisory', held: holder !== null, holder }
}

/** Ends the session that holds the lock, unless it is this one. See `Database.releaseLock`. */
export async function releaseLock(session: PostgresSession): Promise<LockHolder | null> {
  const holder = await findHolder(session, 'others')
  if (holder === null) return null
  await session.connection.run('select pg_terminate_backend($1)', [holder.processId])
  const gone = await pollUntil({ timeoutMs: 5_000, backoff: LOCK_BACKOFF }, async () => {
    const current = await findHolder(session, 'others')
    return current?.processId === holder.processId ? null : true
  })
  if (gone !== null) return holder
  throw new DatabaseError(
    'database',
    `session ${holder.processId} was told to end and still holds the lock of ${session.target.label}`,
    { sqlState: null, retry: 'never' },
    'run the command again in a moment',
  )
}

/** The session that holds the lock as far as the server shows it; null when nobody does. */
export async function findHolder(
  { connection }: PostgresSession,
  whose: 'anyone' | 'others' = 'anyone',
): Promise<LockHolder | null> {
  const results = await connection.run(HOLDERS, [whose === 'anyone'])
  return (results.at(-1)!.rows[0] as LockHolder | undefined) ?? null
}

/** For a wait that has ended at its deadline. */
export async function lockBusy(
  session: PostgresSession,
  timeoutMs: number,
): Promise<LockBusyError> {
  const holder = await findHolder(session).catch(() => null)
  const who = holder === null ? 'another session' : describeHolder(holder)
  const message = `${who} kept the lock of ${session.target.label} for ${describeWait(timeoutMs)}`
  return new LockBusyError(message, { kind: 'advisory', timeoutMs, holder })
}

// The key of pg_locks is in two halves; a lock on one number has objsubid 1.
const HOLDERS = `
  select l.pid as "processId",
    coalesce(nullif(a.application_name, ''), 'unknown') as "applicationName",
    coalesce(a.client_hostname, host(a.client_addr)) as "client",
    coalesce(extract(epoch from clock_timestamp() - a.backend_start), 0)::float8 as "ageSeconds",
    a.state as "state"
  from pg_locks as l
    cross join (select ${LOCK_KEY} as value) as key
    left join pg_stat_activity as a on a.pid = l.pid
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select oid from pg_database where datname = current_database())
    and l.classid::bigint = (key.value >> 32) & 4294967295
    and l.objid::bigint = key.value & 4294967295
    and ($1 or l.pid <> pg_backend_pid())
  order by l.pid = pg_backend_pid()
  limit 1`

// Only a session of our own may keep a lock: behind a pooler it would stay with the next client.
const TRY_LOCK = `
  select pg_backend_pid() as pid,
    case when pg_backend_pid() = $1 then pg_try_advisory_lock(${LOCK_KEY}) end as locked`

/** @returns where the lock is held: in the session, or only by each transaction. */
async function acquire(
  session: PostgresSession,
  { timeoutMs, onWait }: LockOptions,
): Promise<'session' | 'transactions'> {
  const { connection } = session
  const lease = await pollUntil({ timeoutMs, backoff: LOCK_BACKOFF }, async ({ number }) => {
    const results = await connection.run(TRY_LOCK, [connection.processId])
    const { pid, locked } = results.at(-1)!.rows[0] as { pid: number; locked: boolean | null }
    session.pooled = pid !== connection.processId
    if (session.pooled) return 'transactions'
    if (locked === true) return 'session'
    if (number === 1) onWait?.(await findHolder(session))
    return null
  })
  if (lease === null) throw await lockBusy(session, timeoutMs)
  if (lease === 'session') await limitLease(connection)
  return lease
}

// With these the server itself ends a holder that has died or been cut off. Servers before 14 lack
// two of them, and systems other than Linux refuse some.
const LEASE: readonly (readonly [string, string])[] = [
  ['idle_session_timeout', '30s'],
  ['client_connection_check_interval', '1s'],
  ['tcp_keepalives_idle', '10'],
  ['tcp_keepalives_interval', '5'],
  ['tcp_keepalives_count', '3'],
  ['tcp_user_timeout', '15s'],
]

const SET_LEASE = `
  select set_config(lease.name, lease.value, false)
  from unnest($1::text[], $2::text[]) as lease(name, value)
    join pg_settings using (name)`

async function limitLease(connection: PostgresConnection): Promise<void> {
  const set = (lease: typeof LEASE) =>
    connection.run(SET_LEASE, [lease.map(([name]) => name), lease.map(([, value]) => value)])
  await set(LEASE)
    .catch(() => set(LEASE.slice(0, 1)))
    .catch(() => undefined)
}

const UNLOCK = `
  select pg_advisory_unlock(${LOCK_KEY}) as unlocked,
    (select set_config(name, reset_val, false) from pg_settings
      where name = 'idle_session_timeout') as reset`

async function release({ connection }: PostgresSession): Promise<void> {
  const results = await connection.run(UNLOCK).catch((error: unknown) => {
    throw error instanceof DatabaseError ? lockLost(connection, error.facts) : error
  })
  const { unlocked } = results.at(-1)!.rows[0] as { unlocked: boolean }
  if (!unlocked) throw lockLost(connection, { sqlState: null, retry: 'never' })
}

function lockLost({ label }: PostgresConnection, facts: DatabaseErrorFacts): DatabaseError {
  return new DatabaseError(
    'database',
    `the lock of ${label} was lost while the command was running`,
    facts,
    'run the command again; it goes on where it was',
  )
}

function startHeartbeat(connection: PostgresConnection): NodeJS.Timeout {
  return setInterval(() => {
    if (connection.idle) connection.run('select 1').catch(() => undefined)
  }, HEARTBEAT_MS).unref()
}

function describeHolder({ applicationName, processId, client }: LockHolder): string {
  return `${applicationName} (session ${processId}${client === null ? '' : ` from ${client}`})`
}
