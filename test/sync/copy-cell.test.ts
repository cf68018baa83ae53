import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { CatalogColumn, DialectName, TypeFamily } from '../../src/database/contract.ts'
import type { RawCell } from '../../src/gateway/storage.ts'
import { type CopyColumn, copiedText, copyColumn, misfitOf } from '../../src/sync/copy-cell.ts'
import { numberMisfit } from '../../src/sync/copy-numbers.ts'

function column(values: Partial<CatalogColumn>): CatalogColumn {
  return {
    table: 'made_up',
    name: 'value',
    type: 'text',
    family: 'text',
    maxLength: null,
    nullable: true,
    keyPosition: null,
    unique: false,
    ...values,
  }
}

type Type = readonly [type: string, family: TypeFamily, maxLength?: number | null]

const SQLITE = {
  text: ['text', 'text'],
  integer: ['integer', 'integer'],
  real: ['real', 'number'],
  numeric: ['numeric', 'boolean'],
  json: ['json', 'json'],
  datetime: ['datetime', 'time'],
  blob: ['blob', 'bytes'],
} as const satisfies Record<string, Type>

const POSTGRES = {
  text: ['text', 'text'],
  varchar: ['character varying(4)', 'text', 4],
  char: ['character(4)', 'text', 4],
  bigint: ['bigint', 'integer'],
  integer: ['integer', 'integer'],
  smallint: ['smallint', 'integer'],
  numeric: ['numeric', 'number'],
  decimal: ['numeric(5,2)', 'number'],
  real: ['real', 'number'],
  boolean: ['boolean', 'boolean'],
  json: ['json', 'json'],
  jsonb: ['jsonb', 'json'],
  timestamptz: ['timestamp with time zone', 'time'],
  timestamp: ['timestamp without time zone', 'time'],
  bytea: ['bytea', 'bytes'],
} as const satisfies Record<string, Type>

function between(
  [from, source]: readonly [DialectName, Type],
  [to, target]: readonly [DialectName, Type],
  more: Partial<CatalogColumn> = {},
): CopyColumn {
  const typed = ([type, family, maxLength = null]: Type, values: Partial<CatalogColumn>) =>
    column({ type, family, maxLength, ...values })
  const { table = 'made_up', name = 'value' } = more
  return copyColumn(
    { dialect: from, column: typed(source, { table, name }) },
    { dialect: to, column: typed(target, more) },
  )
}

const toPostgres = (
  from: keyof typeof SQLITE,
  to: keyof typeof POSTGRES,
  more?: Partial<CatalogColumn>,
) => between(['sqlite', SQLITE[from]], ['postgres', POSTGRES[to]], more)

const toSqlite = (from: keyof typeof POSTGRES, to: keyof typeof SQLITE) =>
  between(['postgres', POSTGRES[from]], ['sqlite', SQLITE[to]])

const native = (text: string): RawCell => ({ storage: 'native', text })
const stored = (storage: RawCell['storage'], text: string): RawCell => ({ storage, text })

type Case = readonly [name: string, column: CopyColumn, raw: RawCell | null, misfit: RegExp | null]

