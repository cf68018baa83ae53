import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  canonicalCell,
  type CellDifference,
  compareCells,
  isWrongStorage,
  type RawCell,
  wrongStorage,
} from '../../src/gateway/cells.ts'
import { DEFAULT_CHANNEL_INFO } from '../../src/gateway/channel-info.ts'
import { columnRule, type ColumnRule } from '../../src/gateway/columns.ts'

const RULES = {
  boolean: columnRule('abilities', 'enabled'),
  integer: columnRule('channels', 'priority'),
  number: columnRule('channels', 'balance'),
  json: columnRule('prefill_groups', 'items'),
  jsonMap: columnRule('channels', 'model_mapping'),
  option: columnRule('options', 'value'),
  settings: columnRule('channels', 'settings'),
  info: columnRule('channels', 'channel_info'),
  list: columnRule('channels', 'models'),
  url: columnRule('channels', 'base_url'),
  text: columnRule('channels', 'name'),
  tokenKey: columnRule('tokens', 'key'),
  accessToken: columnRule('users', 'access_token'),
  time: columnRule('tokens', 'deleted_at'),
  bytes: columnRule('channels', 'of_a_fork', 'bytes'),
} satisfies Record<string, ColumnRule>

type RuleName = keyof typeof RULES

function native(text: string): RawCell {
  return { storage: 'native', text }
}

const MULTI_KEY = '{"is_multi_key":true,"multi_key_size":2,"multi_key_mode":"polling"}'

