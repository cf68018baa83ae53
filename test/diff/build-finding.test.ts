import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  abilitiesFinding,
  duplicateFinding,
  oneSidedFinding,
  schemaFinding,
} from '../../src/diff/build-finding.ts'
import { cellsOfRow } from '../../src/diff/cells.ts'
import type { SchemaDifference } from '../../src/diff/schema.ts'
import { pinOfFinding } from '../../src/diff/shown.ts'
import { columnRule } from '../../src/gateway/columns.ts'
import { type Cells, changed, CONTEXT, KEY, mapOf, sha256 } from './context.ts'

const FINGERPRINT = '0123456789abcdef'.repeat(4)
const OTHER = 'f'.repeat(64)
const TWO_WAY = { ...CONTEXT, hasBase: false }

const pinOf = (text: string) => `sha256:${sha256(text).slice(0, 16)}`

describe('changedFinding', () => {
  test('is null without a cell', () => assert.equal(changed({ tag: null }, { tag: '' }), null))

  test('says everything about a cell', () => {
    assert.deepEqual(changed({ priority: '5' }, { priority: '0' }, { base: { priority: '5' } }), {
      id: sha256('["channels",["made up","1"],"changed",null]').slice(0, 12),
      kind: 'changed',
      class: 'drift',
      severity: 'error',
      table: 'channels',
      key: KEY,
      side: null,
      message: 'channels "made up" (type 1): priority was changed in production',
      cells: [
        {
          column: 'priority',
          path: null,
          difference: 'different',
          class: 'drift',
          present: 'both',
          from: '5',
          to: '0',
          base: '5',
          secret: false,
          added: [],
          removed: [],
          pin: pinOf('0'),
        },
      ],
      acceptance: null,
      resolutions: [
        {
          command: `tidegate accept ${sha256('["channels",["made up","1"],"changed",null]').slice(0, 12)}`,
          effect: 'accepts it',
        },
      ],
      location: { file: 'seeds/made-up.ts', line: 3 },
    })
  })

  const classes: readonly (readonly [
    name: string,
    from: Cells,
    to: Cells,
    base: Cells | null,
    expected: string,
    severity: string,
  ])[] = [
    ['left of the base', { tag: 'b' }, { tag: 'a' }, { tag: 'a' }, 'pending', 'warning'],
    ['right of the base', { tag: 'a' }, { tag: 'b' }, { tag: 'a' }, 'drift', 'error'],
    ['both left it', { tag: 'a' }, { tag: 'b' }, { tag: 'c' }, 'conflict', 'error'],
    [
      'the base read as the gateway does',
      { tag: 'a' },
      { tag: '' },
      { tag: null },
      'pending',
      'warning',
    ],
    ['not in the base', { tag: 'a' }, { tag: 'b' }, { weight: '1' }, 'unmanaged', 'warning'],
    ['no such row in the base', { tag: 'a' }, { tag: 'b' }, null, 'unmanaged', 'warning'],
    [
      'disabled by the gateway',
      { status: '1' },
      { status: '3' },
      { status: '1' },
      'runtime',
      'note',
    ],
    [
      'the worst of two cells',
      { tag: 'b', weight: '1' },
      { tag: 'a', weight: '2' },
      { tag: 'a', weight: '1' },
      'drift',
      'error',
    ],
    [
      'a padded list, wherever it is from',
      { models: 'a,b' },
      { models: ',a,b,' },
      { models: ',a,b,' },
      'pending',
      'error',
    ],
    [
      'a member of the base',
      { key: 'ModelPrice', value: '{"a":1,"b":1}' },
      { key: 'ModelPrice', value: '{"a":2,"b":1.0}' },
      { key: 'ModelPrice', value: '{"a":1.0}' },
      'drift',
      'error',
    ],
    [
      'a member that was removed on the left',
      { key: 'ModelPrice', value: '{}' },
      { key: 'ModelPrice', value: '{"a":2}' },
      { key: 'ModelPrice', value: '{"a":2}' },
      'pending',
      'warning',
    ],
    [
      'a member that was added on the right',
      { key: 'ModelPrice', value: '{}' },
      { key: 'ModelPrice', value: '{"a":2}' },
      { key: 'ModelPrice', value: '' },
      'drift',
      'error',
    ],
    [
      'an option of one installation',
      { key: 'ServerAddress', value: 'a' },
      { key: 'ServerAddress', value: 'b' },
      null,
      'environment',
      'note',
    ],
    [
      'a secret that was rotated',
      { key: FINGERPRINT },
      { key: OTHER },
      { key: FINGERPRINT },
      'drift',
      'error',
    ],
    [
      'a secret whose base is unknown',
      { key: FINGERPRINT },
      { key: OTHER },
      { key: 'set' },
      'different',
      'error',
    ],
    ...(
      [
        ['on the left', 'b', 'a', 'a', 'pending', 'warning'],
        ['on the right', 'a', 'b', 'a', 'drift', 'error'],
        ['nobody knows where', 'a', 'a', 'a', 'different', 'error'],
      ] as const
    ).flatMap(([where, left, right, was, ...expected]): (typeof classes)[number][] => {
      const base = { remark: `${was} [secret]` }
      const remark = (text: string, secret: string): Cells => ({ remark: `${text} ${secret}` })
      return [
        [
          `a text with a secret in it, changed ${where}`,
          remark(left, 'sk-test-0123456789'),
          remark(right, 'sk-test-abcdefghij'),
          base,
          ...expected,
        ],
        [
          `the same with fingerprints, changed ${where}`,
          remark(left, '[secret:0123456789ab]'),
          remark(right, '[secret:ba9876543210]'),
          base,
          ...expected,
        ],
      ]
    }),
    [
      'a secret that was emptied',
      { key: '' },
      { key: FINGERPRINT },
      { key: 'set' },
      'pending',
      'warning',
    ],
  ]
  for (const [name, from, to, base, expected, severity] of classes) {
    test(`class: ${name}`, () => {
      const found = changed(from, to, { base })!
      assert.deepEqual([found.class, found.severity], [expected, severity])
      assert.equal('base' in found.cells[0]!, base !== null && expected !== 'unmanaged')
    })
  }

  test('two-way: just different', () => {
    const found = changed({ tag: 'a' }, { tag: 'b' }, { base: { tag: 'a' }, context: TWO_WAY })!
    assert.deepEqual([found.class, found.severity], ['different', 'error'])
    assert.equal('base' in found.cells[0]!, false)
  })

  const shown: readonly (readonly [string, Cells, Cells, string | null, string | null, string])[] =
    [
      [
        'a fingerprint',
        { key: OTHER },
        { key: FINGERPRINT },
        'f'.repeat(12),
        '0123456789ab',
        'hmac:0123456789abcdef',
      ],
      ['set', { key: null }, { key: 'set' }, null, 'set', 'state:set'],
      ['(empty)', { key: OTHER }, { key: '' }, 'f'.repeat(12), '(empty)', pinOf('')],
      ['no secret', { key: OTHER }, { key: null }, 'f'.repeat(12), null, pinOf('\0null')],
      ['what is no fingerprint', { key: null }, { key: 'sk-test-plain' }, null, 'set', 'state:set'],
      [
        'a key where none should be',
        { base_url: '' },
        { base_url: 'https://u:p@a.example' },
        '',
        'https://[secret]@a.example',
        pinOf('https://u:p@a.example'),
      ],
      ['NULL', { remark: 'a' }, { remark: null }, 'a', null, pinOf('\0null')],
      [
        'a member that is gone',
        { key: 'ModelPrice', value: '{"a":1,"b":2}' },
        { key: 'ModelPrice', value: '{"a":1}' },
        '2',
        null,
        pinOf('\0absent'),
      ],
    ]
  for (const [name, from, to, left, right, pin] of shown) {
    test(`shows ${name}`, () => {
      const [cell] = changed(from, to)!.cells
      assert.deepEqual([cell!.from, cell!.to, cell!.pin], [left, right, pin])
    })
  }

  test('hides secrets in elements, members and keys', () => {
    const list = changed({ models: 'a' }, { models: 'a,sk-test-element' })!
    assert.deepEqual(list.cells[0]!.added, ['[secret]'])
    const from = { key: 'ModelPrice', value: '{"sk-test-member":1}' }
    const map = changed(from, { ...from, value: '{}' })!
    assert.equal(map.cells[0]!.path, '[secret]')
    const named = changed({ ...from, key: 'sk-test-name' }, { key: '', value: 'x' })!
    assert.deepEqual(named.key, ['[secret]'])
    assert.doesNotMatch(JSON.stringify([list, map, named]), /sk-test/)
  })

  const messages: readonly (readonly [Cells, Cells, Cells | null, string])[] = [
    [
      { tag: 'b', weight: '1' },
      { tag: 'a', weight: '2' },
      { tag: 'a', weight: '2' },
      'tag, weight are not yet in production as declared',
    ],
    [{ tag: 'a' }, { tag: 'b' }, { tag: 'c' }, 'tag was changed on both sides, differently'],
    [
      { tag: 'a', weight: '1' },
      { tag: 'b', weight: '2' },
      { tag: 'c', weight: '1' },
      'tag was changed on both sides, differently; 1 other cell too',
    ],
    [{ tag: 'a' }, { tag: 'b' }, null, 'tag differs'],
    [
      { models: 'a,b' },
      { models: 'a, b' },
      null,
      'models is written so that the gateway reads other elements',
    ],
    [
      { model_mapping: '{"a":1,"b":1,"c":1,"d":1,"e":1}' },
      { model_mapping: '{}' },
      null,
      'model_mapping.a, model_mapping.b, model_mapping.c and 2 more differ',
    ],
  ]
  for (const [from, to, base, message] of messages) {
    test(`says that ${message}`, () => {
      const found = changed(from, to, { base })!
      assert.equal(found.message, `channels "made up" (type 1): ${message}`)
    })
  }
})

