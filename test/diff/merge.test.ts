import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { KeyKind } from '../../src/diff/key-order.ts'
import { type MergeEvent, mergeLines } from '../../src/diff/merge.ts'
import { UnorderedStreamError } from '../../src/diff/stream-side.ts'
import { decodeLine, encodeLine, type LineStream } from '../../src/snapshot/line.ts'

type Field = string | null

interface Row {
  readonly key: readonly Field[]
  readonly value: string
}

const lineOf = ({ key, value }: Row): string =>
  encodeLine([...key, value].map((text) => (text === null ? null : { storage: 'native', text })))

async function* inBatches(lines: readonly string[], size: number): LineStream {
  for (let index = 0; index < lines.length; index += size) yield lines.slice(index, index + size)
}

async function merge(
  from: readonly string[],
  to: readonly string[],
  keys: readonly KeyKind[],
  sizes: readonly [number, number] = [2, 3],
) {
  const counts = { from: 0, to: 0 }
  const events: MergeEvent[] = []
  const streams = { from: inBatches(from, sizes[0]), to: inBatches(to, sizes[1]) }
  for await (const event of mergeLines({ ...streams, keys, counts })) events.push(event)
  assert.deepEqual(counts, { from: from.length, to: to.length })
  return events
}

/** The order of the database: decoded bytes by Buffer, integers by BigInt. */
function naiveOrder(kinds: readonly KeyKind[], a: readonly Field[], b: readonly Field[]): number {
  for (const [index, kind] of kinds.entries()) {
    const order = naiveFields(kind, a[index]!, b[index]!)
    if (order !== 0) return order
  }
  return 0
}