describe('canonicalCell', () => {
  const same: readonly (readonly [string, RuleName, readonly RawCell[], string | null])[] = [
    ['true', 'boolean', [native('true'), native('t'), { storage: 'integer', text: '1' }], 'true'],
    [
      'false',
      'boolean',
      [native('f'), native('false'), { storage: 'integer', text: '0' }],
      'false',
    ],
    [
      'an integer',
      'integer',
      [
        native('5'),
        native('+005'),
        native('5.0'),
        { storage: 'integer', text: '5' },
        { storage: 'real', text: '5.0' },
      ],
      '5',
    ],
    ['zero', 'integer', [native('0'), native('-0'), { storage: 'real', text: '-0.0' }], '0'],
    ['the largest bigint', 'integer', [native('9223372036854775807')], '9223372036854775807'],
    [
      'a real beyond 2^53',
      'integer',
      [{ storage: 'real', text: '1e+21' }],
      '1000000000000000000000',
    ],
    [
      'a number',
      'number',
      [
        native('1.10'),
        native('1.1'),
        native('11e-1'),
        { storage: 'real', text: '1.1' },
        { storage: 'real', text: '1.1000000000000001' },
      ],
      '1.1',
    ],
    [
      'a whole number',
      'number',
      [native('1'), native('1.000'), { storage: 'integer', text: '1' }],
      '1',
    ],
    ['negative zero', 'number', [native('-0.0'), { storage: 'real', text: '-0.0' }], '0'],
    ['not a number', 'number', [native('NaN')], 'NaN'],
    ['infinity', 'number', [native('Infinity')], 'Infinity'],
    ['hexadecimal is no number', 'number', [native('0x10')], '0x10'],
    [
      'JSON whatever its spelling',
      'json',
      [
        native('{"b": [1.0, "é"], "a": null}'),
        { storage: 'text', text: '{"a":null,"b":[1,"\\u00e9"]}' },
        { storage: 'blob', text: '{"a":null,\n"b":[1e0,"é"]}' },
      ],
      '{"a":null,"b":[1,"é"]}',
    ],
    [
      'JSON with long integers',
      'json',
      [native('{"id": 12345678901234567890}')],
      '{"id":12345678901234567890}',
    ],
    ['JSON with a number beyond a double', 'json', [native('[1e400]')], '[1e400]'],
    ['JSON with a repeated member', 'json', [native('{"a":1,"a":2}')], '{"a":2}'],
    [
      'JSON with dangerous names',
      'json',
      [native('{"constructor":2,"__proto__":{"b":1}}')],
      '{"__proto__":{"b":1},"constructor":2}',
    ],
    ['broken JSON', 'jsonMap', [native(' {"a":1')], ' {"a":1'],
    ['empty JSON', 'jsonMap', [native('')], ''],
    [
      'JSON nested too deeply',
      'json',
      [native('['.repeat(100_000) + ']'.repeat(100_000))],
      '['.repeat(100_000) + ']'.repeat(100_000),
    ],
    [
      'an option’s scalar, which the gateway compares as text',
      'option',
      [native(' true ')],
      ' true ',
    ],
    ['an option’s number as written', 'option', [native('1.0')], '1.0'],
    ['an option’s map', 'option', [native('{"b":1.50,"a":2}')], '{"a":2,"b":1.5}'],
    [
      'the default channel_info',
      'info',
      [
        native(DEFAULT_CHANNEL_INFO),
        { storage: 'blob', text: DEFAULT_CHANNEL_INFO },
        native(
          '{"multi_key_mode": "", "multi_key_polling_index": 0, "multi_key_size": 0, "multi_key_status_list": null, "is_multi_key": false}',
        ),
      ],
      null,
    ],
    [
      'another channel_info',
      'info',
      [{ storage: 'blob', text: MULTI_KEY }],
      '{"is_multi_key":true,"multi_key_mode":"polling","multi_key_size":2}',
    ],
    ['a broken channel_info', 'info', [{ storage: 'blob', text: '{' }], '{'],
    ['a list with its padding', 'list', [{ storage: 'text', text: ',a, b,' }], ',a, b,'],
    ['a URL as it is', 'url', [native('HTTPS://Example.invalid/')], 'HTTPS://Example.invalid/'],
    ['text with its blanks', 'text', [native(' a  ')], ' a  '],
    [
      'a key padded by char(48)',
      'tokenKey',
      [native(`abc${' '.repeat(45)}`), { storage: 'text', text: 'abc' }],
      'abc',
    ],
    ['an access token padded by char(32)', 'accessToken', [native('abc   ')], 'abc'],
    [
      'a moment',
      'time',
      [
        native('2026-11-22 18:40:22.376844+00'),
        native('2026-11-22T18:40:22.376844Z'),
        { storage: 'text', text: '2026-11-22 18:40:22.376844886+00:00' },
        { storage: 'text', text: '2026-11-23 02:40:22.376844886+08:00' },
        { storage: 'text', text: '2026-11-22 18:40:22.376844886 +0000 UTC' },
      ],
      '2026-11-22T18:40:22.376844Z',
    ],
    [
      'a whole second',
      'time',
      [native('2026-11-22 18:40:22-03:30')],
      '2026-11-22T22:10:22.000000Z',
    ],
    ['a time without a zone', 'time', [native('2026-11-22 18:40:22')], '2026-11-22 18:40:22'],
    ['an impossible time', 'time', [native('2026-13-22 18:40:22Z')], '2026-13-22 18:40:22Z'],
    ['bytes', 'bytes', [native('\\x00ff')], '\\x00ff'],
  ]
  for (const [name, rule, raws, expected] of same) {
    it(name, () => {
      for (const raw of raws) assert.equal(canonicalCell(RULES[rule], raw), expected, raw.text)
    })
  }

  const wrong: readonly (readonly [RuleName, RawCell])[] = [
    ['boolean', { storage: 'text', text: 'true' }],
    ['boolean', { storage: 'text', text: '1' }],
    ['boolean', { storage: 'integer', text: '2' }],
    ['boolean', { storage: 'real', text: '1.0' }],
    ['integer', { storage: 'text', text: 'x' }],
    ['integer', { storage: 'text', text: '' }],
    ['integer', { storage: 'real', text: '1.5' }],
    ['integer', { storage: 'blob', text: '1' }],
    ['number', { storage: 'text', text: 'abc' }],
    ['info', { storage: 'text', text: DEFAULT_CHANNEL_INFO }],
    ['info', { storage: 'text', text: '' }],
    ['info', { storage: 'blob', text: '' }],
    ['info', { storage: 'integer', text: '0' }],
    ['list', { storage: 'blob', text: 'a,b' }],
    ['text', { storage: 'blob', text: 'a' }],
    ['time', { storage: 'blob', text: '2026' }],
  ]
  for (const [rule, raw] of wrong) {
    it(`marks ${raw.storage} '${raw.text.slice(0, 8)}' as unreadable for ${rule}`, () => {
      const cell = canonicalCell(RULES[rule], raw)
      assert.equal(cell, `⟨${raw.storage}⟩${raw.text}`)
      assert.equal(isWrongStorage(cell), true)
      assert.equal(
        compareCells(RULES[rule], cell, canonicalCell(RULES[rule], native(raw.text))),
        'different',
      )
      assert.equal(compareCells(RULES[rule], cell, null), 'different')
    })
  }

  it('keeps NULL', () => {
    for (const rule of Object.values(RULES)) assert.equal(canonicalCell(rule, null), null)
  })

  it('gives the same cell for its own output', () => {
    fc.assert(
      fc.property(anyRule, anyText, (rule, text) => {
        const cell = canonicalCell(rule, native(text))
        if (cell !== null) assert.equal(canonicalCell(rule, native(cell)), cell)
      }),
      { numRuns: 500 },
    )
  })

  it('agrees with JSON.parse', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())),
        (value) => {
          const plain = JSON.stringify(value)
          const cell = canonicalCell(RULES.json, native(JSON.stringify(value, null, 3)))
          assert.deepEqual(JSON.parse(cell!), JSON.parse(plain))
          assert.equal(canonicalCell(RULES.json, native(plain)), cell)
        },
      ),
    )
  })

  it('keeps the value of doubles and bigints', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.bigInt(),
        (double, integer) => {
          const cell = canonicalCell(RULES.number, native(String(double)))
          assert.equal(Number(cell), double === 0 ? 0 : double)
          assert.equal(
            canonicalCell(RULES.integer, native(`000${integer}`.replace('000-', '-000'))),
            String(integer),
          )
        },
      ),
    )
  })
})

