import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type AcceptedEntry, AcceptedList } from '../../src/diff/accepted.ts'
import { duplicateFinding } from '../../src/diff/build-finding.ts'
import { pinOfFinding } from '../../src/diff/shown.ts'
import { type Cells, changed, CONTEXT, KEY, sha256 } from './context.ts'

const TODAY = '2026-11-22'
const COMPARED = new Set(['channels', 'options'])

function entry(values: Partial<AcceptedEntry>): AcceptedEntry {
  return {
    environment: 'production',
    table: 'channels',
    key: KEY,
    column: 'tag',
    path: null,
    pin: pinOf({ tag: 'a' }, { tag: 'b' }),
    reason: 'made-up reason',
    owner: 'ops@mail.example',
    expires: '2026-12-31',
    ...values,
  }
}

function pinOf(from: Cells, to: Cells): string {
  return changed(from, to)!.cells[0]!.pin
}

const list = (...entries: AcceptedEntry[]) =>
  new AcceptedList({ entries, environment: 'production', today: TODAY, context: CONTEXT })

const TAG = changed({ tag: 'a' }, { tag: 'b' }, { base: { tag: 'a' } })!
const TWO = changed(
  { tag: 'a', weight: '2' },
  { tag: 'b', weight: '1' },
  { base: { tag: 'a', weight: '1' } },
)!

describe('AcceptedList.apply', () => {
  test('a finding whose every cell is accepted is a note', () => {
    const found = list(entry({})).apply(TAG)
    assert.deepEqual([found.class, found.severity], ['accepted', 'note'])
    assert.deepEqual(found.acceptance, {
      reason: 'made-up reason',
      owner: 'ops@mail.example',
      expires: '2026-12-31',
    })
    assert.equal(found.cells[0]!.class, 'accepted')
    assert.equal(found.message, TAG.message)
    assert.equal(found.id, TAG.id)
  })

  test('otherwise class and severity follow from the other cells', () => {
    assert.equal(TWO.class, 'drift')
    const found = list(entry({})).apply(TWO)
    assert.deepEqual([found.class, found.severity, found.acceptance], ['pending', 'warning', null])
    assert.deepEqual(
      found.cells.map((cell) => cell.class),
      ['accepted', 'pending'],
    )
  })

  test('of several acceptances the first to expire is shown', () => {
    const weight = { column: 'weight', pin: TWO.cells[1]!.pin, expires: '2026-12-01' }
    assert.equal(list(entry({}), entry(weight)).apply(TWO).acceptance?.expires, '2026-12-01')
  })

  const padded = changed({ models: 'a,b' }, { models: ',a,b' }, { base: { models: ',a,b' } })!
  test('an accepted padded list is no error', () => {
    assert.equal(padded.severity, 'error')
    const accepted = list(entry({ column: 'models', pin: padded.cells[0]!.pin })).apply(padded)
    assert.equal(accepted.severity, 'note')
  })

  test('another value than the accepted one alarms, and says so', () => {
    const found = list(entry({ pin: pinOf({ tag: 'a' }, { tag: 'c' }) })).apply(TAG)
    assert.deepEqual([found.class, found.severity, found.acceptance], ['drift', 'error', null])
    assert.equal(
      found.message,
      `${TAG.message}; another value for tag had been accepted (ops@mail.example, until 2026-12-31)`,
    )
  })

  test('of two entries for one cell any may hold', () => {
    const other = entry({ pin: pinOf({ tag: 'a' }, { tag: 'c' }) })
    assert.equal(list(other, entry({})).apply(TAG).class, 'accepted')
  })

  const elsewhere: readonly (readonly [string, Partial<AcceptedEntry>])[] = [
    ['another environment', { environment: 'staging' }],
    ['another table', { table: 'options' }],
    ['another row', { key: ['made up', '2'] }],
    ['another column', { column: 'weight' }],
    ['a member', { path: 'a' }],
    ['the whole row', { column: null }],
    ['a time that is over', { expires: '2026-11-21' }],
  ]
  for (const [name, values] of elsewhere) {
    test(`an entry for ${name} changes nothing`, () => {
      assert.deepEqual(list(entry(values)).apply(TAG), TAG)
    })
  }

  test('the last day counts', () => {
    assert.equal(list(entry({ expires: TODAY })).apply(TAG).class, 'accepted')
  })

  test('a member is accepted by its path', () => {
    const from = { key: 'ModelPrice', value: '{"a":1}' }
    const found = changed(from, { ...from, value: '{"a":2}' })!
    const member = { table: 'options', key: ['ModelPrice'], column: 'value', path: 'a' }
    const [cell] = found.cells
    assert.equal(list(entry({ ...member, pin: cell!.pin })).apply(found).class, 'accepted')
  })

  test('a whole finding is accepted by an entry without column', () => {
    const place = { table: 'channels', key: KEY, side: 'to', others: 1 } as const
    const found = duplicateFinding(CONTEXT, { ...place, rows: 2 })
    const whole = entry({ column: null, pin: pinOfFinding(found, sha256) })
    const accepted = list(whole).apply(found)
    assert.deepEqual([accepted.class, accepted.severity], ['accepted', 'note'])
    assert.equal(accepted.acceptance?.owner, 'ops@mail.example')
    const more = duplicateFinding(CONTEXT, { ...place, rows: 3 })
    const refused = list(whole).apply(more)
    assert.deepEqual([refused.class, refused.severity], ['integrity', 'error'])
    assert.match(refused.message, /another value had been accepted/)
  })
})

describe('AcceptedList.findings', () => {
  test('nothing about an entry that was needed', () => {
    const accepted = list(entry({}))
    accepted.apply(TAG)
    assert.deepEqual(accepted.findings(COMPARED), [])
  })

  test('nothing about one whose cell has another value: that finding says it', () => {
    const accepted = list(entry({ pin: 'sha256:0000000000000000' }))
    accepted.apply(TAG)
    assert.deepEqual(accepted.findings(COMPARED), [])
  })

  test('what nothing matches is unused', () => {
    const [found, ...others] = list(entry({})).findings(COMPARED)
    assert.deepEqual(others, [])
    assert.deepEqual(
      [found!.kind, found!.class, found!.severity, found!.table, found!.key],
      ['acceptance', 'acceptance', 'warning', 'channels', KEY],
    )
    assert.equal(
      found!.message,
      'channels made up 1 tag was accepted, and no such difference is left (ops@mail.example: made-up reason)',
    )
    assert.deepEqual(found!.resolutions[0]!.command, `tidegate accept ${found!.id}`)
  })

  test('what has expired is said, although its difference was found', () => {
    const accepted = list(entry({ expires: '2026-11-21' }))
    accepted.apply(TAG)
    const [found] = accepted.findings(COMPARED)
    assert.match(found!.message, /tag was accepted until 2026-11-21 \(ops@mail.example: made-up/)
    assert.deepEqual(found!.acceptance?.expires, '2026-11-21')
    assert.deepEqual([found!.class, found!.severity], ['acceptance', 'warning'])
  })

  test('nothing about other environments and tables that were not compared', () => {
    const entries = [entry({ environment: 'staging' }), entry({ table: 'tokens' })]
    assert.deepEqual(list(...entries).findings(COMPARED), [])
  })

  test('each has an id of its own', () => {
    const entries = [
      entry({}),
      entry({ column: 'weight' }),
      entry({ path: 'a' }),
      entry({ pin: 'x' }),
    ]
    const ids = list(...entries)
      .findings(COMPARED)
      .map(({ id }) => id)
    assert.equal(new Set(ids).size, 4)
  })
})
