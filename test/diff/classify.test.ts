import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { classifyCell, classifyRow } from '../../src/diff/classify.ts'
import { FINDING_CLASSES } from '../../src/diff/finding.ts'
import { severityOf, worstClass } from '../../src/diff/severity.ts'
import { cellFinding } from '../support/drift-report.ts'

type State = 'a' | 'b' | 'c' | '?'

const isEqual = (a: State, b: State) => a === b

describe('classifyCell', () => {
  const expected: Readonly<Record<string, string | null>> = {
    'a a a': null,
    'a a b': 'converged',
    'a b b': 'pending',
    'a b a': 'drift',
    'a b c': 'conflict',
    'a a -': null,
    'a b -': 'unmanaged',
  }
  for (const [states, found] of Object.entries(expected)) {
    const [from, to, base] = states.split(' ') as [State, State, State | '-']
    const cell = { from, to, base: base === '-' ? undefined : base }
    test(`from, to, base: ${states}`, () => {
      assert.equal(classifyCell({ ...cell, hasBase: true }, isEqual), found)
    })
  }

  test('without a base there are equal and different cells', () => {
    const cell = { base: undefined, hasBase: false }
    assert.equal(classifyCell<State>({ ...cell, from: 'a', to: 'b' }, isEqual), 'different')
    assert.equal(classifyCell<State>({ ...cell, from: 'a', to: 'a' }, isEqual), null)
  })

  test('the table is complete: any three states fall under one line of it', () => {
    const names = ['a', 'b', 'c'] as const
    for (const from of names) {
      for (const to of names) {
        for (const base of [...names, undefined]) {
          const renamed = new Map<string, string>()
          const rename = (name: string) =>
            renamed.get(name) ?? renamed.set(name, names[renamed.size]!).get(name)!
          const line = [from, to, base].map((name) => (name === undefined ? '-' : rename(name)))
          assert.ok(line.join(' ') in expected, line.join(' '))
          const cell = { from, to, base, hasBase: true }
          assert.equal(classifyCell<State>(cell, isEqual), expected[line.join(' ')])
        }
      }
    }
  })

  test('a base that may equal both sides says nothing', () => {
    const maybe = (a: State, b: State) => a === b || a === '?' || b === '?'
    const cell = { from: 'a', to: 'b', base: '?', hasBase: true } as const
    assert.equal(classifyCell<State>(cell, maybe), 'different')
  })
})

describe('classifyRow', () => {
  const cases = [
    ['from', true, true, 'drift'],
    ['from', true, false, 'pending'],
    ['to', true, true, 'pending'],
    ['to', true, false, 'unmanaged'],
    ['from', false, false, 'different'],
    ['to', false, false, 'different'],
  ] as const
  for (const [side, hasBase, isKnown, expected] of cases) {
    test(`only ${side}, base ${hasBase ? (isKnown ? 'has it' : 'lacks it') : 'none'}`, () => {
      assert.equal(classifyRow(side, { hasBase, isKnown }), expected)
    })
  }
})

describe('severity', () => {
  const expected = [
    ['conflict', 'error'],
    ['drift', 'error'],
    ['different', 'error'],
    ['integrity', 'error'],
    ['schema', 'warning'],
    ['pending', 'warning'],
    ['unmanaged', 'warning'],
    ['acceptance', 'warning'],
    ['environment', 'note'],
    ['runtime', 'note'],
    ['accepted', 'note'],
  ] as const
  test('of every class', () => {
    const actual = FINDING_CLASSES.map((one) => [one, severityOf(one, [])])
    assert.deepEqual(actual, expected)
  })

  test('of a list that the gateway misreads, unless it is accepted', () => {
    const cell = cellFinding({ difference: 'formatting' })
    assert.equal(severityOf('pending', [cell]), 'error')
    assert.equal(severityOf('accepted', [{ ...cell, class: 'accepted' }]), 'note')
  })

  test('the worst class is the first one', () => {
    assert.equal(worstClass(['accepted', 'pending', 'drift', 'runtime']), 'drift')
    assert.equal(worstClass([]), null)
  })
})
