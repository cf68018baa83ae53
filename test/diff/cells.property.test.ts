import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { diffCells } from '../../src/diff/cells.ts'
import { canonicalCell, compareCells } from '../../src/gateway/cells.ts'
import {
  COLUMN_ROLES,
  columnRule,
  COMPARE_KINDS,
  type CompareKind,
} from '../../src/gateway/columns.ts'
import type { Cell } from '../../src/snapshot/model.ts'

const PRINT = 'a'.repeat(16)
const FINGERPRINT = PRINT + 'b'.repeat(48)

const VALUES: Readonly<Record<CompareKind, readonly string[]>> = {
  text: ['', 'a', ' a', 'A', '0'],
  'csv-set': ['', ',', 'a', 'a,b', 'b,a', 'a,b,b', ',a,b,', 'a, b', 'a，b'],
  json: [
    '',
    '{}',
    '[]',
    'null',
    '1',
    '1.0',
    '{"a":1}',
    '{"a":1.0}',
    '{"b":[],"a":1}',
    '{"a":1,"b":[]}',
    '{"a":',
  ],
  'json-map': [
    '',
    '{}',
    '[]',
    '{"a":1}',
    '{ "a" : 1.0 }',
    '{"a":{"b":1,"c":2}}',
    '{"a":{"c":2,"b":1}}',
    '{"__proto__":1}',
    '{"a":2,"a":1}',
    'x',
  ],
  number: [
    '0',
    '-0',
    '0.0',
    '1',
    '1.0',
    '1e0',
    '1e23',
    '9.999999999999999e22',
    '0.1',
    '0.10',
    'x',
    '',
  ],
  integer: ['0', '-0', '00', '1', '1.0', '+1', '9007199254740993', '9007199254740992', 'x', ''],
  boolean: ['true', 'false', '1', ''],
  url: [
    '',
    'https://a.example',
    'https://a.example/',
    'HTTPS://A.example',
    'https://a.example/x',
    'a',
  ],
  'channel-info': [
    '',
    '{}',
    '{"is_multi_key":true}',
    '{"is_multi_key":true,"multi_key_polling_index":3}',
    '{"is_multi_key":false,"multi_key_size":0}',
    'x',
  ],
  time: ['', '2026-11-22T18:40:22.000000Z', '2026-11-22T18:40:22.000001Z'],
  bytes: ['', '\\x00', 'a'],
}

describe('equality is an equivalence', () => {
  for (const compare of COMPARE_KINDS) {
    const rules = [true, false].flatMap((emptyIsNull) =>
      [columnRule('channels', compare === 'channel-info' ? 'channel_info' : 'made_up')].map(
        (rule) => ({
          ...rule,
          compare,
          emptyIsNull,
        }),
      ),
    )
    const cell = fc.oneof(
      fc.constant(null),
      fc.constantFrom(...VALUES[compare]),
      compare === 'json' || compare === 'json-map' ? fc.json() : fc.string(),
    )
    for (const rule of rules) {
      // As rows have them, and as nobody has made them canonical.
      const stored = cell.chain((text) => {
        const raw = text === null ? null : ({ storage: 'native', text } as const)
        return fc.constantFrom(text, canonicalCell(rule, raw))
      })
      const differences = (a: Cell, b: Cell) =>
        diffCells([rule], new Map([[rule.name, a]]), new Map([[rule.name, b]])).differences
      const areEqual = (a: Cell, b: Cell) => differences(a, b).length === 0

      test(`${compare}, ${rule.emptyIsNull ? 'empty is NULL' : 'empty is a value'}`, () => {
        fc.assert(
          fc.property(stored, stored, stored, (a, b, c) => {
            assert.deepEqual(differences(a, a), [])
            assert.equal(areEqual(a, b), areEqual(b, a))
            if (areEqual(a, b) && areEqual(b, c)) assert.ok(areEqual(a, c))
            assert.equal(areEqual(a, b), compareCells(rule, a, b) === 'equal')
          }),
          { numRuns: 1_000 },
        )
      })
    }
  }

  test('secrets with fingerprints', () => {
    const rule = columnRule('channels', 'key')
    const secret = fc.constantFrom(null, '', FINGERPRINT, PRINT + 'c'.repeat(48), 'd'.repeat(64))
    const areEqual = (a: Cell, b: Cell) =>
      diffCells([rule], new Map([['key', a]]), new Map([['key', b]])).differences.length === 0
    fc.assert(
      fc.property(secret, secret, secret, (a, b, c) => {
        assert.ok(areEqual(a, a))
        assert.equal(areEqual(a, b), areEqual(b, a))
        if (areEqual(a, b) && areEqual(b, c)) assert.ok(areEqual(a, c))
      }),
    )
  })

  test('a row differs from itself in nothing, whatever its columns are for', () => {
    const row = fc.dictionary(fc.string(), fc.option(fc.string()))
    fc.assert(
      fc.property(
        row,
        fc.constantFrom(...COLUMN_ROLES),
        fc.constantFrom(...COMPARE_KINDS),
        (cells, role, compare) => {
          const held = new Map(Object.entries(cells))
          const rules = [...held.keys()].map((name) => ({
            ...columnRule('options', name),
            role,
            compare,
          }))
          assert.deepEqual(diffCells(rules, held, held).differences, [])
        },
      ),
      { numRuns: 500 },
    )
  })
})
