import type { DialectName } from '../../src/database/contract.ts'

/** SQL of one value, the same on both dialects or one for each. */
type Sql = string | Readonly<Record<DialectName, string>>

/** One value that the dialects hold differently, and another value that must be found. */
export interface Corner {
  readonly column: string
  readonly value: Sql
  readonly other: Sql
}

/** A table that a project names: the dialects' own types for the same values. */
export const CORNER_TABLE: Readonly<Record<DialectName, string>> = {
  sqlite: `create table corners (name text primary key, amount real, price numeric, whole bigint,
    flag numeric, note text, payload text, content blob, moment datetime)`,
  postgres: `create table corners (name text primary key, amount double precision, price numeric,
    whole bigint, flag boolean, note text, payload jsonb, content bytea,
    moment timestamp with time zone)`,
}

export function sqlFor(sql: Sql, dialect: DialectName): string {
  return typeof sql === 'string' ? sql : sql[dialect]
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
const bytes = (hex: string): Sql => ({ sqlite: `x'${hex}'`, postgres: `'\\x${hex}'` })
const truth = (value: boolean): Sql => ({ sqlite: String(Number(value)), postgres: String(value) })

/** By name; each is a row of its own in `corners`. */
export const CORNERS: Readonly<Record<string, Corner>> = {
  'a large float': { column: 'amount', value: '1e23', other: '1.0000000000000001e23' },
  'the smallest float': { column: 'amount', value: '5e-324', other: '1e-323' },
  'a negative zero': {
    column: 'amount',
    value: { sqlite: '-0.0', postgres: "'-0'" },
    other: '5e-324',
  },
  'one more than 2^53': {
    column: 'whole',
    value: '9007199254740993',
    other: '9007199254740992',
  },
  'the largest integer': {
    column: 'whole',
    value: '9223372036854775807',
    other: '9223372036854775806',
  },
  'the smallest integer': {
    column: 'whole',
    value: { sqlite: '-9223372036854775807 - 1', postgres: "'-9223372036854775808'" },
    other: '-9223372036854775807',
  },
  'a sum that is not exact': {
    column: 'amount',
    value: '0.30000000000000004',
    other: '0.3',
  },
  'a decimal with zeros': { column: 'price', value: '1.50', other: '1.51' },
  'a large decimal': { column: 'price', value: '1000000', other: '1000001' },
  'a true': { column: 'flag', value: truth(true), other: truth(false) },
  'a false': { column: 'flag', value: truth(false), other: 'null' },
  'a grinning face 😀': { column: 'note', value: quoted('😀'), other: quoted('😁') },
  'a ligature ﬀ': { column: 'note', value: quoted('ﬀ'), other: quoted('ff') },
  'a decomposed é': { column: 'note', value: quoted('e\u0301'), other: quoted('é') },
  'a bar in the key: a|b': { column: 'note', value: quoted('|b'), other: quoted('b') },
  'a null': { column: 'whole', value: 'null', other: '0' },
  'a text that reads NULL': { column: 'note', value: quoted('NULL'), other: 'null' },
  'a text that reads <null>': { column: 'note', value: quoted('<null>'), other: 'null' },
  'a text that reads \\N': { column: 'note', value: quoted('\\N'), other: 'null' },
  'a text that reads \\\\N': { column: 'note', value: quoted('\\\\N'), other: quoted('\\N') },
  'a text that begins like bytes': {
    column: 'note',
    value: quoted('\\x41'),
    other: quoted('A'),
  },
  'a text that begins like a mark': {
    column: 'note',
    value: quoted('\\Ix'),
    other: quoted('x'),
  },
  'a tab': { column: 'note', value: quoted('a\tb'), other: quoted('a b') },
  'a written tab': { column: 'note', value: quoted('a\\tb'), other: quoted('a\tb') },
  'a line feed': { column: 'note', value: quoted('a\nb'), other: quoted('a\r\nb') },
  'a carriage return at the end': { column: 'note', value: quoted('a\r'), other: quoted('a') },
  'a backslash at the end': { column: 'note', value: quoted('a\\'), other: quoted('a') },
  'a blank at the end': { column: 'note', value: quoted('a '), other: quoted('a') },
  'a line separator': { column: 'note', value: quoted('a\u2028b'), other: quoted('a b') },
  'members in another order': {
    column: 'payload',
    value: { sqlite: `'{"bb": 1, "a": [1, 2]}'`, postgres: `'{"a":[1,2],"bb":1}'` },
    other: `'{"a":[2,1],"bb":1}'`,
  },
  'a large integer in JSON': {
    column: 'payload',
    value: { sqlite: `'{"n":9007199254740993}'`, postgres: `'{"n": 9007199254740993}'` },
    other: `'{"n":9007199254740992}'`,
  },
  'an escape in JSON': {
    column: 'payload',
    value: { sqlite: `'{"a":"\\u00e9\\/"}'`, postgres: `'{"a":"é/"}'` },
    other: `'{"a":"e/"}'`,
  },
  'a number written otherwise in JSON': {
    column: 'payload',
    value: { sqlite: `'[1e2]'`, postgres: `'[100]'` },
    other: `'[101]'`,
  },
  'an empty object': { column: 'payload', value: `'{}'`, other: `'[]'` },
  'a member that is null': { column: 'payload', value: `'{"a":null}'`, other: `'{}'` },
  'bytes that are no text': { column: 'content', value: bytes('00ff'), other: bytes('00fe') },
  'bytes that are text': { column: 'content', value: bytes('6162'), other: bytes('6163') },
  'no bytes': { column: 'content', value: bytes(''), other: bytes('00') },
  'a moment in another zone': {
    column: 'moment',
    value: {
      sqlite: `'2026-01-31 12:00:00.5+08:00'`,
      postgres: `'2026-01-31T04:00:00.500000Z'`,
    },
    other: { sqlite: `'2026-01-31 12:00:00.6+08:00'`, postgres: `'2026-01-31T04:00:00.6Z'` },
  },
}
