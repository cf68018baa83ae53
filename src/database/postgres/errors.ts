import { DatabaseError, type DatabaseErrorFacts } from '../../errors.ts'
import type { PostgresTarget } from '../contract.ts'
import { MissingPasswordError } from './password.ts'
import { ruleOf, type Rule } from './error-rules.ts'

/** What a driver's error says, in our words: the server's own text quotes rows and is dropped. */
export function describeFailure(error: unknown, target: PostgresTarget): DatabaseError {
  if (error instanceof DatabaseError) return error
  const failure = flatten(error)
  const code = codeOf(failure)
  const facts = { sqlState: code, ...readNames(failure) }
  return toFailure(ruleOf(code, target), facts, target)
}

/** The same for an attempt to connect, where errors without a code mean something too. */
export function describeConnectFailure(error: unknown, target: PostgresTarget): DatabaseError {
  if (error instanceof DatabaseError) return error
  const failure = flatten(error)
  const code = codeOf(failure) ?? codeWithout(failure)
  return toFailure(ruleOf(code, target), { sqlState: code }, target)
}

/** Whether a pooler refused the settings in the startup message, so that it works without them. */
export function refusesStartupOptions(error: unknown): boolean {
  const code = codeOf(error)
  if (code !== '08P01' && code !== '0A000') return false
  return /startup parameter|command-line options/i.test(messageOf(error))
}

function toFailure(
  rule: Rule,
  facts: Omit<DatabaseErrorFacts, 'retry'>,
  target: PostgresTarget,
): DatabaseError {
  const state = facts.sqlState === null ? '' : `, ${facts.sqlState}`
  return new DatabaseError(
    rule.code ?? 'database',
    `${rule.says}${whereOf(facts)} (${target.label}${state})`,
    { ...facts, retry: rule.retry ?? 'never' },
    rule.nextStep,
  )
}

export function hasCode(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}

export function isFromServer(error: unknown): boolean {
  return error instanceof Error && 'severity' in error
}

// Node tries every address of a host at once and throws all failures in one error without a text.
function flatten(error: unknown): unknown {
  if (!(error instanceof AggregateError)) return error
  return error.errors.find((one) => codeOf(one) !== null) ?? error
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' && error.code !== '' ? error.code : null
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : ''
}

// pg gives these no code; the names are ours.
const WITHOUT_CODE: readonly (readonly [RegExp, string])[] = [
  [/^timeout expired/, 'ETIMEDOUT'],
  [/does not support SSL/, 'TLS_NOT_OFFERED'],
  [/establishing an SSL connection/, 'TLS_NOT_ANSWERED'],
  [/^SASL/, 'SASL'],
]

function codeWithout(error: unknown): string | null {
  if (error instanceof MissingPasswordError) return 'NO_PASSWORD'
  return WITHOUT_CODE.find(([text]) => text.test(messageOf(error)))?.[1] ?? null
}

type Names = Pick<DatabaseErrorFacts, 'schema' | 'table' | 'column' | 'constraint'>

// The only fields of the server's answer that never hold a value.
function readNames(error: unknown): Names {
  const fields = error as Record<string, unknown>
  const names: Record<string, string> = {}
  for (const name of ['schema', 'table', 'column', 'constraint']) {
    const value = fields[name]
    if (typeof value === 'string' && value !== '') names[name] = value
  }
  const table = DENIED.exec(codeOf(error) === '42501' ? messageOf(error) : '')?.[1]
  return table === undefined ? names : { table, ...names }
}

// Of this code the message holds a name and nothing else; a server that speaks another language
// leaves us without it.
const DENIED = /^permission denied for (?:table|view|relation) (.+)$/

function whereOf({ table, column, constraint }: Names): string {
  const place = table === undefined ? '' : ` in ${table}${column === undefined ? '' : `.${column}`}`
  return constraint === undefined ? place : `${place}, constraint ${constraint}`
}
