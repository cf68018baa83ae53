import { sql, type RawBuilder } from 'kysely'
import type { StreamColumn, StreamRequest, TypeFamily } from '../contract.ts'
import { hideValue } from './read.ts'

export interface StreamField {
  readonly family: TypeFamily
  /** What is written; null when it is hidden. */
  readonly value: RawBuilder<unknown> | null
  /** As it stands in a line. */
  readonly field: RawBuilder<string>
  readonly order: RawBuilder<unknown>
}

export function describeField(column: StreamColumn, index: number): StreamField {
  const { name, reference, hide } = column
  const value = reference === undefined ? sql.id('t', name) : sql.id(`r${index}`, reference.show)
  // What is shown of another row is its name.
  const family = reference === undefined ? column.family : 'text'
  if (hide !== undefined) {
    const hidden = hideValue(value, hide)
    return {
      family,
      value: null,
      field: sql`coalesce(${hidden}, ${NULL})`,
      order: hidden,
    }
  }
  return { family, value, field: fieldOf(value, family), order: orderOf(value, family) }
}

/** FROM and WHERE. */
export function sourceOf({ table, columns, whereNull }: StreamRequest): RawBuilder<unknown> {
  const joins = columns.map(({ name, reference }, index) => {
    if (reference === undefined) return sql``
    const referred = sql.id(`r${index}`, 'id')
    const alias = sql.id(`r${index}`)
    return sql` left join ${sql.id(reference.table)} as ${alias} on ${referred} = ${sql.id('t', name)}`
  })
  const condition = whereNull === undefined ? sql`` : sql` where ${sql.id('t', whereNull)} is null`
  return sql` from ${sql.id(table)} as t${sql.join(joins, sql``)}${condition}`
}

const CLASSES = ['integer', 'text', 'null', 'real', 'blob'] as const

type StorageClass = Exclude<(typeof CLASSES)[number], 'null'>

/** How a value of each family should lie in the file; a line marks every other one. */
const EXPECTED: Readonly<Record<TypeFamily, readonly StorageClass[]>> = {
  integer: ['integer'],
  number: ['integer', 'real'],
  boolean: ['integer'],
  text: ['text'],
  json: ['blob'],
  time: ['text'],
  bytes: ['blob'],
  other: ['text'],
}

const MARKS: Readonly<Record<StorageClass, string>> = {
  integer: 'I',
  real: 'R',
  text: 'T',
  blob: 'B',
}

const NULL = sql.lit('\\N')

/** A value as it stands in a line. */
export function fieldOf(value: RawBuilder<unknown>, family: TypeFamily): RawBuilder<string> {
  const branches = CLASSES.map((storage) => {
    const field = storage === 'null' ? NULL : storedField(value, storage, family)
    return sql`when ${sql.lit(storage)} then ${field}`
  })
  return sql`case typeof(${value}) ${sql.join(branches, sql` `)} end`
}

function storedField(
  value: RawBuilder<unknown>,
  storage: StorageClass,
  family: TypeFamily,
): RawBuilder<unknown> {
  const text = textOf(value, storage, family)
  const escaped = storage === 'text' || storage === 'blob' ? escape(text) : text
  const marked = sql`${sql.lit(`\\${MARKS[storage]}`)} || ${escaped}`
  if (storage === 'integer' && family === 'boolean') {
    return sql`case ${value} when 1 then 'true' when 0 then 'false' else ${marked} end`
  }
  return EXPECTED[family].includes(storage) ? escaped : marked
}

function textOf(value: RawBuilder<unknown>, storage: StorageClass, family: TypeFamily) {
  if (storage === 'real') return sql`tidegate_number(${value})`
  if (storage !== 'blob') return value
  const hex = sql`'\\x' || lower(hex(${value}))`
  if (family === 'bytes') return hex
  // A text that could be taken for hexadecimal digits becomes some.
  return sql`case substr(${value}, 1, 2) when x'5c78' then ${hex} else cast(${value} as text) end`
}

// Few values have a backslash, and a search costs less than a copy. What else has to be escaped is
// seen in the whole line: `ExactLines` does it.
function escape(text: RawBuilder<unknown>): RawBuilder<unknown> {
  const escaped = sql`replace(${text}, '\\', '\\\\')`
  return sql`case instr(${text}, '\\') when 0 then ${text} else ${escaped} end`
}

// Integers and texts as they lie, so that an index can give the order.
function orderOf(value: RawBuilder<unknown>, family: TypeFamily): RawBuilder<unknown> {
  if (family === 'integer' || family === 'text') return sql`${value} collate binary`
  const branches = (['integer', 'real', 'text', 'blob'] as const).map((storage) => {
    const text = textOf(value, storage, family)
    return sql`when ${sql.lit(storage)} then cast(${text} as text)`
  })
  return sql`case typeof(${value}) ${sql.join(branches, sql` `)} end`
}
