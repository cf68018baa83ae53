import { DatabaseError } from '../errors.ts'
import type { FailureFacts } from './contract.ts'

/** Whether COMMIT was sent and not answered, so that only the database knows what became of it. */
export function isCommitUnknown(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && (error.facts as FailureFacts).commitUnknown === true
}

/** For a use after `close()`. */
export function closedFailure(label: string): DatabaseError {
  const message = `the connection to ${label} is closed`
  return new DatabaseError('connection', message, { sqlState: null, retry: 'never' })
}

/** For a COMMIT that the connection did not survive. */
export function commitUnknownFailure(label: string, failure: DatabaseError): DatabaseError {
  const facts: FailureFacts = { ...failure.facts, retry: 'connection', commitUnknown: true }
  return new DatabaseError(
    'connection',
    `the connection to ${label} broke while COMMIT was in flight; whether it happened is unknown`,
    facts,
    'run the command again; it reads what was kept',
  )
}

/** For a body that ended the transaction it was given: what it wrote before may have been kept. */
export function endedTransactionFailure(label: string): DatabaseError {
  return new DatabaseError(
    'database',
    `a statement began or ended a transaction inside tidegate's own on ${label}; what came before it may have been kept`,
    { sqlState: null, retry: 'never' },
    'remove BEGIN, COMMIT and ROLLBACK (also TO SAVEPOINT, and OR ROLLBACK) from the statements',
  )
}
