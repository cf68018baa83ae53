import { DatabaseError } from '../../errors.ts'
import { LOCK_BACKOFF, pollUntil } from '../backoff.ts'
import type { LockOptions } from '../contract.ts'
import { inOneTransaction } from '../one-transaction.ts'
import type { PostgresConnection } from './connection.ts'
import { findHolder, LOCK_KEY, lockBusy } from './lock.ts'
import { readRestorePoint } from './restore-point.ts'
import type { PostgresSession } from './session.ts'
import { sessionSettings } from './startup.ts'

const DEFAULT_LOCK: LockOptions = { timeoutMs: 120_000 }

/** BEGIN, the run's lock, body, COMMIT. See `Database.transaction`. */
export function runTransaction<T>(session: PostgresSession, body: () => Promise<T>): Promise<T> {
  return inOneTransaction(session, async () => {
    await begin(session)
    if (session.isRestorePointDue) await takeRestorePoint(session)
    return runBody(session, body)
  })
}

async function takeRestorePoint(session: PostgresSession): Promise<void> {
  try {
    session.restorePoint = await readRestorePoint(session.connection)
    session.isRestorePointDue = false
  } catch (error) {
    await rollback(session.connection)
    throw error
  }
}

// The lock that this session already holds is given at once; another run's is waited for, and never
// inside the transaction: an open one would keep the other from finishing its own work.
async function begin(session: PostgresSession): Promise<void> {
  const { timeoutMs, onWait } = session.lock ?? DEFAULT_LOCK
  const begun = await pollUntil({ timeoutMs, backoff: LOCK_BACKOFF }, async ({ number }) => {
    if (await beginsWithLock(session)) return true
    await rollback(session.connection)
    if (number === 1) onWait?.(await findHolder(session))
    return null
  })
  if (begun === null) throw await lockBusy(session, timeoutMs)
}

const BEGIN = `
  begin isolation level read committed;
  select pg_try_advisory_xact_lock(${LOCK_KEY}) as locked, pg_backend_pid() as pid`

async function beginsWithLock(session: PostgresSession): Promise<boolean> {
  const { connection } = session
  try {
    const answers = await connection.run(BEGIN)
    const { locked, pid } = answers.at(-1)!.rows[0] as { locked: boolean; pid: number }
    session.pooled = pid !== connection.processId
    if (locked && session.pooled) await setLocally(session)
    return locked
  } catch (error) {
    await rollback(connection)
    throw error
  }
}

// What a pooler's session is set to belongs to whoever used it before.
async function setLocally({ connection, options }: PostgresSession): Promise<void> {
  const settings = Object.entries(sessionSettings(options))
  const calls = settings.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, true)`)
  await connection.run(`select ${calls.join(', ')}`, settings.flat())
}

async function runBody<T>(session: PostgresSession, body: () => Promise<T>): Promise<T> {
  const { connection } = session
  connection.guardTransaction()
  try {
    const result = await body()
    const ended = connection.releaseTransaction()
    if (ended !== null) throw ended
    await commit(connection)
    return result
  } catch (error) {
    connection.releaseTransaction()
    await rollback(connection)
    throw error
  }
}

// The server answers ROLLBACK, and no error, to the COMMIT of a transaction that has failed.
async function commit(connection: PostgresConnection): Promise<void> {
  const [answer] = await connection.commit()
  if (answer?.command === 'COMMIT') return
  throw new DatabaseError(
    'database',
    `the transaction on ${connection.label} had failed before its end; nothing of it was kept`,
    { sqlState: '25P02', retry: 'never' },
    'look for a failed statement whose error was dropped',
  )
}

async function rollback(connection: PostgresConnection): Promise<void> {
  // A broken connection has rolled back.
  await connection.run('rollback').catch(() => undefined)
}