function naiveFields(kind: KeyKind, a: Field, b: Field): number {
  if (a === b) return 0
  if (a === null) return -1
  if (b === null) return 1
  const isInteger = (text: string) => kind === 'integer' && /^-?\d+$/.test(text)
  if (isInteger(a) && isInteger(b)) return Number(BigInt(a) - BigInt(b))
  if (isInteger(a) !== isInteger(b)) return isInteger(a) ? -1 : 1
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function sorted(rows: readonly Row[], kinds: readonly KeyKind[]): string[] {
  return rows.toSorted((a, b) => naiveOrder(kinds, a.key, b.key)).map(lineOf)
}

/** What a map of both sides by key says, in the order of the keys. */
function naiveMerge(from: string[], to: string[], kinds: readonly KeyKind[]): MergeEvent[] {
  const keyOf = (line: string): Field[] =>
    decodeLine(line)
      .slice(0, kinds.length)
      .map((cell) => cell?.text ?? null)
  const [left, right] = [from, to].map((lines) =>
    Map.groupBy(lines, (line) => JSON.stringify(keyOf(line))),
  )
  const keys = [...new Set([...left!.keys(), ...right!.keys()])].toSorted((a, b) =>
    naiveOrder(kinds, JSON.parse(a) as Field[], JSON.parse(b) as Field[]),
  )
  return keys.flatMap((key) => naiveGroup(left!.get(key) ?? [], right!.get(key) ?? []))
}

function naiveGroup(from: string[], to: string[]): MergeEvent[] {
  const repeated = (
    [
      { kind: 'duplicate', side: 'from', lines: from, others: to },
      { kind: 'duplicate', side: 'to', lines: to, others: from },
    ] as const
  ).filter(({ lines }) => lines.length > 1)
  if (repeated.length > 0) return [...repeated]
  if (to.length === 0) return [{ kind: 'missing', line: from[0]! }]
  if (from.length === 0) return [{ kind: 'extra', line: to[0]! }]
  return from[0] === to[0] ? [] : [{ kind: 'differ', from: from[0]!, to: to[0]! }]
}

const hostile = [
  '',
  'a',
  'aa',
  'b',
  'a\tb',
  'a\\',
  'a\\b',
  '\\N',
  '\\',
  'a\n',
  '\r',
  'é',
  '汉',
  'ﬀ',
  '😀',
  '😁',
  'a\u0001',
]
const text = fc.option(fc.constantFrom(...hostile), { nil: null, freq: 8 })
const integer = fc.option(
  fc.constantFrom(
    '0',
    '1',
    '2',
    '10',
    '9',
    '-1',
    '-10',
    '9007199254740993',
    '9007199254740992',
    'x',
    '😀',
  ),
  { nil: null, freq: 8 },
)
const KINDS: readonly (readonly KeyKind[])[] = [
  ['text'],
  ['integer'],
  ['text', 'integer'],
  ['integer', 'text', 'text'],
]

const sides = fc.constantFrom(...KINDS).chain((kinds) => {
  const row = fc.record({
    key: fc.tuple(...kinds.map((kind) => (kind === 'text' ? text : integer))),
    value: fc.constantFrom('1', '1', '2'),
  })
  const rows = fc.array(row, { maxLength: 20 })
  return fc.record({ kinds: fc.constant(kinds), from: rows, to: rows, shared: rows })
})

describe('mergeLines', () => {
  test('finds what a map of both sides finds, at any batch size', async () => {
    const size = fc.integer({ min: 1, max: 50 })
    await fc.assert(
      fc.asyncProperty(sides, size, size, async ({ kinds, from, to, shared }, left, right) => {
        const a = sorted([...from, ...shared], kinds)
        const b = sorted([...to, ...shared], kinds)
        assert.deepEqual(await merge(a, b, kinds, [left, right]), naiveMerge(a, b, kinds))
      }),
      { numRuns: 2_000 },
    )
  })

  const cases: readonly (readonly [
    name: string,
    keys: readonly KeyKind[],
    from: readonly string[],
    to: readonly string[],
    expected: readonly MergeEvent[],
  ])[] = [
    ['two empty sides', ['text'], [], [], []],
    ['equal rows', ['text'], ['a\t1', 'b\t2'], ['a\t1', 'b\t2'], []],
    [
      'an unequal row',
      ['text'],
      ['a\t1'],
      ['a\t2'],
      [{ kind: 'differ', from: 'a\t1', to: 'a\t2' }],
    ],
    [
      'a storage mark is no other key',
      ['integer'],
      ['5\tx', '\\T6\tx', '\\I7\tx'],
      ['5\tx', '6\tx', '7\tx'],
      [
        { kind: 'differ', from: '\\T6\tx', to: '6\tx' },
        { kind: 'differ', from: '\\I7\tx', to: '7\tx' },
      ],
    ],
    [
      'a stream that is only keys',
      ['text', 'integer'],
      ['a\t9', 'a\t10'],
      ['a\t10', 'b\t1'],
      [
        { kind: 'missing', line: 'a\t9' },
        { kind: 'extra', line: 'b\t1' },
      ],
    ],
    [
      'astral characters come after all others',
      ['text'],
      ['ﬀ\t1', '😀\t1'],
      ['😀\t1'],
      [{ kind: 'missing', line: 'ﬀ\t1' }],
    ],
    [
      'an escaped backslash is one byte',
      ['text'],
      ['a[\t1', 'a\\\\\t1', 'a]\t1'],
      ['a[\t1', 'a]\t1'],
      [{ kind: 'missing', line: 'a\\\\\t1' }],
    ],
    [
      'a duplicate whose rows were equal on both sides so far',
      ['text'],
      ['a\t1', 'b\t1', 'b\t2', 'c\t1'],
      ['a\t1', 'b\t1', 'c\t1'],
      [{ kind: 'duplicate', side: 'from', lines: ['b\t1', 'b\t2'], others: ['b\t1'] }],
    ],
    [
      'rows that are repeated as they are',
      ['text'],
      ['a\t1'],
      ['a\t1', 'a\t1'],
      [{ kind: 'duplicate', side: 'to', lines: ['a\t1', 'a\t1'], others: ['a\t1'] }],
    ],
    [
      'a duplicate that the other side lacks',
      ['text'],
      [],
      ['a\t1', 'a\t2'],
      [{ kind: 'duplicate', side: 'to', lines: ['a\t1', 'a\t2'], others: [] }],
    ],
  ]
  for (const [name, keys, from, to, expected] of cases) {
    test(name, async () => {
      for (const sizes of [
        [1, 1],
        [1, 9],
        [9, 1],
        [9, 9],
      ] as const) {
        assert.deepEqual(await merge(from, to, keys, sizes), expected)
      }
    })
  }

  const unordered: readonly (readonly [string, readonly KeyKind[], readonly string[]])[] = [
    ['text', ['text'], ['a\t1', 'c\t1', 'b\t1']],
    ['text by UTF-16 units', ['text'], ['😀\t1', 'ﬀ\t1']],
    ['integers as text', ['integer'], ['10\t1', '9\t1']],
    ['NULL last', ['text'], ['a\t1', '\\N\t1']],
    ['the second field', ['text', 'integer'], ['a\t2', 'a\t1']],
    ['the last row', ['text'], ['a\t1', 'b\t1', 'a\t1']],
  ]
  for (const [name, keys, lines] of unordered) {
    test(`refuses descending keys: ${name}`, async () => {
      for (const sizes of [
        [1, 1],
        [9, 9],
      ] as const) {
        const isSide = (side: string) => (error: unknown) =>
          error instanceof UnorderedStreamError && error.side === side
        await assert.rejects(merge(lines, lines.toSorted(), keys, sizes), isSide('from'))
        await assert.rejects(merge(lines, lines, keys, sizes), UnorderedStreamError)
        await assert.rejects(merge([], lines, keys, sizes), isSide('to'))
      }
    })
  }

  test('leaves both streams when the consumer leaves, and when one of them fails', async () => {
    for (const isBroken of [false, true]) {
      const left: string[] = []
      const stream = async function* (name: string): LineStream {
        try {
          yield [`${name}1\t1`, `${name}2\t1`]
          if (isBroken && name === 'b') throw new Error('cut off')
          yield [`${name}3\t1`]
        } finally {
          left.push(name)
        }
      }
      const events = mergeLines({
        from: stream('a'),
        to: stream('b'),
        keys: ['text'],
        counts: { from: 0, to: 0 },
      })
      const read = async () => {
        for await (const _ of events) if (!isBroken) break
      }
      if (isBroken) await assert.rejects(read(), /cut off/)
      else await read()
      assert.deepEqual(left.toSorted(), ['a', 'b'])
    }
  })
})