describe('isWrongStorage', () => {
  it('is false for NULL and for values', () => {
    for (const cell of [null, '', 'true', '⟨', '⟨a⟩b', 'x⟨text⟩']) {
      assert.equal(isWrongStorage(cell), false)
    }
  })

  it('recognises what wrongStorage makes', () => {
    for (const storage of ['native', 'integer', 'real', 'text', 'blob']) {
      assert.equal(isWrongStorage(wrongStorage(storage, 'a\nb')), true)
    }
  })
})

describe('compareCells', () => {
  const cases: readonly (readonly [
    string,
    RuleName,
    string | null,
    string | null,
    CellDifference,
  ])[] = [
    ['NULL and empty text', 'text', null, '', 'equal'],
    ['NULL and empty base URL', 'url', null, '', 'different'],
    ['NULL and empty list', 'list', null, '', 'equal'],
    ['NULL and 0', 'integer', null, '0', 'different'],
    ['NULL and false', 'boolean', null, 'false', 'different'],
    ['NULL and text', 'text', null, 'a', 'different'],
    ['text by case', 'text', 'a', 'A', 'different'],
    ['text with a blank', 'text', 'a', 'a ', 'different'],
    ['a list in another order', 'list', 'a,b', 'b,a', 'equal'],
    ['a list with a blank', 'list', 'a,b', 'a, b', 'formatting'],
    ['a list padded as in the guide', 'list', ',runway,pika,', 'runway,pika', 'formatting'],
    ['a list with a full-width comma', 'list', 'a，b', 'a,b', 'formatting'],
    ['a list with a repeated element', 'list', 'a,a', 'a', 'formatting'],
    ['two lists padded differently', 'list', ',a', 'a,', 'formatting'],
    ['a list padded twice the same way', 'list', ',a,', ',a,', 'equal'],
    ['nothing and a comma', 'list', null, ',', 'formatting'],
    ['another list', 'list', 'a,b', 'a', 'different'],
    ['another element', 'list', 'a,b', 'a,c', 'different'],
    ['a wider list', 'list', 'a', 'a,b', 'different'],
    ['a number spelled otherwise', 'number', '1.0', '1', 'equal'],
    ['another number', 'number', '1', '1.0000001', 'different'],
    ['an integer spelled otherwise', 'integer', '05', '5', 'equal'],
    ['long integers', 'integer', '9007199254740993', '9007199254740992', 'different'],
    ['JSON spelled otherwise', 'json', '{"b":1, "a":2}', '{"a":2,"b":1.0}', 'equal'],
    ['JSON arrays in another order', 'json', '[1,2]', '[2,1]', 'different'],
    ['broken JSON', 'jsonMap', '{', '{ ', 'different'],
    ['JSON and NULL', 'jsonMap', '{"a":"b"}', null, 'different'],
    ['a URL with a slash', 'url', 'https://example.invalid/', 'https://example.invalid', 'equal'],
    [
      'a path with a slash',
      'url',
      'https://example.invalid/v1/',
      'https://example.invalid/v1',
      'equal',
    ],
    [
      'a URL with two slashes',
      'url',
      'https://example.invalid//',
      'https://example.invalid',
      'different',
    ],
    [
      'a host in capitals',
      'url',
      'HTTPS://Example.Invalid/V1',
      'https://example.invalid/V1',
      'equal',
    ],
    [
      'a path in capitals',
      'url',
      'https://example.invalid/V1',
      'https://example.invalid/v1',
      'different',
    ],
    [
      'another user in capitals',
      'url',
      'https://U@example.invalid',
      'https://u@example.invalid',
      'different',
    ],
    [
      'a slash before a query',
      'url',
      'https://example.invalid/?a=/',
      'https://example.invalid?a=/',
      'equal',
    ],
    [
      'a slash in a query',
      'url',
      'https://example.invalid?a=/',
      'https://example.invalid?a=',
      'different',
    ],
    ['another scheme', 'url', 'http://example.invalid', 'https://example.invalid', 'different'],
    ['a slash alone is no URL', 'url', '/', '', 'different'],
    ['channel_info with the default', 'info', DEFAULT_CHANNEL_INFO, null, 'equal'],
    [
      'channel_info whose polling went on',
      'info',
      MULTI_KEY,
      MULTI_KEY.replace('}', ',"multi_key_polling_index":1,"multi_key_status_list":{"0":3}}'),
      'equal',
    ],
    [
      'channel_info of one key, polled',
      'info',
      null,
      DEFAULT_CHANNEL_INFO.replace('index":0', 'index":7'),
      'equal',
    ],
    ['empty channel_info', 'info', null, '{}', 'equal'],
    ['channel_info with more keys', 'info', MULTI_KEY, MULTI_KEY.replace('2', '3'), 'different'],
    [
      'settings that the gateway wrote',
      'settings',
      '',
      '{"upstream_model_update_last_check_time":1}',
      'equal',
    ],
    [
      'settings beside those',
      'settings',
      '{"a":1}',
      '{"a":1,"upstream_model_update_last_check_time":1}',
      'equal',
    ],
    ['other settings', 'settings', '{"a":1}', '{"a":2}', 'different'],
    ['fingerprints', 'tokenKey', 'ab12', 'ab13', 'different'],
  ]
  for (const [name, rule, left, right, expected] of cases) {
    it(name, () => {
      assert.equal(compareCells(RULES[rule], left, right), expected)
      assert.equal(compareCells(RULES[rule], right, left), expected)
    })
  }

  it('is reflexive', () => {
    fc.assert(
      fc.property(anyRule, anyCell, (rule, cell) => {
        assert.equal(compareCells(rule, cell, cell), 'equal')
      }),
    )
  })

  it('is symmetric', () => {
    fc.assert(
      fc.property(anyRule, anyCell, anyCell, (rule, left, right) => {
        assert.equal(compareCells(rule, left, right), compareCells(rule, right, left))
      }),
      { numRuns: 1000 },
    )
  })

  it('does not see how a value was spelled', () => {
    fc.assert(
      fc.property(anyRule, anyText, (rule, text) => {
        assert.equal(
          compareCells(rule, text, canonicalCell(rule, native(text))),
          spelled(rule, text),
        )
      }),
      { numRuns: 500 },
    )
  })
})

/** Booleans, times and keys are compared in canonical text only. */
function spelled(rule: ColumnRule, text: string): CellDifference {
  const isCanonicalOnly = ['boolean', 'time', 'text'].includes(rule.compare)
  return isCanonicalOnly && canonicalCell(rule, native(text)) !== text ? 'different' : 'equal'
}

const anyRule = fc.constantFrom(...Object.values(RULES))
const anyText = fc.oneof(
  fc.constantFrom(
    '',
    'true',
    't',
    '0',
    '-0',
    '007',
    '1.50',
    '1e3',
    '1e400',
    'NaN',
    ',a, b',
    'a，b',
  ),
  fc.constantFrom('abc  ', 'HTTP://A/', '2026-11-22 18:40:22.5+00', DEFAULT_CHANNEL_INFO, '{}'),
  fc.string({ unit: fc.constantFrom('a', 'b', ',', ' ', '，', '/', ':', '1', '.', '-') }),
  fc.string({ unit: 'grapheme' }),
  fc.double().map(String),
  fc.bigInt().map(String),
  fc.json(),
)
const anyCell = fc.option(anyText, { nil: null })
