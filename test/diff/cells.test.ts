import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type CellDifference, cellsOfRow, diffCells, valueAt } from '../../src/diff/cells.ts'
import { columnRule } from '../../src/gateway/columns.ts'
import { isOptionMap, OPTION_MAPS } from '../../src/gateway/options.ts'
import type { Cell } from '../../src/snapshot/model.ts'

type Shown = Partial<CellDifference>

const PRINT = 'a'.repeat(16)
const FINGERPRINT = PRINT + 'b'.repeat(48)

function diff(table: string, from: Record<string, Cell>, to: Record<string, Cell>) {
  const columns = [...new Set([...Object.keys(from), ...Object.keys(to)])]
  const rules = columns.map((name) => columnRule(table, name))
  return diffCells(rules, new Map(Object.entries(from)), new Map(Object.entries(to)))
}

/** Without what every difference has. */
function brief(difference: CellDifference): Shown {
  const { rule: _, ...rest } = difference
  const usual: Shown = {
    path: null,
    difference: 'different',
    present: 'both',
    secret: false,
    environment: false,
    runtime: false,
  }
  return Object.fromEntries(
    Object.entries(rest).filter(
      ([name, value]) =>
        usual[name as keyof Shown] !== value && !(Array.isArray(value) && value.length === 0),
    ),
  )
}

const option = (key: string, value: Cell) => ({ key, value })

