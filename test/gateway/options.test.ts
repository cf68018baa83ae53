import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  mergeOptionMap,
  OPTION_MAPS,
  type OptionMapEntries,
  type OptionMapMerge,
} from '../../src/gateway/options.ts'

function merged(text: string): OptionMapMerge {
  return { kind: 'merged', text }
}

function unchanged(text: string): OptionMapMerge {
  return { kind: 'unchanged', text }
}

describe('mergeOptionMap', () => {
  const cases: readonly (readonly [string, string, OptionMapEntries, OptionMapMerge])[] = [
    ['into an empty map', '{}', { runway: 0.1 }, merged('{"runway":0.1}')],
    ['at the end', '{"b":1,"a":2}', { runway: 0.1 }, merged('{"b":1,"a":2,"runway":0.1}')],
    ['in place', '{"b":1,"a":2}', { b: 3 }, merged('{"b":3,"a":2}')],
    [
      'a text value',
      '{"default":"默认"}',
      { vip: '贵宾' },
      merged('{"default":"默认","vip":"贵宾"}'),
    ],
    ['a value of another type', '{"a":"1"}', { a: 1 }, merged('{"a":1}')],
    [
      'names like indexes stay in order',
      '{"75":1,"2":2}',
      { '1': 3 },
      merged('{"75":1,"2":2,"1":3}'),
    ],
    [
      'digits beyond a double',
      '{"id":12345678901234567890,"r":0.10}',
      { a: 1 },
      merged('{"id":12345678901234567890,"r":0.10,"a":1}'),
    ],
    [
      'nested members',
      '{"vip":{"a":1, "b":[1,{"c":"}"}]},"x":1}',
      { x: 2 },
      merged('{"vip":{"a":1, "b":[1,{"c":"}"}]},"x":2}'),
    ],
    ['spaces between members', ' {\n "a" : 1 ,\n "b": 2 }\n', { a: 2 }, merged('{"a":2,"b":2}')],
    [
      'quotes, commas and braces in names',
      '{"a\\",}{":1,"b:":"\\\\"}',
      { 'b:': 2 },
      merged('{"a\\",}{":1,"b:":2}'),
    ],
    ['an escaped name', '{"\\u0061":1}', { a: 2 }, merged('{"a":2}')],
    ['a repeated name, the last counts', '{"a":1,"b":2,"a":3}', { b: 4 }, merged('{"a":3,"b":4}')],
    ['unchanged byte for byte', ' {"a": 1.0} ', { a: 1 }, unchanged(' {"a": 1.0} ')],
    ['no entries', '{"a":1}', {}, unchanged('{"a":1}')],
    ['one of two entries differs', '{"a":1.0,"b":2}', { a: 1, b: 3 }, merged('{"a":1.0,"b":3}')],
    ['no JSON', '', { a: 1 }, { kind: 'invalid' }],
    ['half a map', '{"a":1', { a: 1 }, { kind: 'invalid' }],
    ['an array', '[1]', { a: 1 }, { kind: 'invalid' }],
    ['null', 'null', { a: 1 }, { kind: 'invalid' }],
    ['a number', '1', {}, { kind: 'invalid' }],
    ['an entry that JSON cannot hold', '{"a":1}', { a: Number.NaN }, { kind: 'invalid' }],
  ]
  for (const [name, stored, entries, expected] of cases) {
    it(name, () => assert.deepEqual(mergeOptionMap(stored, entries), expected))
  }

  it('treats __proto__ as any other name', () => {
    const entries = JSON.parse('{"__proto__":2,"constructor":3}') as OptionMapEntries
    assert.deepEqual(
      mergeOptionMap('{"__proto__":1,"a":1}', entries),
      merged('{"__proto__":2,"a":1,"constructor":3}'),
    )
    assert.deepEqual(mergeOptionMap('{}', { toString: 1 }), merged('{"toString":1}'))
  })

  const name = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constant('__proto__'))
  const map = fc.dictionary(
    name,
    fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), name),
  )

  it('holds every entry and every other member, and has nothing left to do', () => {
    fc.assert(
      fc.property(map, map, fc.boolean(), (stored, entries, isPretty) => {
        const result = mergeOptionMap(JSON.stringify(stored, null, isPretty ? 2 : 0), entries)
        assert.ok(result.kind !== 'invalid')
        const expected = new Map([...Object.entries(stored), ...Object.entries(entries)])
        const actual = new Map(Object.entries(JSON.parse(result.text) as object))
        const plain = [...expected].map(([key, value]) => [key, value === 0 ? 0 : value] as const)
        assert.deepEqual(actual, new Map(plain))
        assert.equal(mergeOptionMap(result.text, entries).kind, 'unchanged')
      }),
    )
  })

  it('never throws, whatever is stored', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), map, (stored, entries) => {
        mergeOptionMap(stored, entries)
      }),
    )
  })
})

describe('OPTION_MAPS', () => {
  it('names the prices and the groups once each', () => {
    assert.equal(new Set(OPTION_MAPS).size, 12)
    for (const key of ['ModelPrice', 'ModelRatio', 'GroupRatio', 'UserUsableGroups'] as const) {
      assert.ok(OPTION_MAPS.includes(key))
    }
  })
})
