import type { SqliteTarget } from '../../database/contract.ts'
import {
  DatabaseError,
  type DatabaseErrorFacts,
  type ErrorCode,
  TidegateError,
} from '../../errors.ts'
import type { FingerprintKey } from '../../database/contract.ts'
import type { TableShape } from '../../snapshot/shape.ts'
import type { BucketFilter, Source } from '../../snapshot/source.ts'

/** What the thread that reads one side and the one that compares tell each other. */

/** What the thread is started with. */
export interface SourceOrder {
  readonly name: string
  readonly target: SqliteTarget
  /** Of the fingerprinter; null without one. */
  readonly key: FingerprintKey | null
}

/** What a side says of itself before any row is read. */
export type SourceFacts = Pick<
  Source,
  'name' | 'kind' | 'dialect' | 'label' | 'catalog' | 'version' | 'takenAt' | 'keyId'
>

export type Request = { readonly id: number } & (
  | { readonly call: 'open' }
  /** Everything until `end` is one moment of the side. */
  | { readonly call: 'begin' }
  | { readonly call: 'end' }
  | { readonly call: 'lines'; readonly shape: TableShape; readonly buckets: BucketFilter | null }
  | { readonly call: 'stale'; readonly buckets: number }
  | { readonly call: 'digest'; readonly shape: TableShape; readonly count: number }
  | { readonly call: 'size'; readonly table: string }
  /** Of the stream with this id: one more batch may come, or none shall. */
  | { readonly call: 'more' }
  | { readonly call: 'leave' }
)

export type Answer = { readonly id: number } & (
  | { readonly is: 'value'; readonly value: unknown }
  /** Of a stream; it ends with a value. */
  | { readonly is: 'batch'; readonly batch: readonly unknown[] }
  | { readonly is: 'error'; readonly error: SentError }
)

/** Batches that are on their way before the reader waits for the one who takes them. */
export const BATCHES_AHEAD = 4

/** An error without its class, which does not survive the way. */
export interface SentError {
  readonly code: ErrorCode
  readonly message: string
  readonly nextStep: string | null
  readonly details: Readonly<Record<string, unknown>>
  readonly facts: DatabaseErrorFacts | null
}

export function sendError(error: unknown): SentError {
  if (!(error instanceof TidegateError)) {
    const message = 'the thread that reads the left side failed'
    return { code: 'internal', message, nextStep: null, details: {}, facts: null }
  }
  const { code, message, nextStep = null, details } = error
  const facts = error instanceof DatabaseError ? error.facts : null
  return { code, message, nextStep, details, facts }
}

export function receiveError({
  code,
  message,
  nextStep,
  details,
  facts,
}: SentError): TidegateError {
  if (facts !== null && (code === 'connection' || code === 'database' || code === 'lock-busy')) {
    return new DatabaseError(code, message, facts, nextStep ?? undefined)
  }
  return new TidegateError(code, message, {
    details,
    ...(nextStep === null ? {} : { nextStep }),
  })
}