const CASES: readonly Case[] = [
  ['NULL', toPostgres('text', 'text'), null, null],
  ['NULL in a key', toPostgres('text', 'text', { nullable: false }), null, /NULL/],
  ['an empty text', toPostgres('text', 'text', { nullable: false }), native(''), null],
  ['characters, not bytes', toPostgres('text', 'varchar'), native('旧旧旧旧'), null],
  ['characters, not units', toPostgres('text', 'varchar'), native('😀😀😀😀'), null],
  ['too long', toPostgres('text', 'varchar'), native('abcde'), /^has 5 characters, 4 fit/],
  ['too long in blanks only', toPostgres('text', 'varchar'), native('abcd '), /5 characters/],
  ['too long for nobody', toSqlite('text', 'text'), native('a'.repeat(500)), null],
  ['blanks that char drops', toPostgres('text', 'char'), native('ab '), /blanks/],
  ['blanks that varchar keeps', toPostgres('text', 'varchar'), native('ab '), null],
  ['NUL', toPostgres('text', 'text'), native('a\0b'), /NUL/],
  ['bytes in a text', toPostgres('text', 'text'), stored('blob', '\\xff00'), /UTF-8/],
  ['a text that looks like bytes', toPostgres('text', 'text'), native('\\x41'), null],
  ['a blob of text', toPostgres('text', 'text'), stored('blob', 'abc'), /stored as blob/],
  ['2^53+1', toPostgres('integer', 'bigint'), native('9007199254740993'), null],
  ['int8 at its end', toPostgres('integer', 'bigint'), native('-9223372036854775808'), null],
  ['int4 at its end', toPostgres('integer', 'integer'), native('2147483647'), null],
  ['beyond int4', toPostgres('integer', 'integer'), native('2147483648'), /too large/],
  ['beyond int2', toPostgres('integer', 'smallint'), native('-32769'), /too large/],
  ['a whole real', toPostgres('integer', 'bigint'), stored('real', '1e3'), null],
  ['a real beyond int8', toPostgres('integer', 'bigint'), stored('real', '1e19'), /too large/],
  ['a fraction', toPostgres('integer', 'bigint'), stored('real', '1.5'), /no integer/],
  ['a word for a number', toPostgres('integer', 'bigint'), stored('text', 'abc'), /no integer/],
  ['a number as text', toPostgres('integer', 'bigint'), stored('text', '5'), /stored as text/],
  ['a double', toPostgres('real', 'numeric'), native('0.30000000000000004'), null],
  ['a word for a double', toPostgres('real', 'numeric'), stored('text', 'x'), /no finite/],
  ['Infinity', toPostgres('real', 'numeric'), native('Infinity'), /no finite/],
  ['a single', toPostgres('real', 'real'), native('0.1'), null],
  ['a double in a single', toPostgres('real', 'real'), native('1.23456789'), /more digits/],
  ['digits for decimal', toPostgres('real', 'decimal'), native('123.45'), null],
  ['too many for decimal', toPostgres('real', 'decimal'), native('1.005'), /2 digits/],
  ['too large for decimal', toPostgres('real', 'decimal'), native('1e3'), /too large/],
  ['2^53+1 in a double', toSqlite('numeric', 'real'), native('9007199254740993'), /more digits/],
  ['0.10 in a double', toSqlite('numeric', 'real'), native('0.10'), null],
  ['NaN', toSqlite('numeric', 'real'), native('NaN'), /no finite/],
  ['true', toPostgres('numeric', 'boolean'), native('true'), null],
  ['2 for a boolean', toPostgres('numeric', 'boolean'), stored('integer', '2'), /neither/],
  ['the word true', toPostgres('numeric', 'boolean'), stored('text', 'true'), /stored as text/],
  ['numeric that is a number', toPostgres('numeric', 'decimal'), native('0.5'), null],
  ['JSON as bytes', toPostgres('json', 'json'), native('{"a": 9007199254740993}'), null],
  ['JSON as text', toPostgres('json', 'json'), stored('text', '[]'), null],
  ['an empty text for JSON', toPostgres('json', 'json'), stored('text', ''), /no JSON/],
  ['text in a JSON column', toPostgres('text', 'json'), native('{'), /no JSON/],
  ['an escaped NUL in json', toPostgres('json', 'json'), native('["\\u0000"]'), null],
  ['an escaped NUL in jsonb', toPostgres('json', 'jsonb'), native('["\\u0000"]'), /escapes/],
  ['half a character in jsonb', toPostgres('json', 'jsonb'), native('{"\\ud800":1}'), /escapes/],
  ['escapes in jsonb', toPostgres('json', 'jsonb'), native('["\\\\u0000\\ud83d\\ude00"]'), null],
  [
    'channel_info as text',
    toPostgres('json', 'json', { table: 'channels', name: 'channel_info' }),
    stored('text', '{}'),
    /stored as text/,
  ],
  ['a time', toPostgres('datetime', 'timestamptz'), native('2026-01-31 12:00:00+08:00'), null],
  [
    "Go's time",
    toPostgres('datetime', 'timestamptz'),
    native('2026-01-31 12:00:00 +0000 UTC'),
    null,
  ],
  ['no time', toPostgres('datetime', 'timestamptz'), native('soon'), /no time/],
  ['no offset', toPostgres('datetime', 'timestamptz'), native('2026-01-31 12:00:00'), /offset/],
  ['no offset needed', toPostgres('datetime', 'timestamp'), native('2026-01-31 12:00:00'), null],
  ['no such day', toPostgres('datetime', 'timestamptz'), native('2026-02-30 12:00:00Z'), /exist/],
  ['year 0', toPostgres('datetime', 'timestamptz'), native('0000-01-01 00:00:00Z'), /no time/],
  ['infinity', toSqlite('timestamptz', 'datetime'), native('infinity'), /no time/],
  ['bytes', toPostgres('blob', 'bytea'), native('\\x5c78ff'), null],
  ['text for bytes', toPostgres('blob', 'bytea'), stored('text', 'abc'), /where bytes belong/],
]

describe('what fits into a column', () => {
  for (const [name, one, raw, misfit] of CASES) {
    it(`${name} ${misfit === null ? 'fits' : 'does not'}`, () => {
      const found = misfitOf(one, raw)
      if (misfit === null) assert.equal(found, null)
      else assert.match(found ?? '', misfit)
    })
  }

  it('says nothing of a value', () => {
    const secret = 'sk-test-0123456789abcdef'
    for (const [, one] of CASES) {
      for (const storage of ['native', 'text', 'blob'] as const) {
        assert.ok(!misfitOf(one, stored(storage, `${secret}\0`))?.includes(secret))
      }
    }
  })
})

describe('what is written', () => {
  const cases: readonly (readonly [string, CopyColumn, RawCell | null, string | null])[] = [
    ['NULL', toPostgres('text', 'text'), null, null],
    ['a whole real as an integer', toPostgres('integer', 'bigint'), stored('real', '1e3'), '1000'],
    [
      'a moment in UTC for the other dialect',
      toPostgres('datetime', 'timestamptz'),
      native('2026-01-31 12:00:00.5+08:00'),
      '2026-01-31T04:00:00.500000Z',
    ],
    [
      'a moment as it is for the same one',
      between(['sqlite', SQLITE.datetime], ['sqlite', SQLITE.datetime]),
      native('2026-01-31 12:00:00.5+08:00'),
      '2026-01-31 12:00:00.5+08:00',
    ],
    [
      'JSON byte by byte',
      toPostgres('json', 'json'),
      native('{"b": 1.0, "a":2}'),
      '{"b": 1.0, "a":2}',
    ],
  ]
  for (const [name, one, raw, expected] of cases) {
    it(name, () => assert.equal(copiedText(one, raw), expected))
  }
})

it('every double is kept by a double, however it is written', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.equal(numberMisfit(String(value), 'double'), null)
      assert.equal(numberMisfit(value.toExponential(), 'double'), null)
    }),
  )
})

it('every single is kept by a single', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const short = [1, 2, 3, 4, 5, 6, 7, 8, 9]
        .map((digits) => value.toPrecision(digits))
        .find((text) => Math.fround(Number(text)) === value)!
      assert.equal(numberMisfit(short, 'single'), null)
    }),
  )
})
