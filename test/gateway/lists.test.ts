import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { cleanList, isPadded, joinList, splitList } from '../../src/gateway/lists.ts'

const element = fc.string({ minLength: 1, unit: fc.constantFrom('a', 'é', '模', '😀', '-', '.') })
const messyList = fc.string({ unit: fc.constantFrom('a', 'b', ',', '，', ' ', '\t', '\u3000') })

describe('splitList reads what the gateway reads', () => {
  const cases: readonly (readonly [string, string | null, string[]])[] = [
    ['NULL', null, ['']],
    ['nothing', '', ['']],
    ['one', 'runway', ['runway']],
    ['untrimmed', 'a, b', ['a', ' b']],
    ['leading and trailing comma', ',runway,pika,', ['', 'runway', 'pika', '']],
    ['full-width comma is no comma', 'a，b', ['a，b']],
    ['repeated', 'a,a', ['a', 'a']],
  ]
  for (const [name, text, elements] of cases) {
    it(name, () => assert.deepEqual(splitList(text), elements))
  }

  it('undoes joinList', () => {
    fc.assert(
      fc.property(fc.array(element, { minLength: 1 }), (elements) => {
        assert.deepEqual(splitList(joinList(elements)), elements)
      }),
    )
  })
})

describe('cleanList reads what was meant', () => {
  const cases: readonly (readonly [string, string | null, string[]])[] = [
    ['NULL', null, []],
    ['nothing', '', []],
    ['only commas', ' ,,， ', []],
    ['padding of the guide', ',runway,pika,kling,', ['runway', 'pika', 'kling']],
    ['full-width comma', 'a，b', ['a', 'b']],
    ['repeated, order kept', 'b,a, b', ['b', 'a']],
    ['ideographic and no-break space', '\u3000a\u00a0,b', ['a', 'b']],
    ['NEL, byte order mark and zero-width space', '\u0085a\ufeff,\u200bb', ['a', 'b']],
    ['blanks inside stay', 'gpt 4,b', ['gpt 4', 'b']],
    ['case counts', 'A,a', ['A', 'a']],
  ]
  for (const [name, text, elements] of cases) {
    it(name, () => assert.deepEqual(cleanList(text), elements))
  }

  it('gives trimmed, non-empty, distinct elements, and the same ones again', () => {
    fc.assert(
      fc.property(messyList, (text) => {
        const elements = cleanList(text)
        assert.equal(new Set(elements).size, elements.length)
        for (const name of elements) assert.match(name, /^[^\s,，]+$|^[^\s,，].*[^\s,，]$/u)
        assert.deepEqual(cleanList(joinList(elements)), elements)
      }),
    )
  })
})

describe('isPadded', () => {
  const cases: readonly (readonly [string, string | null, boolean])[] = [
    ['NULL', null, false],
    ['nothing', '', false],
    ['clean', 'a,b', false],
    ['blank only', ' ', true],
    ['comma only', ',', true],
    ['blank after comma', 'a, b', true],
    ['trailing comma', 'a,', true],
    ['full-width comma', 'a，b', true],
    ['repeated', 'a,a', true],
  ]
  for (const [name, text, expected] of cases) {
    it(name, () => assert.equal(isPadded(text), expected))
  }

  it('is false exactly when the gateway reads the elements that were meant', () => {
    fc.assert(
      fc.property(messyList, (text) => {
        const isMeant = text === '' || joinList(splitList(text)) === joinList(cleanList(text))
        assert.equal(isPadded(text), !isMeant)
      }),
    )
  })
})
