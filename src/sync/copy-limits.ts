import type { CatalogColumn, DialectName } from '../database/contract.ts'

/** What a column keeps of a value, or refuses. */
export interface ColumnLimits {
  /** Characters; null when any number of them is taken. */
  readonly length: number | null
  /** Whether blanks at the end of a text come back. */
  readonly keepsBlanks: boolean
  readonly takesNul: boolean
  /** Of an integer. */
  readonly bits: 16 | 32 | 64
  readonly number: NumberLimits
  /** What is checked of JSON: nothing, its syntax, or also what its escapes stand for. */
  readonly json: 'any' | 'syntax' | 'content'
}

/** Every decimal, those that a floating-point number gives back, or so many digits. */
export type NumberLimits =
  'exact' | 'double' | 'single' | { readonly precision: number; readonly scale: number }

const SQLITE: ColumnLimits = {
  length: null,
  keepsBlanks: true,
  takesNul: true,
  bits: 64,
  number: 'double',
  json: 'any',
}

const LIMITS_OF: Readonly<Record<DialectName, (column: CatalogColumn) => ColumnLimits>> = {
  sqlite: () => SQLITE,
  postgres: ({ type, maxLength }) => ({
    length: maxLength,
    keepsBlanks: !type.startsWith('character('),
    takesNul: false,
    bits: BITS[type] ?? 64,
    number: numberLimits(type),
    json: type === 'jsonb' ? 'content' : 'syntax',
  }),
}

const BITS: Readonly<Record<string, ColumnLimits['bits']>> = { smallint: 16, integer: 32 }

function numberLimits(type: string): NumberLimits {
  if (type === 'real') return 'single'
  if (type === 'double precision') return 'double'
  const [, precision, scale] = /^numeric\((\d+),(-?\d+)\)$/.exec(type) ?? []
  if (precision === undefined) return 'exact'
  return { precision: Number(precision), scale: Number(scale) }
}

export function limitsOf(dialect: DialectName, column: CatalogColumn): ColumnLimits {
  return LIMITS_OF[dialect](column)
}
