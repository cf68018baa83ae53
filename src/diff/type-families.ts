import type { ColumnFamily } from '../gateway/columns.ts'

interface TypedColumn {
  /** As the database spells it. */
  readonly type: string
  readonly family: ColumnFamily
}

/**
 * Types of different families that mean the same to the gateway, without lengths. Widths (integer,
 * bigint), spellings (datetime, timestamp with time zone) and a boolean that SQLite calls numeric
 * are one family already.
 */
export const KNOWN_DIFFERENCES = [
  {
    name: 'a number with a fraction, where numeric may also be a boolean',
    types: ['numeric', 'decimal', 'real', 'float', 'double', 'double precision'],
  },
  { name: 'JSON, or the text of it', types: ['json', 'jsonb', 'text'] },
] as const satisfies readonly { readonly name: string; readonly types: readonly string[] }[]

/** Whether two columns can hold the same values. */
export function meanTheSame(left: TypedColumn, right: TypedColumn): boolean {
  if (left.family === right.family) return true
  const spellings = [left, right].map(({ type }) => withoutLength(type))
  return KNOWN_DIFFERENCES.some(({ types }) =>
    spellings.every((type) => (types as readonly string[]).includes(type)),
  )
}

function withoutLength(type: string): string {
  return type.toLowerCase().split('(', 1)[0]!.trim()
}
