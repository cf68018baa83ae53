import type { CatalogColumn, DialectName, TypeFamily } from '../database/contract.ts'
import { type ColumnRule, columnRule } from '../gateway/columns.ts'
import { canonicalInteger } from '../gateway/numbers.ts'
import { isReadable, type RawCell } from '../gateway/storage.ts'
import { canonicalTime } from '../gateway/times.ts'
import { type ColumnLimits, limitsOf } from './copy-limits.ts'
import { numberMisfit } from './copy-numbers.ts'

/** A column that is copied: how it is read, and what it is written to. */
export interface CopyColumn {
  readonly name: string
  /** What its values mean, where the two sides declare them differently. */
  readonly family: TypeFamily
  readonly rule: ColumnRule
  readonly target: CatalogColumn
  readonly limits: ColumnLimits
  /** Whether both sides write times alike. */
  readonly isSameDialect: boolean
}

export function copyColumn(
  from: { readonly dialect: DialectName; readonly column: CatalogColumn },
  to: { readonly dialect: DialectName; readonly column: CatalogColumn },
): CopyColumn {
  const { table, name } = from.column
  const declared = sharedFamily(from.column, to.column)
  const rule = columnRule(table, name, declared)
  return {
    name,
    family: declared === 'boolean' && rule.compare === 'number' ? 'number' : declared,
    rule,
    target: to.column,
    limits: limitsOf(to.dialect, to.column),
    isSameDialect: from.dialect === to.dialect,
  }
}

/** A type called only `numeric` may be a boolean in SQLite; the other side knows better. */
function sharedFamily(from: CatalogColumn, to: CatalogColumn): TypeFamily {
  const [isOpen, isOtherOpen] = [from, to].map(({ type }) => type.toLowerCase() === 'numeric')
  if (isOpen && isOtherOpen) return from.family === to.family ? from.family : 'number'
  if (isOpen) return to.family
  if (isOtherOpen) return from.family
  return from.family === 'text' && to.family === 'json' ? 'json' : from.family
}

/** The text that is written; only of a value without a misfit. */
export function copiedText({ family, isSameDialect }: CopyColumn, raw: RawCell | null) {
  if (raw === null) return null
  if (family === 'integer') return canonicalInteger(raw.text)
  return family === 'time' && !isSameDialect ? canonicalTime(raw.text) : raw.text
}

/** Why a value would be refused, or come back as another one; never the value. Null when it fits. */
export function misfitOf(column: CopyColumn, raw: RawCell | null): string | null {
  const { family, rule, target } = column
  if (raw === null) return target.nullable ? null : 'is NULL, which the column does not take'
  if (raw.storage === 'blob' && family !== 'bytes' && raw.text.startsWith('\\x')) {
    return 'holds bytes that are no UTF-8 text'
  }
  const misfit = MISFITS[family](column, raw)
  if (misfit !== null || isReadable(rule.compare, raw)) return misfit
  return `is stored as ${raw.storage}, which the gateway does not read there`
}

type Misfit = (column: CopyColumn, raw: RawCell) => string | null

const MISFITS: Readonly<Record<TypeFamily, Misfit>> = {
  text: textMisfit,
  other: textMisfit,
  integer: integerMisfit,
  number: ({ limits }, { text }) => numberMisfit(text, limits.number),
  boolean: (_, { text }) =>
    text === 'true' || text === 'false' ? null : 'is neither true nor false',
  json: ({ limits }, { text }) => jsonMisfit(limits, text),
  time: timeMisfit,
  bytes: (_, { storage }) =>
    storage === 'native' ? null : `is stored as ${storage}, where bytes belong`,
}

function textMisfit({ limits }: CopyColumn, { text }: RawCell): string | null {
  if (!limits.takesNul && text.includes('\0')) return 'holds a NUL character'
  if (!limits.keepsBlanks && text.endsWith(' ')) return 'ends with blanks, which would be lost'
  if (limits.length === null || text.length <= limits.length) return null
  const length = [...text].length
  return length > limits.length
    ? `has ${length} characters, ${limits.length} fit into the column`
    : null
}

function integerMisfit({ limits }: CopyColumn, { text }: RawCell): string | null {
  const canonical = canonicalInteger(text)
  if (!/^-?\d+$/.test(canonical)) return 'is no integer'
  const value = BigInt(canonical)
  return BigInt.asIntN(limits.bits, value) === value ? null : 'is too large for the column'
}

function jsonMisfit({ json }: ColumnLimits, text: string): string | null {
  if (json === 'any') return null
  let isRefused = false
  const look = (name: string, value: unknown): unknown => {
    isRefused ||= [name, value].some((part) => typeof part === 'string' && !isPlain(part))
    return value
  }
  try {
    JSON.parse(text, json === 'content' ? look : undefined)
  } catch {
    return 'is no JSON'
  }
  return isRefused ? 'escapes a character that the column does not take' : null
}

function isPlain(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** As `canonicalTime` writes a moment; PostgreSQL has no year 0. */
const MOMENT = /^(?!0000)\d{4}-\d{2}-\d{2}T[\d:]{8}\.\d{6}Z$/

function timeMisfit({ isSameDialect, target }: CopyColumn, { text }: RawCell): string | null {
  if (isSameDialect) return null
  const canonical = canonicalTime(text)
  // A day that does not exist would become another one.
  if (MOMENT.test(canonical)) return isCalendarDay(text) ? null : 'is a day that does not exist'
  const isLocal = !/with time zone|datetime/.test(target.type) && /^[\d :.-]+$/.test(text)
  return isLocal ? null : 'is no time with an offset'
}

function isCalendarDay(text: string): boolean {
  const day = text.slice(0, 10)
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}