describe('a row that one side has', () => {
  const row = mapOf({ priority: '5', key: FINGERPRINT, status: '3' })
  const columns = [...row.keys()].map((name) => columnRule('channels', name))
  const cases = [
    ['from', true, 'missing', 'drift', 'was deleted in production'],
    ['from', false, 'missing', 'pending', 'is in local and not in production'],
    ['to', true, 'extra', 'pending', 'was removed in local and is still in production'],
    ['to', false, 'extra', 'unmanaged', 'is only in production'],
  ] as const
  for (const [side, isKnown, kind, expected, message] of cases) {
    test(message, () => {
      const cells = cellsOfRow(columns, row, side)
      const found = oneSidedFinding(CONTEXT, { table: 'channels', key: KEY, side, cells, isKnown })
      assert.deepEqual([found.kind, found.class, found.side], [kind, expected, null])
      assert.equal(found.message, `channels "made up" (type 1): ${message}`)
      assert.deepEqual(
        found.cells.map((cell) => [cell.column, cell[side], cell.class, cell.present]),
        [
          ['priority', '5', expected, side],
          ['key', '0123456789ab', expected, side],
          ['status', '3', expected, side],
        ],
      )
      const pins = found.cells.map(({ pin }) => pin)
      if (side === 'from') assert.deepEqual(new Set(pins), new Set([pinOf('\0absent')]))
      else assert.deepEqual(pins, [pinOf('5'), 'hmac:0123456789abcdef', pinOf('3')])
    })
  }

  test('that belongs to one installation', () => {
    const option = mapOf({ key: 'ServerAddress', value: 'https://a.example' })
    const cells = cellsOfRow([columnRule('options', 'value')], option, 'to')
    const place = { table: 'options', key: ['ServerAddress'], side: 'to' } as const
    const found = oneSidedFinding(CONTEXT, { ...place, cells, isKnown: false })
    assert.deepEqual([found.class, found.severity], ['environment', 'note'])
  })

  test('and of which nothing is compared', () => {
    const place = { table: 'channels', key: KEY, side: 'to', cells: [], isKnown: false } as const
    assert.equal(oneSidedFinding(CONTEXT, place).class, 'unmanaged')
    assert.equal(oneSidedFinding(TWO_WAY, place).class, 'different')
  })
})