describe('diffCells', () => {
  const cases: readonly (readonly [
    name: string,
    table: string,
    from: Record<string, Cell>,
    to: Record<string, Cell>,
    expected: readonly Shown[],
  ])[] = [
    [
      'a number',
      'channels',
      { priority: '5' },
      { priority: '0' },
      [{ column: 'priority', from: '5', to: '0' }],
    ],
    ['NULL and empty text', 'channels', { tag: null }, { tag: '' }, []],
    ['a column that one row lacks', 'channels', { tag: 'a', weight: '1' }, { weight: '1' }, []],
    [
      'columns that are not compared',
      'channels',
      { id: '1', name: 'a', used_quota: '1' },
      { id: '2', name: 'b', used_quota: '2' },
      [],
    ],
    ['derived columns', 'abilities', { enabled: 'true' }, { enabled: 'false' }, []],
    [
      'a list',
      'channels',
      { models: 'runway,kling' },
      { models: 'kling,pika,suno' },
      [
        {
          column: 'models',
          from: 'runway,kling',
          to: 'kling,pika,suno',
          added: ['pika', 'suno'],
          removed: ['runway'],
        },
      ],
    ],
    ['a list in another order', 'channels', { models: 'a,b' }, { models: 'b,a' }, []],
    [
      'a padded list',
      'channels',
      { models: 'a,b' },
      { models: ',a, b,' },
      [{ column: 'models', difference: 'formatting', from: 'a,b', to: ',a, b,' }],
    ],
    [
      'a map member by member',
      'channels',
      { model_mapping: '{"a":"x","b":"y","__proto__":"1","n":{"k":[1.0,2]}}' },
      { model_mapping: '{"n":{"k":[1,2.00]},"b":"z","__proto__":"2","c":"w"}' },
      [
        { column: 'model_mapping', path: '__proto__', from: '"1"', to: '"2"' },
        { column: 'model_mapping', path: 'a', present: 'from', from: '"x"', to: null },
        { column: 'model_mapping', path: 'b', from: '"y"', to: '"z"' },
        { column: 'model_mapping', path: 'c', present: 'to', from: null, to: '"w"' },
      ],
    ],
    [
      'a map and nothing',
      'channels',
      { model_mapping: '{"a":"x"}' },
      { model_mapping: null },
      [{ column: 'model_mapping', from: '{"a":"x"}', to: null }],
    ],
    [
      'a map and no map',
      'channels',
      { model_mapping: '{"a":"x"}' },
      { model_mapping: '["a"]' },
      [{ column: 'model_mapping', from: '{"a":"x"}', to: '["a"]' }],
    ],
    [
      'other JSON as a whole',
      'channels',
      { settings: '{"a":1}' },
      { settings: '{"a":2}' },
      [{ column: 'settings', from: '{"a":1}', to: '{"a":2}' }],
    ],
    [
      'JSON written otherwise',
      'channels',
      { settings: '{"a":1,"b":2}' },
      { settings: '{"b":2.0, "a":1}' },
      [],
    ],
    [
      'a channel that the gateway disabled',
      'channels',
      { status: '1' },
      { status: '3' },
      [{ column: 'status', from: '1', to: '3', runtime: true }],
    ],
    [
      'a channel that the gateway enabled',
      'channels',
      { status: '3' },
      { status: '1' },
      [{ column: 'status', from: '3', to: '1', runtime: true }],
    ],
    [
      'a channel that a person disabled',
      'channels',
      { status: '2' },
      { status: '3' },
      [{ column: 'status', from: '2', to: '3' }],
    ],
    [
      'the status of another table',
      'users',
      { status: '1' },
      { status: '3' },
      [{ column: 'status', from: '1', to: '3' }],
    ],
    [
      'what belongs to one installation',
      'users',
      { github_id: 'a' },
      { github_id: 'b' },
      [{ column: 'github_id', from: 'a', to: 'b', environment: true }],
    ],
    [
      'a price',
      'options',
      option('ModelPrice', '{"runway":0.10,"75":1}'),
      option('ModelPrice', '{"75":1.0,"runway":0.2}'),
      [{ column: 'value', path: 'runway', from: '0.1', to: '0.2' }],
    ],
    [
      'an option that is no map',
      'options',
      option('AutoGroups', '{"a":1}'),
      option('AutoGroups', '{"a":2}'),
      [{ column: 'value', from: '{"a":1}', to: '{"a":2}' }],
    ],
    [
      'a map that is broken',
      'options',
      option('ModelPrice', '{"a":1}'),
      option('ModelPrice', '{"a":1'),
      [{ column: 'value', from: '{"a":1}', to: '{"a":1' }],
    ],
    [
      'an option of one installation',
      'options',
      option('ServerAddress', 'https://a.example'),
      option('ServerAddress', 'https://b.example'),
      [{ column: 'value', from: 'https://a.example', to: 'https://b.example', environment: true }],
    ],
    [
      'a secret option',
      'options',
      option('SMTPToken', FINGERPRINT),
      option('SMTPToken', 'c'.repeat(64)),
      [{ column: 'value', from: FINGERPRINT, to: 'c'.repeat(64), secret: true }],
    ],
    [
      'an empty secret',
      'channels',
      { key: '' },
      { key: FINGERPRINT },
      [{ column: 'key', from: '', to: FINGERPRINT, secret: true }],
    ],
    ['no secret on both sides', 'channels', { key: '' }, { key: null }, []],
    [
      'a longer fingerprint of the same',
      'channels',
      { key: FINGERPRINT },
      { key: PRINT + 'c'.repeat(48) },
      [],
    ],
  ]
  for (const [name, table, from, to, expected] of cases) {
    test(name, () => {
      const { differences, unknown } = diff(table, from, to)
      assert.deepEqual(differences.map(brief), expected)
      assert.equal(unknown, 0)
    })
  }

  for (const [left, right] of [
    ['set', FINGERPRINT],
    [FINGERPRINT, 'set'],
    ['set', 'set'],
  ] as const) {
    test(`nobody knows whether ${left.slice(0, 4)} and ${right.slice(0, 4)} are one secret`, () => {
      const result = diff('channels', { key: left, priority: '1' }, { key: right, priority: '1' })
      assert.deepEqual(result, { differences: [], unknown: 1 })
    })
  }

  test('a secret that is set and one that is not do differ', () => {
    assert.equal(diff('channels', { key: 'set' }, { key: null }).differences.length, 1)
  })

  test('every option map is compared member by member', () => {
    for (const key of OPTION_MAPS) {
      const { differences } = diff('options', option(key, '{"a":1}'), option(key, '{"a":2}'))
      assert.deepEqual(
        differences.map(({ path }) => path),
        ['a'],
      )
    }
    assert.equal(isOptionMap('constructor'), false)
  })
})

describe('cellsOfRow', () => {
  test('gives the compared cells of a row that one side has', () => {
    const row = new Map([
      ['id', '1'],
      ['priority', '5'],
      ['key', 'set'],
    ])
    const columns = ['id', 'priority', 'key', 'tag'].map((name) => columnRule('channels', name))
    const shown = (side: 'from' | 'to') => cellsOfRow(columns, row, side).map(brief)
    assert.deepEqual(shown('from'), [
      { column: 'priority', present: 'from', from: '5', to: null },
      { column: 'key', present: 'from', from: 'set', to: null, secret: true },
    ])
    assert.deepEqual(shown('to')[0], { column: 'priority', present: 'to', from: null, to: '5' })
  })
})

describe('valueAt', () => {
  const [member] = diff(
    'options',
    option('ModelPrice', '{"a":1}'),
    option('ModelPrice', '{"a":2}'),
  ).differences
  const cases: readonly (readonly [string, Record<string, Cell>, Cell | undefined])[] = [
    ['the member', { value: '{"a":3.0}' }, '3'],
    ['no such member', { value: '{"b":3}' }, null],
    ['no map', { value: null }, null],
    ['no such column', {}, undefined],
  ]
  for (const [name, row, expected] of cases) {
    test(name, () => assert.equal(valueAt(member!, new Map(Object.entries(row))), expected))
  }
})
