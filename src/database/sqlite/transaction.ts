import { DatabaseError, LockBusyError, TidegateError } from '../../errors.ts'
import { describeWait, FILE_BACKOFF, pollUntil, type Attempt } from '../backoff.ts'
import type { LockOptions } from '../contract.ts'
import { inOneTransaction } from '../one-transaction.ts'
import type { SqliteConnection } from './connection.ts'
import { isBusy } from './errors.ts'
import { makeRestorePoint, pruneAfterWriting } from './restore-point.ts'
import type { SqliteSession } from './session.ts'

const DEFAULT_LOCK: LockOptions = { timeoutMs: 60_000 }

// SQLite's own wait blocks the process, so it comes in slices; between them signals are handled.
const LONGEST_BLOCKING_WAIT_MS = 250

/** The file as it was, once; then BEGIN IMMEDIATE, body, COMMIT. See `Database.transaction`. */
export function runTransaction<T>(session: SqliteSession, body: () => Promise<T>): Promise<T> {
  return inOneTransaction(session, async () => {
    if (session.isRestorePointDue) await takeRestorePoint(session)
    await begin(session)
    return runBody(session, body)
  })
}

async function takeRestorePoint(session: SqliteSession): Promise<void> {
  await untilFree(session, async () => {
    const path = await makeRestorePoint(session)
    session.restorePoint = path === null ? null : { kind: 'file', path }
  })
  session.isRestorePointDue = false
}

// A deferred BEGIN that has read fails at its first write without waiting for anyone.
async function begin(session: SqliteSession): Promise<void> {
  const { onWait } = session.lock ?? DEFAULT_LOCK
  const onBusy = ({ number }: Attempt): void => {
    if (number === 1) onWait?.(null)
  }
  await untilFree(session, () => session.connection.control('begin immediate'), onBusy)
}

async function runBody<T>(session: SqliteSession, body: () => Promise<T>): Promise<T> {
  const { connection } = session
  connection.guardTransaction()
  try {
    const before = findOrphans(connection)
    const state = readState(connection)
    const result = await body()
    assertNoMoreOrphans(before, findOrphans(connection))
    const ended = connection.releaseTransaction()
    if (ended !== null) throw ended
    await commit(session, readState(connection) !== state)
    return result
  } catch (error) {
    connection.releaseTransaction()
    rollback(connection)
    throw error
  }
}

// Readers hold up the COMMIT of a database without a write-ahead log; the transaction stays open.
async function commit(session: SqliteSession, hasWritten: boolean): Promise<void> {
  try {
    await untilFree(session, () => session.connection.control('commit'))
  } catch (error) {
    session.mayHaveWritten ||= !isTakenBack(error)
    throw error
  }
  if (!hasWritten || session.mayHaveWritten) return
  session.mayHaveWritten = true
  pruneAfterWriting(session)
}

/** Whether a COMMIT that failed so has certainly kept nothing. */
function isTakenBack(error: unknown): boolean {
  if (error instanceof LockBusyError) return true
  return error instanceof DatabaseError && error.facts.sqlState === 'SQLITE_FULL'
}

/** Differs when rows, tables or numbers in the header were written in between. */
function readState(connection: SqliteConnection): string {
  const [row] = connection.rows(
    `select total_changes(), schema_version, user_version, application_id
     from pragma_schema_version, pragma_user_version, pragma_application_id`,
  )
  return String(row)
}

/** Never throws. */
export function rollback(connection: SqliteConnection): void {
  try {
    if (connection.inTransaction) connection.control('rollback')
  } catch {
    // The file's own journal takes back what a broken transaction has written.
  }
}

/** Does something until no other program is in its way. */
async function untilFree(
  { connection, target, lock }: SqliteSession,
  act: () => void | Promise<void>,
  onBusy: (attempt: Attempt) => void = () => undefined,
): Promise<void> {
  const { timeoutMs } = lock ?? DEFAULT_LOCK
  const done = await pollUntil({ timeoutMs, backoff: FILE_BACKOFF }, async (attempt) => {
    const longest = Math.min(target.busyTimeoutMs, attempt.remainingMs, LONGEST_BLOCKING_WAIT_MS)
    connection.setBusyTimeout(attempt.number === 1 ? 0 : longest)
    if (await succeeds(act)) return true
    onBusy(attempt)
    return null
  }).finally(() => connection.setBusyTimeout(target.busyTimeoutMs))
  if (done === null) throw lockBusy(target.label, timeoutMs)
}

async function succeeds(act: () => void | Promise<void>): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    if (isBusy(error)) return false
    throw error
  }
}

function lockBusy(label: string, timeoutMs: number): LockBusyError {
  const message = `another program kept ${label} locked for ${describeWait(timeoutMs)}`
  return new LockBusyError(message, { kind: 'file', file: label, timeoutMs, holder: null })
}

/**
 * Rows whose foreign key leads nowhere, counted per row and key; null when no table declares a
 * foreign key. They are not enforced on this connection: the gateway does not enforce them either,
 * and rebuilding a table would delete its children.
 */
function findOrphans(connection: SqliteConnection): ReadonlyMap<string, number> | null {
  const declared = connection.rows(
    `select 1 from sqlite_schema as t join pragma_foreign_key_list(t.name)
     where t.type = 'table' limit 1`,
  )
  if (declared.length === 0) return null
  const orphans = new Map<string, number>()
  for (const row of connection.rows('select * from pragma_foreign_key_check')) {
    const key = row.join('|')
    orphans.set(key, (orphans.get(key) ?? 0) + 1)
  }
  return orphans
}

function assertNoMoreOrphans(
  before: ReadonlyMap<string, number> | null,
  after: ReadonlyMap<string, number> | null,
): void {
  const added = [...(after ?? [])].filter(([key, count]) => count > (before?.get(key) ?? 0))
  if (added.length === 0) return
  const tables = [...new Set(added.map(([key]) => key.split('|')[0]))].join(', ')
  throw new TidegateError('database', `${added.length} rows of ${tables} would refer to nothing`, {
    nextStep: 'delete or change the rows that refer to what is deleted',
    details: { tables, rows: added.length },
  })
}