describe('findings about one side', () => {
  test('duplicates', () => {
    const place = { table: 'options', key: ['A"\u0007'], rows: 2 }
    const from = duplicateFinding(CONTEXT, { ...place, side: 'from', others: 0 })
    assert.deepEqual(
      [from.kind, from.class, from.severity, from.side, from.message],
      [
        'duplicate',
        'integrity',
        'error',
        'from',
        'options "A\\"\\u0007": 2 rows of local share this key',
      ],
    )
    const to = duplicateFinding(CONTEXT, { ...place, side: 'to', others: 1 })
    assert.match(to.message, /2 rows of production share this key, so that 1 row of local cannot/)
    assert.notEqual(from.id, to.id)
  })

  test('stale abilities', () => {
    const stale = {
      key: KEY,
      side: 'to',
      isOrphan: false,
      insert: 2,
      update: 0,
      remove: 1,
    } as const
    const found = abilitiesFinding(CONTEXT, stale)
    assert.deepEqual(
      [found.table, found.class, found.severity],
      ['abilities', 'integrity', 'error'],
    )
    assert.equal(
      found.message,
      'channels "made up" (type 1): its abilities in production are not what the gateway derives from it (2 missing, 1 too many)',
    )
    const orphan = abilitiesFinding(CONTEXT, { ...stale, key: ['7'], isOrphan: true })
    assert.equal(
      orphan.message,
      'abilities of a channel that production does not have: channels "7"',
    )
  })

  test('schemas: the rule tells findings of one column apart', () => {
    const difference: SchemaDifference = {
      rule: 'type-family',
      table: 'channels',
      column: 'models',
      side: null,
      severity: 'error',
      message: 'made up',
    }
    const found = schemaFinding(CONTEXT, difference)
    assert.deepEqual([found.kind, found.class, found.severity], ['schema', 'schema', 'error'])
    assert.deepEqual(found.key, ['models'])
    assert.notEqual(schemaFinding(CONTEXT, { ...difference, rule: 'shorter-limit' }).id, found.id)
    assert.deepEqual(schemaFinding(CONTEXT, { ...difference, column: null }).key, [])
  })
})

describe('pinOfFinding', () => {
  const pin = (from: Cells, to: Cells) => pinOfFinding(changed(from, to)!, sha256)

  test('is that of the right side’s cells', () => {
    assert.match(pin({ tag: 'a' }, { tag: 'b' }), /^sha256:[0-9a-f]{16}$/)
    assert.equal(pin({ tag: 'a' }, { tag: 'b' }), pin({ tag: 'c' }, { tag: 'b' }))
    assert.notEqual(pin({ tag: 'a' }, { tag: 'b' }), pin({ tag: 'a' }, { tag: 'c' }))
    assert.notEqual(pin({ tag: 'a' }, { tag: 'b' }), pin({ remark: 'a' }, { remark: 'b' }))
  })

  test('is that of the counts where there are no cells', () => {
    const duplicate = (rows: number) =>
      duplicateFinding(CONTEXT, { table: 'options', key: ['A'], side: 'to', rows, others: 0 })
    assert.notEqual(pinOfFinding(duplicate(2), sha256), pinOfFinding(duplicate(3), sha256))
  })
})
