import type {
  DialectName,
  StreamColumn,
  StreamRequest,
  TypeFamily,
} from '../../src/database/contract.ts'

export const column = (name: string, family: TypeFamily): StreamColumn => ({ name, family })

export const ID = column('id', 'integer')

export const CHANNELS: StreamRequest = {
  table: 'channels',
  columns: [
    column('name', 'text'),
    column('id', 'integer'),
    column('type', 'integer'),
    column('priority', 'integer'),
    column('balance', 'number'),
    column('tag', 'text'),
    column('setting', 'text'),
    column('channel_info', 'json'),
  ],
  keyLength: 2,
}

export const ROWS = `
  insert into channels (id, name, type, key, priority, balance, tag, setting) values
    (1, 'plain', 55, 'sk-a', -7, 1, '', '\\N'),
    (2, 'a\tb\nc\\N', 9007199254740, 'sk-b', null, 0.5, null, 'back\\slash\r');
  insert into abilities ("group", model, channel_id, enabled) values
    ('default', 'm1', 1, true), ('default', 'm2', 1, false), ('default', 'm1', 2, true),
    ('default', 'gone', 3, false);
  insert into tokens (id, user_id, key, name, deleted_at) values
    (1, 1, 'k1', 'live', null), (2, 1, 'k2', 'dead', '2026-01-02 03:04:05+00:00');
  insert into options (key, value) values
    ('a', ''), ('b', null), ('c', 'sk-made-up'), ('d', 'tab\tand \\');
`

export const CHANNEL_LINES = [
  'a\\tb\\nc\\\\N\t2\t9007199254740\t\\N\t0.5\t\\N\tback\\\\slash\\r\t\\N',
  'plain\t1\t55\t-7\t1\t\t\\\\N\t{"is_multi_key": true, "ключ": "🔑\\\\n"}',
]

export const BOOLEAN: Record<DialectName, string> = { sqlite: 'numeric', postgres: 'boolean' }

export const FLOATS = [
  -0,
  1e23,
  5e-324,
  0.1 + 0.2,
  1,
  -2.5,
  1e15,
  123456789012345680000,
  1.7976931348623157e308,
]

const FLOAT_ROWS = FLOATS.map(
  (value, index) => `(${index}, ${Object.is(value, -0) ? "'-0'" : value})`,
)

const INFO = `{"is_multi_key": true, "ключ": "🔑\\n"}`

export const STORED: Record<DialectName, string> = {
  sqlite: `
    update channels set channel_info = cast('${INFO}' as blob) where id = 1;
    create table floats (id integer, r real);
    insert into floats values ${FLOAT_ROWS.join()};
    create table stored (id integer primary key, i integer, n numeric, b numeric, t text, j json,
      w text, x blob);
    insert into stored values
      (1, 9223372036854775807, 0.1, 1, 'true', cast('{"a": 1}' as blob), '2026-01-02', x'00ff'),
      (2, 'not a number', 'text', 'true', x'00ff', '{"a": 1}', 5, 'text'),
      (3, 1.5, x'41', 2, cast('blob' as blob), 1.5, x'41', 1),
      (4, x'5c7841', 9007199254740993, 0.5, 'nul' || char(0) || 'nul', x'5c7841', null, null),
      (5, null, null, null, null, null, null, null),
      (6, -1, -9223372036854775808, 0, '\\x41 \ufffd', x'', '', x'');`,
  postgres: `
    update channels set channel_info = '${INFO}' where id = 1;
    create table floats (id integer, r double precision);
    insert into floats values ${FLOAT_ROWS.join()};
    create table stored (id integer primary key, i bigint, n numeric, b boolean, t text, j json,
      w timestamptz, x bytea, c char(9));
    insert into stored values
      (1, 9223372036854775807, 0.10, true, 'true', ' {"a":  1}', '2026-01-02 03:04:05.123456+02',
        '\\x00ff', 'short'),
      (2, -1, 9007199254740993.10, false, E'\\b\\f\\v\\x01', '"\\u0000"', 'infinity', '', ''),
      (3, null, 'NaN', null, '\\x41 \ufffd', null, null, null, null);`,
}

export const FAMILIES: Record<DialectName, StreamColumn[]> = {
  sqlite: [
    column('i', 'integer'),
    column('n', 'number'),
    column('t', 'text'),
    column('j', 'json'),
    column('w', 'time'),
  ],
  postgres: [
    column('i', 'integer'),
    column('n', 'number'),
    column('b', 'boolean'),
    column('t', 'text'),
    column('j', 'json'),
    column('w', 'time'),
    column('x', 'bytes'),
    column('c', 'text'),
  ],
}

interface Order {
  readonly name: string
  readonly family: TypeFamily
  readonly values: readonly string[]
  readonly ordered: readonly string[]
}

export const ORDERS: readonly Order[] = [
  {
    name: 'text, by its bytes',
    family: 'text',
    values: [
      `'ﬀ', 1`,
      `'😀', 1`,
      `'b', 1`,
      `'B', 1`,
      `'', 1`,
      `null, 1`,
      `'a b', 1`,
      `'a-b', 1`,
      `'ab', 1`,
      `'10', 1`,
      `'9', 1`,
    ],
    ordered: [
      '\\N\t1',
      '\t1',
      '10\t1',
      '9\t1',
      'B\t1',
      'a b\t1',
      'a-b\t1',
      'ab\t1',
      'b\t1',
      'ﬀ\t1',
      '😀\t1',
    ],
  },
  {
    name: 'integers, by value',
    family: 'integer',
    values: [
      '10, 1',
      '9, 2',
      '9, 1',
      '-1, 1',
      '-10, 1',
      'null, 1',
      '0, 1',
      '9223372036854775807, 1',
      '9, null',
    ],
    ordered: [
      '\\N\t1',
      '-10\t1',
      '-1\t1',
      '0\t1',
      '9\t\\N',
      '9\t1',
      '9\t2',
      '10\t1',
      '9223372036854775807\t1',
    ],
  },
  {
    name: 'booleans, by their text',
    family: 'boolean',
    values: ['true, 1', 'false, 1', 'null, 1', 'false, 0'],
    ordered: ['\\N\t1', 'false\t0', 'false\t1', 'true\t1'],
  },
]
